package acceptance

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestStory applies examples/complete, changes it, repairs what was changed by hand, and destroys it: on every release
// of RouterOS in which a menu changed with MetalLB's CRDs, on three with its ConfigMap, and on three by OpenTofu.
func TestStory(t *testing.T) {
	t.Run("CRDs", func(t *testing.T) {
		cluster := kubetest.StartTest(t)
		require.NoError(t, cluster.InstallMetalLB(t.Context()))
		for _, version := range versions {
			t.Run(version, func(t *testing.T) { tellStory(t, version, crds{t, cluster}) })
		}
	})
	t.Run("OpenTofu", func(t *testing.T) {
		useTofu(t)
		cluster := kubetest.StartTest(t)
		require.NoError(t, cluster.InstallMetalLB(t.Context()))
		for _, version := range modern {
			t.Run(version, func(t *testing.T) { tellStory(t, version, crds{t, cluster}) })
		}
	})
	t.Run("ConfigMap", func(t *testing.T) {
		cluster := kubetest.StartTest(t)
		require.NoError(t, cluster.InstallMetalLB09(t.Context()))
		store := newConfigMap(t, cluster)
		// Which router it is makes no difference to the cluster: three will do.
		for _, version := range modern {
			t.Run(version, func(t *testing.T) { tellStory(t, version, store) })
		}
	})
}

// store is where MetalLB's configuration is, as somebody else than us sees it.
type store interface {
	kubeconfig() string
	mustHave(t *testing.T, pool string) // the story, with that pool
	mustBeEmpty(t *testing.T)
	sabotage(t *testing.T) // changes the pool behind our back
}

func tellStory(t *testing.T, version string, metallb store) {
	sim := router(t, version)
	before := tables(sim)
	learnService(t, sim)
	variables := func(change config.Variables) config.Variables {
		all := config.Variables{
			"router":     config.StringVariable("api://" + sim.Addr()),
			"kubeconfig": config.StringVariable(metallb.kubeconfig()),
			"patience":   config.StringVariable("1s"), // of which there is need when there are no peers any more
		}
		for name, value := range change {
			all[name] = value
		}
		return all
	}
	directory := config.StaticDirectory(Root() + "/examples/complete")
	const (
		web     = `routeros_dstnat.web["https"]`
		worker1 = `routeros_bgp_peer.worker["kube-metallb-worker1"]`
		worker4 = `routeros_bgp_peer.worker["kube-metallb-worker4"]`
		pool    = "metallb_address_pool.services"
	)
	changed := variables(config.Variables{
		"ports": config.MapVariable(map[string]config.Variable{"http": config.IntegerVariable(80), "https": config.IntegerVariable(8443)}),
		"workers": config.MapVariable(map[string]config.Variable{
			"kube-metallb-worker1": config.StringVariable("192.168.5.249"),
			"kube-metallb-worker2": config.StringVariable("192.168.5.252"),
			"kube-metallb-worker3": config.StringVariable("192.168.5.251"),
		}),
		"pool": config.StringVariable("192.168.128.0/25"),
	})
	resource.Test(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				ProtoV6ProviderFactories: factories, ConfigDirectory: directory,
				ConfigVariables: variables(nil),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue("routeros_bgp_instance.private", tfjsonpath.New("as"), knownvalue.StringExact("65000")),
					statecheck.ExpectKnownValue(worker4, tfjsonpath.New("remote_address"), knownvalue.StringExact("192.168.5.250")),
					statecheck.ExpectKnownValue(web, tfjsonpath.New("to_addresses"), knownvalue.StringExact("192.168.128.1")),
					statecheck.ExpectKnownValue(pool, tfjsonpath.New("id"), knownvalue.StringExact("metallb-system/avoid-buggy-ips")),
				},
			},
			{ // a plan costs the router one login, and one print per menu; there are two, the first of which only reads data sources
				PreConfig: func() {
					metallb.mustHave(t, "192.168.128.0/24")
					mustForward(t, sim.Print("/ip/firewall/nat"), "443")
					sim.ResetStats()
				},
				ProtoV6ProviderFactories: factories, ConfigDirectory: directory,
				ConfigVariables: variables(nil),
				PlanOnly:        true,
			},
			{ // changed in place
				PreConfig: func() {
					stats := sim.Stats()
					t.Logf("plans of an unchanged story asked the router: %v on %d connections with %d logins", stats.Commands, stats.Connections, stats.Logins)
					assert.Equal(t, 2, stats.Connections)
					assert.Equal(t, 2, stats.Logins)
					for command, count := range stats.Commands {
						// One print per menu and plan, where all reads come together; on a slow machine they may not. Of sessions RouterOS 6
						// tells in the menu of the peers.
						assert.LessOrEqual(t, count, 8, command)
						assert.True(t, strings.HasSuffix(command, "/print"), command)
					}
				},
				ProtoV6ProviderFactories: factories, ConfigDirectory: directory,
				ConfigVariables: changed,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(worker1, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(worker4, plancheck.ResourceActionDestroy),
					plancheck.ExpectResourceAction(pool, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction("routeros_bgp_instance.private", plancheck.ResourceActionNoop),
				}},
			},
			{ // repaired
				PreConfig: func() {
					metallb.mustHave(t, "192.168.128.0/25")
					mustForward(t, sim.Print("/ip/firewall/nat"), "8443")
					sabotage(t, sim)
					metallb.sabotage(t)
				},
				ProtoV6ProviderFactories: factories, ConfigDirectory: directory,
				ConfigVariables: changed,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(web, plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction(worker1, plancheck.ResourceActionCreate),
					plancheck.ExpectResourceAction(pool, plancheck.ResourceActionUpdate),
				}},
			},
			{ // destroyed
				PreConfig: func() {
					metallb.mustHave(t, "192.168.128.0/25")
					mustForward(t, sim.Print("/ip/firewall/nat"), "8443")
				},
				ProtoV6ProviderFactories: factories, ConfigDirectory: directory,
				ConfigVariables: changed,
				Destroy:         true,
			},
		},
	})
	metallb.mustBeEmpty(t)
	assert.Equal(t, before, tables(sim), "destroy leaves the tables as they were")
}
