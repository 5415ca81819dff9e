package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// modern are the releases that the newest features of Terraform are tried on: where menus differ.
var modern = []string{"6.49.15", "7.19.6", "7.24"}

// named is an identity of a name alone.
func named(name string) map[string]knownvalue.Check {
	return map[string]knownvalue.Check{"name": knownvalue.StringExact(name)}
}

// byIdentity imports a resource by its identity, after which nothing is to change.
func byIdentity(whole, address string) resource.TestStep {
	return resource.TestStep{Config: whole, ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity}
}

// TestIdentity: rows have an identity from when they are made, it follows a change of their name, and by it they are
// imported.
func TestIdentity(t *testing.T) {
	for name, use := range map[string]func(*testing.T){"newer": func(t *testing.T) { useNewer(t) }, "tofu": useTofu} {
		t.Run(name, func(t *testing.T) {
			use(t)
			for _, version := range modern {
				t.Run(version, testIdentity(version))
			}
		})
	}
}

func testIdentity(version string) func(*testing.T) {
	return func(t *testing.T) {
		sim := router(t, version)
		whole := configure(sim, "", routerResources)
		renamed := strings.ReplaceAll(whole, `"kube-metallb-worker1"`, `"worker one"`)
		rule := func(comment string) statecheck.StateCheck {
			return statecheck.ExpectIdentity("routeros_dstnat.http", map[string]knownvalue.Check{
				"id": knownvalue.NotNull(), "comment": knownvalue.StringExact(comment),
			})
		}
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
			{Config: whole, ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectIdentity("routeros_bgp_instance.private", named("private")),
				statecheck.ExpectIdentity("routeros_bgp_peer.worker1", named("kube-metallb-worker1")),
				rule("kube http"),
			}},
			byIdentity(whole, "routeros_bgp_instance.private"),
			byIdentity(whole, "routeros_bgp_peer.worker1"),
			byIdentity(whole, "routeros_dstnat.http"),
			{
				Config: renamed,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("routeros_bgp_peer.worker1", plancheck.ResourceActionUpdate),
				}},
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity("routeros_bgp_peer.worker1", named("worker one"))},
			},
			byIdentity(renamed, "routeros_bgp_peer.worker1"),
			{
				// Somebody renames it on the router: the next plan finds it, and gives it its name back.
				PreConfig: func() {
					for _, menu := range []string{"/routing/bgp/peer", "/routing/bgp/connection"} {
						for _, row := range sim.Print(menu) {
							_, err := sim.Run(menu+"/set", "=.id="+row[".id"], "=name=by hand")
							require.NoError(t, err)
						}
					}
				},
				Config:            renamed,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity("routeros_bgp_peer.worker1", named("worker one"))},
			},
		}})
	}
}

// imported is a configuration with an import block.
func imported(whole, to, identity string) string {
	return whole + fmt.Sprintf("\nimport {\n  to = %s\n  identity = { %s }\n}\n", to, identity)
}

// TestIdentityOfRule: a rule is imported by its id, by its comment, or by both if they agree.
func TestIdentityOfRule(t *testing.T) {
	useNewer(t)
	sim := router(t, "7.24")
	for _, comment := range []string{"kube http", "other"} {
		_, err := sim.Run("/ip/firewall/nat/add", "=chain=dstnat", "=action=dst-nat", "=protocol=tcp", "=dst-port=80", "=in-interface=ether1",
			"=to-addresses=192.168.128.1", "=comment="+comment)
		require.NoError(t, err)
	}
	left := "removed {\n  from = routeros_dstnat.http\n  lifecycle { destroy = false }\n}\n"
	_, rule, _ := strings.Cut(routerResources, `resource "routeros_dstnat"`)
	rule = configure(sim, "", `resource "routeros_dstnat"`+rule)
	for _, c := range []struct{ identity, refusal string }{
		{`id = "*1"`, ""}, {`id = "*1", comment = "kube http"`, ""}, {`comment = "kube http"`, ""},
		{`id = "*2", comment = "kube http"`, `its comment is "other", not "kube http"`},
		{`comment = "nothing"`, "There is none on router"},
		{`id = "*77"`, "There is none on router"},
	} {
		t.Run(c.identity, func(t *testing.T) {
			step := resource.TestStep{
				Config: imported(rule, "routeros_dstnat.http", c.identity),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("routeros_dstnat.http", plancheck.ResourceActionNoop),
				}},
			}
			if c.refusal != "" {
				step.ConfigPlanChecks, step.ExpectError = resource.ConfigPlanChecks{}, said(c.refusal)
			}
			before := tables(sim)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				step, {Config: configure(sim, "", left), SkipFunc: func() (bool, error) { return c.refusal != "", nil }},
			}})
			require.Equal(t, before, tables(sim))
		})
	}
}

// TestIdentityMetalLB is TestIdentity for the cluster's half, on both stores.
func TestIdentityMetalLB(t *testing.T) {
	useNewer(t)
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	for backend, peer := range map[string][2]string{
		"crd": {"router", "router"}, "configmap": {"router@192.168.5.1", "router@192.168.5.2"},
	} {
		t.Run(backend, func(t *testing.T) {
			settings := fmt.Sprintf("kubernetes = { config_path = %q }\n metallb = { backend = %q }", cluster.Kubeconfig(), backend)
			whole := configure(nil, settings, clusterResources)
			elsewhere := strings.ReplaceAll(whole, "192.168.5.1", "192.168.5.2")
			in := func(name string) map[string]knownvalue.Check {
				return map[string]knownvalue.Check{"namespace": knownvalue.StringExact("metallb-system"), "name": knownvalue.StringExact(name)}
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: whole, ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity("metallb_address_pool.services", in("avoid-buggy-ips")),
					statecheck.ExpectIdentity("metallb_bgp_peer.router", in(peer[0])),
				}},
				byIdentity(whole, "metallb_address_pool.services"),
				byIdentity(whole, "metallb_bgp_peer.router"),
				{Config: elsewhere, ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity("metallb_bgp_peer.router", in(peer[1])),
				}},
			}})
		})
	}
}
