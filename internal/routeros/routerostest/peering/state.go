package peering

import (
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// look finds out what there is now.
func (s *Speaker) look() {
	s.looking.Lock()
	defer s.looking.Unlock()
	s.mu.Lock()
	var state routerostest.BGPState
	for _, p := range s.peers {
		if who, err := s.identity(p); err == nil && (p.Connect || p.Listen) && s.instances[who] != nil {
			s.sessions(&state, s.instances[who], p)
		}
	}
	for _, i := range s.instances {
		i.routes(&state)
	}
	s.mu.Unlock()
	settle(state.Routes)
	slices.SortFunc(state.Advertisements, func(a, b routerostest.BGPAdvertisement) int {
		if c := strings.Compare(a.Peer, b.Peer); c != 0 {
			return c
		}
		return a.Destination.Compare(b.Destination)
	})
	if old := s.state.Swap(&state); !reflect.DeepEqual(quiet(*old), quiet(state)) {
		s.news.Store(true)
	}
}

// quiet leaves out what changes all the time.
func quiet(s routerostest.BGPState) routerostest.BGPState {
	s.Sessions = slices.Clone(s.Sessions)
	for i := range s.Sessions {
		s.Sessions[i].MessagesIn, s.Sessions[i].MessagesOut = 0, 0
	}
	return s
}

// sessions adds those of a peer, and what their neighbours were told; the caller holds the lock.
func (s *Speaker) sessions(state *routerostest.BGPState, i *instance, p routerostest.BGPPeer) {
	there, err := i.neighbours()
	if err != nil || i.peers[p.Remote].Name != p.Name {
		return
	}
	whom := []netip.Addr{p.Remote.Addr()}
	if !p.Remote.IsSingleIP() {
		callers := map[netip.Addr]bool{}
		for c := range s.calls {
			if c.peer == p.Name {
				callers[c.neighbour] = true
			}
		}
		whom = slices.SortedFunc(maps.Keys(callers), netip.Addr.Compare)
	}
	for _, neighbour := range whom {
		r := s.calls[call{p.Name, neighbour}]
		if r == nil {
			r = &record{}
		}
		session := r.session(i, p, neighbour)
		if n := there[neighbour]; n != nil {
			fill(&session, n)
		}
		state.Sessions = append(state.Sessions, session)
		if session.State == "established" {
			state.Advertisements = append(state.Advertisements, i.told(p, neighbour)...)
		}
	}
}

// session is what is known of a session without GoBGP.
func (r *record) session(i *instance, p routerostest.BGPPeer, neighbour netip.Addr) routerostest.BGPSession {
	s := routerostest.BGPSession{
		Peer: p.Name, State: "idle", Met: r.openIn != nil, RemoteAddress: neighbour, LocalAddress: r.here, LocalID: i.id,
		Started: r.started, Stopped: r.stopped, NotificationIn: r.notificationIn, NotificationOut: r.notificationOut,
	}
	if !s.LocalAddress.IsValid() {
		s.LocalAddress = p.LocalAddress
	}
	if open := r.openIn; open != nil {
		s.RemoteAS, s.RemoteID, s.RemoteHoldTime = as(open), open.ID, time.Duration(open.HoldTime)*time.Second
		s.RemoteCapabilities = capabilities(open)
	}
	if r.openOut != nil {
		s.LocalCapabilities = capabilities(r.openOut)
	}
	return s
}

// fill adds what GoBGP knows of a session.
func fill(s *routerostest.BGPSession, n *api.Peer) {
	s.State = strings.ToLower(strings.TrimPrefix(n.State.SessionState.String(), "SESSION_STATE_"))
	if in, out := n.State.Messages.GetReceived(), n.State.Messages.GetSent(); in != nil && out != nil {
		s.MessagesIn, s.MessagesOut = int(in.Total), int(out.Total)
		s.UpdatesIn, s.UpdatesOut = int(in.Update), int(out.Update)
	}
	if s.State != "established" {
		return
	}
	if !s.Met { // what went over the wire is read in a moment
		s.Met, s.RemoteAS = true, n.State.PeerAsn
		s.RemoteID, _ = netip.ParseAddr(n.State.RouterId)
		s.LocalAddress, _ = netip.ParseAddr(n.Transport.LocalAddress)
	}
	s.HoldTime = time.Duration(n.Timers.State.NegotiatedHoldTime) * time.Second
	s.Keepalive = time.Duration(n.Timers.State.KeepaliveInterval) * time.Second
	for _, f := range n.AfiSafis {
		s.Prefixes += int(f.State.GetReceived())
	}
}

// routes adds what the instance has learned.
func (i *instance) routes(state *routerostest.BGPState) {
	for _, family := range families {
		// An error says that the instance has ended.
		_ = i.server.ListPath(apiutil.ListPathRequest{TableType: api.TableType_TABLE_TYPE_GLOBAL, Family: family}, func(nlri bgp.NLRI, paths []*apiutil.Path) {
			destination, err := netip.ParsePrefix(nlri.String())
			if err != nil {
				return
			}
			for _, path := range paths {
				p, ok := i.with(path.PeerAddress)
				if !ok {
					continue
				}
				gateway, attributes := read(path.Attrs)
				via, link, _ := here.Way(gateway) // none, if there is an error
				state.Routes = append(state.Routes, routerostest.BGPRoute{
					Peer: p.Name, From: path.PeerAddress, Destination: destination, Gateway: gateway, Via: via, Interface: link,
					Best: path.Best, Internal: path.PeerASN == i.as, BGPAttributes: attributes,
				})
			}
		})
	}
}

// settle orders routes, and leaves one best where instances do not know of each other: of the shorter distance.
func settle(routes []routerostest.BGPRoute) {
	worse := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	slices.SortFunc(routes, func(a, b routerostest.BGPRoute) int {
		if c := a.Destination.Compare(b.Destination); c != 0 {
			return c
		}
		if c := worse(!a.Best) - worse(!b.Best); c != 0 {
			return c
		}
		if c := worse(a.Internal) - worse(b.Internal); c != 0 {
			return c
		}
		return a.From.Compare(b.From)
	})
	for n := 1; n < len(routes); n++ {
		if routes[n].Destination == routes[n-1].Destination {
			routes[n].Best = false
		}
	}
}

// told is what a neighbour has been told.
func (i *instance) told(p routerostest.BGPPeer, neighbour netip.Addr) (all []routerostest.BGPAdvertisement) {
	for _, family := range families {
		// An error says that the session has ended.
		_ = i.server.ListPath(apiutil.ListPathRequest{
			TableType: api.TableType_TABLE_TYPE_ADJ_OUT, Name: neighbour.String(), Family: family,
		}, func(nlri bgp.NLRI, paths []*apiutil.Path) {
			destination, err := netip.ParsePrefix(nlri.String())
			if err != nil {
				return
			}
			for _, path := range paths {
				gateway, attributes := read(path.Attrs)
				all = append(all, routerostest.BGPAdvertisement{
					Peer: p.Name, To: neighbour, Destination: destination, Gateway: gateway, BGPAttributes: attributes,
				})
			}
		})
	}
	return all
}
