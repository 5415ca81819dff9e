package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// spelt is a configuration in which each attribute that the release has stands in its first spelling, or in its last.
func spelt(version routeros.Version, last bool) string {
	menus := map[string]*routeros.Menu{"routeros_bgp_instance": routeros.BGPInstance, "routeros_bgp_peer": routeros.BGPPeer, "routeros_dstnat": routeros.DstNAT}
	lines := map[string]string{
		"routeros_bgp_instance": "  name = \"private\"\n",
		"routeros_bgp_peer":     "  name = \"worker\"\n  instance = routeros_bgp_instance.x.name\n  local_role = \"ebgp\"\n",
		"routeros_dstnat":       "",
	}
	for _, s := range spellings {
		text := s.texts[0]
		if last {
			text = s.texts[len(s.texts)-1]
		}
		line := fmt.Sprintf("  %s = %q\n", s.attribute, text)
		unsupported := menus[s.resource].Unsupported(version, routeros.Words{s.argument: text})
		if len(unsupported) > 0 || (version.Major == 6 && s.attribute == "remote_as") || // confederations
			strings.Contains(lines[s.resource], "  "+s.attribute+" = ") {
			continue
		}
		lines[s.resource] += line
	}
	if version.Major == 6 {
		lines["routeros_bgp_peer"] += "  remote_as = 65001\n"
	}
	var all strings.Builder
	for _, kind := range []string{"routeros_bgp_instance", "routeros_bgp_peer", "routeros_dstnat"} {
		fmt.Fprintf(&all, "resource %q \"x\" {\n%s}\n", kind, lines[kind])
	}
	return all.String()
}

// TestSpellingsPlan: however a router reads back what it was given, and however the user writes the same the next time,
// nothing is planned, and state keeps what was written first.
func TestSpellingsPlan(t *testing.T) {
	for habit, options := range habits {
		for _, release := range []string{"6.49.15", "7.19.6", "7.24"} {
			t.Run(habit+"/"+release, func(t *testing.T) {
				version, err := routeros.ParseVersion(release)
				if err != nil {
					t.Fatal(err)
				}
				sim := router(t, release, options...)
				kept := []statecheck.StateCheck{
					statecheck.ExpectKnownValue("routeros_dstnat.x", tfjsonpath.New("dst_port"), knownvalue.StringExact("80-81,443")),
					statecheck.ExpectKnownValue("routeros_dstnat.x", tfjsonpath.New("limit"), knownvalue.StringExact("10,5")),
					statecheck.ExpectKnownValue("routeros_bgp_instance.x", tfjsonpath.New("as"), knownvalue.StringExact("65546")),
				}
				resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
					{Config: configure(sim, "", spelt(version, false)), ConfigStateChecks: kept},
					{Config: configure(sim, "", spelt(version, true)), PlanOnly: true},
				}})
			})
		}
	}
}
