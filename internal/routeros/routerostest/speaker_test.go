package routerostest

import (
	"errors"
	"maps"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// recorder is a speaker that notes what it is told, and knows what the test says.
type recorder struct {
	peers   []BGPPeer
	told    int
	changed func()
	state   BGPState
	err     error
	closed  bool
}

func (s *recorder) Peer(peers []BGPPeer, changed func()) error {
	s.peers, s.changed = peers, changed
	s.told++
	return s.err
}

func (s *recorder) State() BGPState { return s.state }

func (s *recorder) Close() error {
	s.closed = true
	return nil
}

// peer gives the peer of that name as the speaker knows it.
func (s *recorder) peer(t *testing.T, name string) BGPPeer {
	t.Helper()
	for _, p := range s.peers {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("the speaker knows of no peer %s: %v", name, s.peers)
	return BGPPeer{}
}

func (s *recorder) names() string {
	var names []string
	for _, p := range s.peers {
		names = append(names, p.Name)
	}
	return strings.Join(names, ",")
}

// equal compares what the speaker was told of a peer.
func equal(t *testing.T, got, want BGPPeer) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the speaker was told\n%+v, not\n%+v", got, want)
	}
}

// TestSpeaker6: a peer has its instance's number and router id, and its own switches.
func TestSpeaker6(t *testing.T) {
	s := &recorder{}
	r := StartTest(t, "6.49.15", Speaks(s))
	run(t, r, "", instanceMenu+"/set", "=.id=default", "=as=65000", "=router-id=10.0.0.1")
	run(t, r, "", peerMenu+"/add", "=name=plain", "=remote-address=10.0.0.2", "=remote-as=65010")
	equal(t, s.peer(t, "plain"), BGPPeer{
		Name: "plain", LocalAS: 65000, RemoteAS: 65010, RouterID: netip.MustParseAddr("10.0.0.1"), Remote: netip.MustParsePrefix("10.0.0.2/32"),
		HoldTime: 3 * time.Minute, Keepalive: time.Minute, Connect: true, Listen: true, Families: []string{"ip"},
	})
	run(t, r, "", instanceMenu+"/add", "=name=second", "=as=65001")
	run(t, r, "", peerMenu+"/add", "=name=rich", "=instance=second", "=remote-address=2001:db8::2", "=remote-as=65010", "=multihop=yes",
		"=passive=yes", "=hold-time=30s", "=keepalive-time=7s", "=tcp-md5-key=k", "=update-source=2001:db8::1", "=remote-port=1179",
		"=address-families=ip,ipv6")
	equal(t, s.peer(t, "rich"), BGPPeer{
		Name: "rich", LocalAS: 65001, RemoteAS: 65010, LocalAddress: netip.MustParseAddr("2001:db8::1"), Remote: netip.MustParsePrefix("2001:db8::2/128"),
		RemotePort: 1179, HoldTime: 30 * time.Second, Keepalive: 7 * time.Second, MD5Key: "k", Multihop: true, Listen: true,
		Families: []string{"ip", "ipv6"},
	})
	run(t, r, "", peerMenu+"/add", "=name=internal", "=remote-address=10.0.0.3", "=remote-as=65000", "=hold-time=infinity")
	if p := s.peer(t, "internal"); !p.Multihop || p.HoldTime != 0 {
		t.Errorf("%+v", p)
	}
	told := s.told
	run(t, r, "", peerMenu+"/set", "=.id=plain", "=comment=nothing to a speaker")
	if s.told != told {
		t.Error("the speaker was told of a comment")
	}
	run(t, r, "", peerMenu+"/disable", "=numbers=plain")
	run(t, r, "", instanceMenu+"/disable", "=numbers=second")
	if got := s.names(); got != "internal" {
		t.Errorf("the speaker knows of %s", got)
	}
}

