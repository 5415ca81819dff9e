package routeros

import (
	"regexp"
	"strconv"
	"strings"
)

// What a router sees. These menus are read by Query only.

// BGPSessions is what became of the BGP peers: on RouterOS 6 part of the peer, on RouterOS 7 a row of its own, which is
// there from when the neighbour first answered. Router.Sessions tells both alike.
var BGPSessions = &Menu{
	Noun: "BGP session",
	Key:  "name",
	Lack: noRoutingPackage,
	Paths: []Path{
		{v6, "/routing/bgp/peer"},
		{v7, "/routing/bgp/session"},
	},
	Words: []Word{
		{Name: "name", Spelled: []Spelling{{Range: v6}, {Range: v7, Decode: peerOf, Query: untold}}},
		{Name: "instance", Spelled: []Spelling{{Range: v6}, {Range: since720}}},
		address("remote.address", "remote-address"),
		renamed("remote.as", "remote-as"),
		renamed("remote.id", "remote-id"),
		address("local.address", "local-address"),
		{Name: "local.as", Spelled: []Spelling{{Range: v7}}},
		{Name: "local.role", Spelled: []Spelling{{Range: v6, Word: "route-reflect", Decode: roleOf}, {Range: v7}}},
		toggle("established"),
		{Name: "state", Spelled: []Spelling{{Range: v6}}},
		{Name: "uptime"},
		{Name: "prefix-count"},
		renamed("hold-time", "used-hold-time"),
		renamed("keepalive-time", "used-keepalive-time"),
		renamed("remote.hold-time", "remote-hold-time"),
		// Why it is down. What RouterOS 7 says of the peer itself is in bgpNeighbour.
		{Name: "output.last-notification", Spelled: only(v7)},
		{Name: "input.last-notification", Spelled: only(v7)},
		{Name: "last-stopped", Spelled: only(v7)},
		toggle("stopped", v7),
		toggle("limit-exceeded", v7),
		{Name: "multihop", Spelled: []Spelling{{Decode: ifSet}}},
		{Name: "tcp-md5-key", Spelled: []Spelling{{Range: v6, Decode: hidden}}},
		toggle("output.keep-sent-attributes", v7),
		toggle("disabled", v6),
	},
}

// bgpNeighbour is what a RouterOS 7 says of a peer beside its session.
var bgpNeighbour = &Menu{
	Noun:  "BGP peer",
	Key:   "name",
	Paths: []Path{{v7, "/routing/bgp/connection"}},
	Words: []Word{
		{Name: "name"},
		{Name: "instance", Spelled: []Spelling{{Range: to720, Word: "templates", Decode: first, Query: untold}, {Range: since720}}},
		address("remote.address", ""),
		{Name: "remote.as"},
		{Name: "asked.as", Spelled: []Spelling{{Word: "remote.as"}}}, // where the session has the neighbour's own
		{Name: "remote.port"},
		{Name: "local.port"},
		{Name: "as"},
		{Name: "local.role"},
		{Name: "multihop", Spelled: []Spelling{{Decode: ifSet}}},
		{Name: "connect"},
		{Name: "listen"},
		{Name: "tcp-md5-key", Spelled: []Spelling{{Decode: hidden}}},
		toggle("disabled"),
		{Name: ".about"},
	},
}

// bgpTemplate is what RouterOS 7 gives to connections without showing it there.
var bgpTemplate = &Menu{
	Noun:  "BGP template",
	Key:   "name",
	Paths: []Path{{v7, "/routing/bgp/template"}},
	Words: []Word{{Name: "name"}, toggle("multihop")},
}

// ownAddresses4 and ownAddresses6 are where the router has networks.
var (
	ownAddresses4 = ownAddresses("/ip/address")
	ownAddresses6 = ownAddresses("/ipv6/address")
)

func ownAddresses(path string) *Menu {
	return &Menu{
		Noun:  "address",
		Key:   "address",
		Paths: []Path{{Path: path}},
		Words: []Word{{Name: "address"}, {Name: "network"}, toggle("disabled")},
	}
}

// BGPAdvertisements are the prefixes that peers were told.
var BGPAdvertisements = &Menu{
	Noun:  "BGP advertisement",
	Key:   "dst",
	Lack:  noRoutingPackage,
	Paths: []Path{{Path: "/routing/bgp/advertisements"}},
	Words: []Word{
		{Name: "peer"},
		{Name: "dst", Spelled: []Spelling{{Range: v6, Word: "prefix", Decode: network, Query: eitherForm}, {Range: v7, Decode: network, Query: eitherForm}}},
		{Name: "nexthop"},
		{Name: "origin"},
		{Name: "as-path"},
		{Name: "local-pref"},
		{Name: "med"},
		{Name: "communities"},
		{Name: "originator-id"},
		{Name: "cluster-list"},
	},
}

