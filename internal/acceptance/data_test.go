package acceptance

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// seenOn are the releases that data sources are read on: RouterOS 6, and each 7 in which what they ask for changed.
var seenOn = []string{"6.49.15", "7.9.2", "7.19.6", "7.20.8", "7.24"}

// cluster are two nodes that the router knows, and a rule.
const cluster = `
resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}
resource "routeros_bgp_peer" "worker1" {
  name           = "kube-1"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.253"
  remote_as      = 65001
}
resource "routeros_bgp_peer" "worker2" {
  name           = "kube-2"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.252"
  remote_as      = 65001
}
resource "routeros_dstnat" "web" {
  comment      = "web"
  protocol     = "tcp"
  dst_port     = "80"
  to_addresses = "192.168.128.1"
}
`

const everyDataSource = `
data "routeros_bgp_sessions" "all" {}
data "routeros_bgp_sessions" "up" {
  instance       = "private"
  remote_address = "192.168.5.253/32"
  established    = true
}
data "routeros_bgp_sessions" "down" {
  established = false
}
data "routeros_bgp_advertisements" "one" {
  peer = "kube-1"
  dst  = "203.0.113.0/24"
}
data "routeros_routes" "web" {
  dst_address   = "192.168.128.1"
  protocol      = "bgp"
  routing_table = "main"
}
data "routeros_routes" "active" {}
data "routeros_nat_rules" "web" {
  chain        = "dstnat"
  action       = "dst-nat"
  to_addresses = "192.168.128.1/32"
  dst_port     = "80"
  comment      = "web"
  disabled     = false
  dynamic      = false
}
data "routeros_system" "router" {}
`

// broughtBy is where a release has the peer that brought a route: newer ones of RouterOS 7 name its session, older ones an
// id that nothing else tells of.
var broughtBy = map[string]string{"6.49.15": "received-from", "7.20.8": "bgp.session", "7.24": "bgp.session"}

// exchange is what BGP would bring: two nodes announce the address of a service, and one is told of a prefix.
func exchange(t *testing.T, sim *routerostest.Router, version string) {
	t.Helper()
	routes, prefix, on, bgp, session := "/routing/route", "dst", "", "bgp.", "-1"
	if strings.HasPrefix(version, "6") {
		routes, prefix, on, bgp, session = "/ip/route", "prefix", "true", "bgp-", ""
	} else {
		_, err := sim.Run("/routing/bgp/connection/set", "=.id=kube-1", "=output.keep-sent-attributes=yes")
		require.NoError(t, err)
	}
	best := map[string]string{"dst-address": "192.168.128.1/32", "gateway": "192.168.5.253", "distance": "20", "bgp": on, "active": on,
		bgp + "as-path": "65001", bgp + "communities": "65000:1,65000:2", "scope": "40", "target-scope": "10"}
	if word := broughtBy[version]; word != "" {
		best[word] = "kube-1" + session
	}
	other := map[string]string{"dst-address": "192.168.128.1/32", "gateway": "192.168.5.252", "distance": "20", "bgp": on}
	for _, route := range []map[string]string{best, other} {
		if routes == "/routing/route" {
			route["routing-table"] = "main"
		}
		_, err := sim.AddDynamic(routes, route)
		require.NoError(t, err)
	}
	for _, dst := range []string{"203.0.113.0/24", "198.51.100.0/24"} {
		_, err := sim.AddDynamic("/routing/bgp/advertisements", map[string]string{"peer": "kube-1" + session, prefix: dst,
			"nexthop": "192.168.5.1", "origin": "igp"})
		require.NoError(t, err)
	}
}

func is(values map[string]string) knownvalue.Check {
	object := map[string]knownvalue.Check{}
	for name, value := range values {
		switch value {
		case "true", "false":
			object[name] = knownvalue.Bool(value == "true")
		case "":
			object[name] = knownvalue.Null()
		default:
			object[name] = knownvalue.StringExact(value)
		}
	}
	return knownvalue.ObjectPartial(object)
}

func rows(of, attribute string, rows ...knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+of, tfjsonpath.New(attribute), knownvalue.ListExact(rows))
}

