package routerostest

import (
	"cmp"
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A simulated router by itself invents what BGP would bring. With a speaker it has real neighbours: its menus say whom
// to peer with, and the menus of sessions, routes and advertisements show what came of it.

// Speaker speaks BGP for a router, see [Speaks].
type Speaker interface {
	// Peer makes the speaker keep sessions with these peers and with nobody else. It is told all of them whenever the
	// router's configuration has changed one, under the router's lock: it must not wait for neighbours, nor call the
	// router. changed is for the speaker to call, while it holds no lock of its own, when its State has changed.
	Peer(peers []BGPPeer, changed func()) error
	// State tells what there is now, under the router's lock as well.
	State() BGPState
	// Close ends all sessions, and tells the neighbours so.
	Close() error
}

// Speaks gives the router a speaker, which the router closes. It has an effect at Start only. Neighbours that an option
// names, and [NoSessions], are then no longer of interest.
func Speaks(s Speaker) Option { return func(c *config) { c.speaker = s } }

// BGPPeer is a peer that is switched on and usable, as the router's menus have it, all inheritance resolved.
type BGPPeer struct {
	Name     string
	LocalAS  uint32
	RemoteAS uint32     // 0 for any
	RouterID netip.Addr // the zero Addr leaves it to the speaker
	// LocalAddress is where sessions come from; the zero Addr leaves it to the system.
	LocalAddress netip.Addr
	Remote       netip.Prefix // the neighbour, or a network out of which neighbours may call
	RemotePort   uint16       // 0 for 179
	LocalPort    uint16       // to listen on, 0 for 179
	// HoldTime and Keepalive are what the router offers; a HoldTime of 0 means for ever.
	HoldTime, Keepalive time.Duration
	MD5Key              string
	Multihop            bool     // the neighbour need not be on a network of the router
	Connect, Listen     bool     // who calls
	Families            []string // "ip", "ipv6"
}

// BGPState is what a speaker knows.
type BGPState struct {
	Sessions       []BGPSession
	Routes         []BGPRoute
	Advertisements []BGPAdvertisement
}

// BGPSession is what became of a peer; a peer that nobody calls and that calls nobody has none.
type BGPSession struct {
	Peer  string // the name of the BGPPeer
	State string // idle, connect, active, opensent, openconfirm or established
	// Met says that the neighbour has answered at least once: that there was a TCP connection and an OPEN from it.
	Met                     bool
	RemoteAddress           netip.Addr
	RemoteAS                uint32 // as the neighbour says; 0 before
	RemoteID                netip.Addr
	LocalAddress            netip.Addr
	LocalID                 netip.Addr
	HoldTime, Keepalive     time.Duration // as agreed
	RemoteHoldTime          time.Duration // as the neighbour offers
	Started, Stopped        time.Time     // the last time; zero for never
	Prefixes                int           // that were received
	MessagesIn, MessagesOut int
	UpdatesIn, UpdatesOut   int
	RemoteCapabilities      []string // mp, rr, gr, as4 …, in the router's words
	LocalCapabilities       []string
	NotificationIn          []byte // the last one, the whole message; nil for none
	NotificationOut         []byte
}

// BGPRoute is a route that a neighbour has announced.
type BGPRoute struct {
	Peer        string
	From        netip.Addr // the neighbour
	Destination netip.Prefix
	Gateway     netip.Addr
	// Via is the neighbour that packets to the gateway go to first, which is the gateway itself on a network of the router,
	// and Interface where it is; both are zero if there is no way to the gateway.
	Via       netip.Addr
	Interface string
	Best      bool // of all routes to the destination
	Internal  bool // from the same AS
	BGPAttributes
}

// inUse tells whether packets go by the route.
func (r BGPRoute) inUse() bool { return r.Best && r.Via.IsValid() }

// BGPAdvertisement is a route that a neighbour was told.
type BGPAdvertisement struct {
	Peer        string
	To          netip.Addr // the neighbour
	Destination netip.Prefix
	Gateway     netip.Addr
	BGPAttributes
}

// BGPAttributes are what comes with a route.
type BGPAttributes struct {
	ASPath      []uint32
	Origin      string // igp, egp or incomplete
	MED         *uint32
	LocalPref   *uint32
	Communities []string // "65001:100", "no-export"
}

// speak lets the speaker know what the configuration wants, if that has changed; the caller holds the lock.
func (r *Router) speak() {
	if r.config.speaker == nil || r.ctx.Err() != nil {
		return
	}
	peers := r.world.peers()
	if reflect.DeepEqual(peers, r.peers) {
		return
	}
	r.peers = peers
	r.failed("the BGP speaker", r.config.speaker.Peer(peers, r.learned))
}

// learned lets all who watch see that the speaker's state has changed.
func (r *Router) learned() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() == nil {
		r.publish()
	}
}

