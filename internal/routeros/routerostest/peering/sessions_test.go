package peering_test

import (
	"fmt"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/peering"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// badPeerAS is the beginning of a NOTIFICATION "OPEN message error, bad peer AS".
const badPeerAS = "ffffffffffffffffffffffffffffffff00"

// A neighbour that has another AS number than the router expects is told so; once it is right, the session comes up,
// and the last notification stays.
func TestWrongASHere(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		l := plug(t)
		l.upstream(t, nil)
		r.peer("p", l, "=remote.as=65099")
		if r.six() {
			soon(t, func(t *assert.CollectT) { assert.Equal(t, "active", r.session("p")["state"]) })
		} else {
			soon(t, func(t *assert.CollectT) {
				s := r.session("p")
				assert.Regexp(t, "^"+badPeerAS+"..030202", s["output.last-notification"])
				assert.Equal(t, fmt.Sprint(theirs), s["remote.as"])
				assert.Contains(t, s["remote.capabilities"], "mp,rr,")
				assert.Contains(t, s["remote.capabilities"], "as4")
				assert.NotContains(t, s, "established")
			})
		}
		r.change(r.menu()+"/set", "=.id=p", fmt.Sprintf("=remote.as=%d", theirs))
		r.up("p")
		if !r.six() {
			assert.Regexp(t, "^"+badPeerAS+"..030202", r.session("p")["output.last-notification"])
		}
	})
}

// A neighbour that expects another AS number of the router says so.
func TestWrongASThere(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		l := plug(t)
		u := l.upstream(t, func(u *peering.Upstream) { u.RemoteAS = 65099 })
		r.peer("p", l)
		if !r.six() {
			soon(t, func(t *assert.CollectT) {
				assert.Regexp(t, "^"+badPeerAS+"..030202", r.session("p")["input.last-notification"])
				assert.NotContains(t, r.session("p"), "established")
			})
		}
		require.NoError(t, u.Close())
		l.upstream(t, nil)
		r.up("p")
	})
}

// With different keys the two do not even hear each other; with the same ones they speak; without any, after there was
// one, as well.
func TestMD5(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		l, proof := plug(t), plug(t)
		u := l.upstream(t, func(u *peering.Upstream) { u.MD5Key = "right" })
		proof.upstream(t, nil)
		r.peer("p", l, "=tcp-md5-key=wrong")
		r.peer("proof", proof)
		r.up("proof") // as long as the other would have needed
		if r.six() {
			assert.NotEqual(t, "established", r.session("p")["state"])
		} else {
			assert.Nil(t, r.session("p"))
		}
		r.change(r.menu()+"/set", "=.id=p", "=tcp-md5-key=right")
		r.up("p")
		require.NoError(t, u.Close())
		l.upstream(t, nil)
		r.change(r.menu()+"/set", "=.id=p", "=tcp-md5-key=")
		r.up("p")
	})
}

// A neighbour behind another router is out of reach without multihop.
func TestMultihop(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		near, proof := plug(t), plug(t)
		beyond, err := netns.New()
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, beyond.Close()) })
		require.NoError(t, near.namespace.Connect("eth1", beyond, "eth0"))
		far := netip.MustParseAddr("10.2.0.2").As4()
		far[2] = near.there.As4()[2]
		there := netip.AddrFrom4(far)
		require.NoError(t, beyond.Address("eth0", there.String()+"/24"))
		require.NoError(t, near.namespace.Address("eth1", there.Prev().String()+"/24"))
		require.NoError(t, near.namespace.Do(func() error {
			return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
		}))
		require.NoError(t, beyond.Route(netip.MustParsePrefix("0.0.0.0/0"), there.Prev()))
		var here *netns.Namespace
		require.NoError(t, here.Route(netip.PrefixFrom(there, 24).Masked(), near.there))

		line{beyond, near.here, there}.upstream(t, func(u *peering.Upstream) { u.Multihop = true })
		proof.upstream(t, nil)
		r.peer("p", line{beyond, near.here, there})
		r.peer("proof", proof)
		r.up("proof")
		assert.NotEqual(t, "true", r.session("p")["established"])
		r.change(r.menu()+"/set", "=.id=p", "=multihop=yes")
		r.up("p")
	})
}

// The hold time is the shorter of the two offers.
func TestHoldTime(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		short, long := plug(t), plug(t)
		short.upstream(t, func(u *peering.Upstream) { u.HoldTime = 9 * time.Second })
		long.upstream(t, func(u *peering.Upstream) { u.HoldTime = 240 * time.Second })
		r.peer("short", short, "=hold-time=2m")
		r.peer("long", long, "=hold-time=2m")
		r.up("short")
		r.up("long")
		hold, keepalive := "hold-time", "keepalive-time"
		if r.six() {
			hold, keepalive = "used-hold-time", "used-keepalive-time"
		}
		assert.Equal(t, "9s", r.session("short")[hold])
		assert.Equal(t, "3s", r.session("short")[keepalive])
		assert.Equal(t, "2m", r.session("long")[hold])
		assert.Equal(t, "40s", r.session("long")[keepalive])
		if r.six() {
			soon(t, func(t *assert.CollectT) { assert.Equal(t, "4m", r.session("long")["remote-hold-time"]) })
		}
	})
}

// A peer that is switched off has no session, and one again when it is switched on.
func TestDisabled(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		l := plug(t)
		l.upstream(t, nil)
		r.peer("p", l)
		r.up("p")
		r.run(r.menu()+"/disable", "=numbers=p")
		if r.six() {
			assert.Equal(t, "idle", r.session("p")["state"])
		} else {
			assert.Nil(t, r.session("p"))
		}
		r.run(r.menu()+"/enable", "=numbers=p")
		r.up("p")
	})
}

// A session whose neighbour goes away is down, says what the neighbour said, and comes back.
func TestNeighbourGoesAway(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		l := plug(t)
		u := l.upstream(t, nil)
		r.peer("p", l)
		r.up("p")
		prefix := netip.MustParsePrefix("203.0.113.0/24")
		require.NoError(t, u.Announce(routerostest.BGPAttributes{}, prefix)) // it arrives when the session is up there as well
		soon(t, func(t *assert.CollectT) { assert.NotEmpty(t, r.routes(prefix.String())) })
		require.NoError(t, u.Close())
		soon(t, func(t *assert.CollectT) {
			s := r.session("p")
			assert.Empty(t, r.routes(prefix.String()))
			assert.NotEqual(t, "true", s["established"])
			if !r.six() {
				assert.Equal(t, badPeerAS+"15030603", s["input.last-notification"]) // cease, peer unconfigured
				assert.Contains(t, s, "last-stopped")
				assert.NotContains(t, s, "uptime")
			}
		})
		l.upstream(t, nil)
		r.up("p")
	})
}