// TestSpeaker7: templates, instances and names of router ids are resolved, and what does not work is left out.
func TestSpeaker7(t *testing.T) {
	s := &recorder{}
	r := StartTest(t, "7.20.8", Speaks(s))
	run(t, r, "", "/routing/id/add", "=name=me", "=id=10.0.0.9")
	run(t, r, "", instanceMenu+"/add", "=name=i", "=as=65000", "=router-id=me")
	run(t, r, "", templateMenu+"/add", "=name=outer", "=hold-time=30s", "=afi=ipv6", "=multihop=yes")
	run(t, r, "", templateMenu+"/add", "=name=inner", "=templates=outer", "=afi=ip,ipv6")
	run(t, r, "", connectionMenu+"/add", "=name=c", "=instance=i", "=templates=inner", "=local.role=ebgp", "=remote.address=10.0.0.2",
		"=remote.as=65010", "=local.address=10.0.0.1", "=local.port=1179", "=listen=no")
	equal(t, s.peer(t, "c"), BGPPeer{
		Name: "c", LocalAS: 65000, RemoteAS: 65010, RouterID: netip.MustParseAddr("10.0.0.9"), LocalAddress: netip.MustParseAddr("10.0.0.1"),
		LocalPort: 1179, Remote: netip.MustParsePrefix("10.0.0.2/32"), HoldTime: 30 * time.Second, Keepalive: 10 * time.Second, Multihop: true,
		Connect: true, Families: []string{"ip", "ipv6"},
	})
	run(t, r, "", connectionMenu+"/add", "=name=range", "=instance=i", "=local.role=ibgp", "=remote.address=10.0.3.0/24", "=connect=no")
	equal(t, s.peer(t, "range"), BGPPeer{
		Name: "range", LocalAS: 65000, RouterID: netip.MustParseAddr("10.0.0.9"), Remote: netip.MustParsePrefix("10.0.3.0/24"),
		HoldTime: 3 * time.Minute, Keepalive: time.Minute, Multihop: true, Listen: true, Families: []string{"ip"},
	})
	run(t, r, "", instanceMenu+"/add", "=name=bad", "=as=65001", "=router-id=0.0.0.0")
	run(t, r, "", connectionMenu+"/add", "=name=inactive", "=instance=bad", "=local.role=ebgp", "=remote.address=10.0.0.4")
	run(t, r, "", connectionMenu+"/add", "=name=nobody", "=instance=i", "=local.role=ebgp")
	run(t, r, "", connectionMenu+"/disable", "=numbers=range")
	if got := s.names(); got != "c" {
		t.Errorf("the speaker knows of %s", got)
	}

	old := &recorder{}
	r = StartTest(t, "7.12.2", Speaks(old))
	run(t, r, "", templateMenu+"/set", "=.id=default", "=as=65002", "=hold-time=9s")
	run(t, r, "", connectionMenu+"/add", "=name=c", "=local.role=ebgp", "=remote.address=10.0.0.2", "=router-id=10.0.0.7")
	if p := old.peer(t, "c"); p.LocalAS != 65002 || p.HoldTime != 9*time.Second || p.RouterID != netip.MustParseAddr("10.0.0.7") {
		t.Errorf("%+v", p)
	}
}

// TestSpeakersState: what the speaker knows is in the menus, and who listens to them hears of changes.
func TestSpeakersState(t *testing.T) {
	from, destination := netip.MustParseAddr("10.0.0.2"), netip.MustParsePrefix("203.0.113.0/24")
	state := BGPState{
		Sessions: []BGPSession{
			{Peer: "c", State: "established", Met: true, RemoteAddress: from, RemoteAS: 65010, RemoteID: from, HoldTime: 30 * time.Second,
				Keepalive: 10 * time.Second, Started: time.Now(), Prefixes: 1, RemoteCapabilities: []string{"mp", "as4"}, NotificationIn: []byte{0xff, 3}},
			{Peer: "silent", State: "active", RemoteAddress: netip.MustParseAddr("10.0.0.3")},
		},
		Routes: []BGPRoute{{Peer: "c", From: from, Destination: destination, Gateway: from, Via: from, Interface: "ether1", Best: true,
			BGPAttributes: BGPAttributes{ASPath: []uint32{65010, 65011}, Origin: "igp", MED: new(uint32(5)), Communities: []string{"no-export"}}}},
		Advertisements: []BGPAdvertisement{{Peer: "c", To: from, Destination: destination, Gateway: from}},
	}

	s := &recorder{state: state}
	six := StartTest(t, "6.49.15", Speaks(s))
	run(t, six, "", peerMenu+"/add", "=name=c", "=remote-address=10.0.0.2", "=remote-as=65010")
	run(t, six, "", peerMenu+"/add", "=name=silent", "=remote-address=10.0.0.3", "=remote-as=65010")
	has(t, six, peerMenu, map[string]string{"name": "c", "state": "established", "established": "true", "used-hold-time": "30s", "prefix-count": "1",
		"as4-capability": "true", "refresh-capability": "false"}, map[string]string{"name": "silent", "state": "active"})
	has(t, six, ipRouteMenu, map[string]string{"dst-address": "203.0.113.0/24", "bgp-as-path": "65010,65011", "bgp-med": "5",
		"bgp-communities": "no-export", "received-from": "c", "active": "true", "dynamic": "true"})
	has(t, six, advertisementMenu, map[string]string{"peer": "c", "prefix": "203.0.113.0/24", "nexthop": "10.0.0.2"})

	s = &recorder{state: state}
	seven := StartTest(t, "7.20.8", Speaks(s))
	run(t, seven, "", instanceMenu+"/add", "=name=i", "=as=65000", "=router-id=10.0.0.1")
	for name, address := range map[string]string{"c": "10.0.0.2", "silent": "10.0.0.3"} {
		run(t, seven, "", connectionMenu+"/add", "=name="+name, "=instance=i", "=local.role=ebgp", "=remote.address="+address)
	}
	has(t, seven, sessionMenu, map[string]string{"name": "c-1", "established": "true", "hold-time": "30s", "remote.as": "65010",
		"remote.capabilities": "mp,as4", "input.last-notification": "ff03"})
	has(t, seven, routeMenu, map[string]string{"dst-address": "203.0.113.0/24", "immediate-gw": "10.0.0.2%ether1", "bgp.session": "c-1",
		"contribution": "active", "distance": "20"})
	has(t, seven, advertisementMenu)
	run(t, seven, "", connectionMenu+"/set", "=.id=c", "=output.keep-sent-attributes=yes")
	has(t, seven, advertisementMenu, map[string]string{"peer": "c-1", "dst": "203.0.113.0/24"})

	s.state = BGPState{}
	s.changed()
	has(t, seven, sessionMenu)
	has(t, seven, routeMenu)
}

