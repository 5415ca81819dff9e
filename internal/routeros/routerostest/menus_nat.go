package routerostest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// /ip/firewall/nat and the address lists beside it, after routeros-versions.md, routeros-api.md §8 and, for v6,
// routeros-v6.md §6.

const (
	natMenu  = "/ip/firewall/nat"
	listMenu = "/ip/firewall/address-list"
)

func natMenus() []*menu {
	addressTypes := set("unicast", "local", "broadcast", "multicast", "blackhole")
	anyInterface := not(interfaceName("all-ethernet", "all-ppp", "all-vlan", "all-wireless"))
	interfaceList := not(reference("/interface/list"))
	markOrNot := not(text())
	lists := []*menu{{
		path: listMenu, verbs: standard + switched, firstID: 1,
		args: []arg{
			{name: "list", kind: text(), fixed: true, required: always()},
			{name: "address", kind: either(ipv4Range(), text()), fixed: true, required: always()}, // or a name
			{name: "timeout", kind: duration(0, 21474836*time.Second, "none-dynamic", "none-static"), drop: true},
			comment(),
			{name: "disabled", kind: boolean(), def: new("false"), fixed: true},
		},
		computed: notDynamic,
		check: func(w *world, r *row) error {
			for _, o := range w.tables[listMenu].rows {
				if o.id != r.id && o.values["list"] == r.values["list"] && o.values["address"] == r.values["address"] {
					return failure("already have such entry")
				}
			}
			return nil
		},
	}}
	return append(lists, &menu{
		path: natMenu, verbs: standard + switched + "move unset", ordered: true, firstID: 1,
		print: "all chain dynamic static stats",
		args: []arg{
			{name: "chain", kind: text(), fixed: true, required: always()},
			{name: "action", def: new("accept"), fixed: true, kind: enum("accept", "jump", "return", "log", "passthrough",
				"add-src-to-address-list", "add-dst-to-address-list", "src-nat", "masquerade", "dst-nat", "redirect", "same",
				"netmap", "endpoint-independent-nat@7.1-", "socksify@7.20-")},
			{name: "address-list", kind: text(), fixed: true},
			{name: "address-list-timeout", kind: listTimeout(), fixed: true},
			comment(),
			{name: "connection-bytes", kind: connectionBytes()},
			{name: "connection-limit", kind: connectionLimit()},
			{name: "connection-mark", kind: markOrNot},
			{name: "connection-rate", kind: connectionRate()},
			{name: "connection-type", kind: not(enum("ftp", "pptp", "h323", "sip", "irc", "quake3", "tftp"))},
			{name: "content", kind: text()},
			{name: "dscp", kind: not(number(0, 63))},
			{name: "dst-address", kind: not(ipv4Range())},
			{name: "dst-address-list", kind: not(text())},
			{name: "dst-address-type", kind: not(addressTypes)},
			{name: "dst-limit", kind: dstLimit()},
			{name: "dst-port", kind: not(ports())},
			{name: "fragment", kind: boolean()},
			{name: "hotspot", kind: hotspot()},
			{name: "icmp-options", kind: icmpOptions()},
			{name: "in-bridge-port", kind: anyInterface},
			{name: "in-bridge-port-list", kind: interfaceList},
			{name: "in-interface", kind: anyInterface},
			{name: "in-interface-list", kind: interfaceList},
			{name: "ingress-priority", kind: not(number(0, 63))},
			{name: "ipsec-policy", kind: ipsecPolicy()},
			{name: "ipv4-options", kind: enum("strict-source-routing", "loose-source-routing", "no-source-routing",
				"record-route", "no-record-route", "timestamp", "no-timestamp", "router-alert", "no-router-alert", "any", "none")},
			{name: "jump-target", kind: text(), fixed: true},
			{name: "layer7-protocol", kind: not(text())},
			{name: "limit", kind: limit()},
			{name: "log", kind: boolean(), def: new("false"), fixed: true},
			{name: "log-prefix", kind: textUpTo(31, "7.21-"), def: new(""), fixed: true},
			{name: "nth", kind: nth()},
			{name: "out-bridge-port", kind: anyInterface},
			{name: "out-bridge-port-list", kind: interfaceList},
			{name: "out-interface", kind: anyInterface},
			{name: "out-interface-list", kind: interfaceList},
			{name: "packet-mark", kind: markOrNot},
			{name: "packet-size", kind: not(numberOrRange(65535))},
			{name: "per-connection-classifier", kind: classifier()},
			{name: "port", kind: not(ports())},
			{name: "priority", kind: not(number(0, 63))},
			{name: "protocol", kind: not(protocol())},
			{name: "psd", kind: psd()},
			{name: "random", kind: number(1, 99)},
			{name: "randomise-ports", in: "7.10-", kind: boolean(), fixed: true},
			{name: "realm", kind: realm()},
			{name: "routing-mark", kind: markOrNot},
			{name: "same-not-by-dst", kind: boolean(), fixed: true},
			{name: "socks5-port", in: "7.20-", kind: number(0, 65535), fixed: true},
			{name: "socks5-server", in: "7.20-", kind: ipv4(), fixed: true},
			{name: "socksify-service", in: "7.20-", kind: text(), fixed: true},
			{name: "src-address", kind: not(ipv4Range())},
			{name: "src-address-list", kind: not(text())},
			{name: "src-address-type", kind: not(addressTypes)},
			{name: "src-mac-address", kind: not(mac())},
			{name: "src-port", kind: not(ports())},
			{name: "tcp-mss", kind: not(numberOrRange(65535))},
			{name: "time", kind: timeOfDay()},
			{name: "tls-host", in: "-7.15", kind: not(text())},
			{name: "to-addresses", kind: ipv4Range()},
			{name: "to-ports", kind: toPorts()},
			{name: "tos", in: "7.21-", kind: tos()},
			{name: "ttl", kind: ttl()},
			{name: "disabled", kind: boolean(), def: new("false"), fixed: true},
		},
		computed: func(w *world, r *row) []pair {
			return append(notDynamic(w, r), append(flag(w, "invalid", dangling(w.tables[natMenu], r)),
				pair{"bytes", "0"}, pair{"packets", "0"})...)
		},
		check: portsNeedProtocol,
	})
}

