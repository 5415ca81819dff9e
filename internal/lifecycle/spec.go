package lifecycle

import (
	"context"
	"fmt"
	"math/big"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// A field of a model tagged metallb:"…" holds a field of a specification. Below it, names are the CRD's in snake case.
const metallbTag = "metallb"

// encodeSpec gives what the user wrote as an object's spec; what he left out is not in it, and what is known only after
// apply is metallb.Unknown.
func encodeSpec(ctx context.Context, model any) (map[string]any, error) {
	spec := map[string]any{}
	for _, f := range fields(model, metallbTag) {
		v, err := f.get().ToTerraformValue(ctx)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", f.attribute, err)
		}
		value, err := plain(v)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", f.attribute, err)
		}
		if value != nil {
			spec[f.backend] = value
		}
	}
	return spec, nil
}

// plain is a value of Terraform's as JSON has it; nil for null.
func plain(v tftypes.Value) (any, error) {
	if !v.IsKnown() {
		return metallb.Unknown, nil
	}
	if v.IsNull() {
		return nil, nil //nolint:nilnil // that is what JSON has for it
	}
	switch kind := v.Type().(type) {
	case tftypes.List, tftypes.Set:
		var elements []tftypes.Value
		if err := v.As(&elements); err != nil {
			return nil, err
		}
		list := make([]any, len(elements))
		for i, element := range elements {
			var err error
			if list[i], err = plain(element); err != nil {
				return nil, err
			}
		}
		return list, nil
	case tftypes.Map:
		return plainMap(v, func(key string) string { return key })
	case tftypes.Object:
		return plainMap(v, camelCase)
	default:
		switch {
		case kind.Is(tftypes.String):
			var text string
			return text, v.As(&text)
		case kind.Is(tftypes.Bool):
			var flag bool
			return flag, v.As(&flag)
		}
		var number big.Float
		err := v.As(&number)
		whole, _ := number.Int64()
		return whole, err
	}
}

func plainMap(v tftypes.Value, name func(string) string) (any, error) {
	var entries map[string]tftypes.Value
	if err := v.As(&entries); err != nil {
		return nil, err
	}
	object := map[string]any{}
	for key, entry := range entries {
		value, err := plain(entry)
		if err != nil {
			return nil, err
		}
		if value != nil {
			object[name(key)] = value
		}
	}
	return object, nil
}

// decodeSpec writes a spec into a model that holds what was last known, by the rules of decode.
func decodeSpec(ctx context.Context, kind metallb.Kind, spec map[string]any, model any, imported bool) error {
	for _, f := range fields(model, metallbTag) {
		if f.isNull() && !imported {
			continue
		}
		known, err := f.get().ToTerraformValue(ctx)
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.backend, err)
		}
		value := spec[f.backend]
		standard, hasDefault := kind.Default(f.backend)
		if imported && hasDefault && reflect.DeepEqual(value, standard) {
			value = nil
		}
		if had, _ := plain(known); value == nil && meansNothing(had, standard) {
			continue // absent, and what was written says the same
		}
		if err := f.setPlain(ctx, known, value, imported); err != nil {
			return fmt.Errorf("reading %s: %w", f.backend, err)
		}
	}
	return nil
}

// meansNothing tells a value that says no more than its absence.
func meansNothing(value, standard any) bool {
	switch v := value.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return value == standard
}

func (f field) setPlain(ctx context.Context, known tftypes.Value, value any, imported bool) error {
	typ := f.get().Type(ctx)
	v, err := terraformValue(typ.TerraformType(ctx), known, value, imported)
	if err != nil {
		return err
	}
	set, err := typ.ValueFromTerraform(ctx, v)
	if err == nil {
		f.set(set)
	}
	return err
}

// terraformValue is the reverse of plain. Of objects within, what is not known and not imported was left out, and stays so.
func terraformValue(kind tftypes.Type, known tftypes.Value, value any, imported bool) (tftypes.Value, error) {
	if value == nil {
		return tftypes.NewValue(kind, nil), nil
	}
	switch kind := kind.(type) {
	case tftypes.List:
		return terraformList(kind, kind.ElementType, known, value, imported)
	case tftypes.Set:
		// Its elements are in no order that would tell which was which.
		return terraformList(kind, kind.ElementType, tftypes.NewValue(kind, nil), value, imported)
	case tftypes.Map:
		entries, ok := value.(map[string]any)
		if !ok {
			return mismatch(kind, value)
		}
		values := map[string]tftypes.Value{}
		for key, entry := range entries {
			v, err := terraformValue(kind.ElementType, tftypes.NewValue(kind.ElementType, nil), entry, imported)
			if err != nil {
				return tftypes.Value{}, err
			}
			values[key] = v
		}
		return tftypes.NewValue(kind, values), nil
	case tftypes.Object:
		return terraformObject(kind, known, value, imported)
	}
	if err := tftypes.ValidateValue(kind, value); err != nil {
		return mismatch(kind, value)
	}
	return tftypes.NewValue(kind, value), nil
}

