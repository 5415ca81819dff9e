package peering_test

import (
	"context"
	"encoding/hex"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/peering"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// caller is a neighbour that calls the router, as MetalLB's speaker does.
type caller struct{ net.Conn }

// call opens a session from a line's other end, and has it up when it returns; where it is hung up on, it calls again.
func call(t *testing.T, l line, as uint32) (c caller) {
	t.Helper()
	open, err := bgp.NewBGPOpenMessage(uint16(as), 90, l.there, []bgp.OptionParameterInterface{
		bgp.NewOptionParameterCapability([]bgp.ParameterCapabilityInterface{bgp.NewCapMultiProtocol(bgp.RF_IPv4_UC), bgp.NewCapFourOctetASNumber(as)}),
	})
	require.NoError(t, err)
	soon(t, func(t *assert.CollectT) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		conn, err := l.namespace.Dial(ctx, l.here.String()+":179")
		require.NoError(t, err)
		c = caller{conn}
		require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
		c.send(t, open)
		answer, err := c.next()
		if err != nil {
			_ = c.Close()
		}
		require.NoError(t, err)
		require.Equal(t, uint8(bgp.BGP_MSG_OPEN), answer[18])
	})
	t.Cleanup(func() { _ = c.Close() })
	c.send(t, bgp.NewBGPKeepAliveMessage())
	return c
}

func (c caller) send(t require.TestingT, m *bgp.BGPMessage) {
	bytes, err := m.Serialize()
	require.NoError(t, err)
	_, err = c.Write(bytes)
	require.NoError(t, err)
}

// receive gives the next message, whole.
func (c caller) receive(t *testing.T) []byte {
	t.Helper()
	m, err := c.next()
	require.NoError(t, err)
	return m
}

func (c caller) next() ([]byte, error) {
	head := make([]byte, 19)
	if _, err := io.ReadFull(c, head); err != nil {
		return nil, err
	}
	body := make([]byte, int(head[16])<<8+int(head[17])-len(head))
	_, err := io.ReadFull(c, body)
	return append(head, body...), err
}

// Out of a network that the router listens for, each neighbour that calls has a session of its own; one that hangs up
// is remembered.
func TestListenRange(t *testing.T) {
	t.Parallel()
	r := start(t, "7.20.8")
	l := plug(t)
	network := netip.PrefixFrom(l.there, 24).Masked().String()
	r.peer("range", l, "=remote.address="+network, "=connect=no")
	assert.Nil(t, r.session("range"))
	c := call(t, l, theirs)
	r.up("range")
	soon(t, func(t *assert.CollectT) {
		s := r.session("range")
		assert.Equal(t, l.there.String(), s["remote.address"])
		assert.Equal(t, l.here.String(), s["local.address"])
		assert.Equal(t, "mp,as4", s["remote.capabilities"])
	})

	c.send(t, bgp.NewBGPNotificationMessage(bgp.BGP_ERROR_CEASE, bgp.BGP_ERROR_SUB_ADMINISTRATIVE_SHUTDOWN, nil))
	soon(t, func(t *assert.CollectT) {
		assert.NotContains(t, r.session("range"), "established")
		assert.Equal(t, badPeerAS+"15030602", r.session("range")["input.last-notification"])
	})
	call(t, l, theirs)
	r.up("range")
	r.run(r.menu()+"/remove", "=.id=range")
	assert.Nil(t, r.session("range"))
}

// A caller with a wrong AS number hears of it, and the router remembers who that was.
func TestWrongCaller(t *testing.T) {
	t.Parallel()
	r := start(t, "7.24")
	l := plug(t)
	r.peer("p", l, "=connect=no")
	c := call(t, l, 65099)
	notification := c.receive(t)
	assert.Equal(t, []byte{3, 2, 2}, notification[18:21])
	soon(t, func(t *assert.CollectT) {
		assert.Equal(t, hex.EncodeToString(notification), r.session("p")["output.last-notification"])
		assert.Equal(t, "65099", r.session("p")["remote.as"])
	})
	call(t, l, theirs)
	r.up("p")
}

