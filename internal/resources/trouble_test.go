package resources

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// refreshed imports the row with that id and gives what the refresh has to say.
func refreshed(t *testing.T, sim *routerostest.Router, served resource.Resource, id string) diag.Diagnostics {
	t.Helper()
	router := routeros.New(routeros.Config{Address: sim.Addr(), Username: "admin"})
	t.Cleanup(router.Close)
	var configured resource.ConfigureResponse
	served.(resource.ResourceWithConfigure).Configure(t.Context(),
		resource.ConfigureRequest{ProviderData: &lifecycle.Backends{Router: router}}, &configured)
	var s resource.SchemaResponse
	served.Schema(t.Context(), resource.SchemaRequest{}, &s)
	object := s.Schema.Type().TerraformType(t.Context())
	values := map[string]tftypes.Value{}
	for name, kind := range object.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(kind, nil)
	}
	values["id"] = tftypes.NewValue(tftypes.String, id)
	state := tfsdk.State{Schema: s.Schema, Raw: tftypes.NewValue(object, values)}
	resp := resource.ReadResponse{State: state}
	served.Read(t.Context(), resource.ReadRequest{State: state}, &resp)
	require.False(t, resp.Diagnostics.HasError(), resp.Diagnostics)
	return resp.Diagnostics
}

func run(t *testing.T, sim *routerostest.Router, words ...string) string {
	t.Helper()
	answer, err := sim.Run(words...)
	require.NoError(t, err)
	if len(answer) == 0 {
		return ""
	}
	return answer[0]["ret"]
}

// TestTrouble: what a router has but does not use comes out as a warning, with the router's reason; what is switched
// off does not.
func TestTrouble(t *testing.T) {
	for _, option := range []routerostest.Option{routerostest.AbsentFlags(), routerostest.PlainAbout()} {
		sim := routerostest.StartTest(t, "7.24", option)
		run(t, sim, "/routing/bgp/instance/add", "=name=private", "=as=65000")
		peer := run(t, sim, "/routing/bgp/connection/add", "=name=worker", "=instance=private", "=local.role=ebgp", "=remote.address=192.168.5.253")
		assert.Empty(t, refreshed(t, sim, bgpPeer.Resource(), peer))
		run(t, sim, "/routing/bgp/instance/disable", "=.id=private")
		warnings := refreshed(t, sim, bgpPeer.Resource(), peer)
		require.Len(t, warnings, 1)
		assert.Equal(t, `Not in use: BGP peer "worker"`, warnings[0].Summary())
		assert.Equal(t, "Router "+sim.Addr()+" has it as "+peer+", but does not use it. It says: inactive: instance 'private' is disabled.",
			warnings[0].Detail())
		run(t, sim, "/routing/bgp/connection/disable", "=.id="+peer)
		assert.Empty(t, refreshed(t, sim, bgpPeer.Resource(), peer))
	}
	for _, release := range []string{"6.49.15", "7.24"} {
		sim := routerostest.StartTest(t, release)
		tunnel, err := sim.AddDynamic("/interface", map[string]string{"name": "pppoe-in1"})
		require.NoError(t, err)
		rule := run(t, sim, "/ip/firewall/nat/add", "=chain=dstnat", "=action=accept", "=comment=web", "=in-interface=pppoe-in1")
		assert.Empty(t, refreshed(t, sim, dstNAT.Resource(), rule))
		require.NoError(t, sim.RemoveDynamic("/interface", tunnel))
		warnings := refreshed(t, sim, dstNAT.Resource(), rule)
		require.Len(t, warnings, 1)
		assert.Equal(t, `Not in use: dst-nat rule "web"`, warnings[0].Summary())
		assert.Contains(t, warnings[0].Detail(), "It says: invalid.")
	}
}
