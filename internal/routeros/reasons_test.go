package routeros

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// reasoned are the releases on which a router tells more, or says it otherwise, of a session that is down.
var reasoned = []string{"6.49.15", "7.9.2", "7.12.2", "7.20.8", "7.24"}

func withReasons(t *testing.T, test func(t *testing.T, v Version, sim *routerostest.Router, r *Router), options ...routerostest.Option) {
	t.Helper()
	for _, version := range reasoned {
		t.Run(version, func(t *testing.T) {
			sim := routerostest.StartTest(t, version, options...)
			r := dial(t, sim)
			v, err := r.Version(t.Context())
			require.NoError(t, err)
			test(t, v, sim, r)
		})
	}
}

func one(t *testing.T, r *Router, name string) Words {
	t.Helper()
	sessions, err := r.Sessions(t.Context(), is("name", name))
	require.NoError(t, err)
	require.Len(t, sessions, 1, name)
	return sessions[0]
}

// setPeer changes a peer as an administrator does, in the words of the release.
func setPeer(t *testing.T, sim *routerostest.Router, v Version, name string, words ...string) {
	t.Helper()
	menu := "/routing/bgp/connection"
	if v.Major == 6 {
		menu = "/routing/bgp/peer"
	}
	_, err := sim.Run(append([]string{menu + "/set", "=.id=" + name}, words...)...)
	require.NoError(t, err)
}

// TestReasons: each session that is down is told as what it is, as far as the release knows, and those that are up have
// no reason.
func TestReasons(t *testing.T) {
	withReasons(t, func(t *testing.T, v Version, sim *routerostest.Router, r *Router) {
		addresses := map[string]string{"up": "10.0.0.1", "wrong-as": "10.0.0.2", "refused": "10.0.0.3", "gone": "10.0.0.4", "silent": "10.0.0.5",
			"stopped": "10.0.0.6", "many": "10.0.0.7", "shut": "10.0.0.8", "keyed": "10.0.0.9"}
		for name, address := range addresses {
			peer(t, r, name, address)
		}
		setPeer(t, sim, v, "keyed", "=tcp-md5-key=canary-secret")
		const unset, set, either = "it demands no MD5 key", "its MD5 key is the tcp_md5_key here", "both ends have the same MD5 key or none"
		want := map[string][]string{
			"wrong-as": {"the neighbour refused the session with OPEN message error: bad peer AS (2/2): AS 65000: ", "AS number of this router than 65000",
				"compare the instance's as with what it expects (MetalLB's peer_asn)", "if it has been up since, check that 10.0.0.2 runs"},
			"refused": {"the router refused the session with OPEN message error: bad peer AS (2/2): ", "remote_as (65001)", "the neighbour's own AS number (MetalLB's my_asn)"},
			"gone":    {"the connection ended at 2", "10.0.0.4 runs and reaches the router's TCP port 179", unset, "MetalLB's peer_asn"},
			"silent":  {"no session: the neighbour never answered; check that 10.0.0.5 runs", unset},
			"stopped": {"the session was stopped on the router", "routeros_bgp_session"},
			"many":    {"more prefixes than the peer takes"},
			"shut":    {`the neighbour ended the session with Cease: administrative shutdown (6/2): "upgrade": it was switched off there`},
			"keyed":   {"never answered; check that 10.0.0.9 runs", set},
		}
		if v.Major == 6 {
			idle := []string{"state idle: the router is not trying now"}
			none := []string{"state active: there is no connection; check that 10.0.0.", "router's TCP port 179", unset}
			want = map[string][]string{"wrong-as": idle, "refused": idle, "shut": idle, "stopped": idle, "many": idle,
				"gone": none, "silent": none, "keyed": {"state active: ", set}}
		}
		if since721.Contains(v) {
			want["silent"][1] = either
			want["gone"][2] = either
		}
		if v.Major == 7 && v.Compare(V(7, 10)) < 0 {
			want["gone"][0] = "the connection ended at " + strings.ToLower(time.Now().UTC().Format("Jan/"))
		}
		sessions, err := r.Sessions(t.Context())
		require.NoError(t, err)
		require.Len(t, sessions, len(addresses))
		for _, s := range sessions {
			if s["name"] == "up" {
				assert.Empty(t, s["reason"])
				continue
			}
			require.NotEmpty(t, want[s["name"]])
			for _, part := range want[s["name"]] {
				assert.Contains(t, s["reason"], part, s["name"])
			}
			assert.NotContains(t, fmt.Sprint(s), "canary", "nor any secret")
			assert.NotContains(t, s["reason"], "\n")
		}
		sent, received := one(t, r, "refused")["notification-sent"], one(t, r, "wrong-as")["notification-received"]
		assert.Equal(t, map[int]string{6: "", 7: "OPEN message error: bad peer AS (2/2)"}[v.Major], sent)
		assert.Equal(t, map[int]string{6: "", 7: "OPEN message error: bad peer AS (2/2): AS 65000"}[v.Major], received)

		seen, err := r.AwaitSessions(t.Context(), 50*time.Millisecond, is("established", "no"))
		require.ErrorIs(t, err, ErrNotYet)
		assert.Len(t, seen, len(addresses)-1, "those that are down, with their reasons")
		assert.NotEmpty(t, seen[0]["reason"])
		for _, s := range sessions {
			if s["name"] != "up" && s["name"] != "gone" { // whose text has the time
				assert.Contains(t, err.Error(), fmt.Sprintf("%s (%s): %s\n", s["name"], s["remote.address"], s["reason"]))
			}
		}
	}, routerostest.Refuses("10.0.0.2", 2, 2, 0xfd, 0xe8), routerostest.Refused("10.0.0.3", 2, 2), routerostest.Dropped("10.0.0.4"),
		routerostest.Silent("10.0.0.5"), routerostest.Dropped("10.0.0.6", "stopped"), routerostest.Dropped("10.0.0.7", "limit-exceeded"),
		routerostest.Refuses("10.0.0.8", 6, 2, append([]byte{7}, "upgrade"...)...), routerostest.Silent("10.0.0.9"))
}

