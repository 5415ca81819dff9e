package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// move is a resource of somebody else, and what it becomes.
type move struct {
	from string // "mikrotik_bgp_peer"
	has  string // its attributes
	to   string // our type
	body string // our attributes
}

const (
	ourInstance = "name = \"private\"\n as = 65000\n router_id = \"192.168.5.1\""
	ourRule     = "comment = \"kube web\"\n protocol = \"tcp\"\n dst_port = \"80,443\"\n in_interface = \"ether1\"\n to_addresses = \"192.168.128.1\"\n log = true"
	theirRule   = "chain = \"dstnat\"\n action = \"dst-nat\"\n comment = \"kube web\"\n dst_port = \"80,443\"\n id = "
)

// moves are by release what its router has (lived), as the providers for that release have it in their state: with its
// id, with its name for an id, or with an id that the router has since given to another row.
var moves = map[string][]move{
	"6.49.15": {
		{"mikrotik_bgp_instance", `id = "private", name = "private", as = 65000`, "routeros_bgp_instance", ourInstance},
		{"mikrotik_bgp_peer", `id = "*1", name = "worker1", remote_as = 65001, tcp_md5_key = "canary"`, "routeros_bgp_peer",
			"name = \"worker1\"\n instance = \"private\"\n remote_address = \"192.168.5.251\"\n remote_as = 65001\n local_ttl = 255\n" +
				"hold_time = \"30s\"\n local_role = \"ibgp-rr\"\n input_filter = \"bgp-in\""},
		{"routeros_ip_firewall_nat", theirRule + `"*1"`, "routeros_dstnat", ourRule},
	},
	"7.19.6": {
		{"routeros_routing_bgp_template", `id = "*77", name = "private", as = "65000"`, "routeros_bgp_instance", ourInstance},
		{"routeros_routing_bgp_connection", "id = \"*1\", name = \"worker1\", disabled = false, templates = [\"private\"]\n" +
			"remote {\n address = \"192.168.5.251/32\"\n as = \"65001\"\n}", "routeros_bgp_peer", worker1On7},
		{"routeros_ip_firewall_nat", theirRule + `"*2"`, "routeros_dstnat", ourRule}, // *2 is another rule now
	},
	"7.24": {
		{"routeros_routing_bgp_instance", `id = "*1", name = "private", as = "65000"`, "routeros_bgp_instance", ourInstance},
		{"routeros_routing_bgp_connection", `id = "*2", name = "worker1"`, "routeros_bgp_peer", worker1On7}, // *2 is worker2 now
		{"routeros_ip_firewall_nat", theirRule + `"*1"`, "routeros_dstnat", ourRule},
	},
}

const worker1On7 = "name = \"worker1\"\n instance = \"private\"\n remote_address = \"192.168.5.251\"\n remote_as = 65001\n multihop = true\n" +
	"hold_time = \"30s\"\n input_filter = \"bgp-in\"\n output_redistribute = [\"connected\", \"static\"]"

// before and after are the configurations with their resource and with ours.
func (m move) before() string {
	return fmt.Sprintf("resource %q \"x\" {\n  provider = others\n  %s\n}\n", m.from, strings.ReplaceAll(m.has, ", ", "\n  "))
}

func (m move) after() string {
	return fmt.Sprintf("resource %q \"x\" {\n  %s\n}\nmoved {\n  from = %s.x\n  to   = %s.x\n}\n", m.to, m.body, m.from, m.to)
}

func bothProviders(sim *routerostest.Router, resources string) string {
	return strings.Replace(configure(sim, "", resources), "required_providers {", "required_providers {\n    others = { source = \"baremetal-lb/others\" }", 1)
}

// TestMoved takes over what other providers have made: nothing is made anew, and nothing changes.
func TestMoved(t *testing.T) {
	for name, use := range map[string]func(*testing.T){
		"installed": func(*testing.T) {}, "newer": func(t *testing.T) { useNewer(t) }, "tofu": useTofu,
	} {
		t.Run(name, func(t *testing.T) {
			use(t)
			for _, version := range modern {
				t.Run(version, func(t *testing.T) {
					sim := lived(t, version)
					rows := tables(sim)
					var before, after string
					var unchanged []plancheck.PlanCheck
					for _, m := range moves[version] {
						before, after = before+m.before(), after+m.after()
						unchanged = append(unchanged, plancheck.ExpectResourceAction(m.to+".x", plancheck.ResourceActionNoop))
					}
					resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: othersToo, Steps: []resource.TestStep{
						{Config: bothProviders(sim, before)},
						{
							Config:           bothProviders(sim, after),
							ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: unchanged},
						},
						{PreConfig: func() { assert.Equal(t, rows, tables(sim)) }, Config: bothProviders(sim, after), PlanOnly: true},
					}})
					for menu, left := range tables(sim) {
						for _, row := range left {
							assert.NotContains(t, []string{"private", "worker1", "kube web"}, row["name"]+row["comment"], "%s: still there after destroy", menu)
						}
					}
				})
			}
		})
	}
}

// TestMovedRefuses: what is none of ours stays with its provider, and what is not there is not taken for its neighbour.
func TestMovedRefuses(t *testing.T) {
	sim := lived(t, "7.24")
	for _, c := range []struct {
		name string
		move
		want string
	}{
		{"chain", move{"routeros_ip_firewall_nat", `id = "*3", chain = "srcnat"`, "routeros_dstnat", ourRule},
			"Its chain is srcnat, and that of a routeros_dstnat is dstnat."},
		{"type", move{"mikrotik_bgp_peer", `id = "*1", name = "worker1"`, "routeros_bgp_instance", ourInstance}, "Unable to Move Resource State"},
		{"nothing", move{"mikrotik_bgp_peer", `remote_as = 1`, "routeros_bgp_peer", worker1On7}, "neither an id nor a name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows := tables(sim)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: othersToo, Steps: []resource.TestStep{
				{Config: bothProviders(sim, c.before())},
				{Config: bothProviders(sim, c.after()), ExpectError: said(c.want)},
				{Config: bothProviders(sim, c.before())},
			}})
			assert.Equal(t, rows, tables(sim))
		})
	}
	// A template of 7.24 is no instance, even if an instance has its id.
	gone := move{"routeros_routing_bgp_template", `id = "*1", name = "fresh", as = "65000"`, "routeros_bgp_instance", `name = "fresh"` + "\n as = 65000"}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: othersToo, Steps: []resource.TestStep{
		{Config: bothProviders(sim, gone.before())},
		{
			Config: bothProviders(sim, gone.after()),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("routeros_bgp_instance.x", plancheck.ResourceActionCreate),
			}},
		},
	}})
}
