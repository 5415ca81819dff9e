package acceptance

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestPoolIsAnnounced: what a pool says of its announcements are advertisements of its name, which follow it; a default
// that it states is no change.
func TestPoolIsAnnounced(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	with := func(more string) string {
		return configure(nil, fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig()), fmt.Sprintf(`
resource "metallb_address_pool" "x" {
  provider  = routeros
  name      = "x"
  addresses = ["192.168.128.0/24"]
  %s
}`, more))
	}
	has := func(kind string, want map[string]any) func() {
		return func() {
			t.Helper()
			have := map[string]any{}
			for _, u := range (crds{t, cluster}).list(t, "v1beta1", kind) {
				have[u.GetName()] = plainSpec(t, u)
			}
			assert.Equal(t, want, have)
		}
	}
	spec := func(length float64, more ...any) map[string]any {
		spec := map[string]any{"ipAddressPools": []any{"x"}, "aggregationLength": length, "aggregationLengthV6": 128.0}
		for i := 0; i < len(more); i += 2 {
			spec[more[i].(string)] = more[i+1]
		}
		return spec
	}
	none := map[string]any{}
	two := with(`protocol = "bgp"
  bgp_advertisements = [
    { aggregation_length = 32, aggregation_length_v6 = 128, local_pref = 0 },
    { aggregation_length = 24, local_pref = 100, communities = ["65001:100", "65001:99"] },
  ]`)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: two},
		{Config: two, PlanOnly: true, PreConfig: has("bgpadvertisements", map[string]any{
			"x":   spec(32, "localPref", 0.0),
			"x.2": spec(24, "localPref", 100.0, "communities", []any{"65001:100", "65001:99"}),
		})},
		{Config: with("protocol = \"bgp\"\n bgp_advertisements = [{ aggregation_length = 24 }]")},
		{Config: with(`protocol = "bgp"`), PreConfig: has("bgpadvertisements", map[string]any{"x": spec(24)})},
		{Config: with(`protocol = "layer2"`), PreConfig: has("bgpadvertisements", map[string]any{"x": spec(32)})},
		{Config: with(""), PreConfig: func() {
			has("bgpadvertisements", none)()
			has("l2advertisements", map[string]any{"x": map[string]any{"ipAddressPools": []any{"x"}}})()
		}},
		{Config: with(""), PlanOnly: true, PreConfig: has("l2advertisements", none)},
	}})
}
