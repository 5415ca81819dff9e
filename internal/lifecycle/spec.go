package lifecycle

import (
	"context"
	"fmt"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

const metallbTag = "metallb"

// encodeSpec gives what the user wrote as an object's spec; what he left out is not in it.
func encodeSpec(ctx context.Context, model any) (map[string]any, error) {
	spec := map[string]any{}
	for _, f := range fields(model, metallbTag) {
		if f.isNull() {
			continue
		}
		value, err := f.plain(ctx)
		if err != nil {
			return nil, err
		}
		spec[f.backend] = value
	}
	return spec, nil
}

// plain is the field's value as JSON has it.
func (f field) plain(ctx context.Context) (any, error) {
	switch v := f.get().(type) {
	case basetypes.BoolValue:
		return v.ValueBool(), nil
	case basetypes.Int64Value:
		return v.ValueInt64(), nil
	case basetypes.ListValue:
		list := []any{}
		for _, text := range texts(v.Elements()) {
			list = append(list, text)
		}
		return list, nil
	case basetypes.StringValuable:
		text, diags := v.ToStringValue(ctx)
		if diags.HasError() {
			return nil, fmt.Errorf("attribute %s: %s", f.attribute, diags.Errors()[0].Detail())
		}
		return text.ValueString(), nil
	default:
		return nil, fmt.Errorf("attribute %s: no way to write a %T to a cluster", f.attribute, v)
	}
}

// decodeSpec writes a spec into a model that holds what was last known, by the rules of decode.
func decodeSpec(ctx context.Context, kind metallb.Kind, spec map[string]any, model any, imported bool) error {
	for _, f := range fields(model, metallbTag) {
		if f.isNull() && !imported {
			continue
		}
		value, present := spec[f.backend]
		standard, hasDefault := kind.Default(f.backend)
		if imported && hasDefault && reflect.DeepEqual(value, standard) {
			present = false
		}
		if !present {
			had, err := f.plain(ctx)
			if err != nil {
				return err
			}
			if f.isNull() || !hasDefault || !reflect.DeepEqual(had, standard) {
				f.clear()
			}
			continue
		}
		if err := f.setPlain(ctx, value); err != nil {
			return err
		}
	}
	return nil
}

func (f field) setPlain(ctx context.Context, value any) error {
	switch v := value.(type) {
	case bool:
		f.set(types.BoolValue(v))
	case int64:
		f.set(types.Int64Value(v))
	case string:
		return f.setString(ctx, v)
	case []any:
		list := make([]string, len(v))
		for i, element := range v {
			list[i] = fmt.Sprint(element)
		}
		f.set(types.ListValueMust(types.StringType, values(list)))
	default:
		return fmt.Errorf("reading %s: no way to read a %T", f.backend, v)
	}
	return nil
}
