package routeros

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// commands are what the simulator was asked, but for prints.
func commands(sim *routerostest.Router) (sent []string) {
	for _, line := range sim.Stats().Log {
		if command, _, _ := strings.Cut(line, " "); !strings.HasSuffix(command, "/print") && command != "/login" {
			sent = append(sent, line)
		}
	}
	return sent
}

// withPeers makes peers whose names are easily taken for each other's sessions.
func withPeers(t *testing.T, r *Router, names ...string) {
	t.Helper()
	_, err := r.Table(BGPInstance).Add(t.Context(), privateInstance)
	require.NoError(t, err)
	for i, name := range names {
		_, err = r.Table(BGPPeer).Add(t.Context(), Words{"name": name, "instance": "private",
			"remote.address": fmt.Sprintf("192.168.5.%d", 250+i), "remote.as": "65001"})
		require.NoError(t, err)
	}
}

// TestSessionCommands: each peer's own sessions are asked for, in the words of the release.
func TestSessionCommands(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		withPeers(t, r, "worker", "worker-1")
		id := func(menu, name string) string {
			for _, row := range sim.Print(menu) {
				if row["name"] == name {
					return row[".id"]
				}
			}
			t.Fatalf("no %s in %s", name, menu)
			return ""
		}
		peers, sessions, session, family := "/routing/bgp/connection", "/routing/bgp/session", "worker-1", "afi"
		switch v, _ := r.KnownVersion(); {
		case v6.Contains(v):
			peers, sessions, session, family = "/routing/bgp/peer", "/routing/bgp/peer", "worker", "address-family"
		case to719.Contains(v):
			family = "address-family"
		}
		sim.ResetStats()
		require.NoError(t, r.RefreshSession(t.Context(), "worker", ""))
		require.NoError(t, r.ResendSession(t.Context(), "worker", "ip"))
		require.NoError(t, r.ResetSession(t.Context(), "worker"))
		var sent []string
		for _, line := range commands(sim) {
			words := strings.Fields(line)
			sent = append(sent, strings.Join(words[:len(words)-1], " ")) // without the tag
		}
		on := " =.id=" + id(sessions, session)
		assert.Equal(t, []string{
			sessions + "/refresh" + on,
			sessions + "/resend" + on + " =" + family + "=ip",
			peers + "/disable =.id=" + id(peers, "worker"),
			peers + "/enable =.id=" + id(peers, "worker"),
		}, sent)
	})
}

func TestSessionCommandsRefuse(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		withPeers(t, r, "worker1", "worker2")
		rows, err := r.Table(BGPPeer).Find(t.Context(), "name", "worker2")
		require.NoError(t, err)
		off := maps.Clone(rows[0].Words)
		off["disabled"] = "yes"
		require.NoError(t, r.Table(BGPPeer).Set(t.Context(), rows[0].ID, rows[0].Words, off))
		sim.ResetStats()

		err = r.RefreshSession(t.Context(), "worker3", "")
		require.ErrorIs(t, err, ErrNotFound)
		assert.ErrorContains(t, err, `no BGP peer "worker3"`)
		for _, err := range []error{r.ResetSession(t.Context(), "worker2"), r.ResendSession(t.Context(), "worker2", "")} {
			require.ErrorIs(t, err, ErrRefused)
			assert.ErrorContains(t, err, "switched off")
		}
		if v, _ := r.KnownVersion(); v.Compare(V(7, 20)) < 0 {
			require.ErrorIs(t, r.RefreshSession(t.Context(), "worker1", "evpn"), ErrNoVersion)
		}
		assert.Empty(t, commands(sim), "nothing was sent")
		sim.Configure(routerostest.NoSessions())
		err = r.RefreshSession(t.Context(), "worker1", "")
		require.ErrorIs(t, err, ErrNotFound)
		assert.ErrorContains(t, err, "no session that is up")
	})
}

// TestResetSurvives: a peer is not left switched off by a connection that is lost, nor by a caller who gives up.
func TestResetSurvives(t *testing.T) {
	for name, fault := range map[string]routerostest.Option{
		"off, unanswered": routerostest.CutAfter("/disable", 1), "on, unanswered": routerostest.CutAfter("/enable", 1),
		"on, unheard": routerostest.CutBefore("/enable", 1),
	} {
		t.Run(name, func(t *testing.T) {
			sim := routerostest.StartTest(t, "7.24")
			r := dial(t, sim)
			withPeers(t, r, "worker1")
			sim.Configure(fault)
			_ = r.ResetSession(t.Context(), "worker1")
			for _, row := range sim.Print("/routing/bgp/connection") {
				assert.NotEqual(t, "true", row["disabled"])
			}
			assert.NotZero(t, sim.Stats().Commands["/routing/bgp/connection/enable"])
		})
	}
}
