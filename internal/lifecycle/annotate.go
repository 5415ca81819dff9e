package lifecycle

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

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
	switch a := attribute.(type) {
	case schema.StringAttribute:
		a.MarkdownDescription += notes.String()
		return a
	case schema.BoolAttribute:
		a.MarkdownDescription += notes.String()
		return a
	case schema.Int64Attribute:
		a.MarkdownDescription += notes.String()
		return a
	case schema.SetAttribute:
		a.MarkdownDescription += notes.String()
		return a
	case schema.ListAttribute:
		a.MarkdownDescription += notes.String()
		return a
	}
	return attribute
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
