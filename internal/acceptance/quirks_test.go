package acceptance

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestQuirks tells one story on routers that behave one way and the other in all that nobody is sure of: a login that
// fails, rows made, removed by somebody whose own rows take their place, made again with less on them, an upgrade, and
// the end. The router has no rows of ours left then, and all of everybody else's.
func TestQuirks(t *testing.T) {
	const less = `
resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}
resource "routeros_bgp_peer" "worker1" {
  name           = "kube-metallb-worker1"
  instance       = "private"
  remote_address = "192.168.5.253"
  remote_as      = 65001
  depends_on     = [routeros_bgp_instance.private]
}
resource "routeros_dstnat" "http" {
  comment      = "kube http"
  to_addresses = "192.168.128.1"
}
`
	for _, reading := range routerostest.Readings() {
		for _, version := range []string{"6.49.15", "7.19.6", "7.24"} {
			if !reading.Concerns(version) {
				continue
			}
			t.Run(reading.Name+"/"+version, func(t *testing.T) {
				sim := router(t, version, reading.Options...)
				_, err := sim.AddDynamic("/ip/firewall/nat", map[string]string{"chain": "dstnat", "action": "dst-nat", "to-addresses": "10.0.0.1"})
				require.NoError(t, err)
				resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
					Config: configure(sim, `password = "wrong"`, routerResources), ExpectError: said("the user's group has the policy api"),
				}, {
					Config: configure(sim, "", routerResources),
				}, {
					PreConfig: func() { usurp(t, sim) },
					Config:    configure(sim, "", less),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{changes{
						"routeros_bgp_instance.private": "update router_id", "routeros_bgp_peer.worker1": "create", "routeros_dstnat.http": "create",
					}}},
				}, {
					PreConfig: func() { require.NoError(t, sim.Upgrade("7.24")) },
					Config:    configure(sim, "", less),
				}}})
				left := names(sim)
				assert.Equal(t, []string{"foreign"}, left["/routing/bgp/connection"])
				assert.Equal(t, []string{"foreign"}, left["/ip/firewall/nat"])
				assert.NotContains(t, left["/routing/bgp/instance"], "private")
			})
		}
	}
}

// usurp removes our peer and rule and adds others, which take their ids if the router uses those again.
func usurp(t *testing.T, sim *routerostest.Router) {
	t.Helper()
	for _, menu := range []string{"/routing/bgp/peer", "/routing/bgp/connection", "/ip/firewall/nat"} {
		for _, row := range sim.Print(menu) {
			if row["name"] == "kube-metallb-worker1" || row["comment"] == "kube http" {
				must(t, sim, menu+"/remove", "=.id="+row[".id"])
			}
		}
	}
	must(t, sim, "/ip/firewall/nat/add", "=chain=dstnat", "=comment=foreign", "=protocol=tcp", "=dst-port=80")
	if sim.Print("/routing/bgp/peer") != nil {
		must(t, sim, "/routing/bgp/peer/add", "=name=foreign", "=remote-address=192.168.5.253", "=remote-as=65002")
		return
	}
	words := []string{"/routing/bgp/connection/add", "=name=foreign", "=remote.address=192.168.5.253", "=remote.as=65002", "=local.role=ebgp"}
	if sim.Print("/routing/bgp/instance") != nil {
		must(t, sim, "/routing/bgp/instance/add", "=name=theirs", "=as=65099")
		words = append(words, "=instance=theirs")
	}
	must(t, sim, words...)
}
