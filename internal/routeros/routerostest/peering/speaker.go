// Package peering gives a simulated router a real BGP speaker, GoBGP, see [routerostest.Speaks]: its sessions, routes
// and advertisements are then those that there are. [Upstream] is a neighbour for it in another network namespace.
package peering

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// Speaker speaks BGP in the network namespace of the program, whose routes it does not touch. Where GoBGP knows less
// than RouterOS:
//
//   - A peer takes calls as well, whatever its Listen says, if somebody of its instance listens.
//   - One that may have any AS number may also be any number of hops away, Multihop or not.
//   - An endless hold time is offered as the longest that can be told, 65535 s.
//   - A neighbour is never told of a route with its AS number in the path, which RouterOS 7 does with
//     output.no-early-cut, and RouterOS 6 always.
//   - Two peers of one instance cannot have the same neighbour.
//
// An instance of RouterOS is one of GoBGP: what has the same AS number and router id. It listens on the local addresses
// of its peers if all of them have one, else on all addresses, and on the local port of its first peer. An address and
// port that two instances want is of that with the earlier peer; the other one only calls. A neighbour that is to be
// listened for where its instance has not listened before costs the instance all its sessions.
//
// A router id that nobody has set is the highest IPv4 address that the namespace has when it is first needed, one of a
// loopback interface only if there is no other.
type Speaker struct {
	cancel context.CancelFunc
	ctx    context.Context // ends with Close
	runs   sync.WaitGroup
	wire   io.Closer // of what goes over the wire; nil before the first peer
	wake   chan struct{}
	state  atomic.Pointer[routerostest.BGPState]
	news   atomic.Bool // that the state has changed, and nobody was told

	looking sync.Mutex // one look after the other, so that the later one counts; before mu

	mu        sync.Mutex // guards all below
	peers     []routerostest.BGPPeer
	instances map[identity]*instance
	calls     map[call]*record
	ownID     netip.Addr
	changed   func()
}

var _ routerostest.Speaker = (*Speaker)(nil)

// New makes a speaker. It does nothing before it is told of peers; hearing what goes over the wire then takes the right
// to open packet sockets.
func New() *Speaker {
	s := &Speaker{wake: make(chan struct{}, 1), instances: map[identity]*instance{}, calls: map[call]*record{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.state.Store(&routerostest.BGPState{})
	return s
}

// Peer implements [routerostest.Speaker]. Its errors name the peer that there is no session with, or the address that
// nobody listens on; all other peers have what they should.
func (s *Speaker) Peer(peers []routerostest.BGPPeer, changed func()) error {
	s.mu.Lock()
	failed := s.carryOut(peers, changed)
	s.mu.Unlock()
	s.look()
	s.stir()
	return failed
}

// carryOut is Peer; the caller holds the lock.
func (s *Speaker) carryOut(peers []routerostest.BGPPeer, changed func()) (err error) {
	if s.ctx.Err() != nil {
		return errors.New("the speaker is closed")
	}
	if s.wire == nil {
		if len(peers) == 0 {
			return nil
		}
		if s.wire, err = hear(s.heard); err != nil {
			return err
		}
		s.runs.Go(s.tell)
	}
	s.peers, s.changed = slices.Clone(peers), changed
	s.forget()
	wanted, err := s.divide()
	return errors.Join(err, s.reconcile(wanted))
}

// tell looks at what there is when something has happened, and every second for what happens silently, and lets the
// router know.
func (s *Speaker) tell() {
	silently := time.NewTicker(time.Second)
	defer silently.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-silently.C:
		case <-s.wake:
			select { // what happens together is told once
			case <-s.ctx.Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
		s.look()
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if s.news.Swap(false) && s.ctx.Err() == nil {
			changed()
		}
	}
}

// stir says that something may have changed.
func (s *Speaker) stir() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// divide sorts the peers by instance, in their order, and says which cannot be had.
func (s *Speaker) divide() ([]wanted, error) {
	var all []wanted
	var failed error
	for _, p := range s.peers {
		if !p.Connect && !p.Listen {
			continue
		}
		who, err := s.identity(p)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("BGP peer %s: %w", p.Name, err))
			continue
		}
		at := slices.IndexFunc(all, func(w wanted) bool { return w.identity == who })
		if at < 0 {
			at, all = len(all), append(all, wanted{identity: who, peers: map[netip.Prefix]routerostest.BGPPeer{}})
		}
		if other, taken := all[at].peers[p.Remote]; taken {
			failed = errors.Join(failed, fmt.Errorf("BGP peers %s and %s: GoBGP has one session at most with %s as AS %d and router id %s",
				other.Name, p.Name, p.Remote, who.as, who.id))
			continue
		}
		all[at].peers[p.Remote] = p
		all[at].order = append(all[at].order, p)
	}
	return all, failed
}

