package lifecycle

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A model is a struct whose fields carry, beside the framework's tfsdk tag, the name under which the back end knows
// them: `ros:"remote.address"` for a router, `metallb:"peerAddress"` for MetalLB. What has no such tag is Terraform's own.
type field struct {
	attribute string // Terraform's name
	backend   string // the back end's
	value     reflect.Value
}

// fields lists the fields of a model that the back end knows.
func fields(model any, tag string) []field {
	v := reflect.ValueOf(model).Elem()
	tagged := taggedFields(v.Type(), tag)
	known := make([]field, len(tagged))
	for i, f := range tagged {
		known[i] = field{f.attribute, f.backend, v.FieldByIndex(f.index)}
	}
	return known
}

// taggedField is a field of a type of model, for all its values.
type taggedField struct {
	attribute, backend string
	index              []int
}

type typeAndTag struct {
	model reflect.Type
	tag   string
}

// remembered are the fields that were listed once, as encoding/json remembers its own: reflection takes its time.
var remembered sync.Map // typeAndTag -> []taggedField

// taggedFields lists the fields of a type of model that have a tag.
func taggedFields(model reflect.Type, tag string) []taggedField {
	if known, ok := remembered.Load(typeAndTag{model, tag}); ok {
		return known.([]taggedField) //nolint:forcetypeassert // only these are stored
	}
	var found []taggedField
	for _, f := range reflect.VisibleFields(model) {
		if name, ok := f.Tag.Lookup(tag); ok {
			found = append(found, taggedField{f.Tag.Get("tfsdk"), name, f.Index})
		}
	}
	remembered.Store(typeAndTag{model, tag}, found)
	return found
}

func (f field) get() attr.Value {
	return f.value.Interface().(attr.Value) //nolint:forcetypeassert // a model's fields are attribute values
}

func (f field) isNull() bool { return f.get().IsNull() || f.get().IsUnknown() }

func (f field) set(v attr.Value) { f.value.Set(reflect.ValueOf(v)) }

// get reads an object into a model of a row: text, numbers, flags, and lists and sets of texts. The framework's own Get walks
// the schema for each attribute and compiles a regular expression for each tag, which is most of what a row costs.
func get(ctx context.Context, raw tftypes.Value, model any) (diags diag.Diagnostics) {
	var attributes map[string]tftypes.Value
	err := raw.As(&attributes)
	if err == nil {
		err = load(ctx, attributes, model)
	}
	if err != nil {
		diags.AddError("Provider bug", err.Error())
	}
	return diags
}

// load is get of attributes that are unpacked already.
func load(ctx context.Context, attributes map[string]tftypes.Value, model any) error {
	known := fields(model, "tfsdk")
	if len(known) != len(attributes) {
		return fmt.Errorf("%T has %d fields for %d attributes", model, len(known), len(attributes))
	}
	for _, f := range known {
		v, err := f.kind(ctx).ValueFromTerraform(ctx, attributes[f.attribute])
		if err != nil {
			return fmt.Errorf("attribute %s: %w", f.attribute, err)
		}
		f.set(v)
	}
	return nil
}

// put is the reverse of get.
func put(ctx context.Context, raw *tftypes.Value, model any) (diags diag.Diagnostics) {
	object, _ := raw.Type().(tftypes.Object)
	attributes := map[string]tftypes.Value{}
	for _, f := range fields(model, "tfsdk") {
		kind, err := object.AttributeTypes[f.attribute], error(nil)
		switch v := f.get(); {
		case v.IsNull():
			attributes[f.attribute] = tftypes.NewValue(kind, nil)
		case v.IsUnknown():
			attributes[f.attribute] = tftypes.NewValue(kind, tftypes.UnknownValue)
		default:
			attributes[f.attribute], err = v.ToTerraformValue(ctx)
		}
		if err != nil {
			diags.AddError("Provider bug", fmt.Sprintf("attribute %s: %s", f.attribute, err))
			return diags
		}
	}
	*raw = tftypes.NewValue(object, attributes)
	return diags
}

// kind is the field's type. A list or set that is still zero does not know that its elements are texts.
func (f field) kind(ctx context.Context) attr.Type {
	switch f.get().(type) {
	case basetypes.ListValue:
		return types.ListType{ElemType: types.StringType}
	case basetypes.SetValue:
		return types.SetType{ElemType: types.StringType}
	}
	return f.get().Type(ctx)
}

// clear makes the field null.
func (f field) clear() {
	switch f.get().(type) {
	case basetypes.ListValue:
		f.set(types.ListNull(types.StringType))
	case basetypes.SetValue:
		f.set(types.SetNull(types.StringType))
	default:
		f.value.SetZero() // the zero value of every other attribute value is null
	}
}

// setString gives a text field its value, of whichever type of text it is.
func (f field) setString(ctx context.Context, text string) error {
	typable, ok := f.get().Type(ctx).(basetypes.StringTypable)
	if !ok {
		return fmt.Errorf("attribute %s is a %s, not text", f.attribute, f.get().Type(ctx))
	}
	v, diags := typable.ValueFromString(ctx, types.StringValue(text))
	if diags.HasError() {
		return fmt.Errorf("attribute %s: %s", f.attribute, diags.Errors()[0].Detail())
	}
	f.set(v)
	return nil
}

// wordPath is the path of the attribute which a router knows by that word; empty if there is none.
func wordPath(model any, word string) path.Path {
	for _, f := range fields(model, rosTag) {
		if f.backend == word && word != "" {
			return path.Root(f.attribute)
		}
	}
	return path.Empty()
}

// texts gives the elements of a list or set of strings.
func texts(elements []attr.Value) []string {
	out := make([]string, 0, len(elements))
	for _, e := range elements {
		if s, ok := e.(basetypes.StringValue); ok {
			out = append(out, s.ValueString())
		}
	}
	return out
}

// values is the reverse of texts.
func values(texts []string) []attr.Value {
	out := make([]attr.Value, len(texts))
	for i, t := range texts {
		out[i] = types.StringValue(t)
	}
	return out
}

// keepSpelling gives each text of a plan that means what state has the spelling of state, so that neither an import
// nor another way to write the same is a change. Terraform lets a plan keep the prior value.
func keepSpelling(ctx context.Context, plan, state any, tag string) {
	before := fields(state, tag)
	for i, f := range fields(plan, tag) {
		if !f.isNull() && !before[i].isNull() && f.equals(ctx, before[i]) {
			f.set(before[i].get())
		}
	}
}
