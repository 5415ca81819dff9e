package peering

import (
	"net/netip"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// GoBGP keeps nothing of a session that failed, and tells nothing of an OPEN that it refused, or of why it was refused
// itself. What goes over the wire tells it.

// call is a peer and one of its neighbours.
type call struct {
	peer      string
	neighbour netip.Addr
}

// record is what is remembered of a session, whether it is up or not, for as long as there is its peer.
type record struct {
	here                            netip.Addr // where it came from or went to the last time
	openIn, openOut                 *bgp.BGPOpen
	notificationIn, notificationOut []byte
	up                              bool
	started, stopped                time.Time
}

// message is an OPEN or a NOTIFICATION as it goes over the wire.
type message struct {
	from, to netip.Addr
	bytes    []byte // from the marker on
}

// record gives what is remembered of a session; the caller holds the lock.
func (s *Speaker) record(p routerostest.BGPPeer, neighbour netip.Addr) *record {
	c := call{p.Name, neighbour}
	if s.calls[c] == nil {
		s.calls[c] = &record{}
	}
	return s.calls[c]
}

// forget drops what is remembered of peers that are gone.
func (s *Speaker) forget() {
	for c := range s.calls {
		kept := false
		for _, p := range s.peers {
			kept = kept || p.Name == c.peer && p.Remote.Contains(c.neighbour)
		}
		if !kept {
			delete(s.calls, c)
		}
	}
}

// heard notes a message, if it is one of ours.
func (s *Speaker) heard(m message) {
	parsed, err := bgp.ParseBGPMessage(m.bytes)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.instances {
		if p, ok := i.with(m.from); ok && from(p, m.to) {
			r := s.record(p, m.from)
			r.here = m.to
			r.receive(parsed, m.bytes)
		}
		if p, ok := i.with(m.to); ok && from(p, m.from) {
			r := s.record(p, m.to)
			r.here = m.from
			r.send(parsed, m.bytes)
		}
	}
	s.stir()
}

// from tells whether a session of the peer may have this end here. What is forwarded between two neighbours has none.
func from(p routerostest.BGPPeer, here netip.Addr) bool {
	if p.LocalAddress.IsValid() {
		return p.LocalAddress == here
	}
	return local(here) && here != p.Remote.Addr()
}

func (r *record) receive(m *bgp.BGPMessage, bytes []byte) {
	if open, ok := m.Body.(*bgp.BGPOpen); ok {
		r.openIn = open
	} else {
		r.notificationIn = bytes
	}
}

func (r *record) send(m *bgp.BGPMessage, bytes []byte) {
	if open, ok := m.Body.(*bgp.BGPOpen); ok {
		r.openOut = open
	} else {
		r.notificationOut = bytes
	}
}

// note keeps the times of a session.
func (r *record) note(e event) {
	switch up := e.state == bgp.BGP_FSM_ESTABLISHED; {
	case up && !r.up:
		r.started = e.when
		r.up = true
	case !up && r.up:
		r.stopped = e.when
		r.up = false
	}
}