func terraformList(kind, of tftypes.Type, known tftypes.Value, value any, imported bool) (tftypes.Value, error) {
	elements, ok := value.([]any)
	if !ok {
		return mismatch(kind, value)
	}
	var before []tftypes.Value
	if known.IsKnown() && !known.IsNull() {
		if err := known.As(&before); err != nil {
			return tftypes.Value{}, err
		}
	}
	values := make([]tftypes.Value, len(elements))
	for i, element := range elements {
		was, fresh := tftypes.NewValue(of, nil), true
		if len(before) == len(elements) {
			was, fresh = before[i], imported
		}
		var err error
		if values[i], err = terraformValue(of, was, element, fresh); err != nil {
			return tftypes.Value{}, err
		}
	}
	return tftypes.NewValue(kind, values), nil
}

func terraformObject(kind tftypes.Object, known tftypes.Value, value any, imported bool) (tftypes.Value, error) {
	entries, ok := value.(map[string]any)
	if !ok {
		return mismatch(kind, value)
	}
	before := map[string]tftypes.Value{}
	if known.IsKnown() && !known.IsNull() {
		if err := known.As(&before); err != nil {
			return tftypes.Value{}, err
		}
	} else {
		imported = true
	}
	values := map[string]tftypes.Value{}
	for name, of := range kind.AttributeTypes {
		was, had := before[name]
		if !had {
			was = tftypes.NewValue(of, nil)
		}
		entry := entries[camelCase(name)]
		if was.IsNull() && !imported {
			entry = nil
		}
		if entry == nil && had {
			if said, _ := plain(was); said != nil && meansNothing(said, nil) {
				values[name] = was
				continue
			}
		}
		v, err := terraformValue(of, was, entry, imported)
		if err != nil {
			return tftypes.Value{}, err
		}
		values[name] = v
	}
	return tftypes.NewValue(kind, values), nil
}

func mismatch(kind tftypes.Type, value any) (tftypes.Value, error) {
	return tftypes.Value{}, fmt.Errorf("no way to read a %T as %s", value, kind)
}

// camelCase is the CRD's name of an attribute within an attribute.
func camelCase(attribute string) string {
	words := strings.Split(attribute, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

// specPath is the path of the attribute for a field of a specification, such as "nodeSelectors[0].matchLabels"; empty if
// there is none. An element of a set cannot be named: the set is.
func specPath(ctx context.Context, model any, within string) path.Path {
	if within == "labels" { // which are beside the specification
		return path.Root(within)
	}
	first, rest, _ := strings.Cut(within, ".")
	name, _, _ := strings.Cut(first, "[")
	for _, f := range append(fields(model, metallbTag), fields(model, writeOnlyTag)...) {
		if f.backend == name && name != "" {
			steps := strings.TrimPrefix(first, name)
			if rest != "" {
				steps += "." + rest
			}
			return deeper(path.Root(f.attribute), f.get().Type(ctx).TerraformType(ctx), steps)
		}
	}
	return path.Empty()
}

func deeper(at path.Path, kind tftypes.Type, steps string) path.Path {
	switch kind := kind.(type) {
	case tftypes.List:
		var index int
		if n, _ := fmt.Sscanf(steps, "[%d]", &index); n == 1 && kind.ElementType != nil {
			_, rest, _ := strings.Cut(steps, "]")
			return deeper(at.AtListIndex(index), kind.ElementType, rest)
		}
	case tftypes.Object:
		name, rest := strings.TrimPrefix(steps, "."), ""
		if end := strings.IndexAny(name, ".["); end >= 0 {
			name, rest = name[:end], name[end:]
		}
		for attribute, of := range kind.AttributeTypes {
			if camelCase(attribute) == name {
				return deeper(at.AtName(attribute), of, rest)
			}
		}
	}
	return at
}