// Sessions over IPv6 bring routes of IPv6.
func TestIPv6(t *testing.T) {
	t.Parallel()
	r := start(t, "7.20.8")
	l := plug(t)
	link := "ether" + strings.Split(l.here.String(), ".")[2]
	var here *netns.Namespace
	six := line{l.namespace, netip.MustParseAddr("2001:db8:5::1"), netip.MustParseAddr("2001:db8:5::2")}
	require.NoError(t, here.Address(link, six.here.String()+"/64"))
	require.NoError(t, l.namespace.Address("eth0", six.there.String()+"/64"))
	u := six.upstream(t, func(u *peering.Upstream) { u.RouterID = l.there })
	r.peer("p", six, "=afi=ipv6")
	r.up("p")
	require.NoError(t, u.Announce(routerostest.BGPAttributes{}, netip.MustParsePrefix("2001:db8:128::/64")))
	soon(t, func(t *assert.CollectT) {
		rows := r.routes("2001:db8:128::/64")
		if assert.Len(t, rows, 1) {
			assert.Equal(t, "2001:db8:5::2%"+link, rows[0]["immediate-gw"])
			assert.Equal(t, "ipv6", rows[0]["afi"])
		}
	})
}

// Two instances are two to their neighbours, and of an address that both want the first one listens.
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	r := start(t, "7.20.8")
	l, second := plug(t), plug(t)
	r.peer("p", l, "=connect=no")
	r.run("/routing/bgp/instance/add", "=name=two", "=as=65001", "=router-id=10.0.0.2")
	other := second.upstream(t, func(u *peering.Upstream) { u.RemoteAS = 65001 })
	r.peer("q", second, "=instance=two")
	r.up("q")
	call(t, l, theirs)
	r.up("p")
	assert.Equal(t, "10.0.0.1", r.session("p")["local.id"])
	assert.Equal(t, "10.0.0.2", r.session("q")["local.id"])
	require.NoError(t, other.Announce(routerostest.BGPAttributes{}, netip.MustParsePrefix("203.0.113.0/24")))
	soon(t, func(t *assert.CollectT) { assert.Len(t, r.routes("203.0.113.0/24"), 1) })
}

// What cannot be carried out is an error that names the peer, and the others have their sessions.
func TestFailure(t *testing.T) {
	t.Parallel()
	r := start(t, "7.20.8")
	l := plug(t)
	l.upstream(t, nil)
	r.peer("p", l)
	id := r.run(r.menu()+"/print", "?name=p")[0]["instance"]
	_, err := r.Run(r.menu()+"/add", "=name=twin", "=instance="+id, "=local.role=ebgp", "=remote.address="+l.there.String(), "=remote.as=65010")
	require.NoError(t, err)
	assert.ErrorContains(t, r.Failure(), "BGP peers p and twin: GoBGP has one session at most with "+l.there.String())
	r.up("p")
	r.run(r.menu()+"/remove", "=.id=twin")

	elsewhere := netip.MustParseAddr("10.99.0.1")
	_, err = r.Run(r.menu()+"/add", "=name=elsewhere", "=instance="+id, "=local.role=ebgp", "=local.address="+elsewhere.String(), "=remote.address=10.99.0.2", "=remote.as=65010")
	require.NoError(t, err)
	assert.ErrorContains(t, r.Failure(), "listening on")
	assert.ErrorContains(t, r.Failure(), elsewhere.String())
	r.up("p")
}

// Who is closed has told its neighbours so, and leaves nothing behind.
func TestClose(t *testing.T) {
	before := speaking()
	r, err := routerostest.Start("7.20.8", routerostest.Speaks(peering.New()))
	require.NoError(t, err)
	l := plug(t)
	it := router{r, t, "7.20.8"}
	it.peer("p", l)
	it.run(it.menu()+"/unset", "=numbers=p", "=value-name=local.address") // now it listens on all addresses
	c := call(t, l, theirs)
	it.up("p")
	require.NoError(t, r.Close())
	for m := c.receive(t); ; m = c.receive(t) {
		if m[18] == bgp.BGP_MSG_NOTIFICATION {
			assert.Equal(t, badPeerAS+"15030603", hex.EncodeToString(m)) // cease, peer unconfigured
			break
		}
	}
	require.NoError(t, r.Close())
	soon(t, func(t *assert.CollectT) { assert.LessOrEqual(t, speaking(), before, "goroutines are left") })
}

// speaking counts the goroutines of speakers.
func speaking() (n int) {
	stacks := make([]byte, 1<<22)
	for stack := range strings.SplitSeq(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "osrg/gobgp") || strings.Contains(stack, "eapache/channels") || strings.Contains(stack, "peering.(*Speaker)") || strings.Contains(stack, "peering.hear") {
			n++
		}
	}
	return n
}
