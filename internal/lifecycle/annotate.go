package lifecycle

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// annotated adds to an attribute's description what the menu knows of its word: the default, and which releases have it.
func annotated(attribute schema.Attribute, menu *routeros.Menu, word string) schema.Attribute {
	var notes strings.Builder
	if w, _ := menu.Word(word); w.Default != "" && attribute.IsOptional() && !attribute.IsComputed() {
		fmt.Fprintf(&notes, " RouterOS' default: `%s`.", asTerraform(w.Default))
	}
	if in := menu.Availability(word); in != "" {
		fmt.Fprintf(&notes, " (%s)", in)
	}
	return noted(attribute, notes.String())
}

// asTerraform is a value of RouterOS as it stands in a configuration.
func asTerraform(value string) string {
	switch value {
	case "yes":
		return "true"
	case "no":
		return "false"
	}
	return value
}

// Annotated adds to descriptions, in place, what the table of kinds knows of the attributes within an attribute that
// are fields of a kind.
func Annotated(kind metallb.Kind, attributes map[string]schema.Attribute) map[string]schema.Attribute {
	for name, attribute := range attributes {
		attributes[name] = annotatedField(attribute, kind, camelCase(name))
	}
	return attributes
}

// annotatedField adds the default of a field, which releases have it, and whether it needs FRR.
func annotatedField(attribute schema.Attribute, kind metallb.Kind, field string) schema.Attribute {
	notes := ""
	if standard, is := kind.Default(field); is {
		notes = fmt.Sprintf(" MetalLB's default: `%v`.", standard)
	}
	var in []string
	switch since, there := kind.ConfigMapSince(field); {
	case !there && kind.InConfigMap():
		in = append(in, "not in the ConfigMap")
	case since != "":
		in = append(in, "ConfigMap from MetalLB "+since)
	}
	if since := kind.Since(field); since != "" {
		in = append(in, "CRDs from MetalLB "+since)
	}
	if kind.OnlyFRR(field) {
		in = append(in, "FRR modes only")
	}
	if len(in) > 0 {
		notes += fmt.Sprintf(" (%s)", strings.Join(in, "; "))
	}
	return noted(attribute, notes)
}

func noted(attribute schema.Attribute, notes string) schema.Attribute {
	switch a := attribute.(type) {
	case schema.StringAttribute:
		a.MarkdownDescription += notes
		return a
	case schema.BoolAttribute:
		a.MarkdownDescription += notes
		return a
	case schema.Int64Attribute:
		a.MarkdownDescription += notes
		return a
	case schema.SetAttribute:
		a.MarkdownDescription += notes
		return a
	case schema.ListAttribute:
		a.MarkdownDescription += notes
		return a
	case schema.ListNestedAttribute:
		a.MarkdownDescription += notes
		return a
	case schema.SetNestedAttribute:
		a.MarkdownDescription += notes
		return a
	case schema.SingleNestedAttribute:
		a.MarkdownDescription += notes
		return a
	}
	return attribute
}
