package pair

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// either draws what an attribute says: one of the values, or nothing.
func either[T any](t *rapid.T, values ...T) Value[T] {
	if rapid.IntRange(0, 2).Draw(t, "unset") == 0 {
		return Value[T]{}
	}
	return Of(rapid.SampledFrom(values).Draw(t, "value"))
}

// TestWellFormedPairs makes both ends from one description, each saying as much of it as it likes.
func TestWellFormedPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Uint32Range(1, 1<<32-1)
		router, metallb, port := number.Draw(t, "router"), number.Draw(t, "metallb"), rapid.IntRange(1, 16384).Draw(t, "port")
		host := func(last byte) netip.Addr { return netip.AddrFrom4([4]byte{192, 168, 5, last}) }
		node := host(rapid.Byte().Filter(func(b byte) bool { return b != 1 }).Draw(t, "node"))
		e := ends{
			Instance{Name: either(t, "private"), AS: Of(AS{Number: router}), Disabled: either(t, false)},
			RouterPeer{
				Instance: either(t, "private"), RemoteAS: either(t, AS{Number: metallb}), AS: either(t, AS{Number: router}),
				RemoteAddress: either(t, netip.PrefixFrom(node, 32), prefix("192.168.5.0/24")), LocalAddress: either(t, host(1)),
				LocalPort: Of(port), Multihop: either(t, true, false), Connect: either(t, true, false),
			},
			MetalLBPeer{
				MyASN: Of(metallb), PeerASN: either(t, router), PeerAddress: Of(host(1)), SourceAddress: either(t, node), PeerPort: Of(port),
			},
		}
		if router == metallb {
			e.router.LocalRole = either(t, "ibgp", "ibgp-rr")
		} else {
			e.router.LocalRole = either(t, "ebgp", "ebgp-customer")
			e.metallb.EBGPMultiHop = either(t, e.router.Multihop.is, false)
		}
		if e.metallb.PeerASN.state == unset {
			e.metallb.DynamicASN = Of(map[bool]string{true: "internal", false: "external"}[router == metallb])
		}
		hold := time.Duration(rapid.IntRange(3, 180).Draw(t, "hold")) * time.Second
		e.router.HoldTime, e.metallb.HoldTime = either(t, hold, 0), Of(hold)
		e.router.KeepaliveTime, e.metallb.KeepaliveTime = either(t, hold/3), either(t, hold/3)
		if rapid.Bool().Draw(t, "key") {
			e.router.Key = Of(rapid.SampledFrom([]Key{"", "hush"}).Draw(t, "router's"))
			e.metallb.Key = Of(rapid.SampledFrom([]Key{"", "hush"}).Draw(t, "MetalLB's"))
		}
		if rapid.Bool().Draw(t, "bfd") {
			e.router.UseBFD, e.metallb.BFDProfile = Of(true), Of("fast")
		}
		assert.Equal(t, Findings{}, e.compared())
	})
}

// TestWhatIsKnownLater: a value that is known after apply hides problems, and makes none. Unless the findings are open, it
// hides none either.
func TestWhatIsKnownLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		as := []AS{{Number: 1}, {Number: 2}, {1, 2}, {2, 3}}
		hosts := []netip.Addr{ip("10.0.0.1"), ip("10.0.0.2"), ip("2001:db8::1")}
		times := []time.Duration{0, 3 * time.Second, time.Minute, time.Hour}
		e := ends{
			Instance{
				Name: either(t, "a", "b"), AS: either(t, as...), Confederation: either(t, AS{Number: 3}), ConfederationPeers: either(t, "1"),
				Disabled: either(t, true, false),
			},
			RouterPeer{
				Instance: either(t, "a", "b"), AS: either(t, as...), RemoteAS: either(t, as...),
				RemoteAddress: either(t, prefix("10.0.0.1/32"), prefix("10.0.0.0/8"), prefix("::/0")), LocalAddress: either(t, hosts...),
				LocalPort: either(t, 179, 180), LocalRole: either(t, "ebgp", "ibgp"), LocalTTL: either(t, 1, 2), Multihop: either(t, true, false),
				Connect: either(t, true, false), Listen: either(t, true, false), HoldTime: either(t, times...), KeepaliveTime: either(t, times...),
				Key: either(t, Key(""), "x", "y"), UseBFD: either(t, true, false), Disabled: either(t, true, false),
			},
			MetalLBPeer{
				MyASN: either[uint32](t, 1, 2), PeerASN: either[uint32](t, 1, 2), DynamicASN: either(t, "internal", "external"),
				LocalASN: either[uint32](t, 1, 2), PeerAddress: either(t, hosts...), SourceAddress: either(t, hosts...), PeerPort: either(t, 179, 180),
				EBGPMultiHop: either(t, true, false), HoldTime: either(t, times...), KeepaliveTime: either(t, times...),
				Key: either(t, Key(""), "x", "y"), BFDProfile: either(t, "fast"),
			},
		}
		whole := e.compared()
		assert.False(t, whole.Open)
		i, r, m := &e.instance, &e.router, &e.metallb
		for _, hide := range []func(){
			hiding(t, &i.AS), hiding(t, &i.Confederation), hiding(t, &i.ConfederationPeers), hiding(t, &i.Disabled),
			hiding(t, &r.Instance), hiding(t, &r.AS), hiding(t, &r.RemoteAS), hiding(t, &r.RemoteAddress), hiding(t, &r.LocalAddress),
			hiding(t, &r.LocalPort), hiding(t, &r.LocalRole), hiding(t, &r.LocalTTL), hiding(t, &r.Multihop), hiding(t, &r.Connect),
			hiding(t, &r.Listen), hiding(t, &r.HoldTime), hiding(t, &r.KeepaliveTime), hiding(t, &r.Key), hiding(t, &r.UseBFD), hiding(t, &r.Disabled),
			hiding(t, &m.MyASN), hiding(t, &m.PeerASN), hiding(t, &m.DynamicASN), hiding(t, &m.LocalASN), hiding(t, &m.PeerAddress),
			hiding(t, &m.SourceAddress), hiding(t, &m.PeerPort), hiding(t, &m.EBGPMultiHop), hiding(t, &m.HoldTime), hiding(t, &m.KeepaliveTime),
			hiding(t, &m.Key), hiding(t, &m.BFDProfile),
		} {
			hide()
		}
		found := e.compared()
		assert.Subset(t, whole.Problems, found.Problems)
		if !found.Open {
			assert.Equal(t, whole.Problems, found.Problems)
		}
	})
}

// hiding makes an attribute one that is known after apply, or leaves it; few at a time, so that rules are not all open.
func hiding[T any](t *rapid.T, v *Value[T]) func() {
	return func() {
		if rapid.IntRange(0, 9).Draw(t, "later") == 9 {
			*v = Later[T]()
		}
	}
}