// Routes is the routing table: of IPv4 on RouterOS 6, of all address families on RouterOS 7.
var Routes = &Menu{
	Noun: "route",
	Key:  "dst-address",
	Paths: []Path{
		{v6, "/ip/route"},
		{v7, "/routing/route"},
	},
	Words: []Word{
		{Name: "dst-address", Spelled: []Spelling{{Decode: network, Query: eitherForm}}},
		{Name: "gateway"},
		{Name: "protocol", Spelled: []Spelling{
			{Range: v6, Switches: map[string]string{"bgp": "bgp", "connected": "connect", "ospf": "ospf", "rip": "rip", "static": "static"}},
			{Range: v7, Switches: map[string]string{"bgp": "bgp", "connected": "connect", "dhcp": "dhcp", "ospf": "ospf", "rip": "rip",
				"static": "static", "vpn": "vpn"}},
		}},
		toggle("active"),
		toggle("dynamic"),
		toggle("disabled"),
		{Name: "blackhole", Default: "no", Spelled: []Spelling{
			{Range: v6, Word: "type", Decode: isBlackhole, Query: untold},
			{Range: v7, Decode: isSet, Query: whetherSet},
		}},
		{Name: "routing-table", Default: "main", Spelled: []Spelling{{Range: v6, Word: "routing-mark", Query: orAbsent("main")}, {Range: v7}}},
		{Name: "distance"},
		{Name: "scope"},
		{Name: "target-scope"},
		{Name: "pref-src"},
		{Name: "immediate-gw", Spelled: []Spelling{{Range: v7}}},
		{Name: "gateway-status", Spelled: []Spelling{{Range: v6}}},
		{Name: "afi", Spelled: []Spelling{{Range: v7}}},
		{Name: "belongs-to", Spelled: []Spelling{{Range: v7}}},
		{Name: "received-from", Spelled: []Spelling{{Range: v6}, {Range: v7, Word: "bgp.session", Decode: peerOf, Query: untold}}},
		renamed("bgp.as-path", "bgp-as-path"),
		renamed("bgp.local-pref", "bgp-local-pref"),
		renamed("bgp.med", "bgp-med"),
		renamed("bgp.origin", "bgp-origin"),
		renamed("bgp.communities", "bgp-communities"),
		{Name: "comment"},
	},
}

// NATRules is /ip/firewall/nat, all chains of it.
var NATRules = &Menu{
	Noun:  "NAT rule",
	Paths: []Path{{Path: "/ip/firewall/nat"}},
	Words: []Word{
		{Name: "chain"},
		{Name: "action", Default: "accept"},
		{Name: "protocol"},
		address("src-address", "src-address"),
		address("dst-address", "dst-address"),
		{Name: "src-port"},
		{Name: "dst-port"},
		{Name: "in-interface"},
		{Name: "in-interface-list"},
		{Name: "out-interface"},
		{Name: "out-interface-list"},
		address("to-addresses", "to-addresses"),
		{Name: "to-ports"},
		{Name: "comment"},
		toggle("disabled"),
		toggle("dynamic"),
		toggle("invalid"),
	},
}

// The two records of a router about itself.
var (
	systemResource = &Menu{
		Noun:  "router",
		Paths: []Path{{Path: "/system/resource"}},
		Words: []Word{
			{Name: "version", Spelled: []Spelling{{Decode: release}}},
			{Name: "channel", Spelled: []Spelling{{Word: "version", Decode: channel}}},
			{Name: "major", Spelled: []Spelling{{Word: "version", Decode: major}}},
			{Name: "board-name"},
			{Name: "architecture-name"},
			{Name: "platform"},
			{Name: "cpu"},
			{Name: "cpu-count"},
			{Name: "total-memory"},
			{Name: "uptime"},
		},
	}
	systemIdentity = &Menu{
		Noun:  "router",
		Paths: []Path{{Path: "/system/identity"}},
		Words: []Word{{Name: "identity", Spelled: []Spelling{{Word: "name"}}}},
	}
)

// renamed is a word that RouterOS 6 calls otherwise.
func renamed(name, six string) Word {
	return Word{Name: name, Spelled: []Spelling{{Range: v6, Word: six}, {Range: v7}}}
}

// address is a word, called otherwise on RouterOS 6, whose value may be a host.
func address(name, six string) Word {
	return Word{Name: name, Spelled: []Spelling{
		{Range: v6, Word: six, Decode: bare, Query: eitherForm},
		{Range: v7, Decode: bare, Query: eitherForm},
	}}
}

// toggle is a word that is on or off, in all releases or some.
func toggle(name string, in ...Range) Word {
	w := Word{Name: name, Default: "no"}
	if in == nil {
		in = []Range{{}}
	}
	for _, r := range in {
		w.Spelled = append(w.Spelled, Spelling{Range: r, Decode: isSet, Query: whetherSet})
	}
	return w
}

// ifSet is what nothing is said of where it is off.
func ifSet(wire, _ string) string {
	if isSet(wire, "") == "true" {
		return "true"
	}
	return ""
}

// hidden is a secret of which only matters that there is one.
func hidden(wire, _ string) string {
	if wire == "" {
		return ""
	}
	return Masked
}

var numbered = regexp.MustCompile(`-\d+$`)

// peerOf gives the peer of a session, which is named after it: `worker1-1`.
func peerOf(session, _ string) string { return numbered.ReplaceAllString(session, "") }

// RouterOS 6 has the blackhole among the types of a route.
func isBlackhole(kind, _ string) string {
	if kind == "blackhole" {
		return "true"
	}
	return ""
}

func orAbsent(standard string) func(property, value string) []string {
	return func(property, value string) []string {
		asked := []string{"?" + property + "=" + value}
		if value == standard {
			asked = append(asked, "?-"+property, "?#|")
		}
		return asked
	}
}

// A version is printed as `7.20.8 (stable)`.

func release(wire, _ string) string {
	number, _, _ := strings.Cut(wire, " ")
	return number
}

func channel(wire, _ string) string {
	_, name, _ := strings.Cut(wire, " (")
	return strings.TrimSuffix(name, ")")
}

func major(wire, _ string) string {
	v, err := ParseVersion(wire)
	if err != nil {
		return ""
	}
	return strconv.Itoa(v.Major)
}
