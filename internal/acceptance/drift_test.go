package acceptance

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestEveryArgument sets every argument, changes each, and takes each away again: state, router and plan agree after
// every step, on every release.
func TestEveryArgument(t *testing.T) {
	full := func(as, address, hold, families, port, more string) string {
		return fmt.Sprintf(`
resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = %q
  router_id = %q
  comment   = "c"
  disabled  = true
}
resource "routeros_bgp_peer" "worker" {
  name           = "worker"
  instance       = routeros_bgp_instance.private.name
  remote_address = %q
  remote_as      = "1.10"
  local_role     = "ebgp"
  multihop       = true
  hold_time      = %q
  keepalive_time = "30"
  afi            = %s
  comment        = "c"
  disabled       = true
}
resource "routeros_dstnat" "web" {
  protocol          = "tcp"
  dst_port          = %q
  src_address       = "!198.51.100.0/24"
  dst_address       = "203.0.113.1/32"
  in_interface_list = "WAN"
  to_addresses      = "192.168.128.1-192.168.128.9"
  to_ports          = "8080"
  comment           = "c"
  disabled          = true
  %s
}`, as, address, address, hold, families, port, more)
	}
	least := `
resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}
resource "routeros_bgp_peer" "worker" {
  name           = "worker"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.252"
  remote_as      = 65546
}
resource "routeros_dstnat" "web" {
  to_addresses = "192.168.128.1"
}`
	updated := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectResourceAction("routeros_bgp_instance.private", plancheck.ResourceActionUpdate),
		plancheck.ExpectResourceAction("routeros_bgp_peer.worker", plancheck.ResourceActionUpdate),
		plancheck.ExpectResourceAction("routeros_dstnat.web", plancheck.ResourceActionUpdate),
	}}
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version)
			_, err := sim.Run("/interface/list/add", "=name=WAN")
			require.NoError(t, err)
			before := tables(sim)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: configure(sim, "", full("65000", "192.168.5.253", "90s", `["ipv6", "ip"]`, "80,443", ""))},
				{Config: configure(sim, "", full("1.1", "192.168.5.252", "00:02:00", `["ip"]`, "1000-2000", `action = "netmap"`)), ConfigPlanChecks: updated},
				{Config: configure(sim, "", least), ConfigPlanChecks: updated},
				{Config: configure(sim, "", full("65000", "192.168.5.253", "infinity", `["ip"]`, "!22", "")), ConfigPlanChecks: updated},
			}})
			assert.Equal(t, before, tables(sim))
		})
	}
}

// TestBuiltInInstance adopts the instance that RouterOS 6 comes with, and gives it back as it was.
func TestBuiltInInstance(t *testing.T) {
	sim := router(t, "6.49.15")
	before := tables(sim)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: configure(sim, "", `
resource "routeros_bgp_instance" "default" {
  name      = "default"
  as        = 65000
  router_id = "192.168.5.1"
}`)}}})
	assert.Equal(t, before, tables(sim))
}

// TestUnsure: the router does not say whether it made a rule, and cannot be asked. The next apply leaves one, not two.
func TestUnsure(t *testing.T) {
	for name, cut := range map[string]routerostest.Option{"made": routerostest.CutAfter("nat/add", 1), "not made": routerostest.CutBefore("nat/add", 1)} {
		t.Run(name, func(t *testing.T) {
			sim := router(t, "7.24", cut, routerostest.Stall("nat/print"))
			before := tables(sim)
			whole := configure(sim, `timeout = "1s"`, routerResources)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: whole, ExpectError: said("whether it has the new dst-nat rule is not known"),
			}, {
				PreConfig: func() { sim.Configure(routerostest.NoFaults()) },
				Config:    whole,
			}, {
				PreConfig: func() { assert.Len(t, sim.Print("/ip/firewall/nat"), 1) },
				Config:    whole, PlanOnly: true,
			}}})
			assert.Equal(t, before, tables(sim))
		})
	}
}

// TestLostConnection: the router goes away in the middle of an apply, before or after it did what it was asked.
func TestLostConnection(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.19.6", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version, routerostest.CutAfter("nat/add", 1), routerostest.CutBefore("instance/add", 1))
			before := tables(sim)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(sim, "", routerResources),
			}, {
				PreConfig: func() { assert.Len(t, sim.Print("/ip/firewall/nat"), 1, "one rule, not two") },
				Config:    configure(sim, "", routerResources),
			}}})
			assert.Equal(t, before, tables(sim))
		})
	}
}
