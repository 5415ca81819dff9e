package compat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// The resources of terraform-routeros that are tried, and their menus.
const (
	template   = "routeros_routing_bgp_template"
	connection = "routeros_routing_bgp_connection"
	instance   = "routeros_routing_bgp_instance"
	natRule    = "routeros_ip_firewall_nat"
)

var menus = map[string]string{
	template: "/routing/bgp/template", connection: "/routing/bgp/connection", instance: "/routing/bgp/instance", natRule: nat,
}

var releases = []string{"7.15.3", "7.18.2", "7.19.6", "7.20.8", "7.22.3"}

// TestTerraformRouterOS leads its resources through their lives: create, plan again, update, plan again, import, destroy.
func TestTerraformRouterOS(t *testing.T) {
	slow(t)
	terraform := newCLI(t)
	for _, trial := range trials {
		for version := range strings.FieldsSeq(trial.on) {
			t.Run(version+" "+trial.name, func(t *testing.T) {
				t.Parallel()
				sim := routerostest.StartTest(t, version, routerostest.Latency(latency))
				if trial.instance {
					_, err := sim.Run("/routing/bgp/instance/add", "=name=edge", "=as=65000")
					require.NoError(t, err)
				}
				trial.run(t, sim, terraform)
			})
		}
	}
}

func (c trial) run(t *testing.T, sim *routerostest.Router, terraform cli) {
	before := sim.Print(menus[c.kind])
	w := terraform.workspace(t, sim, c.kind)
	w.write(c.first)
	if !agrees(t, "create", c.create, w.apply()) || c.create != "" {
		assert.Equal(t, before, sim.Print(menus[c.kind]), "what is refused changes nothing")
		return
	}
	assert.Equal(t, c.drift, w.pending(), "the plan after create; %s", c.why)
	if c.changed == "" {
		return
	}
	w.write(c.changed)
	if !agrees(t, "update", c.update, w.apply()) {
		return
	}
	after := sim.Print(menus[c.kind])
	require.Len(t, after, len(before)+1)
	row := after[len(before)]
	for name, value := range c.leaves {
		have, is := row[name]
		assert.Equal(t, value, have, name)
		assert.True(t, is, name)
	}
	if c.update != "" {
		return
	}
	assert.Empty(t, w.pending(), "the plan after update; %s", c.why)
	other := terraform.workspace(t, sim, c.kind)
	other.write(c.changed)
	require.Empty(t, other.imports(strings.ReplaceAll(c.imports, "ID", row[".id"])))
	assert.Empty(t, other.pending(), "the plan after import; %s", c.why)
	require.Empty(t, w.destroy())
	assert.Equal(t, before, sim.Print(menus[c.kind]), "destroy leaves the menu as it was")
}

// agrees compares a refusal, of which the trial knows a part, with what came.
func agrees(t *testing.T, step, want, got string) bool {
	t.Helper()
	switch {
	case want == "" && got != "":
		return assert.Fail(t, step+" fails", got)
	case want != "":
		return assert.Contains(t, got, want, step)
	}
	return true
}

// TestTrialsAreComplete: each resource is tried on each release, and each verdict has a reason.
func TestTrialsAreComplete(t *testing.T) {
	tried := map[string]bool{}
	for _, trial := range trials {
		assert.NotEmpty(t, trial.why, trial.name)
		for version := range strings.FieldsSeq(trial.on) {
			assert.Contains(t, releases, version, trial.name)
			tried[trial.kind+version] = true
		}
	}
	for kind := range menus {
		for _, version := range releases {
			assert.True(t, tried[kind+version], "%s is not tried on %s", kind, version)
		}
	}
}
