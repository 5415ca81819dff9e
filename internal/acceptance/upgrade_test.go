package acceptance

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// beforeUpgrade is a story with two instances that share a router ID, in the given AS.
const beforeUpgrade = `
resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = %q
  router_id = "192.168.5.1"
  comment   = "kubernetes"
}
resource "routeros_bgp_instance" "public" {
  name      = "public"
  as        = "0.65100"
  router_id = "192.168.5.1"
}
resource "routeros_bgp_peer" "worker1" {
  name           = "worker1"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.253"
  remote_as      = 65001
  multihop       = true
  hold_time      = "90s"
  afi            = ["ip", "ipv6"]
  comment        = "first"
}
resource "routeros_bgp_peer" "worker2" {
  name           = "worker2"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.252"
  remote_as      = 65001
  disabled       = true
}
resource "routeros_bgp_peer" "upstream" {
  name           = "upstream"
  instance       = routeros_bgp_instance.public.name
  remote_address = "192.168.6.1"
  remote_as      = 65100
}
resource "routeros_dstnat" "web" {
  for_each     = { http = 80, https = 443 }
  comment      = "kube ${each.key}"
  protocol     = "tcp"
  dst_port     = each.value
  to_addresses = "192.168.128.1"
}
`

// TestUpgrade upgrades the router under our feet, between two plans. All that it converted is found again; what the plan
// says then is what must change, and nothing else; and changing it is the end of it.
func TestUpgrade(t *testing.T) {
	const private, public = "routeros_bgp_instance.private", "routeros_bgp_instance.public"
	peers := []string{"routeros_bgp_peer.upstream", "routeros_bgp_peer.worker1", "routeros_bgp_peer.worker2"}
	with := func(changes changes) changes {
		for _, peer := range peers {
			changes[peer] = "update instance"
		}
		return changes
	}
	// From 7.20 on there are instances again: RouterOS has named them, and knows no comment of them.
	named := with(changes{private: "update comment, name", public: "update name"})
	// RouterOS 6 may leave no instance behind, but what it said on its peers.
	inlined := with(changes{private: "create", public: "create"})

	for name, c := range map[string]struct {
		options  []routerostest.Option
		upgrades []string
		want     map[string]changes // none where the version is not mentioned
	}{
		"templates": {
			upgrades: []string{"7.12.2", "7.19.6", "7.20.8", "7.24"},
			want:     map[string]changes{"7.20.8": named},
		},
		"templates, ids kept": {
			options:  []routerostest.Option{routerostest.KeepIDs(), routerostest.FirstInstanceDefault()},
			upgrades: []string{"7.12.2", "7.19.6", "7.20.8", "7.24"},
			want:     map[string]changes{"7.20.8": named},
		},
		"inlined": {
			options:  []routerostest.Option{routerostest.InlineInstances(), routerostest.FirstInstanceDefault()},
			upgrades: []string{"7.12.2", "7.19.6", "7.20.8", "7.24"},
			want:     map[string]changes{"7.12.2": inlined, "7.20.8": named},
		},
		"inlined, ids kept": {
			options:  []routerostest.Option{routerostest.InlineInstances(), routerostest.KeepIDs()},
			upgrades: []string{"7.12.2", "7.19.6", "7.20.8", "7.24"},
			want:     map[string]changes{"7.12.2": inlined, "7.20.8": named},
		},
		"at once":          {upgrades: []string{"7.24"}, want: map[string]changes{"7.24": named}},
		"at once, inlined": {options: []routerostest.Option{routerostest.InlineInstances()}, upgrades: []string{"7.24"}, want: map[string]changes{"7.24": named}},
	} {
		t.Run(name, func(t *testing.T) {
			sim := router(t, "6.49.15", c.options...)
			gaps(t, sim)
			story := configure(sim, "", fmt.Sprintf(beforeUpgrade, "65000"))
			steps := []resource.TestStep{{Config: story}, {PreConfig: func() { neighbours(t, sim) }, Config: story, PlanOnly: true}}
			for _, version := range c.upgrades {
				steps = append(steps, resource.TestStep{
					PreConfig:        func() { require.NoError(t, sim.Upgrade(version)) },
					Config:           story,
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{c.want[version]}},
				})
			}
			steps = append(steps, resource.TestStep{ // what is left of older releases does not hide the instance
				PreConfig:        func() { assert.Equal(t, ours("65000"), effective(sim)) },
				Config:           configure(sim, "", fmt.Sprintf(beforeUpgrade, "1.10")),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{changes{private: "update as"}}},
			}, resource.TestStep{
				PreConfig: func() { assert.Equal(t, ours("65546"), effective(sim)) },
				Config:    story, Destroy: true,
			})
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})

			left := names(sim)
			assert.Len(t, left["/routing/bgp/instance"], 1, "the neighbour's")
			assert.Equal(t, []string{"isp"}, left["/routing/bgp/connection"])
			assert.Equal(t, []string{"of others"}, left["/ip/firewall/nat"])
			// Templates that stood in for instances are the router's own from 7.20 on: others may use them by now.
			for _, template := range left["/routing/bgp/template"] {
				assert.Contains(t, []string{"default", "private", "public"}, template)
			}
		})
	}
}

