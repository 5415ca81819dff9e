package provider

import (
	"cmp"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
)

// TestSchema has the framework judge the whole schema.
func TestSchema(t *testing.T) {
	resp, err := Server("test")().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require.NoError(t, err)
	assert.Empty(t, resp.Diagnostics)
	assert.NotEmpty(t, resp.ResourceSchemas)
}

// TestEveryResource walks what is served: each has a description, and so has each attribute; its model fits its
// schema; and it has examples of use and import.
func TestEveryResource(t *testing.T) {
	for _, make := range (&routerosProvider{}).Resources(t.Context()) {
		served := make()
		var meta resource.MetadataResponse
		served.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "routeros"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp resource.SchemaResponse
			served.Schema(t.Context(), resource.SchemaRequest{}, &resp)
			assert.False(t, resp.Schema.ValidateImplementation(t.Context()).HasError())
			assert.NotEmpty(t, resp.Schema.MarkdownDescription)
			describes(t, "", resp.Schema.Attributes)
			modelFits(t, served, resp.Schema)
			hasExample(t, "resources/*/resource.tf", meta.TypeName)
			hasExample(t, "resources/*/import.sh", meta.TypeName)
			assert.Implements(t, (*resource.ResourceWithImportState)(nil), served)
			hasIdentity(t, served)
			canBeListed(t, meta.TypeName)
		})
	}
}

// TestEveryDataSource walks what is served likewise. It reads each without a router or a cluster: the model takes the
// schema's values, and the error says what is missing.
func TestEveryDataSource(t *testing.T) {
	backends, _ := configured(t, nil)
	for _, make := range (&routerosProvider{}).DataSources(t.Context()) {
		served := make()
		var meta datasource.MetadataResponse
		served.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "routeros"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp datasource.SchemaResponse
			served.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
			assert.False(t, resp.Schema.ValidateImplementation(t.Context()).HasError())
			assert.NotEmpty(t, resp.Schema.MarkdownDescription)
			describes(t, "", resp.Schema.Attributes)
			hasExample(t, "data-sources/*/data-source.tf", meta.TypeName)

			served.(datasource.DataSourceWithConfigure).Configure(t.Context(), datasource.ConfigureRequest{ProviderData: backends}, &datasource.ConfigureResponse{})
			read := datasource.ReadResponse{State: tfsdk.State{Schema: resp.Schema}}
			served.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: resp.Schema, Raw: empty(t, resp.Schema.Type())}}, &read)
			require.Len(t, read.Diagnostics, 1, read.Diagnostics)
			assert.Equal(t, "Provider not configured for "+meta.TypeName, read.Diagnostics[0].Summary())
			names := "ROS_HOSTURL"
			if strings.HasPrefix(meta.TypeName, "metallb_") {
				names = "KUBE_CONFIG_PATH"
			}
			assert.Contains(t, read.Diagnostics[0].Detail(), names)
		})
	}
}

// described is what an attribute of a resource and one of a data source have in common.
type described interface {
	GetDescription() string
	GetMarkdownDescription() string
}

// describes wants a description of each attribute, however deep, under names by the contract's rule.
func describes[A described](t *testing.T, within string, attributes map[string]A) {
	t.Helper()
	for name, attribute := range attributes {
		assert.NotEmpty(t, cmp.Or(attribute.GetMarkdownDescription(), attribute.GetDescription()), within+name)
		assert.Regexp(t, "^[a-z0-9_]+$", name)
		if nested, ok := any(attribute).(schema.NestedAttribute); ok {
			describes(t, within+name+".", nested.GetNestedObject().GetAttributes())
		}
	}
}

// empty is an object of that type without any value.
func empty(t *testing.T, kind attr.Type) tftypes.Value {
	t.Helper()
	object, ok := kind.TerraformType(t.Context()).(tftypes.Object)
	require.True(t, ok)
	values := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		values[name] = tftypes.NewValue(kind, nil)
	}
	return tftypes.NewValue(object, values)
}

