package routeros

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

func is(word, value string) Match { return Match{word, []string{value}} }

// asked tells whether the router was sent the query word.
func asked(t *testing.T, sim *routerostest.Router, word string) {
	t.Helper()
	for _, line := range sim.Stats().Log {
		if slices.Contains(strings.Fields(line), word) {
			return
		}
	}
	t.Errorf("the router was not asked %s:\n%v", word, sim.Stats().Log)
}

func values(rows []Row, word string) (all []string) {
	for _, row := range rows {
		all = append(all, row.Words[word])
	}
	return all
}

// learn puts two BGP routes, another and a static one into a router, in the words of its release; whether a flag that is
// off is absent or false, and one that is on empty or true, nobody is sure.
func learn(t *testing.T, sim *routerostest.Router, v Version) {
	t.Helper()
	menu, as, on := "/ip/route", "bgp-as-path", "true"
	if v.Major == 7 {
		menu, as, on = "/routing/route", "bgp.as-path", ""
	}
	_, err := sim.Run("/ip/route/add", "=dst-address=10.9.0.0/24", "=gateway=192.168.5.2")
	require.NoError(t, err)
	for _, route := range []map[string]string{
		{"dst-address": "192.168.128.1/32", "gateway": "192.168.5.253", "active": on, "bgp": "true", as: "65001", "distance": "20"},
		{"dst-address": "192.168.128.1/32", "gateway": "192.168.5.252", "bgp": on, as: "65001", "distance": "20"},
		{"dst-address": "192.168.128.2/32", "gateway": "192.168.5.251", "bgp": "false", "active": "false", "distance": "20"},
	} {
		_, err := sim.AddDynamic(menu, route)
		require.NoError(t, err)
	}
}

// TestQuery: one vocabulary for what is read, and filters that the router carries out.
func TestQuery(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		ctx := t.Context()
		v, err := r.Version(ctx)
		require.NoError(t, err)
		learn(t, sim, v)
		table := r.Table(Routes)
		for _, c := range []struct {
			filters  []Match
			gateways []string
			word     string
		}{
			{nil, []string{"192.168.5.2", "192.168.5.253", "192.168.5.252", "192.168.5.251"}, "/print"},
			{[]Match{is("protocol", "bgp")}, []string{"192.168.5.253", "192.168.5.252"}, "?bgp"},
			{[]Match{is("protocol", "bgp"), is("active", "yes")}, []string{"192.168.5.253"}, "?active"},
			{[]Match{is("active", "no")}, []string{"192.168.5.252", "192.168.5.251"}, "?-active"},
			{[]Match{is("dst-address", "192.168.128.1"), is("gateway", "192.168.5.252")}, []string{"192.168.5.252"}, "?dst-address=192.168.128.1/32"},
			{[]Match{{"gateway", []string{"192.168.5.2", "192.168.5.252", "nobody"}}}, []string{"192.168.5.2", "192.168.5.252"}, "?gateway=nobody"},
			{[]Match{is("routing-table", "main"), is("protocol", "static")}, []string{"192.168.5.2"}, "?static"},
			{[]Match{is("routing-table", "other")}, nil, "=other"},
		} {
			sim.ResetStats()
			rows, err := table.Query(ctx, c.filters...)
			require.NoError(t, err)
			assert.ElementsMatch(t, c.gateways, values(rows, "gateway"), "%v", c.filters)
			log := sim.Stats().Log
			require.Len(t, log, 1, "never from what was read before")
			assert.Contains(t, log[0], c.word)
			assert.Contains(t, log[0], "=.proplist=")
		}
		rows, err := table.Query(ctx, is("dst-address", "192.168.128.1/32"), is("active", "true"))
		require.NoError(t, err)
		require.Len(t, rows, 1)
		for word, want := range map[string]string{"protocol": "bgp", "active": "true", "bgp.as-path": "65001", "routing-table": "main",
			"distance": "20", "disabled": "no"} {
			assert.Contains(t, []string{want, spelled(want)}, spelled(rows[0].Words[word]), word)
		}
		for _, chain := range []string{"srcnat", "dstnat"} {
			_, err = sim.Run("/ip/firewall/nat/add", "=chain="+chain, "=comment="+chain)
			require.NoError(t, err)
		}
		rows, err = r.Table(DstNAT).Query(ctx)
		require.NoError(t, err)
		assert.Equal(t, []string{"dstnat"}, values(rows, "comment"), "only rows of the kind")
		rows, err = r.Table(NATRules).Query(ctx, is("disabled", "no"))
		require.NoError(t, err)
		assert.Equal(t, []string{"srcnat", "dstnat"}, values(rows, "comment"))
		_, err = table.Query(ctx, is("weather", "fair"))
		require.ErrorContains(t, err, `a route has no "weather"`)
		_, err = table.Query(ctx, is("immediate-gw", "x"))
		_, vpnErr := table.Query(ctx, is("protocol", "vpn"))
		if v.Major == 6 {
			require.ErrorIs(t, err, ErrNoVersion)
			assert.Contains(t, err.Error(), "from 7 only")
			require.ErrorIs(t, vpnErr, ErrNoVersion)
			assert.Contains(t, vpnErr.Error(), "only bgp, connected, ospf, rip, static")
		} else {
			require.NoError(t, err)
			require.NoError(t, vpnErr)
		}
	})
}

