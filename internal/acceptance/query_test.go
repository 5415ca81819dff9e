package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// lists asks for everything that there is of each type.
func lists(types ...string) (blocks string) {
	for _, one := range types {
		blocks += fmt.Sprintf("list %q \"all\" {\n  provider = routeros\n  include_resource = true\n}\n", one)
	}
	return blocks
}

// lived is a router that somebody has configured by hand, and that has what no configuration is for.
func lived(t *testing.T, version string) *routerostest.Router {
	sim := router(t, version)
	run := func(words ...string) {
		_, err := sim.Run(words...)
		require.NoError(t, err)
	}
	switch version[0] {
	case '6':
		run("/routing/bgp/instance/add", "=name=private", "=as=65000", "=router-id=192.168.5.1")
		run("/routing/bgp/peer/add", "=name=worker1", "=instance=private", "=remote-address=192.168.5.251", "=remote-as=65001", "=ttl=255",
			"=hold-time=30s", "=route-reflect=yes", "=in-filter=bgp-in")
		run("/routing/bgp/peer/add", "=name=worker2", "=instance=private", "=remote-address=192.168.5.252", "=remote-as=65001", "=disabled=yes")
	case '7':
		home, of := "/routing/bgp/instance/add", "=instance=private"
		if strings.HasPrefix(version, "7.1") {
			home, of = "/routing/bgp/template/add", "=templates=private"
			run("/routing/bgp/template/add", "=name=defaults", "=hold-time=1m")
		}
		run(home, "=name=private", "=as=65000", "=router-id=192.168.5.1")
		run("/routing/bgp/connection/add", "=name=worker1", of, "=remote.address=192.168.5.251/32", "=remote.as=65001", "=local.role=ebgp",
			"=hold-time=30s", "=input.filter=bgp-in", "=multihop=yes", "=output.redistribute=connected,static")
		run("/routing/bgp/connection/add", "=name=worker2", of, "=remote.address=192.168.5.252/32", "=remote.as=65001", "=local.role=ebgp", "=disabled=yes")
	}
	run("/ip/firewall/nat/add", "=chain=dstnat", "=action=dst-nat", "=protocol=tcp", "=dst-port=80,443", "=in-interface=ether1",
		"=to-addresses=192.168.128.1", "=comment=kube web", "=log=yes")
	run("/ip/firewall/nat/add", "=chain=dstnat", "=action=accept", "=src-address=10.0.0.0/8")
	run("/ip/firewall/nat/add", "=chain=srcnat", "=action=masquerade", "=out-interface=ether1")
	_, err := sim.AddDynamic("/ip/firewall/nat", map[string]string{"chain": "dstnat", "action": "jump", "jump-target": "hotspot"})
	require.NoError(t, err)
	return sim
}

// TestQuery finds what there is, by filters or all of it, up to a limit.
func TestQuery(t *testing.T) {
	useNewer(t)
	for _, version := range modern {
		t.Run(version, func(t *testing.T) {
			sim := lived(t, version)
			asks := func(block string, checks ...querycheck.QueryResultCheck) resource.TestStep {
				return resource.TestStep{Query: true, Config: block, QueryResultChecks: checks}
			}
			list := func(kind, settings string) string {
				return fmt.Sprintf("list %q \"these\" {\n  provider = routeros\n  include_resource = true\n  %s\n}\n", kind, settings)
			}
			instance, peer, rule := "routeros_bgp_instance.these", "routeros_bgp_peer.these", "routeros_dstnat.these"
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: configure(sim, "", "")},
				asks(list("routeros_bgp_instance", `config { name = "priv*" }`),
					querycheck.ExpectLength(instance, 1),
					querycheck.ExpectIdentity(instance, named("private"))),
				asks(list("routeros_bgp_peer", ""),
					querycheck.ExpectLength(peer, 2),
					querycheck.ExpectIdentity(peer, named("worker1")),
					querycheck.ExpectIdentity(peer, named("worker2")),
					querycheck.ExpectResourceKnownValues(peer, queryfilter.ByResourceIdentity(named("worker1")), []querycheck.KnownValueCheck{
						{Path: tfjsonpath.New("hold_time"), KnownValue: knownvalue.StringExact("30s")},
						{Path: tfjsonpath.New("input_filter"), KnownValue: knownvalue.StringExact("bgp-in")},
						{Path: tfjsonpath.New("templates"), KnownValue: knownvalue.Null()},
					})),
				asks(list("routeros_bgp_peer", "limit = 1"), querycheck.ExpectLength(peer, 1)),
				asks(list("routeros_bgp_peer", "config { disabled = true }"),
					querycheck.ExpectLength(peer, 1), querycheck.ExpectIdentity(peer, named("worker2"))),
				asks(list("routeros_bgp_peer", "config { disabled = false }"),
					querycheck.ExpectLength(peer, 1), querycheck.ExpectIdentity(peer, named("worker1"))),
				asks(list("routeros_bgp_peer", `config { name = "worker" }`), querycheck.ExpectLength(peer, 0)),
				// Neither the rule of another chain nor the one that RouterOS made.
				asks(list("routeros_dstnat", ""), querycheck.ExpectLength(rule, 2)),
				asks(list("routeros_dstnat", `config { comment = "kube *" }`),
					querycheck.ExpectLength(rule, 1),
					querycheck.ExpectIdentity(rule, map[string]knownvalue.Check{"id": knownvalue.StringExact("*1"), "comment": knownvalue.StringExact("kube web")})),
			}})
		})
	}
}

