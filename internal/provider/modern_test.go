package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hasExample wants a file of the examples, whose * is the type's name, to speak of the type.
func hasExample(t *testing.T, file, typeName string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(strings.Replace(file, "*", typeName, 1))))
	require.NoError(t, err)
	assert.Contains(t, string(text), typeName)
}

// canBeListed wants a list resource of that type, whose settings are described filters, and an example of it.
func canBeListed(t *testing.T, typeName string) {
	t.Helper()
	hasExample(t, "list-resources/*/list-resource.tfquery.hcl", typeName)
	for _, make := range (&routerosProvider{}).ListResources(t.Context()) {
		var meta resource.MetadataResponse
		served := make()
		if served.Metadata(t.Context(), resource.MetadataRequest{}, &meta); meta.TypeName != typeName {
			continue
		}
		var resp list.ListResourceSchemaResponse
		served.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &resp)
		assert.NotEmpty(t, resp.Schema.MarkdownDescription)
		for name, attribute := range resp.Schema.Attributes {
			assert.NotEmpty(t, attribute.GetMarkdownDescription(), name)
			assert.True(t, attribute.IsOptional(), "%s: a filter", name)
		}
		return
	}
	t.Error("it cannot be listed")
}

// hasIdentity wants an identity that may change, as every name and id here may, and that each part of is described.
func hasIdentity(t *testing.T, served resource.Resource) {
	t.Helper()
	require.Implements(t, (*resource.ResourceWithIdentity)(nil), served)
	var meta resource.MetadataResponse
	served.Metadata(t.Context(), resource.MetadataRequest{}, &meta)
	assert.True(t, meta.ResourceBehavior.MutableIdentity)
	var resp resource.IdentitySchemaResponse
	served.(resource.ResourceWithIdentity).IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &resp)
	assert.NotEmpty(t, resp.IdentitySchema.Attributes)
	hasExample(t, "resources/*/import-by-identity.tf", meta.TypeName)
	for name, attribute := range resp.IdentitySchema.Attributes {
		assert.NotEmpty(t, attribute.GetDescription(), name)
	}
}

// TestEveryAction walks the actions likewise.
func TestEveryAction(t *testing.T) {
	for _, make := range (&routerosProvider{}).Actions(t.Context()) {
		served := make()
		var meta action.MetadataResponse
		served.Metadata(t.Context(), action.MetadataRequest{}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp action.SchemaResponse
			served.Schema(t.Context(), action.SchemaRequest{}, &resp)
			assert.False(t, resp.Schema.ValidateImplementation(t.Context()).HasError())
			assert.NotEmpty(t, resp.Schema.MarkdownDescription)
			for name, attribute := range resp.Schema.Attributes {
				assert.NotEmpty(t, attribute.GetMarkdownDescription(), name)
			}
			hasExample(t, "actions/*/action.tf", meta.TypeName)
			config := tfsdk.Config{Schema: resp.Schema, Raw: empty(t, resp.Schema.Type())}
			var validated action.ValidateConfigResponse
			served.(action.ActionWithValidateConfig).ValidateConfig(t.Context(), action.ValidateConfigRequest{Config: config}, &validated)
			for _, diagnostic := range validated.Diagnostics {
				assert.NotContains(t, diagnostic.Summary(), "Value Conversion Error", diagnostic.Detail())
			}
			assert.Implements(t, (*action.ActionWithConfigure)(nil), served)
		})
	}
}

// TestEveryFunction walks the functions likewise.
func TestEveryFunction(t *testing.T) {
	for _, make := range (&routerosProvider{}).Functions(t.Context()) {
		served := make()
		var meta function.MetadataResponse
		served.Metadata(t.Context(), function.MetadataRequest{}, &meta)
		t.Run(meta.Name, func(t *testing.T) {
			var resp function.DefinitionResponse
			served.Definition(t.Context(), function.DefinitionRequest{}, &resp)
			var valid function.DefinitionValidateResponse
			resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: meta.Name}, &valid)
			assert.Empty(t, valid.Diagnostics)
			assert.NotEmpty(t, resp.Definition.Summary)
			assert.NotEmpty(t, resp.Definition.MarkdownDescription)
			assert.NotEmpty(t, resp.Definition.Parameters)
			for _, parameter := range resp.Definition.Parameters {
				assert.Regexp(t, "^[a-z0-9_]+$", parameter.GetName())
				assert.NotEmpty(t, parameter.GetMarkdownDescription(), parameter.GetName())
			}
			hasExample(t, "functions/*/function.tf", meta.Name)
		})
	}
}
