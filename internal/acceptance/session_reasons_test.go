package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// ailing are peers of which only the first is well; the far one is multihop or not.
func ailing(multihop bool) string {
	config := `
resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}`
	for i, peer := range []struct{ name, address, more string }{
		{"a-well", "192.168.5.253", ""},
		{"b-as", "192.168.5.252", ""},
		{"c-their", "192.168.5.251", ""},
		{"d-key", "192.168.5.250", `tcp_md5_key = "canary-secret"`},
		{"e-nobody", "192.168.5.249", ""},
		{"f-far", "10.9.9.9", fmt.Sprintf("multihop = %v", multihop)},
		{"g-left", "192.168.5.248", ""},
	} {
		config += fmt.Sprintf(`
resource "routeros_bgp_peer" "worker%d" {
  name           = %q
  instance       = routeros_bgp_instance.private.name
  remote_address = %q
  remote_as      = 65001
  %s
}`, i, peer.name, peer.address, peer.more)
	}
	return config
}

const ailingSessions = `
data "routeros_bgp_sessions" "all" {
  depends_on = [routeros_bgp_peer.worker0, routeros_bgp_peer.worker1, routeros_bgp_peer.worker2, routeros_bgp_peer.worker3,
    routeros_bgp_peer.worker4, routeros_bgp_peer.worker5, routeros_bgp_peer.worker6]
}
`

// TestSessionReasons: what is wrong with a session is seen as what it is, in the same attributes on every release, and
// is gone when it is put right.
func TestSessionReasons(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.9.2", "7.12.2", "7.20.8", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version, routerostest.Refused("192.168.5.252", 2, 2, 0xfd, 0xea), routerostest.Refuses("192.168.5.251", 2, 2),
				routerostest.Silent("192.168.5.250"), routerostest.Silent("192.168.5.249"),
				routerostest.Refuses("192.168.5.248", 6, 2, append([]byte{7}, "upgrade"...)...))
			_, err := sim.Run("/ip/address/add", "=address=192.168.5.1/24", "=interface=ether1")
			require.NoError(t, err)
			six := version[0] == '6'
			has := func(i int, attribute, onSix, text string) statecheck.StateCheck {
				at := tfjsonpath.New("sessions").AtSliceIndex(i).AtMapKey(attribute)
				if six {
					text = onSix
				}
				if text == "" {
					return statecheck.ExpectKnownValue("data.routeros_bgp_sessions.all", at, knownvalue.Null())
				}
				return statecheck.ExpectKnownValue("data.routeros_bgp_sessions.all", at, knownvalue.StringRegexp(regexp.MustCompile(text)))
			}
			const well, as, their, key, nobody, far, left = 0, 1, 2, 3, 4, 5, 6
			const idle = "^state idle: the router is not trying now"
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(sim, "", ailing(false)+ailingSessions),
				ConfigStateChecks: []statecheck.StateCheck{
					has(well, "reason", "", ""), has(well, "notification_sent", "", ""), has(well, "notification_received", "", ""),
					has(well, "remote_hold_time", "^3m$", "^3m$"),
					has(as, "reason", idle, `^the router refused the session with OPEN message error: bad peer AS \(2/2\): AS 65002: compare remote_as \(65001\) .*my_asn`),
					has(as, "notification_sent", "", `^OPEN message error: bad peer AS \(2/2\): AS 65002$`), has(as, "notification_received", "", ""),
					has(their, "reason", idle, `^the neighbour refused the session .* than 65000: compare the instance's as .*peer_asn\); if it has been up since, check`),
					has(their, "notification_received", "", `^OPEN message error: bad peer AS \(2/2\)$`), has(their, "notification_sent", "", ""),
					has(key, "reason", "^state active: there is no connection; .* MD5 key is the tcp_md5_key here", "never answered; .* MD5 key is the tcp_md5_key here"),
					has(nobody, "reason", "^state active: .* runs and reaches the router's TCP port 179", "^no session: .* 192.168.5.249 runs and reaches the router's TCP port 179"),
					has(far, "reason", "^10.9.9.9 is on no network of the router .* multihop = true", "^10.9.9.9 is on no network of the router .* multihop = true"),
					has(left, "reason", idle, `administrative shutdown \(6/2\): "upgrade": it was switched off there; if it has been up since, check`),
				},
			}, {
				PreConfig: func() {
					for _, address := range []string{"192.168.5.252", "192.168.5.251", "192.168.5.250", "192.168.5.249", "192.168.5.248"} {
						sim.Configure(routerostest.Answers(address))
					}
				},
				Config: configure(sim, "", ailing(true)+ailingSessions),
				ConfigStateChecks: []statecheck.StateCheck{has(as, "reason", "", ""), has(as, "notification_sent", "", ""), has(key, "reason", "", ""),
					has(far, "reason", "", "")},
			}, {
				PreConfig: func() { sim.Configure(routerostest.Silent("192.168.5.249")) },
				Config: configure(sim, "", ailing(true)+`
data "routeros_bgp_sessions" "all" {
  wait_for_established = "1s"
}`),
				ExpectError: said(map[bool]string{true: "e-nobody (192.168.5.249): state active: there is no connection; check that 192.168.5.249 runs",
					false: "e-nobody (192.168.5.249): no session: the neighbour never answered; check that 192.168.5.249 runs"}[six]),
			}}})
		})
	}
}

// TestSessionsCheck: the check of the example warns of the session that is down, by its name and with the reason, and
// neither fails nor plans anything.
func TestSessionsCheck(t *testing.T) {
	example, err := os.ReadFile(filepath.Join(Root(), "examples", "data-sources", "routeros_bgp_sessions", "data-source.tf"))
	require.NoError(t, err)
	sim := router(t, "7.20.8")
	w := newWorkspace(t)
	require.NoError(t, os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(configure(sim, "", string(example))), 0o600))
	w.succeed(apply)
	unchanged := w.succeed([]string{"plan", "-detailed-exitcode"}, noChanges)
	assert.NotContains(t, unchanged, "Check block")

	// Of another instance than that which is waited for.
	_, err = sim.Run("/routing/bgp/instance/add", "=name=other", "=as=65000")
	require.NoError(t, err)
	sim.Configure(routerostest.Refused("192.168.6.1", 2, 2))
	_, err = sim.Run("/routing/bgp/connection/add", "=name=upstream", "=instance=other", "=local.role=ebgp", "=remote.address=192.168.6.1", "=remote.as=65009")
	require.NoError(t, err)
	w.succeed([]string{"plan", "-detailed-exitcode"}, noChanges, "Check block assertion failed",
		"upstream: the router refused the session with OPEN message error: bad peer AS (2/2): compare remote_as (65009)")
	w.succeed(destroy)
}