// TestDataSources: the same answers on every release, whichever way it says that a session is not up, and filters that
// the router carries out.
func TestDataSources(t *testing.T) {
	up := map[string]string{"name": "kube-1", "instance": "private", "established": "true", "remote_address": "192.168.5.253", "remote_as": "65001",
		"remote_id": "192.168.5.253", "local_address": "192.168.5.1", "hold_time": "3m", "keepalive_time": "1m", "about": ""}
	down := map[string]string{"name": "kube-2", "instance": "private", "established": "false", "remote_address": "192.168.5.252", "remote_as": "65001",
		"uptime": "", "remote_id": ""}
	best := map[string]string{"dst_address": "192.168.128.1/32", "gateway": "192.168.5.253", "protocol": "bgp", "active": "true", "dynamic": "true",
		"disabled": "false", "blackhole": "false", "routing_table": "main", "bgp_as_path": "65001", "received_from": "kube-1"}
	other := map[string]string{"dst_address": "192.168.128.1/32", "gateway": "192.168.5.252", "protocol": "bgp", "active": "false", "bgp_as_path": ""}
	rule := map[string]string{"chain": "dstnat", "action": "dst-nat", "protocol": "tcp", "dst_port": "80", "to_addresses": "192.168.128.1",
		"comment": "web", "disabled": "false", "dynamic": "false", "invalid": "false", "src_address": ""}
	for name, quirk := range map[string]routerostest.Option{
		"absent":  routerostest.Silent("192.168.5.252"),
		"dropped": routerostest.Dropped("192.168.5.252"),
		"false":   routerostest.EstablishedFalse(),
	} {
		on := seenOn
		if name != "absent" {
			on = []string{"6.49.15", "7.24"}
		}
		for _, version := range on {
			t.Run(name+"/"+version, func(t *testing.T) {
				sim := router(t, version, routerostest.Dropped("192.168.5.252"), quirk, routerostest.GhostSession())
				major, six := int64(version[0]-'0'), version[0] == '6'
				best := maps.Clone(best)
				if broughtBy[version] == "" {
					best["received_from"] = ""
				}
				resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
					{Config: configure(sim, "", cluster)},
					{
						PreConfig: func() { exchange(t, sim, version); sim.ResetStats() },
						Config:    configure(sim, "", cluster+everyDataSource),
						ConfigStateChecks: []statecheck.StateCheck{
							rows("routeros_bgp_sessions.all", "sessions", is(up), is(down)),
							rows("routeros_bgp_sessions.up", "sessions", is(up)),
							rows("routeros_bgp_sessions.down", "sessions", is(down)),
							rows("routeros_bgp_advertisements.one", "advertisements", is(map[string]string{"peer": "kube-1",
								"dst": "203.0.113.0/24", "nexthop": "192.168.5.1", "origin": "igp"})),
							rows("routeros_routes.web", "routes", is(other), is(best)),
							rows("routeros_routes.active", "routes", is(best)),
							statecheck.ExpectKnownValue("data.routeros_routes.active", tfjsonpath.New("routes").AtSliceIndex(0).AtMapKey("bgp_communities"),
								knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("65000:1"), knownvalue.StringExact("65000:2")})),
							rows("routeros_nat_rules.web", "rules", is(rule)),
							statecheck.ExpectKnownValue("data.routeros_system.router", tfjsonpath.New("major"), knownvalue.Int64Exact(major)),
							statecheck.ExpectKnownValue("data.routeros_system.router", tfjsonpath.New("version"), knownvalue.StringExact(version)),
							statecheck.ExpectKnownValue("data.routeros_system.router", tfjsonpath.New("identity"), knownvalue.StringExact("MikroTik")),
						},
					},
				}})
				log := strings.Join(sim.Stats().Log, "\n") + "\n"
				for _, word := range map[bool][]string{
					true: {"?remote-address=192.168.5.253 ", "?remote-address=192.168.5.253/32 ", "?instance=private", "?established ", "?-established ",
						"?disabled=false", "?prefix=203.0.113.0/24", "?peer=kube-1", "?-routing-mark"},
					false: {"?remote.address=192.168.5.253 ", "?remote.address=192.168.5.253/32 ", "?established ",
						"?dst=203.0.113.0/24", "?peer=kube-1-1", "?routing-table=main"},
				}[six] {
					assert.Contains(t, log, word)
				}
				for _, word := range []string{"?bgp ", "?active ", "?dst-address=192.168.128.1/32", "?chain=dstnat", "?to-addresses=192.168.128.1 ", "?dst-port=80",
					"?comment=web", "?disabled=false", "?dynamic=false", "?action=dst-nat"} {
					assert.Contains(t, log, word)
				}
				for _, line := range sim.Stats().Log {
					assert.False(t, strings.Contains(line, "route/print") && !strings.Contains(line, " =.proplist="), line)
				}
			})
		}
	}
}

// TestWaitForEstablished: what depends on the sessions waits for them, or is told which are missing.
func TestWaitForEstablished(t *testing.T) {
	wait := func(timeout, filter string) string {
		return cluster + fmt.Sprintf(`
data "routeros_bgp_sessions" "kubernetes" {
  wait_for_established = %q
  depends_on           = [routeros_bgp_peer.worker1, routeros_bgp_peer.worker2]
  %s
}`, timeout, filter)
	}
	for _, version := range seenOn {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version, routerostest.AnswersAfter("192.168.5.253", 1500*time.Millisecond), routerostest.Silent("192.168.5.252"))
			why := map[bool]string{true: "kube-2 (192.168.5.252): state active", false: "kube-2 (192.168.5.252): no session: the neighbour never answered"}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(sim, "", wait("30s", `name = "kube-1"`)),
				ConfigStateChecks: []statecheck.StateCheck{
					rows("routeros_bgp_sessions.kubernetes", "sessions", is(map[string]string{"name": "kube-1", "established": "true"})),
				},
			}, {
				Config: configure(sim, "", wait("1s", "")),
				ExpectError: regexp.MustCompile(said("with data.routeros_bgp_sessions.kubernetes").String() + `.*:\s+wait_for_established\b.*` +
					said("1 of 2 BGP sessions not established within 1s: "+why[version[0] == '6']).String()),
			}, {
				Config:      configure(sim, "", wait("1s", `name = "nobody"`)),
				ExpectError: said("no BGP peer to wait for within 1s"),
			}, {
				PreConfig: func() { sim.Configure(routerostest.Answers("192.168.5.252")) },
				Config:    configure(sim, "", wait("1s", "established = true")),
				ConfigStateChecks: []statecheck.StateCheck{
					rows("routeros_bgp_sessions.kubernetes", "sessions", is(map[string]string{"name": "kube-1"}), is(map[string]string{"name": "kube-2"})),
				},
			}}})
		})
	}
}