// notDynamic prints the flag that other menus leave out.
func notDynamic(w *world, r *row) []pair {
	if r.dynamic {
		return nil
	}
	return flag(w, "dynamic", false)
}

// flag is a read-only property that says yes or no.
func flag(w *world, name string, on bool) []pair {
	if !on && w.quirks.absentFlags {
		return nil
	}
	return []pair{{name, strconv.FormatBool(on)}}
}

// dangling says whether a rule refers to something that was removed, an interface or a list of them: then the router
// shows it as invalid and passes over it.
func dangling(t *table, r *row) bool {
	return slices.ContainsFunc(t.order, func(a *arg) bool {
		return a.kind.ref != "" && strings.HasPrefix(strings.TrimPrefix(r.values[a.name], "!"), "*")
	})
}

// toPorts is a port or a range; empty leaves an empty property, like the matchers.
func toPorts() kind { return either(exactly(""), numberOrRange(65535)) }

// protocol is a name or a number of /etc/protocols, of which the common ones read back as names.
func protocol() kind {
	numbers := map[string]string{"1": "icmp", "2": "igmp", "6": "tcp", "17": "udp", "33": "dccp", "47": "gre",
		"50": "ipsec-esp", "51": "ipsec-ah", "89": "ospf", "103": "pim", "112": "vrrp", "115": "l2tp", "132": "sctp",
		"136": "udp-lite"}
	names := strings.Fields(`dccp ddp egp encap etherip ggp gre hmp icmp icmpv6 idpr-cmtp igmp ipencap ipip ipsec-ah
		ipsec-esp ipv6-encap ipv6-frag ipv6-nonxt ipv6-opts ipv6-route iso-tp4 l2tp ospf pim pup rdp rspf rsvp sctp st tcp
		udp udp-lite vmtp vrrp xns-idp xtp`)
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		if name := numbers[value]; name != "" {
			return name, nil
		}
		if slices.Contains(names, value) {
			return value, nil
		}
		if _, err := canonicalNumber(arg, value, 0, 255); err == nil {
			return value, nil
		}
		return "", noMatch(arg)
	}}
}

// portsNeedProtocol is the rule that every user of NAT meets (routeros-api.md §6). The text of v6 is shorter; how much
// is not known.
func portsNeedProtocol(w *world, r *row) error {
	if r.values["dst-port"] == "" && r.values["src-port"] == "" && r.values["port"] == "" {
		return nil
	}
	if slices.Contains([]string{"tcp", "udp", "udp-lite", "dccp", "sctp"}, r.values["protocol"]) {
		return nil
	}
	if w.version[0] == 6 {
		return failure("ports can be specified if proto is tcp or udp")
	}
	return failure("ports can be specified if proto is tcp,udp,udp-lite,dccp,sctp")
}
