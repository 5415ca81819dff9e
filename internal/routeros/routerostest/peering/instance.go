package peering

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	"github.com/osrg/gobgp/v4/pkg/server"
)

// identity is who neighbours speak with.
type identity struct {
	as uint32
	id netip.Addr
}

func (i identity) String() string { return fmt.Sprintf("AS %d, router id %s", i.as, i.id) }

// instance is one GoBGP, with all sessions under one identity.
type instance struct {
	identity
	server  *server.BgpServer
	listens []netip.AddrPort
	peers   map[netip.Prefix]routerostest.BGPPeer
	unwatch context.CancelFunc
}

// wanted is what an instance should be.
type wanted struct {
	identity
	listens []netip.AddrPort
	peers   map[netip.Prefix]routerostest.BGPPeer
	order   []routerostest.BGPPeer
}

// event is a change of a session's state.
type event struct {
	state  bgp.FSMState
	failed bool // the session ended or did not come about
	when   time.Time
}

// listen decides on which addresses each instance listens.
func listen(all []wanted) {
	var taken []netip.AddrPort
	for n := range all {
		mine := endpoints(all[n].order)
		all[n].listens = slices.DeleteFunc(mine, func(e netip.AddrPort) bool {
			return slices.ContainsFunc(taken, func(t netip.AddrPort) bool { return overlap(e, t) })
		})
		taken = append(taken, all[n].listens...)
	}
}

// endpoints are those where an instance with these peers listens if it can have all of them.
func endpoints(peers []routerostest.BGPPeer) []netip.AddrPort {
	listening := slices.DeleteFunc(slices.Clone(peers), func(p routerostest.BGPPeer) bool { return !p.Listen })
	if len(listening) == 0 {
		return nil
	}
	port := listening[0].LocalPort
	if port == 0 {
		port = bgp.BGP_PORT
	}
	everywhere := slices.ContainsFunc(listening, func(p routerostest.BGPPeer) bool { return !p.LocalAddress.IsValid() })
	unique := map[netip.AddrPort]bool{}
	for _, p := range listening {
		address := p.LocalAddress
		switch {
		case !everywhere:
		case p.Remote.Addr().Is4():
			address = netip.IPv4Unspecified()
		default:
			address = netip.IPv6Unspecified()
		}
		unique[netip.AddrPortFrom(address, port)] = true
	}
	return slices.SortedFunc(maps.Keys(unique), netip.AddrPort.Compare)
}

// overlap tells whether only one of the two can be listened on.
func overlap(a, b netip.AddrPort) bool {
	return a.Port() == b.Port() && a.Addr().Is4() == b.Addr().Is4() &&
		(a.Addr() == b.Addr() || a.Addr().IsUnspecified() || b.Addr().IsUnspecified())
}

// covers tells whether the instance hears all who call there.
func (i *instance) covers(listens []netip.AddrPort) bool {
	return !slices.ContainsFunc(listens, func(w netip.AddrPort) bool {
		return !slices.ContainsFunc(i.listens, func(l netip.AddrPort) bool {
			return l == w || l.Addr().IsUnspecified() && overlap(l, w)
		})
	})
}

// inTheWay tells whether the instance listens where others should.
func (i *instance) inTheWay(others []wanted) bool {
	return slices.ContainsFunc(others, func(w wanted) bool {
		return slices.ContainsFunc(w.listens, func(l netip.AddrPort) bool {
			return slices.ContainsFunc(i.listens, func(mine netip.AddrPort) bool { return overlap(l, mine) })
		})
	})
}

// start begins an instance that listens there, all on one port, or nowhere. run makes it serve, in the network
// namespace that it listens in.
func start(who identity, listens []netip.AddrPort, run func(serve func()) error) (*instance, error) {
	i := &instance{
		identity: who, listens: listens, peers: map[netip.Prefix]routerostest.BGPPeer{}, unwatch: func() {},
		server: server.NewBgpServer(server.LoggerOption(slog.New(slog.DiscardHandler), nil)),
	}
	if err := run(i.server.Serve); err != nil {
		return nil, err
	}
	global := &api.Global{Asn: who.as, RouterId: who.id.String(), ListenPort: -1}
	for _, l := range listens {
		global.ListenPort = int32(l.Port())
		global.ListenAddresses = append(global.ListenAddresses, l.Addr().String())
	}
	if err := i.server.StartBgp(context.Background(), &api.StartBgpRequest{Global: global}); err != nil {
		return nil, errors.Join(fmt.Errorf("BGP as %s, listening on %v: %w", who, listens, err), i.stop())
	}
	return i, nil
}

// stop ends all sessions with a notification.
func (i *instance) stop() error {
	i.unwatch()
	done := make(chan struct{})
	go func() {
		i.server.Stop()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-time.After(5 * time.Second):
		return fmt.Errorf("BGP as %s: the sessions did not end within 5 s", i.identity)
	}
}

// watch tells of what happens until the instance ends.
func (i *instance) watch(ctx context.Context, stir func(), session func(netip.Addr, event)) error {
	ctx, i.unwatch = context.WithCancel(ctx)
	routes := func([]*apiutil.Path, time.Time) { stir() }
	return i.server.WatchEvent(ctx, server.WatchEventMessageCallbacks{
		OnPathUpdate: routes, OnBestPath: routes,
		OnPeerUpdate: func(e *apiutil.WatchEventMessage_PeerEvent, when time.Time) {
			if e.Type == apiutil.PEER_EVENT_STATE {
				// A peer that was taken away is idle as well, but for no reason.
				state := e.Peer.State.SessionState
				session(e.Peer.State.NeighborAddress, event{state, state == bgp.BGP_FSM_IDLE && e.Peer.State.DisconnectMessage != "", when})
			}
			stir()
		},
	}, server.WatchPeer(), server.WatchBestPath(false), server.WatchUpdate(false, "", ""))
}

// keep makes the instance have these peers and no others.
func (i *instance) keep(peers map[netip.Prefix]routerostest.BGPPeer) error {
	var failed error
	for remote, p := range i.peers {
		if w, ok := peers[remote]; !ok || !same(p, w) {
			failed = errors.Join(failed, i.remove(p))
			delete(i.peers, remote)
		}
	}
	for remote, p := range peers {
		if _, ok := i.peers[remote]; !ok {
			if err := i.add(p); err != nil {
				failed = errors.Join(failed, fmt.Errorf("BGP peer %s: %w", p.Name, err))
				continue
			}
		}
		i.peers[remote] = p
	}
	return failed
}

// with finds whose neighbour that is.
func (i *instance) with(neighbour netip.Addr) (found routerostest.BGPPeer, ok bool) {
	for remote, p := range i.peers {
		if remote.Contains(neighbour) && (!ok || remote.Bits() > found.Remote.Bits()) {
			found, ok = p, true
		}
	}
	return found, ok
}

// again makes a session that has failed begin anew at once: GoBGP would rest for five seconds, and would not even
// answer meanwhile. Whom it has because they have called, it forgets until they call again.
func (i *instance) again(neighbour netip.Addr) {
	// An error says that GoBGP has forgotten the caller itself.
	_ = i.server.DeletePeer(context.Background(), &api.DeletePeerRequest{Address: neighbour.String()})
	if p, ok := i.peers[netip.PrefixFrom(neighbour, neighbour.BitLen())]; ok {
		if err := i.add(p); err != nil {
			delete(i.peers, p.Remote)
		}
	}
}