// TestQueryFails: what went wrong is told, and is no empty answer.
func TestQueryFails(t *testing.T) {
	useNewer(t)
	sim := router(t, "7.24")
	whole := configure(sim, "", "")
	require.NoError(t, sim.Close())
	for kind, want := range map[string]string{
		"routeros_bgp_peer": "connection refused", "metallb_bgp_peer": "Its provider block names no cluster",
	} {
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
			{Config: whole}, {Query: true, Config: lists(kind), ExpectError: said(want)},
		}})
	}
}

// generated asks for all of the types, has their configuration written, and plans it: everything is imported, and
// nothing changes.
func generated(t *testing.T, program program, whole string, types ...string) (told, configuration string) {
	t.Helper()
	dir, run := program.in(t, map[string]string{"main.tf": whole, "all.tfquery.hcl": lists(types...)})
	told = run("query", "-no-color", "-generate-config-out=generated.tf")
	text, err := os.ReadFile(filepath.Join(dir, "generated.tf"))
	require.NoError(t, err)
	planned := run("plan", "-no-color")
	assert.Contains(t, planned, fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", strings.Count(string(text), "import {")),
		"%s\nof\n%s", planned, text)
	run("apply", "-no-color", "-auto-approve")
	return told, string(text)
}

// TestQueryGenerates turns a router into a configuration that changes nothing on it.
func TestQueryGenerates(t *testing.T) {
	newer := build(t, useNewer(t))
	for _, version := range modern {
		t.Run(version, func(t *testing.T) {
			sim := lived(t, version)
			before := tables(sim)
			told, text := generated(t, newer, configure(sim, "", ""), "routeros_bgp_instance", "routeros_bgp_peer", "routeros_dstnat",
				"routeros_nat_order")
			assert.Equal(t, before, tables(sim))
			if version == "7.19.6" {
				assert.Regexp(t, said(`Not listed: BGP instance "defaults"`), told)
				assert.Regexp(t, said("without as, which a routeros_bgp_instance must have"), told)
			}
			for kind, count := range map[string]int{
				"routeros_bgp_instance": 1 + len(builtIn(sim)), "routeros_bgp_peer": 2, "routeros_dstnat": 2, "routeros_nat_order": 1,
			} {
				assert.Equal(t, count, strings.Count(text, fmt.Sprintf("resource %q", kind)), "%s in\n%s", kind, text)
			}
		})
	}
}

// builtIn are the instances that come with the router and can be managed.
func builtIn(sim *routerostest.Router) (rows []map[string]string) {
	for _, row := range sim.Print("/routing/bgp/instance") {
		if row["default"] == "true" {
			rows = append(rows, row)
		}
	}
	return rows
}

// TestQueryMetalLB is both for the cluster's half, on both stores.
func TestQueryMetalLB(t *testing.T) {
	newer := build(t, useNewer(t))
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	for backend, peer := range map[string]string{"crd": "router", "configmap": "peer-192-168-5-1@192.168.5.1"} {
		t.Run(backend, func(t *testing.T) {
			settings := fmt.Sprintf("kubernetes = { config_path = %q }\n metallb = { backend = %q }", cluster.Kubeconfig(), backend)
			in := func(name string) map[string]knownvalue.Check {
				return map[string]knownvalue.Check{"namespace": knownvalue.StringExact("metallb-system"), "name": knownvalue.StringExact(name)}
			}
			pools, peers := "metallb_address_pool.all", "metallb_bgp_peer.all"
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: configure(nil, settings, clusterResources)},
				{Query: true, Config: lists("metallb_address_pool", "metallb_bgp_peer"), QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength(pools, 1), querycheck.ExpectIdentity(pools, in("avoid-buggy-ips")),
					querycheck.ExpectLength(peers, 1), querycheck.ExpectIdentity(peers, in(peer)),
				}},
				{
					PreConfig: func() {
						_, text := generated(t, newer, configure(nil, settings, ""), "metallb_address_pool", "metallb_bgp_peer")
						assert.Contains(t, text, "avoid_buggy_ips")
					},
					Config: configure(nil, settings, clusterResources), PlanOnly: true,
				},
			}})
		})
	}
}
