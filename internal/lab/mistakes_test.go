package lab_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lab"
)

// mistake is a change of examples/complete, and what Terraform then warns of.
type mistake struct {
	worker   string // whose router's peer there is; each is met for the first time, since a session remembers
	name     string
	override string // what replaces parts of the configuration
	// warnings are what the checks say: of the configuration, and of the worker's session by its reason.
	configuration, session string
}

// TestMistakes: what is wrong between the two ends is told for what it is, before it is applied where the configuration
// shows it, and by what the router sees of the session; and when it is put right, the session comes up.
func TestMistakes(t *testing.T) {
	const keys = `
resource "routeros_bgp_peer" "worker" { tcp_md5_key = %q }
resource "metallb_bgp_peer" "router" { password = %q }
`
	for version, mistakes := range map[string][]mistake{
		"7.20.8": {
			{"kube-metallb-worker1", "the router's AS number", `resource "metallb_bgp_peer" "router" { peer_asn = 64999 }`,
				`metallb_bgp_peer "router" has peer_asn = 64999, but routeros_bgp_instance "private" has as = 65000`,
				"the connection ended, and neither end has said why: if it ends at once each time, compare the instance's as with what the neighbour " +
					"expects (MetalLB's peer_asn"},
			{"kube-metallb-worker2", "the neighbour's AS number", `resource "metallb_bgp_peer" "router" { my_asn = 65002 }`, "my_asn = 65002",
				"the router refused the session with OPEN message error: bad peer AS (2/2): the neighbour has AS 65002, and remote_as is 65001"},
			{"kube-metallb-worker3", "a key that differs", fmt.Sprintf(keys, "correct horse", "battery staple"),
				`has a tcp_md5_key, but metallb_bgp_peer "router" has another password`, "no session: the neighbour never answered; check that 192.168.5.251 " +
					"runs and reaches the router's TCP port 179 (MetalLB calls, and seldom listens), and that its MD5 key is the tcp_md5_key here"},
			{"kube-metallb-worker4", "a key on one end", `resource "metallb_bgp_peer" "router" { password = "battery staple" }`,
				`has a password, but routeros_bgp_peer "kube-metallb-worker4" has no tcp_md5_key`, "no session: the neighbour never answered; check that " +
					"192.168.5.250 runs and reaches the router's TCP port 179 (MetalLB calls, and seldom listens), and that it demands no MD5 key"},
		},
		"6.49.15": {
			{"kube-metallb-worker1", "the neighbour's AS number", `resource "metallb_bgp_peer" "router" { my_asn = 65002 }`, "my_asn = 65002", "state "},
			{"kube-metallb-worker2", "a key that differs", fmt.Sprintf(keys, "correct horse", "battery staple"), "has another password",
				"state active: there is no connection"},
		},
	} {
		t.Run(version, func(t *testing.T) {
			s := start(t, version, "0.15")
			only := func(worker string) string { return fmt.Sprintf("workers={%s=%q}", worker, lab.Workers[worker]) }
			for _, m := range mistakes {
				t.Run(m.name, func(t *testing.T) {
					s.write("mistake_override.tf", m.override)
					var said string
					_, err := lab.Await(t.Context(), func() error { // a slow machine's speaker may not have called so soon
						said = s.apply(only(m.worker), "patience=3s")
						if !strings.Contains(said, m.worker+": "+m.session) {
							return fmt.Errorf("the check of the sessions does not say %q: %s", m.session, said)
						}
						return nil
					})
					require.NoError(t, err)
					assert.Contains(t, said, m.configuration, "the check of the configuration")
					assert.Contains(t, said, "The router knows no way to 192.168.128.1")
					for _, secret := range []string{"correct horse", "battery staple"} {
						assert.NotContains(t, said, secret)
					}
				})
			}
			s.write("mistake_override.tf", fmt.Sprintf(keys, "correct horse", "correct horse"))
			require.NoError(t, s.Serve(t.Context()))
			begun := time.Now()
			assert.NotContains(t, s.apply(only("kube-metallb-worker1"), "patience=1m"), "Check block")
			t.Logf("put right after %.1fs", time.Since(begun).Seconds())
		})
	}
}

// TestMultihop: a node that is two hops away has to be multihop, and its session says so.
func TestMultihop(t *testing.T) {
	s := start(t, "7.20.8", "0.15")
	require.NoError(t, s.AddFarNode(t.Context(), "far", "192.168.6.250"))
	require.NoError(t, s.Serve(t.Context()))
	require.NoError(t, s.Router.Failure())
	const far = `workers={far="192.168.6.250"}`
	s.write("single_override.tf", `resource "routeros_bgp_peer" "worker" { multihop = false }`)
	said := s.apply(far, "patience=5s")
	assert.Contains(t, said, "far: 192.168.6.250 is on no network of the router (/ip/address), and an external neighbour that is further away has to be multihop")

	s.write("single_override.tf", "")
	said = s.apply(far, "patience=1m")
	assert.NotContains(t, said, "far: ")
	if s.NoForwarding != "" {
		t.Skipf("all of it but the packets' way, which this machine has not: %s", s.NoForwarding)
	}
	_, err := lab.Await(t.Context(), func() error {
		_, err := s.Get(t.Context(), page)
		return err
	})
	require.NoError(t, err, s.Cluster.SpeakerLog("far"))
	read, err := s.Get(t.Context(), page)
	require.NoError(t, err)
	assert.Contains(t, read, "this is far")
	var immediate []string
	for _, route := range s.Router.Print("/routing/route") {
		if route["dst-address"] == service {
			immediate = append(immediate, route["gateway"]+" by "+route["immediate-gw"])
		}
	}
	assert.Equal(t, []string{"192.168.6.250 by 198.51.100.2%ether3"}, immediate)
}