// peer makes a peer of worker1's kind.
func peer(t *testing.T, r *Router, name, address string) {
	t.Helper()
	found, err := r.Table(BGPInstance).Find(t.Context(), "name", "private")
	require.NoError(t, err)
	if len(found) == 0 {
		_, err = r.Table(BGPInstance).Add(t.Context(), privateInstance)
		require.NoError(t, err)
	}
	_, err = r.Table(BGPPeer).Add(t.Context(), Words{"name": name, "instance": "private", "remote.address": address, "remote.as": "65001"})
	require.NoError(t, err)
}

func told(sessions []Words) map[string]string {
	all := map[string]string{}
	for _, s := range sessions {
		all[s["name"]] = spelled(s["established"])
	}
	return all
}

// TestSessions: every peer is told of, whether or not this release has a row for its session.
func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		ctx := t.Context()
		for name, address := range map[string]string{"kube-1": "10.0.0.1", "silent": "10.0.0.2", "dropped": "10.0.0.3", "off": "10.0.0.4"} {
			peer(t, r, name, address)
		}
		off, err := r.Table(BGPPeer).Find(ctx, "name", "off")
		require.NoError(t, err)
		require.NoError(t, r.Table(BGPPeer).Set(ctx, off[0].ID, off[0].Words, Words{"name": "off", "instance": "private", "remote.address": "10.0.0.4",
			"remote.as": "65001", "disabled": "yes", "local.role": off[0].Words["local.role"]}))
		for _, quirk := range []routerostest.Option{routerostest.Answers("10.0.0.9"), routerostest.EstablishedFalse()} {
			sim.Configure(quirk)
			for _, c := range []struct {
				filters []Match
				want    map[string]string
			}{
				{nil, map[string]string{"kube-1": "true", "silent": "false", "dropped": "false"}},
				{[]Match{is("established", "yes")}, map[string]string{"kube-1": "true"}},
				{[]Match{is("established", "no")}, map[string]string{"silent": "false", "dropped": "false"}},
				{[]Match{is("name", "kube-1")}, map[string]string{"kube-1": "true"}},
				{[]Match{is("name", "kube")}, map[string]string{}},
				{[]Match{is("remote.address", "10.0.0.2/32")}, map[string]string{"silent": "false"}},
				{[]Match{is("instance", "private"), is("established", "yes")}, map[string]string{"kube-1": "true"}},
				{[]Match{is("instance", "default")}, map[string]string{}},
			} {
				sessions, err := r.Sessions(ctx, c.filters...)
				require.NoError(t, err)
				assert.Equal(t, c.want, told(sessions), "%v", c.filters)
			}
		}
		sessions, err := r.Sessions(ctx, is("name", "kube-1"))
		require.NoError(t, err)
		require.Len(t, sessions, 1)
		for word, want := range map[string]string{"instance": "private", "remote.address": "10.0.0.1", "remote.as": "65001", "remote.id": "10.0.0.1",
			"local.address": "10.0.0.2", "hold-time": "3m", "keepalive-time": "1m", "prefix-count": "0"} {
			assert.Equal(t, want, sessions[0][word], word)
		}
		assert.NotEmpty(t, sessions[0]["uptime"])
	}, routerostest.Silent("10.0.0.2"), routerostest.Dropped("10.0.0.3"), routerostest.GhostSession())
}