// TestUpgradeTwins: of two instances that differ in their name only, the upgrade makes one. It becomes the one, and the
// other one is made.
func TestUpgradeTwins(t *testing.T) {
	sim := router(t, "7.19.6")
	var twins string
	for _, name := range []string{"one", "two"} {
		twins += fmt.Sprintf(`
resource "routeros_bgp_instance" %[1]q {
  name = %[1]q
  as   = 65000
}
resource "routeros_bgp_peer" %[1]q {
  name           = "peer of %[1]s"
  instance       = routeros_bgp_instance.%[1]s.name
  remote_address = "192.168.5.253"
  remote_as      = 65001
}`, name)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: configure(sim, "", twins)},
		{PreConfig: func() { require.NoError(t, sim.Upgrade("7.20.8")) }, Config: configure(sim, "", twins)},
		{PreConfig: func() {
			for _, peer := range sim.Print("/routing/bgp/connection") {
				assert.Equal(t, peer["name"], "peer of "+peer["instance"])
			}
			assert.Len(t, sim.Print("/routing/bgp/instance"), 2)
		}, Config: configure(sim, "", twins), PlanOnly: true},
	}})
}

// TestUpgradeBuiltIn: the instance that RouterOS 6 comes with stays `default` on every release.
func TestUpgradeBuiltIn(t *testing.T) {
	const story = `
resource "routeros_bgp_instance" "default" {
  name = "default"
  as   = 65000
}
resource "routeros_bgp_peer" "worker1" {
  name           = "worker1"
  instance       = routeros_bgp_instance.default.name
  remote_address = "192.168.5.253"
  remote_as      = 65001
}`
	const instance, peer = "routeros_bgp_instance.default", "routeros_bgp_peer.worker1"
	for name, c := range map[string]struct {
		options []routerostest.Option
		want    changes
	}{
		"bgp-instance-1": {nil, changes{instance: "update name", peer: "update instance"}},
		"default":        {[]routerostest.Option{routerostest.FirstInstanceDefault()}, changes{}},
	} {
		t.Run(name, func(t *testing.T) {
			sim := router(t, "6.49.15", c.options...)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: configure(sim, "", story)},
				{PreConfig: func() { require.NoError(t, sim.Upgrade("7.12.2")) }, Config: configure(sim, "", story), PlanOnly: true},
				{
					PreConfig: func() { require.NoError(t, sim.Upgrade("7.24")) }, Config: configure(sim, "", story),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{c.want}},
				},
			}})
			assert.Empty(t, names(sim)["/routing/bgp/connection"])
			assert.Empty(t, names(sim)["/routing/bgp/instance"])
		})
	}
}

