package acceptance

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/require"
)

// TestRouterSaysWhatWeDoNotKnow: a value in a form that no attribute would take is told all the same; it does not keep
// back the rest of the answer.
func TestRouterSaysWhatWeDoNotKnow(t *testing.T) {
	sim := router(t, "7.20.8")
	_, err := sim.AddDynamic("/routing/route", map[string]string{"dst-address": "10.1.0.0/24&65000:1", "active": "true", "bgp": "true", "afi": "vpn4"})
	require.NoError(t, err)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: configure(sim, "", `
data "routeros_routes" "bgp" {
  protocol = "bgp"
}`),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("data.routeros_routes.bgp",
			tfjsonpath.New("routes").AtSliceIndex(0).AtMapKey("dst_address"), knownvalue.StringExact("10.1.0.0/24&65000:1"))},
	}}})
}
