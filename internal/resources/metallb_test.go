package resources

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// validated gives what a resource has against a configuration, which is given as JSON.
func validated(t *testing.T, served resource.Resource, config string) diag.Diagnostics {
	t.Helper()
	var s resource.SchemaResponse
	served.Schema(t.Context(), resource.SchemaRequest{}, &s)
	raw, err := (&tfprotov6.RawState{JSON: []byte(config)}).Unmarshal(s.Schema.Type().TerraformType(t.Context()))
	require.NoError(t, err)
	var resp resource.ValidateConfigResponse
	served.(resource.ResourceWithValidateConfig).ValidateConfig(t.Context(),
		resource.ValidateConfigRequest{Config: tfsdk.Config{Schema: s.Schema, Raw: raw}}, &resp)
	return resp.Diagnostics
}

// TestRefusedAtTheAttribute: what is wrong deep in a configuration is told once, at the attribute; at the set where it is
// an element of one, which has no other name.
func TestRefusedAtTheAttribute(t *testing.T) {
	pool := func(more string) string { return `{"name": "x", "addresses": ["10.0.0.0/24"], ` + more + `}` }
	peer := func(more string) string {
		return `{"name": "x", "my_asn": 65001, "peer_asn": 65000, "peer_address": "10.0.0.1", ` + more + `}`
	}
	advertisement := func(more string) string { return `{"name": "x", ` + more + `}` }
	for _, c := range []struct {
		served           resource.Resource
		config, at, want string
	}{
		{addressPool.Resource(), `{"name": "x", "addresses": ["10.0.0.0/24", "10.0.1.9-10.0.1.1"]}`, "addresses[1]", "first address is after its last"},
		{addressPool.Resource(), pool(`"protocol": "bgp", "bgp_advertisements": [{}, {"aggregation_length": 33}]`),
			"bgp_advertisements[1].aggregation_length", "33 is not the length of an IPv4 prefix: 1 to 32"},
		{addressPool.Resource(), pool(`"protocol": "bgp", "bgp_advertisements": [{"communities": ["1:2:3"]}]`),
			"bgp_advertisements[0].communities", `"1:2:3" is not a community`},
		{addressPool.Resource(), pool(`"bgp_advertisements": [{"local_pref": 1}]`), "bgp_advertisements", "only a pool with protocol"},
		{addressPool.Resource(), pool(`"service_allocation": {"priority": -1, "namespaces": ["a"]}`), "service_allocation.priority", "-1 is not a priority"},
		{addressPool.Resource(), pool(`"service_allocation": {"service_selectors": [{"match_labels": {"a b": "c"}}]}`),
			"service_allocation.service_selectors[0].match_labels", `"a b" is not the key of a label`},
		{metallbBGPPeer.Resource(), peer(`"node_selectors": [{"match_expressions": [{"key": "a", "operator": "Exists"}, {"key": "a", "operator": "Is"}]}]`),
			"node_selectors[0].match_expressions[1].operator", `"Is" is not one of`},
		{metallbBGPPeer.Resource(), peer(`"node_selectors": [{}, {"match_expressions": [{"key": "a", "operator": "In"}]}]`),
			"node_selectors[1].match_expressions[0].values", "no values"},
		{metallbBGPPeer.Resource(), peer(`"password_secret": {"name": "My_Secret"}`), "password_secret.name", `"My_Secret" is not the name of an object`},
		{metallbBGPPeer.Resource(), peer(`"password": "a", "password_secret": {"name": "b"}`), "password_secret", "in one place only"},
		{metallbBGPPeer.Resource(), peer(`"password": "a", "password_wo": "b", "password_wo_version": 1`), "password_wo", "in one place only"},
		{metallbBGPPeer.Resource(), peer(`"dynamic_asn": "internal"`), "dynamic_asn", "either"},
		{metallbBGPPeer.Resource(), peer(`"hold_time": "soon"`), "hold_time", `"soon" is not a time`},
		{metallbBGPPeer.Resource(), peer(`"hold_time": "1d"`), "hold_time", `"1d" is not a time`},
		{bgpAdvertisement.Resource(), advertisement(`"service_selectors": [{}], "aggregation_length_v6": 64`), "aggregation_length_v6", "leave"},
		{bgpAdvertisement.Resource(), advertisement(`"as_path_prepend": 11`), "as_path_prepend", "1 to 10"},
		{l2Advertisement.Resource(), advertisement(`"preferred_node_selectors": [{"weight": 0, "preference": {}}]`),
			"preferred_node_selectors[0].weight", "0 is not a weight: 1 to 100"},
		{l2Advertisement.Resource(), advertisement(`"ip_address_pool_selectors": [{"match_labels": {"a": "-"}}]`),
			"ip_address_pool_selectors[0].match_labels", `"-" is not the value of a label`},
		{bfdProfile.Resource(), advertisement(`"minimum_ttl": 255`), "minimum_ttl", "255 is not a TTL: 1 to 254"},
		{community.Resource(), advertisement(`"communities": [{"name": "a", "value": "65536:1"}]`), "communities", `"65536:1" is not a community`},
	} {
		t.Run(c.at, func(t *testing.T) {
			diags := validated(t, c.served, c.config)
			require.Len(t, diags, 1, c.config)
			at, ok := diags[0].(diag.DiagnosticWithPath)
			require.True(t, ok, diags[0])
			assert.Equal(t, c.at, at.Path().String())
			assert.Contains(t, diags[0].Detail(), c.want)
			assert.Equal(t, diag.SeverityError, diags[0].Severity())
		})
	}
}

// TestGracefulRestartIsMadeAnew: only where it changes, and false is what it is without.
func TestGracefulRestartIsMadeAnew(t *testing.T) {
	on, off, none, unknown := types.BoolValue(true), types.BoolValue(false), types.BoolNull(), types.BoolUnknown()
	for _, c := range []struct {
		was, is types.Bool
		anew    bool
	}{{none, on, true}, {off, on, true}, {on, none, true}, {on, off, true}, {off, unknown, true}, {none, off, false}, {off, none, false}, {on, on, false}} {
		var resp boolplanmodifier.RequiresReplaceIfFuncResponse
		switched(t.Context(), planmodifier.BoolRequest{StateValue: c.was, PlanValue: c.is}, &resp)
		assert.Equal(t, c.anew, resp.RequiresReplace, "%s to %s", c.was, c.is)
	}
}