// TestNotRequired: what was waited for in vain is an answer for a check, if one wants it so.
func TestNotRequired(t *testing.T) {
	const waiting = `
data "routeros_bgp_sessions" "kubernetes" {
  wait_for_established = "1s"
  required             = %[1]t
  depends_on           = [routeros_bgp_peer.worker1, routeros_bgp_peer.worker2]
}
data "routeros_bgp_sessions" "down" {
  established          = false
  wait_for_established = "1s"
  required             = %[1]t
  depends_on           = [routeros_bgp_peer.worker1, routeros_bgp_peer.worker2]
}
data "routeros_routes" "web" {
  dst_address     = "192.168.128.1"
  wait_for_active = "1s"
  required        = %[1]t
}
`
	for _, version := range []string{"6.49.15", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version, routerostest.Silent("192.168.5.252"))
			optional := configure(sim, "", cluster+fmt.Sprintf(waiting, false))
			up, down := is(map[string]string{"name": "kube-1", "established": "true"}), is(map[string]string{"name": "kube-2", "established": "false"})
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: optional, ConfigStateChecks: []statecheck.StateCheck{
					rows("routeros_bgp_sessions.kubernetes", "sessions", up, down), rows("routeros_bgp_sessions.down", "sessions", down),
					rows("routeros_routes.web", "routes"),
				}},
				{Config: configure(sim, "", cluster+fmt.Sprintf(waiting, true)), ExpectError: said("no such route is active within 1s")},
			}})
		})
	}
}

// TestDataSourceRefusals: what cannot be read says why, and where.
func TestDataSourceRefusals(t *testing.T) {
	sim := router(t, "6.49.15")
	later := func(more string) string {
		return fmt.Sprintf(`
terraform {
  required_providers {
    routeros = { source = "baremetal-lb/routeros" }
  }
}
resource "terraform_data" "router" {
  input = "api://%s"
}
provider "routeros" {
  hosturl = terraform_data.router.output
}
data "routeros_system" "router" {
  %s
}`, sim.Addr(), more)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: configure(nil, "", `data "routeros_routes" "all" {}`), ExpectError: said("Provider not configured for routeros_routes")},
		{Config: configure(sim, "", `data "routeros_routes" "all" { protocol = "magic" }`), ExpectError: said(`value must be one of`)},
		{Config: configure(sim, "", `data "routeros_routes" "all" { protocol = "vpn" }`),
			ExpectError: said(`(RouterOS 6.49.15): it tells of no route whose protocol is "vpn", only bgp, connected, ospf, rip, static`)},
		{Config: configure(sim, "", `data "routeros_bgp_sessions" "all" { wait_for_established = "2h" }`), ExpectError: said("Duration out of range")},
		{Config: later(""), ExpectError: said("Give the data source a depends_on")},
		{Config: later("depends_on = [terraform_data.router]"), ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.routeros_system.router", tfjsonpath.New("major"), knownvalue.Int64Exact(6)),
		}},
	}})
}

// TestForgottenAdvertisements: RouterOS 7 that keeps nothing is no error.
func TestForgottenAdvertisements(t *testing.T) {
	sim := router(t, "7.20.8")
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{Config: configure(sim, "", cluster+`
data "routeros_bgp_advertisements" "all" {
  depends_on = [routeros_bgp_peer.worker1, routeros_bgp_peer.worker2]
}`), ConfigStateChecks: []statecheck.StateCheck{rows("routeros_bgp_advertisements.all", "advertisements")}}}})
}

// TestDataSourceExamples applies the example of each page of a data source that asks a router.
func TestDataSourceExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(Root(), "examples", "data-sources", "routeros_*", "data-source.tf"))
	require.NoError(t, err)
	require.Len(t, files, 5)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			sim := router(t, "7.24")
			learnService(t, sim)
			whole := configure(sim, "", string(text))
			resource.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{ProtoV6ProviderFactories: factories, Config: whole},
				{ProtoV6ProviderFactories: factories, Config: whole, Destroy: true},
			}})
		})
	}
}