// modelFits validates an empty configuration, which reads it into the model: the framework refuses one that has not
// exactly the schema's attributes.
func modelFits(t *testing.T, served resource.Resource, s schema.Schema) {
	t.Helper()
	var resp resource.ValidateConfigResponse
	served.(resource.ResourceWithValidateConfig).ValidateConfig(t.Context(),
		resource.ValidateConfigRequest{Config: tfsdk.Config{Schema: s, Raw: empty(t, s.Type())}}, &resp)
	for _, diagnostic := range resp.Diagnostics {
		assert.NotContains(t, []string{"Value Conversion Error", "Provider bug"}, diagnostic.Summary(), diagnostic.Detail())
	}
}

// configured configures the provider with an object of its attributes; what is left out is null.
func configured(t *testing.T, values map[string]tftypes.Value) (*lifecycle.Backends, provider.ConfigureResponse) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "ROS_") || strings.HasPrefix(name, "KUBE_") {
			t.Setenv(name, "")
		}
	}
	p := &routerosProvider{}
	var s provider.SchemaResponse
	p.Schema(t.Context(), provider.SchemaRequest{}, &s)
	object, ok := s.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	require.True(t, ok)
	all := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		if value, given := values[name]; given {
			all[name] = value
		} else {
			all[name] = tftypes.NewValue(kind, nil)
		}
	}
	var resp provider.ConfigureResponse
	p.Configure(t.Context(), provider.ConfigureRequest{Config: tfsdk.Config{Schema: s.Schema, Raw: tftypes.NewValue(object, all)}}, &resp)
	backends, _ := resp.ResourceData.(*lifecycle.Backends)
	return backends, resp
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func TestConfigure(t *testing.T) {
	backends, resp := configured(t, nil)
	require.False(t, resp.Diagnostics.HasError())
	assert.Nil(t, backends.Router)
	assert.Nil(t, backends.MetalLB)
	assert.Contains(t, backends.RouterWhy, "ROS_HOSTURL")
	assert.Contains(t, backends.MetalLBWhy, "KUBE_CONFIG_PATH")

	backends, resp = configured(t, map[string]tftypes.Value{"hosturl": text("2001:db8::1"), "timeout": text("1m")})
	require.False(t, resp.Diagnostics.HasError(), resp.Diagnostics)
	assert.Equal(t, "[2001:db8::1]:8729", backends.Router.Address(), "and nothing was dialled")

	backends, resp = configured(t, map[string]tftypes.Value{"hosturl": tftypes.NewValue(tftypes.String, tftypes.UnknownValue)})
	require.False(t, resp.Diagnostics.HasError(), resp.Diagnostics)
	assert.True(t, backends.StillUnknown)
	assert.Nil(t, backends.Router)
}

func TestEnvironment(t *testing.T) {
	t.Run("router", func(t *testing.T) {
		// configured clears the environment as it is at its start; what is set in between would be lost.
		m := routerModel{}
		t.Setenv("ROS_HOSTURL", "api://r")
		t.Setenv("ROS_TIMEOUT", "5s")
		var resp provider.ConfigureResponse
		router := m.router(&resp.Diagnostics)
		require.False(t, resp.Diagnostics.HasError(), resp.Diagnostics)
		assert.Equal(t, "r:8728", router.Address())
	})
	t.Run("cluster", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "kubeconfig")
		require.NoError(t, os.WriteFile(file, []byte(kubeconfig), 0o600))
		for _, variable := range []string{"KUBE_CONFIG_PATH", "KUBE_CONFIG_PATHS"} {
			t.Run(variable, func(t *testing.T) {
				t.Setenv(variable, file)
				var resp provider.ConfigureResponse
				cluster := (*kubernetesModel)(nil).cluster(&resp.Diagnostics)
				require.False(t, resp.Diagnostics.HasError(), resp.Diagnostics)
				require.NotNil(t, cluster)
				assert.Equal(t, "home", cluster.Name())
			})
		}
	})
	assert.True(t, reflect.DeepEqual((*metallbModel)(nil).config(), (&metallbModel{}).config()))
}

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: home
contexts: [{name: home, context: {cluster: home, user: me}}]
clusters: [{name: home, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: me, user: {token: t}}]
`