// TestMissingMultihop: an external neighbour beyond the router's networks is told as that, as long as nothing speaks
// against it; and what is up, or explained, costs no further command.
func TestMissingMultihop(t *testing.T) {
	withReasons(t, func(t *testing.T, v Version, sim *routerostest.Router, r *Router) {
		for name, address := range map[string]string{"near": "192.168.5.253", "far": "10.9.9.9", "far6": "2001:db8:9::9", "linked": "10.1.0.2"} {
			peer(t, r, name, address)
		}
		const far, far6 = "10.9.9.9 is on no network of the router (/ip/address)", "2001:db8:9::9 is on no network of the router (/ipv6/address)"
		prints := func() (menus []string) {
			sim.ResetStats()
			_, err := r.Sessions(t.Context())
			require.NoError(t, err)
			for _, line := range sim.Stats().Log {
				command, _, _ := strings.Cut(line, " ")
				menus = append(menus, strings.TrimSuffix(command, "/print"))
			}
			return menus
		}
		always := map[int][]string{6: {"/routing/bgp/peer"}, 7: {"/routing/bgp/connection", "/routing/bgp/session"}}[v.Major]
		assert.Equal(t, always, prints(), "all are up")

		own := func(menu string, words ...string) {
			_, err := sim.Run(append([]string{menu + "/add", "=interface=ether1"}, words...)...)
			require.NoError(t, err)
		}
		sim.Configure(routerostest.Silent("10.9.9.9"))
		assert.Equal(t, append(always, "/ip/address"), prints())
		assert.NotContains(t, one(t, r, "far")["reason"], "network", "a router that shows no address may hide them")
		sim.Configure(routerostest.Answers("10.9.9.9"))

		own("/ip/address", "=address=192.168.5.1/24")
		own("/ip/address", "=address=10.9.9.1/24", "=disabled=yes")
		own("/ip/address", "=address=10.1.0.1/32", "=network=10.1.0.2")
		own("/ipv6/address", "=address=2001:db8:5::1/64")
		others := map[int]string{6: "/routing/bgp/instance", 7: "/routing/bgp/template"}[v.Major]
		assert.Equal(t, append(always, "/ip/address", "/ipv6/address", others), prints())
		for name, want := range map[string]string{"near": "", "linked": "", "far": far, "far6": far6} {
			reason := one(t, r, name)["reason"]
			assert.Contains(t, reason, want)
			assert.Equal(t, want == "", reason == "", reason)
		}

		sim.Configure(routerostest.Silent("10.9.9.9"), routerostest.Silent("10.1.0.2"))
		assert.Contains(t, one(t, r, "linked")["reason"], "10.1.0.2 runs", "the other end of a link is near")
		assert.Contains(t, one(t, r, "far")["reason"], "if a link without addresses leads there, check that 10.9.9.9 runs", "nor is it certain")
		down, err := sim.AddDynamic("/ip/address", map[string]string{"address": "10.9.9.1/24", "network": "10.9.9.0", "invalid": "true"})
		require.NoError(t, err)
		assert.NotContains(t, one(t, r, "far")["reason"], "multihop", "it is near, on an interface that is down")
		require.NoError(t, sim.RemoveDynamic("/ip/address", down))
		setPeer(t, sim, v, "far", "=multihop=yes")
		assert.NotContains(t, one(t, r, "far")["reason"], "network")
		setPeer(t, sim, v, "far", "=multihop=no")
		assert.Contains(t, one(t, r, "far")["reason"], far)
		if v.Major == 7 {
			_, err := sim.Run("/routing/bgp/template/add", "=name=distant", "=multihop=yes")
			require.NoError(t, err)
			assert.NotContains(t, one(t, r, "far")["reason"], "network", "a template may have it multihop")
			_, err = sim.Run("/routing/bgp/template/set", "=.id=distant", "=multihop=no")
			require.NoError(t, err)
			setPeer(t, sim, v, "far", "=remote.as=65000", "=local.role=ibgp")
		} else {
			setPeer(t, sim, v, "far", "=remote-as=65000")
		}
		assert.NotContains(t, one(t, r, "far")["reason"], "network", "an internal neighbour may be anywhere")
	})
}