// TestAwaitSessions: waiting ends when the last one is up, or with the names of those that are not.
func TestAwaitSessions(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.19.6", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := routerostest.StartTest(t, version, routerostest.AnswersAfter("10.0.0.1", 600*time.Millisecond), routerostest.Silent("10.0.0.2"))
			r := dial(t, sim)
			peer(t, r, "late", "10.0.0.1")
			peer(t, r, "silent", "10.0.0.2")
			before := time.Now()
			sessions, err := r.AwaitSessions(t.Context(), 20*time.Second, is("name", "late"))
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"late": "true"}, told(sessions))
			assert.Less(t, time.Since(before), 10*time.Second)
			assert.Less(t, len(sim.Stats().Log), 60, "gently")

			_, err = r.AwaitSessions(t.Context(), 300*time.Millisecond)
			require.ErrorIs(t, err, ErrNotYet)
			assert.Contains(t, err.Error(), "1 of 2 BGP sessions not established within 300ms")
			assert.Contains(t, err.Error(), map[bool]string{true: "silent (10.0.0.2): state active", false: "silent (10.0.0.2): no session"}[version[0] == '6'])
			assert.NotContains(t, err.Error(), "late (")

			_, err = r.AwaitSessions(t.Context(), 100*time.Millisecond, is("name", "nobody"))
			require.ErrorIs(t, err, ErrNotYet)
			assert.Contains(t, err.Error(), "no BGP peer to wait for")

			if version[0] == '7' {
				peer(t, r, "unusable", "10.0.0.3")
				menu, err := BGPInstance.path(r.version)
				require.NoError(t, err)
				_, err = sim.Run(menu+"/set", "=.id=private", "=router-id=0.0.0.0")
				require.NoError(t, err)
				_, err = r.AwaitSessions(t.Context(), 100*time.Millisecond, is("name", "unusable"))
				assert.ErrorContains(t, err, "the router cannot use the peer: invalid value '0.0.0.0' of 'router-id'")
				sim.Configure(routerostest.Dropped("10.0.0.2"))
				_, err = sim.Run(menu+"/set", "=.id=private", "=router-id=10.0.0.9")
				require.NoError(t, err)
				_, err = r.AwaitSessions(t.Context(), 100*time.Millisecond, is("name", "silent"))
				assert.ErrorContains(t, err, "silent (10.0.0.2): the connection ended")
			}
		})
	}
}

// TestAwaitLostConnection: a router that goes away while we wait is asked again, and is an error only at the end.
func TestAwaitLostConnection(t *testing.T) {
	sim := routerostest.StartTest(t, "7.24", routerostest.AnswersAfter("10.0.0.1", 500*time.Millisecond))
	r := dial(t, sim)
	peer(t, r, "late", "10.0.0.1")
	sim.Configure(routerostest.CutBefore("connection/print", 2), routerostest.CutBefore("connection/print", 3))
	_, err := r.AwaitSessions(t.Context(), 20*time.Second)
	require.NoError(t, err)

	refused := routerostest.StartTest(t, "7.24", routerostest.User("blind", "x", "api", "write"))
	blind := dial(t, refused, func(c *Config) { c.Username, c.Password = "blind", "x" })
	before := time.Now()
	_, err = blind.AwaitSessions(t.Context(), 20*time.Second)
	require.Error(t, err)
	assert.Less(t, time.Since(before), 5*time.Second, "what will not change is not waited for")
}

