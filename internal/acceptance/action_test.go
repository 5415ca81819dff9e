package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/assert"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// withAction is the router's resources, whose peer triggers an action when its comment changes.
func withAction(sim *routerostest.Router, comment, settings string) string {
	resources := strings.Replace(routerResources, `  afi            = ["ip", "ipv6"]`, fmt.Sprintf(`  afi            = ["ip", "ipv6"]
  comment        = %q
  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.routeros_bgp_session.worker1]
    }
  }`, comment), 1)
	return configure(sim, "", resources+fmt.Sprintf("action \"routeros_bgp_session\" \"worker1\" {\n  config {\n    %s\n  }\n}\n", settings))
}

// TestAction resets and refreshes a session when its peer has changed.
func TestAction(t *testing.T) {
	useNewer(t)
	const peer = "peer = \"kube-metallb-worker1\"\n    " // a reference to what triggers it is a cycle for Terraform
	for _, version := range modern {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version)
			peers, sessions, family := "/routing/bgp/connection", "/routing/bgp/session", "afi"
			if version[0] == '6' {
				peers, sessions, family = "/routing/bgp/peer", "/routing/bgp/peer", "address-family"
			}
			sent := func(wanted string) func() {
				return func() {
					assert.Contains(t, strings.Join(sim.Stats().Log, "\n"), wanted)
					sim.ResetStats()
				}
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: withAction(sim, "0", peer+"operation = \"reset\"\n    afi = \"ip\""), ExpectError: said("A session is reset as a whole")},
				{Config: withAction(sim, "0", peer+`operation = "refresh"`)},
				{
					PreConfig: func() { assert.Zero(t, sim.Stats().Commands[sessions+"/refresh"], "nothing has triggered it yet") },
					Config:    withAction(sim, "1", peer+`operation = "refresh"`),
				},
				{PreConfig: sent(sessions + "/refresh =.id="), Config: withAction(sim, "2", peer+"operation = \"resend\"\n    afi = \"ip\"")},
				{PreConfig: sent("=" + family + "=ip"), Config: withAction(sim, "3", peer+`operation = "reset"`)},
				{PreConfig: sent(peers + "/enable =.id="), Config: withAction(sim, "3", peer+`operation = "reset"`), PlanOnly: true},
				{PreConfig: func() { assert.Zero(t, sim.Stats().Commands[peers+"/disable"], "nothing has changed") },
					Config:      withAction(sim, "4", `peer = "nobody"`+"\n    operation = \"refresh\""),
					ExpectError: said(`there is no BGP peer "nobody" Refer to it as routeros_bgp_peer`)},
				{
					PreConfig:   func() { sim.Configure(routerostest.NoSessions()) },
					Config:      withAction(sim, "5", peer+`operation = "refresh"`),
					ExpectError: said(`BGP peer "kube-metallb-worker1" has no session that is up, so there is nothing to refresh What keeps it down is in ` + sessions),
				},
			}})
		})
	}
}

// TestActionInvoked runs an action by itself.
func TestActionInvoked(t *testing.T) {
	newer := build(t, useNewer(t))
	sim := router(t, "7.24")
	_, run := newer.in(t, map[string]string{"main.tf": withAction(sim, "0", "peer = \"kube-metallb-worker1\"\n    operation = \"reset\"")})
	run("apply", "-no-color", "-auto-approve")
	told := run("apply", "-no-color", "-auto-approve", "-invoke=action.routeros_bgp_session.worker1")
	assert.Regexp(t, said(`begins a new session with BGP peer "kube-metallb-worker1"`), told)
	assert.Equal(t, 1, sim.Stats().Commands["/routing/bgp/connection/disable"])
	run("plan", "-no-color", "-detailed-exitcode") // 2 if it had anything to change
}