// TestGateways: a route goes by a neighbour, by others to which there is a way, or is not in use.
func TestGateways(t *testing.T) {
	far, hop := netip.MustParseAddr("192.168.6.2"), netip.MustParseAddr("198.51.100.2")
	route := BGPRoute{Peer: "c", From: far, Destination: netip.MustParsePrefix("203.0.113.0/24"), Gateway: far, Best: true}
	for _, version := range []string{"6.49.15", "7.24"} {
		s := &recorder{state: BGPState{Routes: []BGPRoute{route}}}
		r := StartTest(t, version, Speaks(s))
		menu, active, off := routeMenu, map[string]string{"immediate-gw": "198.51.100.2%ether3", "contribution": "active"}, map[string]string{"immediate-gw": ""}
		if version[0] == '6' {
			menu, active = ipRouteMenu, map[string]string{"gateway-status": "192.168.6.2 recursive via 198.51.100.2 ether3", "active": "true"}
			off = map[string]string{"gateway-status": "192.168.6.2 unreachable", "active": ""}
		}
		has(t, r, menu, off)
		s.state.Routes[0].Via, s.state.Routes[0].Interface = hop, "ether3"
		has(t, r, menu, active)
	}
}

// has compares some of the properties of a menu's rows with the ones that are wanted.
func has(t *testing.T, r *Router, menu string, wanted ...map[string]string) {
	t.Helper()
	rows := r.Print(menu)
	if len(rows) != len(wanted) {
		t.Fatalf("%s has %d rows, not %d: %v", menu, len(rows), len(wanted), rows)
	}
	for i, want := range wanted {
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if rows[i][name] != want[name] {
				t.Errorf("%s: %s is %q, not %q: %v", menu, name, rows[i][name], want[name], rows[i])
			}
		}
	}
}

// TestSpeakerOfARunningRouter: one that comes too late is not told of anything, nor closed.
func TestSpeakerOfARunningRouter(t *testing.T) {
	first, late := &recorder{}, &recorder{}
	r, err := Start("6.49.15", Speaks(first))
	if err != nil {
		t.Fatal(err)
	}
	r.Configure(Speaks(late))
	run(t, r, "", peerMenu+"/add", "=name=c", "=remote-address=10.0.0.2", "=remote-as=65010")
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if first.told != 1 || !first.closed || late.told != 0 || late.closed {
		t.Errorf("the first one %+v, the late one %+v", first, late)
	}
}

// TestSpeakersFailure is told until the configuration has become one that can be carried out.
func TestSpeakersFailure(t *testing.T) {
	s := &recorder{err: errors.New("port 179 is taken")}
	r, err := Start("6.49.15", Speaks(s))
	if err != nil {
		t.Fatal(err)
	}
	run(t, r, "", peerMenu+"/add", "=name=c", "=remote-address=10.0.0.2", "=remote-as=65010")
	if err := r.Failure(); err == nil || !strings.Contains(err.Error(), "the BGP speaker: port 179 is taken") {
		t.Error(err)
	}
	s.err = nil
	run(t, r, "", peerMenu+"/remove", "=numbers=c")
	if err := r.Failure(); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil || !s.closed {
		t.Errorf("%v, closed %v", err, s.closed)
	}
}