// TestAdvertisements: RouterOS 7 names a session where RouterOS 6 names the peer, and may have forgotten.
func TestAdvertisements(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		ctx := t.Context()
		v, err := r.Version(ctx)
		require.NoError(t, err)
		peer(t, r, "kube-1", "10.0.0.1")
		peer(t, r, "kube", "10.0.0.2")
		said := map[string]string{"kube-1": "kube-1", "kube": "kube"}
		key := "prefix"
		if v.Major == 7 {
			said, key = map[string]string{"kube-1": "kube-1-1", "kube": "kube"}, "dst" // of which nobody is sure
			_, err := sim.Run("/routing/bgp/connection/set", "=.id=kube-1", "=output.keep-sent-attributes=yes")
			require.NoError(t, err)
		}
		for _, name := range said {
			_, err := sim.AddDynamic("/routing/bgp/advertisements", map[string]string{"peer": name, key: "203.0.113.0/24", "origin": "igp"})
			require.NoError(t, err)
		}
		sim.ResetStats()
		told, silent, err := r.Advertisements(ctx, is("peer", "kube-1"), is("dst", "203.0.113.0/24"))
		require.NoError(t, err)
		assert.Empty(t, silent)
		require.Len(t, told, 1)
		assert.Equal(t, Words{"peer": "kube-1", "dst": "203.0.113.0/24", "origin": "igp"}, told[0])
		asked(t, sim, "?"+key+"=203.0.113.0/24")
		asked(t, sim, "?peer="+said["kube-1"])

		told, silent, err = r.Advertisements(ctx)
		require.NoError(t, err)
		assert.Len(t, told, map[int]int{6: 2, 7: 1}[v.Major])
		assert.Equal(t, map[int][]string{6: nil, 7: {"kube"}}[v.Major], silent)
		told, _, err = r.Advertisements(ctx, is("peer", "kube-1"), is("dst", "203.0.113.1"))
		require.NoError(t, err)
		assert.Empty(t, told)
	})
}

func TestSystem(t *testing.T) {
	each(t, func(t *testing.T, _ *routerostest.Router, r *Router) {
		record, err := r.System(t.Context())
		require.NoError(t, err)
		assert.Equal(t, r.version.String(), record["version"])
		assert.Equal(t, "stable", record["channel"])
		assert.Equal(t, map[int]string{6: "6", 7: "7"}[r.version.Major], record["major"])
		assert.Equal(t, "MikroTik", record["identity"])
		assert.Equal(t, "CHR", record["board-name"])
	})
}

// TestSeenMenus: each release has one path and at most one spelling of what is seen, and the path is in its command tree.
func TestSeenMenus(t *testing.T) {
	for _, menu := range []*Menu{BGPSessions, BGPAdvertisements, Routes, NATRules, ownAddresses4, systemResource, systemIdentity} {
		for _, release := range releases {
			v, err := ParseVersion(release)
			require.NoError(t, err)
			in := func(of Range) bool { return of.Contains(v) }
			assert.Len(t, slices.DeleteFunc(slices.Clone(menu.Paths), func(p Path) bool { return !in(p.Range) }), 1, "%s of %s", menu.Noun, release)
			for _, word := range menu.Words {
				spellings := slices.DeleteFunc(slices.Clone(word.Spelled), func(s Spelling) bool { return !in(s.Range) })
				assert.LessOrEqual(t, len(spellings), 1, "%s of %s in %s", word.Name, menu.Noun, release)
			}
		}
		files, err := filepath.Glob(filepath.Join(os.Getenv("ROUTEROS_TREES"), "7.*.json"))
		require.NoError(t, err)
		for _, file := range files {
			v, err := ParseVersion(filepath.Base(file))
			require.NoError(t, err)
			path, err := menu.path(v)
			require.NoError(t, err)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var node map[string]any
			require.NoError(t, json.Unmarshal(text, &node))
			for part := range strings.SplitSeq(path[1:], "/") {
				node, _ = node[part].(map[string]any)
			}
			assert.Contains(t, node, "print", "%s of %s", path, v)
		}
	}
}

// TestPrefixesWithHostBits: a filter by 10.1.0.7/24 finds what the router has as 10.1.0.0/24, which means the same.
func TestPrefixesWithHostBits(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		version, err := r.Version(t.Context())
		require.NoError(t, err)
		path, err := Routes.path(version)
		require.NoError(t, err)
		for _, dst := range []string{"10.1.0.0/24", "10.2.0.0/16"} {
			_, err := sim.AddDynamic(path, map[string]string{"dst-address": dst, "active": "true"})
			require.NoError(t, err)
		}
		rows, err := r.Table(Routes).Query(t.Context(), Match{"dst-address", []string{"10.1.0.7/24"}})
		require.NoError(t, err)
		require.Len(t, rows, 1)
		assert.Equal(t, "10.1.0.0/24", rows[0].Words["dst-address"])
		assert.Equal(t, []string{"?d=10.1.0.7/24", "?d=10.1.0.0/24", "?#|"}, eitherForm("d", "10.1.0.7/24"))
		assert.Equal(t, []string{"?d=10.1.0.7", "?d=10.1.0.7/32", "?#|"}, eitherForm("d", "10.1.0.7/32"))
	})
}
