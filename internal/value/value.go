// Package value holds the attribute types of this provider: text that is compared by meaning, since RouterOS writes
// back `1m30s` for `90s`, `10.0.0.1` for `10.0.0.1/32`, and 65546 for 1.10. State keeps what the user wrote. Where it is
// not known which of two forms RouterOS writes back, both mean the same.
package value

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Kind is a kind of text. Its zero value must be of use.
type Kind interface {
	Name() string
	// Canonical gives the one spelling that all spellings of a meaning share, or an error that tells the accepted form.
	Canonical(text string) (string, error)
}

// Type is the attribute type of a kind, for a schema's CustomType; and the validator that refuses, in a configuration, what
// is not of the kind. It is no matter of the type itself, since what a router says must be told whatever it is.
type Type[K Kind] struct{ basetypes.StringType }

// Meaning is a Type of whichever kind.
type Meaning interface {
	basetypes.StringTypable
	validator.String
}

// Value is an attribute's value of a kind, for a model's field.
type Value[K Kind] struct{ basetypes.StringValue }

var (
	_ basetypes.StringValuableWithSemanticEquals = Value[asn]{}
	_ Meaning                                    = Type[asn]{}
)

// Of wraps a known text.
func Of[K Kind](text string) Value[K] { return Value[K]{basetypes.NewStringValue(text)} }

// Equal tells whether o is the same type.
func (t Type[K]) Equal(o attr.Type) bool { _, same := o.(Type[K]); return same }

func (t Type[K]) String() string { var kind K; return "value." + kind.Name() }

// ValueType is the type's zero value.
func (t Type[K]) ValueType(context.Context) attr.Value { return Value[K]{} }

// ValueFromString wraps a framework string.
func (t Type[K]) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value[K]{in}, nil
}

// ValueFromTerraform converts what Terraform sends.
func (t Type[K]) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	v, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := v.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("%T is no string", v)
	}
	return Value[K]{text}, nil
}

// Description is the validator's, for people.
func (t Type[K]) Description(context.Context) string {
	var kind K
	return "must be of the kind " + kind.Name()
}

// MarkdownDescription is the same.
func (t Type[K]) MarkdownDescription(ctx context.Context) string { return t.Description(ctx) }

// ValidateString refuses what is not of the kind.
func (t Type[K]) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var kind K
	if _, err := kind.Canonical(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+kind.Name(), err.Error())
	}
}

// Type is the value's attribute type.
func (v Value[K]) Type(context.Context) attr.Type { return Type[K]{} }

// Equal tells whether o is the same text.
func (v Value[K]) Equal(o attr.Value) bool {
	other, ok := o.(Value[K])
	return ok && v.StringValue.Equal(other.StringValue)
}

// Means tells whether a known value means the same as a text: protocol 6 means tcp.
func (v Value[K]) Means(text string) bool {
	return !v.IsNull() && !v.IsUnknown() && Same[K](v.ValueString(), text)
}

// StringSemanticEquals tells whether both mean the same.
func (v Value[K]) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, ok := o.(Value[K])
	return ok && v.Means(other.ValueString()), nil
}

// Spelling gives the one spelling of the value's meaning, or an error that tells the accepted form.
func (v Value[K]) Spelling() (string, error) { var kind K; return kind.Canonical(v.ValueString()) }

// Same tells whether two texts of a kind mean the same.
func Same[K Kind](a, b string) bool {
	var kind K
	x, errX := kind.Canonical(a)
	y, errY := kind.Canonical(b)
	return a == b || (errX == nil && errY == nil && x == y)
}
