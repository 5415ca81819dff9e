package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestQuirks tells one story on routers that behave one way and the other in all that nobody is sure of: a login that
// fails, rows made, and then on one release after the other rows removed by somebody whose own take their place, and made
// again with more or less on them. In the end the router has no rows of ours left, and all of everybody else's.
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
		t.Run(reading.Name, func(t *testing.T) {
			t.Parallel()
			releases := []string{"6.49.15", "7.19.6", "7.24"}
			user := routerostest.User("admin", password, "api", "read", "write")
			sim := routerostest.StartTest(t, releases[0], append(reading.Options, user)...)
			settings := fmt.Sprintf("username = \"admin\"\n password = %q", password)
			steps := []resource.TestStep{{
				Config:      configure(sim, `password = "wrong"`, routerResources),
				ExpectError: said("the user's group has the policy api"),
			}, {
				Config: configure(sim, settings, routerResources),
			}}
			for i, release := range releases {
				steps = append(steps, resource.TestStep{
					PreConfig: func() {
						require.NoError(t, sim.Upgrade(release))
						_, err := sim.AddDynamic("/ip/firewall/nat", map[string]string{"chain": "dstnat", "comment": "of UPnP"})
						require.NoError(t, err)
						usurp(t, sim, "of "+release)
					},
					Config: configure(sim, settings, []string{less, routerResources}[i%2]),
				})
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
			left := names(sim)
			assert.Len(t, left["/routing/bgp/connection"], 3)
			assert.Len(t, left["/ip/firewall/nat"], 4)
			for _, name := range append(left["/routing/bgp/connection"], left["/ip/firewall/nat"]...) {
				assert.True(t, strings.HasPrefix(name, "of "), name)
			}
			assert.NotContains(t, left["/routing/bgp/instance"], "private")
		})
	}
}

// usurp removes our peer and rule and adds others, which take their ids if the router uses those again.
func usurp(t *testing.T, sim *routerostest.Router, name string) {
	t.Helper()
	for _, menu := range []string{"/routing/bgp/peer", "/routing/bgp/connection", "/ip/firewall/nat"} {
		for _, row := range sim.Print(menu) {
			if row["name"] == "kube-metallb-worker1" || row["comment"] == "kube http" {
				must(t, sim, menu+"/remove", "=.id="+row[".id"])
			}
		}
	}
	must(t, sim, "/ip/firewall/nat/add", "=chain=dstnat", "=comment="+name, "=protocol=tcp", "=dst-port=80")
	if sim.Print("/routing/bgp/peer") != nil {
		must(t, sim, "/routing/bgp/peer/add", "=name="+name, "=remote-address=192.168.5.253", "=remote-as=65002")
		return
	}
	words := []string{"/routing/bgp/connection/add", "=name=" + name, "=remote.address=192.168.5.253", "=remote.as=65002", "=local.role=ebgp"}
	if sim.Print("/routing/bgp/instance") != nil {
		must(t, sim, "/routing/bgp/instance/add", "=name=theirs", "=as=65099")
		words = append(words, "=instance=theirs")
	}
	must(t, sim, words...)
}