// peers are those that the router would have sessions with.
func (w *world) peers() []BGPPeer {
	if t := w.tables[peerMenu]; t != nil {
		return w.peers6(t)
	}
	var all []BGPPeer
	for _, c := range w.tables[connectionMenu].rows {
		if c.values["disabled"] == "true" || connectionTrouble(w, c) != "" {
			continue
		}
		get := func(name string) string { return inherited(w, c, name) }
		p := BGPPeer{
			Name: c.values["name"], LocalAS: asNumber(get("as")), RemoteAS: asNumber(c.values["remote.as"]),
			RemotePort: port(c.values["remote.port"]), LocalPort: port(c.values["local.port"]), MD5Key: c.values["tcp-md5-key"],
			Multihop: get("multihop") == "true" || strings.HasPrefix(c.values["local.role"], "ibgp"),
			Connect:  c.values["connect"] != "false", Listen: c.values["listen"] != "false",
			Families: strings.Split(cmp.Or(get("afi"), get("address-families"), "ip"), ","),
		}
		p.RouterID, _ = netip.ParseAddr(w.routerID(get("router-id")))
		p.LocalAddress, _ = netip.ParseAddr(c.values["local.address"])
		p.times(get("hold-time"), get("keepalive-time"))
		if p.remote(c.values["remote.address"]) {
			all = append(all, p)
		}
	}
	return all
}

func (w *world) peers6(t *table) []BGPPeer {
	var all []BGPPeer
	for _, r := range t.rows {
		instances := w.tables[instanceMenu].named(valueOr(r, "instance", "default"))
		if r.values["disabled"] == "true" || len(instances) == 0 || instances[0].values["disabled"] == "true" {
			continue
		}
		instance := instances[0].values
		p := BGPPeer{
			Name: r.values["name"], LocalAS: asNumber(instance["as"]), RemoteAS: asNumber(r.values["remote-as"]),
			RemotePort: port(r.values["remote-port"]), MD5Key: r.values["tcp-md5-key"],
			Multihop: r.values["multihop"] == "true" || instance["as"] == r.values["remote-as"],
			Connect:  r.values["passive"] != "true", Listen: true,
			Families: strings.Split(valueOr(r, "address-families", "ip"), ","),
		}
		if id := instance["router-id"]; id != "0.0.0.0" {
			p.RouterID, _ = netip.ParseAddr(id)
		}
		p.LocalAddress, _ = netip.ParseAddr(r.values["update-source"])
		p.times(r.values["hold-time"], r.values["keepalive-time"])
		if p.remote(r.values["remote-address"]) {
			all = append(all, p)
		}
	}
	return all
}

// routerID is the address that a value of router-id stands for, which may be the name of a /routing/id.
func (w *world) routerID(value string) string {
	for _, id := range w.tables["/routing/id"].named(value) {
		return id.values["id"]
	}
	return value
}

// times reads the two times, the second of which follows from the first unless it is set.
func (p *BGPPeer) times(hold, keepalive string) {
	p.HoldTime = 180 * time.Second
	if d, ok := parseDuration(hold); ok {
		p.HoldTime = d
	} else if hold == "infinity" {
		p.HoldTime = 0
	}
	p.Keepalive = p.HoldTime / 3
	if d, ok := parseDuration(keepalive); ok {
		p.Keepalive = d
	}
}

// remote reads the neighbour's address; what is none, like an interface, is nobody that can be peered with here.
func (p *BGPPeer) remote(address string) bool {
	if a, err := netip.ParseAddr(address); err == nil {
		p.Remote = netip.PrefixFrom(a, a.BitLen())
		return true
	}
	n, err := netip.ParsePrefix(address)
	p.Remote = n.Masked()
	return err == nil
}

// asNumber reads an AS number; of a confederation's `65000/65101` it is the first.
func asNumber(s string) uint32 {
	own, _, _ := strings.Cut(s, "/")
	n, _ := strconv.ParseUint(own, 10, 32)
	return uint32(n)
}

func port(s string) uint16 {
	n, _ := strconv.ParseUint(s, 10, 16)
	return uint16(n)
}