// identity is the instance that a peer is of.
func (s *Speaker) identity(p routerostest.BGPPeer) (identity, error) {
	id := p.RouterID
	if !id.IsValid() {
		if !s.ownID.IsValid() {
			s.ownID = highest()
		}
		id = s.ownID
	}
	switch {
	case p.LocalAS == 0:
		return identity{}, errors.New("the router's AS number is 0, with which nobody speaks")
	case !id.Is4():
		return identity{}, fmt.Errorf("no router id: neither is one set, nor is there an IPv4 address to take (%s)", id)
	}
	return identity{p.LocalAS, id}, nil
}

// reconcile makes the instances those that are wanted.
func (s *Speaker) reconcile(all []wanted) error {
	var failed error
	listen(all)
	for who, i := range s.instances {
		at := slices.IndexFunc(all, func(w wanted) bool { return w.identity == who })
		if at < 0 || !i.covers(all[at].listens) || at > 0 && i.inTheWay(all[:at]) {
			failed = errors.Join(failed, i.stop())
			delete(s.instances, who)
		}
	}
	for _, w := range all {
		if s.instances[w.identity] == nil {
			i, err := s.start(w)
			failed = errors.Join(failed, err)
			if i == nil {
				continue
			}
			s.instances[w.identity] = i
		}
		failed = errors.Join(failed, s.instances[w.identity].keep(w.peers))
	}
	return failed
}

// start begins an instance; one that cannot listen still calls.
func (s *Speaker) start(w wanted) (*instance, error) {
	here := func(serve func()) error { go serve(); return nil }
	i, err := start(w.identity, w.listens, here)
	if err != nil && len(w.listens) > 0 {
		var again error
		i, again = start(w.identity, nil, here)
		err = errors.Join(err, again)
	}
	if i == nil {
		return nil, err
	}
	return i, errors.Join(err, i.watch(s.ctx, s.stir, func(neighbour netip.Addr, e event) { s.happened(i, neighbour, e) }))
}

// happened notes what became of a session.
func (s *Speaker) happened(i *instance, neighbour netip.Addr, e event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil || s.instances[i.identity] != i {
		return
	}
	if p, ok := i.with(neighbour); ok {
		s.record(p, neighbour).note(e)
	}
	if e.failed {
		i.again(neighbour)
	}
}

// State implements [routerostest.Speaker]. What happens is in it within a second, most of it in a twentieth of one.
func (s *Speaker) State() routerostest.BGPState { return *s.state.Load() }

// Close ends all sessions, with a notification where there is somebody to hear it, and waits until nothing of the
// speaker runs any more, no longer than a few seconds.
func (s *Speaker) Close() error {
	s.cancel()
	s.runs.Wait()
	var failed error
	s.mu.Lock()
	for who, i := range s.instances {
		failed = errors.Join(failed, i.stop())
		delete(s.instances, who)
	}
	wire := s.wire
	s.wire = nil
	s.mu.Unlock()
	if wire == nil {
		return failed
	}
	return errors.Join(failed, wire.Close()) // waits for who needs the lock
}
