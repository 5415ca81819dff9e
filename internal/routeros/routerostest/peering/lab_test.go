package peering_test

import (
	"flag"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/peering"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMain lets tests wait for their neighbours side by side, more of them than there are processors.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	kubetest.Main(m)
}

// versions are one of each way that RouterOS has had to configure BGP, and the newest.
var versions = []string{"6.49.15", "7.12.2", "7.20.8", "7.24"}

const (
	ours   = 65000
	theirs = 65010
)

// line is a cable from the router to a network namespace, with addresses that no other test uses.
type line struct {
	namespace   *netns.Namespace
	here, there netip.Addr
}

var lines atomic.Int32

func plug(t *testing.T) line {
	t.Helper()
	n := lines.Add(1)
	namespace, err := netns.New()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, namespace.Close()) })
	var here *netns.Namespace
	require.NoError(t, here.Connect(fmt.Sprintf("ether%d", n), namespace, "eth0"))
	l := line{namespace, netip.AddrFrom4([4]byte{10, 1, byte(n), 1}), netip.AddrFrom4([4]byte{10, 1, byte(n), 2})}
	require.NoError(t, here.Address(fmt.Sprintf("ether%d", n), l.here.String()+"/24"))
	require.NoError(t, namespace.Address("eth0", l.there.String()+"/24"))
	return l
}

// upstream starts a neighbour at the other end of a line, as it is except for what the test changes.
func (l line) upstream(t *testing.T, change func(*peering.Upstream)) *peering.Upstream {
	t.Helper()
	u := &peering.Upstream{Namespace: l.namespace, AS: theirs, Address: l.there, Neighbour: l.here, RemoteAS: ours}
	if change != nil {
		change(u)
	}
	require.NoError(t, u.Start())
	t.Cleanup(func() { assert.NoError(t, u.Close()) })
	return u
}

// router is a simulated router of either generation, spoken to in the words of the newer one.
type router struct {
	*routerostest.Router
	t       *testing.T
	version string
}

func start(t *testing.T, version string) router {
	t.Helper()
	return router{routerostest.StartTest(t, version, routerostest.Speaks(peering.New())), t, version}
}

func (r router) six() bool { return strings.HasPrefix(r.version, "6") }

func (r router) run(words ...string) []map[string]string {
	r.t.Helper()
	rows, err := r.Run(words...)
	require.NoError(r.t, err)
	require.NoError(r.t, r.Failure())
	return rows
}

// menu is that of the peers.
func (r router) menu() string {
	if r.six() {
		return "/routing/bgp/peer"
	}
	return "/routing/bgp/connection"
}

// older are v6's names of what a connection has.
var older = strings.NewReplacer("=remote.address=", "=remote-address=", "=remote.as=", "=remote-as=", "=local.address=", "=update-source=")

// peer adds a peer over a line; the words that come with it are a connection's.
func (r router) peer(name string, l line, words ...string) {
	r.t.Helper()
	all := []string{
		r.menu() + "/add", "=name=" + name, "=local.address=" + l.here.String(), "=remote.address=" + l.there.String(),
		fmt.Sprintf("=remote.as=%d", theirs),
	}
	switch {
	case r.six():
		r.run("/routing/bgp/instance/set", "=.id=default", fmt.Sprintf("=as=%d", ours), "=router-id=10.0.0.1")
	case strings.HasPrefix(r.version, "7.12"):
		all = append(all, "=local.role=ebgp", fmt.Sprintf("=as=%d", ours), "=router-id=10.0.0.1")
	default:
		if len(r.Print("/routing/bgp/instance")) == 0 {
			r.run("/routing/bgp/instance/add", "=name=one", fmt.Sprintf("=as=%d", ours), "=router-id=10.0.0.1")
		}
		all = append(all, "=local.role=ebgp", "=instance=one")
	}
	r.change(append(all, words...)...)
}

// change runs a command, in which an argument may be given again.
func (r router) change(words ...string) {
	r.t.Helper()
	last := map[string]int{}
	var kept []string
	for _, w := range words {
		if r.six() {
			w = older.Replace(w)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(w, "="), "=")
		if at, again := last[name]; again {
			kept[at] = w
			continue
		}
		last[name] = len(kept)
		kept = append(kept, w)
	}
	r.run(kept...)
}

// session is the row of a peer's session: on v6 the peer itself; none on v7 if there is none.
func (r router) session(peer string) map[string]string {
	menu, name := r.menu(), peer
	if !r.six() {
		menu, name = "/routing/bgp/session", peer+"-1"
	}
	for _, row := range r.Print(menu) {
		if row["name"] == name {
			return row
		}
	}
	return nil
}

// routes are the rows of a destination.
func (r router) routes(destination string) (found []map[string]string) {
	menu := "/routing/route"
	if r.six() {
		menu = "/ip/route"
	}
	for _, row := range r.Print(menu) {
		if row["dst-address"] == destination {
			found = append(found, row)
		}
	}
	return found
}

func (r router) up(peer string) {
	r.t.Helper()
	soon(r.t, func(t *assert.CollectT) {
		assert.Equal(t, "true", r.session(peer)["established"], "%v", r.session(peer))
	})
}

// soon waits for what takes the neighbours' time.
func soon(t *testing.T, f func(*assert.CollectT)) {
	t.Helper()
	require.EventuallyWithT(t, f, time.Minute, 20*time.Millisecond)
}

func each(t *testing.T, test func(t *testing.T, r router)) {
	t.Parallel()
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			test(t, start(t, version))
		})
	}
}