// TestDestroyAfterUpgrade: what RouterOS converted is found even when nothing is left to do but to remove it.
func TestDestroyAfterUpgrade(t *testing.T) {
	for _, release := range []string{"7.12.2", "7.24"} {
		for name, options := range map[string][]routerostest.Option{"templates": nil, "inlined": {routerostest.InlineInstances()}} {
			t.Run(release+"/"+name, func(t *testing.T) {
				sim := router(t, "6.49.15", options...)
				gaps(t, sim)
				story := configure(sim, "", fmt.Sprintf(beforeUpgrade, "65000"))
				resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
					{Config: story},
					{PreConfig: func() { require.NoError(t, sim.Upgrade(release)) }, Config: story, Destroy: true},
				}})
				left := names(sim)
				templates := []string{"default"}
				if release == "7.24" && options == nil {
					templates = append(templates, "private", "public")
				}
				assert.ElementsMatch(t, templates, left["/routing/bgp/template"])
				assert.Len(t, left, 1, "menus that have rows")
			})
		}
	}
}

// gaps makes the ids of a router of RouterOS 6 have gaps, so that they change when it numbers its rows anew.
func gaps(t *testing.T, sim *routerostest.Router) {
	t.Helper()
	must(t, sim, "/routing/bgp/instance/add", "=name=gone", "=as=1")
	must(t, sim, "/routing/bgp/instance/remove", "=.id=gone")
	must(t, sim, "/routing/bgp/peer/add", "=name=gone", "=remote-address=192.0.2.1", "=remote-as=1")
	must(t, sim, "/routing/bgp/peer/remove", "=.id=gone")
	must(t, sim, "/ip/firewall/nat/add", "=chain=dstnat", "=comment=gone")
	must(t, sim, "/ip/firewall/nat/remove", "=.id=*1")
}

// neighbours puts rows of others onto a router of RouterOS 6.
func neighbours(t *testing.T, sim *routerostest.Router) {
	t.Helper()
	must(t, sim, "/routing/bgp/peer/add", "=name=isp", "=remote-address=192.0.2.2", "=remote-as=2")
	must(t, sim, "/ip/firewall/nat/add", "=chain=dstnat", "=comment=of others")
}

func must(t *testing.T, sim *routerostest.Router, words ...string) {
	t.Helper()
	_, err := sim.Run(words...)
	require.NoError(t, err)
}

// effective is what the story's peers are on RouterOS 7, as the router sees them.
func effective(sim *routerostest.Router) map[string]string {
	seen := map[string]string{}
	for _, row := range sim.Print("/routing/bgp/connection") {
		if row["name"] != "isp" {
			seen[row["name"]] = strings.Join([]string{row["instance"], row["as"], row["local.role"], row["inactive"]}, " ")
		}
	}
	return seen
}

func ours(private string) map[string]string {
	return map[string]string{
		"worker1": "private " + private + " ebgp false", "worker2": "private " + private + " ebgp false",
		"upstream": "public 65100 ibgp false",
	}
}

// names are what the rows of each menu are known by.
func names(sim *routerostest.Router) map[string][]string {
	all := map[string][]string{}
	for menu, rows := range tables(sim) {
		for _, row := range rows {
			all[menu] = append(all[menu], cmp.Or(row["name"], row["comment"]))
		}
	}
	return all
}

// changes is what a plan says, exactly: "create", "delete", "update" with the attributes that change. What is not
// mentioned does not change.
type changes map[string]string

// CheckPlan compares.
func (want changes) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	got := changes{}
	for _, r := range req.Plan.ResourceChanges {
		if r.Change.Actions.NoOp() {
			continue
		}
		var actions []string
		for _, a := range r.Change.Actions {
			actions = append(actions, string(a))
		}
		got[r.Address] = strings.Join(actions, " and ")
		if !r.Change.Actions.Update() {
			continue
		}
		before, _ := r.Change.Before.(map[string]any)
		after, _ := r.Change.After.(map[string]any)
		var changed []string
		for _, attribute := range slices.Sorted(maps.Keys(after)) {
			if !reflect.DeepEqual(before[attribute], after[attribute]) {
				changed = append(changed, attribute)
			}
		}
		got[r.Address] += " " + strings.Join(changed, ", ")
	}
	if !maps.Equal(want, got) {
		resp.Error = fmt.Errorf("the plan is %v, not %v", got, want)
	}
}
