package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

const rosTag = "ros"

// encode gives what the user wrote as words; what he left out is not among them.
func encode(ctx context.Context, model any) (routeros.Words, error) {
	words := routeros.Words{}
	for _, f := range fields(model, rosTag) {
		if f.isNull() {
			continue
		}
		switch v := f.get().(type) {
		case basetypes.BoolValue:
			words[f.backend] = yesNo(v.ValueBool())
		case basetypes.Int64Value:
			words[f.backend] = strconv.FormatInt(v.ValueInt64(), 10)
		case basetypes.SetValue:
			words[f.backend] = strings.Join(slices.Sorted(slices.Values(texts(v.Elements()))), ",")
		case basetypes.ListValue:
			words[f.backend] = strings.Join(texts(v.Elements()), ",")
		case basetypes.StringValuable:
			text, diags := v.ToStringValue(ctx)
			if diags.HasError() {
				return nil, fmt.Errorf("attribute %s: %s", f.attribute, diags.Errors()[0].Detail())
			}
			words[f.backend] = text.ValueString()
		default:
			return nil, fmt.Errorf("attribute %s: no way to write a %T to a router", f.attribute, v)
		}
	}
	return words, nil
}

// decode writes what a router says into a model that holds what was last known. What was left out stays so, whatever
// the router says of it; where absence and a default mean the same, what was written stays too. When nothing was
// known yet (an import), all is taken that is not a default.
func decode(ctx context.Context, menu *routeros.Menu, words routeros.Words, model any, imported bool) error {
	for _, f := range fields(model, rosTag) {
		word, _ := menu.Word(f.backend)
		text, present := words[f.backend]
		if f.isNull() && !imported {
			continue
		}
		if imported && isDefault(text, word.Default) {
			present = false
		}
		if !present {
			if f.isNull() || !f.means(ctx, word.Default) {
				f.clear()
			}
			continue
		}
		if err := f.decode(ctx, text); err != nil {
			return fmt.Errorf("reading %s: %w", f.backend, err)
		}
	}
	return nil
}

func isDefault(text, standard string) bool {
	return text == standard || (standard == "no" && text == "false") || (standard == "yes" && text == "true")
}

// means tells whether the field's value is the word's default.
func (f field) means(ctx context.Context, standard string) bool {
	switch v := f.get().(type) {
	case basetypes.BoolValue:
		return yesNo(v.ValueBool()) == standard
	case basetypes.SetValue:
		return strings.Join(slices.Sorted(slices.Values(texts(v.Elements()))), ",") == standard
	case basetypes.StringValuableWithSemanticEquals:
		other, ok := f.get().Type(ctx).(basetypes.StringTypable)
		if !ok {
			return false
		}
		want, _ := other.ValueFromString(ctx, types.StringValue(standard))
		same, _ := v.StringSemanticEquals(ctx, want)
		return same
	case basetypes.StringValue:
		return v.ValueString() == standard
	}
	return false
}

// means tells whether two values of a word are the same to a model's attribute.
func means[M any](word, a, b string) bool {
	ctx := context.Background()
	one, other := fields(new(M), rosTag), fields(new(M), rosTag)
	i := slices.IndexFunc(one, func(f field) bool { return f.backend == word })
	if i < 0 || one[i].decode(ctx, a) != nil || other[i].decode(ctx, b) != nil {
		return false
	}
	return one[i].equals(ctx, other[i])
}

// equals tells whether two values of an attribute mean the same.
func (f field) equals(ctx context.Context, other field) bool {
	text, byMeaning := f.get().(basetypes.StringValuableWithSemanticEquals)
	known, isText := other.get().(basetypes.StringValuable)
	if !byMeaning || !isText {
		return f.get().Equal(other.get())
	}
	same, _ := text.StringSemanticEquals(ctx, known)
	return same
}

func (f field) decode(ctx context.Context, text string) error {
	switch f.get().(type) {
	case basetypes.BoolValue:
		f.set(types.BoolValue(text == "true" || text == "yes"))
	case basetypes.Int64Value:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return err
		}
		f.set(types.Int64Value(n))
	case basetypes.SetValue:
		f.set(types.SetValueMust(types.StringType, values(strings.Split(text, ","))))
	case basetypes.ListValue:
		f.set(types.ListValueMust(types.StringType, values(strings.Split(text, ","))))
	default:
		return f.setString(ctx, text)
	}
	return nil
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