// TestReasonsInTheDark: a router that does not tell of its addresses leads to no conclusion about them.
func TestReasonsInTheDark(t *testing.T) {
	sim := routerostest.StartTest(t, "7.24", routerostest.Silent("fe80::9%ether1"), routerostest.Silent("10.0.0.0"))
	r := dial(t, sim)
	peer(t, r, "linked", "fe80::9%ether1")
	peer(t, r, "any", "10.0.0.0/24")
	peer(t, r, "mute", "10.0.0.9")
	sim.Configure(routerostest.Silent("10.0.0.9"), routerostest.Stall("/ip/address/print"))
	setPeer(t, sim, V(7, 24), "mute", "=connect=yes", "=listen=no", "=remote.port=1790")
	short := dial(t, sim, func(c *Config) { c.Timeout = 100 * time.Millisecond })
	_, err := short.Sessions(t.Context())
	require.ErrorIs(t, err, ErrTimeout, "no answer is no refusal")
	sim.Configure(routerostest.NoFaults())
	assert.Contains(t, one(t, r, "linked")["reason"], "never answered")
	assert.Contains(t, one(t, r, "any")["reason"], "no neighbour ever called; check that a neighbour of 10.0.0.0/24 runs")
	assert.Contains(t, one(t, r, "mute")["reason"], "10.0.0.9 runs and listens on TCP port 1790")
	none, err := r.networks(t.Context(), ownAddresses("/ipv6/nowhere"))
	require.NoError(t, err, "the package may be missing")
	assert.Empty(t, none)
	blind := dial(t, routerostest.StartTest(t, "7.24", routerostest.User("blind", "x", "api", "write")),
		func(c *Config) { c.Username, c.Password = "blind", "x" })
	blind.version = V(7, 24) // which it may not read either
	none, err = blind.networks(t.Context(), ownAddresses4)
	require.NoError(t, err, "the user may lack the policy")
	assert.Empty(t, none)
}

// TestUnusable: whatever the router calls the property that tells why it cannot use a peer.
func TestUnusable(t *testing.T) {
	for _, quirk := range []routerostest.Option{routerostest.Answers("10.0.0.1"), routerostest.PlainAbout()} {
		sim := routerostest.StartTest(t, "7.24", quirk)
		r := dial(t, sim)
		peer(t, r, "unusable", "10.0.0.1")
		_, err := sim.Run("/routing/bgp/instance/set", "=.id=private", "=router-id=0.0.0.0")
		require.NoError(t, err)
		s := one(t, r, "unusable")
		assert.Equal(t, "invalid value '0.0.0.0' of 'router-id'", s[".about"])
		assert.Equal(t, "the router cannot use the peer: "+s[".about"], s["reason"])
	}
}

// TestKnownReasons are those that a simulated router has no way to.
func TestKnownReasons(t *testing.T) {
	received, sent := "input.last-notification", "output.last-notification"
	for _, c := range []struct {
		words Words
		want  string
	}{
		{Words{".about": "a", "stopped": "true"}, "the router cannot use the peer: a"},
		{Words{received: "odd"}, `the neighbour ended the session with "odd"`},
		{Words{sent: inHex(2, 2, ""), "remote.as": "65002", "asked.as": "65001"}, "the neighbour has AS 65002, and remote_as is 65001"},
		{Words{sent: inHex(6, 2, ""), received: inHex(4, 0, "")}, "each end has ended a session, and which was last is not known: the router ended the session with " +
			"Cease: administrative shutdown (6/2): the peer was disabled or changed here; the neighbour ended the session with hold timer expired (4/0): it heard nothing"},
		{Words{received: inHex(6, 5, ""), "local.address": "192.168.5.1"}, "(MetalLB's peer_address) with the router's 192.168.5.1; if it has been up since, check"},
		{Words{received: inHex(2, 7, "")}, "compare afi"},
		{Words{sent: inHex(2, 11, "")}, "compare local_role"},
		{Words{sent: inHex(3, 1, "")}, "the router ended the session with UPDATE message error: malformed attribute list (3/1)"},
	} {
		assert.Contains(t, knownReason(c.words), c.want)
	}
	assert.Empty(t, knownReason(Words{"state": "active"}))
}
