package resources

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// TestMoveManifests: an object of each kind moves to one type, and every other type names that one.
func TestMoveManifests(t *testing.T) {
	accept := map[metallb.Kind]string{}
	advised := map[metallb.Kind]map[string]bool{}
	for _, make := range All() {
		served := make()
		var meta resource.MetadataResponse
		served.Metadata(t.Context(), resource.MetadataRequest{}, &meta)
		if !strings.HasPrefix(meta.TypeName, "metallb_") {
			continue
		}
		for _, kind := range metallb.Kinds {
			resp := moved(t, served, "metallb.io/v1beta1", string(kind))
			if !resp.Diagnostics.HasError() {
				assert.Empty(t, accept[kind], kind)
				accept[kind] = meta.TypeName
				var name types.String
				resp.Diagnostics.Append(resp.TargetState.GetAttribute(t.Context(), path.Root("name"), &name)...)
				assert.Equal(t, "web", name.ValueString())
				continue
			}
			if advised[kind] == nil {
				advised[kind] = map[string]bool{}
			}
			advised[kind][resp.Diagnostics[0].Detail()] = true
		}
		for _, c := range [][3]string{
			{"metallb.io/v1beta1", "AddressPool", "0.14.3"},
			{"v1", "ConfigMap", "web is of kind ConfigMap in v1, and a " + meta.TypeName + " is of kind "},
			{"example.com/v1", "IPAddressPool", "remove the moved block"},
			{"", "", "tells no kind"},
		} {
			resp := moved(t, served, c[0], c[1])
			require.True(t, resp.Diagnostics.HasError(), c)
			assert.Contains(t, resp.Diagnostics[0].Detail(), c[2])
		}
	}
	require.NotEmpty(t, accept)
	for kind, ours := range accept {
		assert.Equal(t, map[string]bool{fmt.Sprintf("web is of kind %s in metallb.io/v1beta1, which a %s is. Move it to one.", kind, ours): true}, advised[kind])
	}
}

// moved is what comes of a kubernetes_manifest that is moved.
func moved(t *testing.T, served resource.Resource, apiVersion, kind string) resource.MoveStateResponse {
	t.Helper()
	var schema resource.SchemaResponse
	served.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	resp := resource.MoveStateResponse{TargetState: tfsdk.State{
		Schema: schema.Schema, Raw: tftypes.NewValue(schema.Schema.Type().TerraformType(t.Context()), nil),
	}}
	movers := served.(resource.ResourceWithMoveState).MoveState(t.Context())
	require.Len(t, movers, 1)
	movers[0].StateMover(t.Context(), resource.MoveStateRequest{
		SourceTypeName: "kubernetes_manifest",
		SourceRawState: &tfprotov6.RawState{JSON: fmt.Appendf(nil,
			`{"manifest": {"value": {"apiVersion": %q, "kind": %q, "metadata": {"name": "web"}}, "type": "dynamic"}}`, apiVersion, kind)},
	}, &resp)
	return resp
}
