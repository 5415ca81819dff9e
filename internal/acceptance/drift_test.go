package acceptance

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestSwitchedOff: that somebody switched off what the configuration has says nothing about is seen, and put right; other
// things that were left out are his.
func TestSwitchedOff(t *testing.T) {
	for _, version := range modern {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version)
			whole := configure(sim, "", routerResources)
			update := func(names ...string) resource.ConfigPlanChecks {
				var checks []plancheck.PlanCheck
				for _, name := range names {
					checks = append(checks, plancheck.ExpectResourceAction(name, plancheck.ResourceActionUpdate))
				}
				return resource.ConfigPlanChecks{PreApply: checks}
			}
			everywhere := func(command string, words ...string) {
				for menu, rows := range tables(sim) {
					for _, row := range rows {
						if row["name"] != "default" {
							must(t, sim, append([]string{menu + command, "=.id=" + row[".id"]}, words...)...)
						}
					}
				}
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: whole},
				{
					PreConfig:        func() { everywhere("/disable") },
					Config:           whole,
					ConfigPlanChecks: update("routeros_bgp_instance.private", "routeros_bgp_peer.worker1", "routeros_dstnat.http"),
				},
				{
					PreConfig: func() {
						for menu, rows := range tables(sim) {
							for _, row := range rows {
								assert.NotEqual(t, "true", row["disabled"], menu)
							}
						}
						must(t, sim, "/ip/firewall/nat/set", "=.id=*1", "=src-address=10.0.0.0/8")
					},
					Config: whole, PlanOnly: true,
				},
			}})
		})
	}
}

// TestRole: a role that was left out follows the AS numbers when these change, and is put back when somebody gives the
// peer another.
func TestRole(t *testing.T) {
	for _, version := range []string{"7.19.6", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version)
			with := func(as string) string {
				return configure(sim, "", strings.Replace(routerResources, "as        = 65000", "as        = "+as, 1))
			}
			role := func(want string) func() {
				return func() { assert.Equal(t, want, sim.Print("/routing/bgp/connection")[0]["local.role"]) }
			}
			toIBGP := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("routeros_bgp_peer.worker1", plancheck.ResourceActionUpdate),
			}}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: with("65000")},
				{PreConfig: role("ebgp"), Config: with("65001"), ExpectNonEmptyPlan: true},
				{Config: with("65001"), ConfigPlanChecks: toIBGP},
				{
					PreConfig: func() {
						role("ibgp")()
						must(t, sim, "/routing/bgp/connection/set", "=.id=*1", "=local.role=ibgp-rr")
					},
					Config: with("65001"), ConfigPlanChecks: toIBGP,
				},
				{PreConfig: role("ibgp"), Config: with("65001"), PlanOnly: true},
			}})
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

// TestUnsure: the router does not say whether it made a rule, and cannot be asked. The next apply leaves one, not two,
// whether it has a comment or not.
func TestUnsure(t *testing.T) {
	for name, resources := range map[string]string{"comment": routerResources, "no comment": uncommented} {
		t.Run(name, func(t *testing.T) { unsure(t, resources) })
	}
}

const uncommented = `
resource "routeros_dstnat" "ssh" {
  protocol     = "6"
  dst_port     = "22"
  to_addresses = "192.168.128.2/32"
}`

func unsure(t *testing.T, resources string) {
	for name, cut := range map[string]routerostest.Option{"made": routerostest.CutAfter("nat/add", 1), "not made": routerostest.CutBefore("nat/add", 1)} {
		t.Run(name, func(t *testing.T) {
			sim := router(t, "7.24", cut, routerostest.Stall("nat/print"))
			before := tables(sim)
			whole := configure(sim, `timeout = "1s"`, resources)
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
