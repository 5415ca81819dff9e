package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/stretchr/testify/assert"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// TestWhatHasNoMeaningIsRefused: each attribute that is compared by its meaning checks what is written into it. The types
// do not, since a router may say what they do not know.
func TestWhatHasNoMeaningIsRefused(t *testing.T) {
	served := &routerosProvider{}
	checked := 0
	check := func(of, name string, attribute interface {
		GetType() attr.Type
		IsComputed() bool
	},
	) {
		if kind, ok := attribute.GetType().(value.Meaning); ok && !attribute.IsComputed() {
			checked++
			validated, _ := attribute.(interface{ StringValidators() []validator.String })
			assert.Contains(t, validated.StringValidators(), kind, "%s.%s", of, name)
		}
	}
	var block provider.SchemaResponse
	served.Schema(t.Context(), provider.SchemaRequest{}, &block)
	for name, attribute := range block.Schema.Attributes {
		check("provider", name, attribute)
	}
	for _, make := range served.Resources(t.Context()) {
		var meta resource.MetadataResponse
		make().Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "routeros"}, &meta)
		if strings.HasPrefix(meta.TypeName, "metallb_") {
			continue // metallb.Check judges all of it
		}
		var resp resource.SchemaResponse
		make().Schema(t.Context(), resource.SchemaRequest{}, &resp)
		for name, attribute := range resp.Schema.Attributes {
			check("resource", name, attribute)
		}
	}
	for _, make := range served.DataSources(t.Context()) {
		var resp datasource.SchemaResponse
		make().Schema(t.Context(), datasource.SchemaRequest{}, &resp)
		for name, attribute := range resp.Schema.Attributes {
			check("data source", name, attribute)
		}
	}
	assert.Greater(t, checked, 40)
}
