package routerostest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// BGP on RouterOS 7. Arguments and their versions are those of routeros-versions.md; TestTrees holds them against real
// command trees.

const (
	instanceMenu   = "/routing/bgp/instance"
	templateMenu   = "/routing/bgp/template"
	connectionMenu = "/routing/bgp/connection"
	sessionMenu    = "/routing/bgp/session"

	// standard are the commands of most menus; enable and disable come apart because /interface/list lacks them.
	standard = "print get find add set remove comment "
	switched = "enable disable "
)

func always() *releases  { return new(releases) }
func routingTable() kind { return reference("/routing/table") }
func vrf() kind          { return reference("/ip/vrf") }
func comment() arg       { return arg{name: "comment", kind: text(), drop: true, fixed: true} }
func routerID() kind     { return either(ipv4(), reference("/routing/id")) }

// prefixLimit was any number at first: terraform-routeros' own tests write 5 on 7.12 to 7.16. The grammar of 7.22 has
// powers of ten; when they came is unknown.
func prefixLimit() kind {
	return between("-7.16", number(0, 1<<32-1), enum("10", "100", "1000", "10000", "100000", "1000000", "10000000"))
}

func holdTime() kind {
	return between("7.12-", duration(3e9, 65535e9, "infinity"), duration(3e9, 3600e9, "infinity"))
}

func bgp7Menus() []*menu {
	inactive := func(w *world, r *row) []pair { return state(w, badRouterID(r.values["router-id"])) }
	return []*menu{
		{
			path: instanceMenu, in: "7.20-", verbs: standard + switched + "unset", key: "name", firstID: 1,
			autoName: "bgp-instance-", // [inf] from the names in public configurations; the name is not mandatory
			args: []arg{
				{name: "name", kind: text(), fixed: true},
				{name: "as", kind: asn(true)},
				{name: "cluster-id", kind: ipv4()},
				comment(),
				{name: "disabled", kind: boolean(), def: new("false"), fixed: true},
				{name: "ignore-as-path-len", kind: boolean()},
				{name: "multipath", in: "7.22-", kind: number(0, 1<<32-1)},
				{name: "router-id", kind: routerID()},
				{name: "routing-table", kind: routingTable()},
				{name: "vrf", kind: vrf()},
			},
			seed: func(w *world) []*row {
				if !w.quirks.defaultInstance {
					return nil
				}
				return []*row{{id: 1, values: map[string]string{"name": "default", "as": "65530"}}}
			},
			computed: inactive,
		},
		{
			path: templateMenu, in: "7.1-", verbs: standard + switched + "unset", key: "name", firstID: 1,
			args: append([]arg{
				{name: "name", kind: text(), fixed: true, required: always()},
				{name: "disabled", kind: boolean(), def: new("false"), fixed: true},
			}, sessionArgs()...),
			seed: func(w *world) []*row {
				if w.quirks.noDefaultTemplate {
					return nil
				}
				return []*row{{id: 0, builtin: true, values: map[string]string{"name": "default"},
					fixed: []pair{{"default", "true"}}}}
			},
			computed: inactive,
			keep: func(w *world, r *row) error {
				if r.builtin && w.quirks.or(w.quirks.keepTemplate, !w.version.atLeast(7, 20)) {
					return failure("can not remove default template") // text [inf]
				}
				return nil
			},
		},
		{
			path: connectionMenu, in: "7.1-", verbs: standard + switched + "unset", key: "name", firstID: 1,
			print:    "show-sensitive@7.21-",
			args:     append(connectionArgs(), sessionArgs()...),
			computed: connectionState,
		},
		{
			path: sessionMenu, in: "7.1-", verbs: "print get find unset", live: sessions,
			extra: []verb{
				{name: "clear", args: spec("flag numbers"), run: (*call).touch},
				{name: "refresh", args: spec("address-family@-7.18 afi@7.19- numbers"), run: (*call).touch},
				{name: "resend", args: spec("address-family@-7.18 afi@7.19- numbers save-to@-7.23"), run: (*call).touch},
				{name: "stop", args: spec("numbers"), run: (*call).touch},
			},
		},
	}
}

// connectionArgs are those that only a connection has.
func connectionArgs() []arg {
	address := between("7.19-", either(reference("/interface"), ipOrPrefix()), ipOrPrefix())
	local := between("7.19-", either(reference("/interface"), ip()), ip())
	return []arg{
		{name: "name", kind: text(), fixed: true, required: always()},
		{name: "instance", in: "7.20-", kind: reference(instanceMenu), fixed: true, required: always()},
		{name: "connect", kind: boolean(), fixed: true},
		{name: "disabled", kind: boolean(), fixed: true},
		{name: "listen", kind: boolean(), fixed: true},
		{name: "local.address", kind: local},
		{name: "local.port", kind: number(0, 65535)},
		{name: "local.role", fixed: true, required: always(), kind: enum("ibgp", "ibgp-rr", "ebgp", "ebgp-provider",
			"ebgp-rs", "ebgp-rs-client", "ebgp-customer", "ebgp-peer")},
		{name: "local.ttl", kind: number(1, 255), fixed: true},
		{name: "remote.address", kind: address, read: maskRead},
		{name: "remote.allowed-as", kind: text()},
		{name: "remote.as", kind: asn(true)},
		{name: "remote.port", kind: number(0, 65535)},
		{name: "remote.ttl", kind: number(1, 255), fixed: true},
		{name: "tcp-md5-key", kind: textUpTo(80, ""), secret: true},
	}
}

// sessionArgs are those that a template and a connection have in common.
func sessionArgs() []arg {
	families := set("ip", "ipv6", "l2vpn", "l2vpn-cisco", "vpnv4", "vpnv6@7.15-", "evpn@7.20-")
	sources := set("connected", "static", "rip", "ospf", "isis@7.16-", "bgp", "vpn", "dhcp", "fantasy", "modem",
		"bgp-mpls-vpn", "slaac@7.21.4-")
	return []arg{
		{name: "add-path-out", in: "-7.21", kind: enum("all", "none")},
		{name: "address-families", in: "-7.18", kind: families},
		{name: "afi", in: "7.19-", kind: families},
		// The slash of a confederation is in the grammar of the instance since there is one.
		{name: "as", kind: between("7.20-", asn(false), asn(true))},
		{name: "as-override", in: "-7.9", kind: boolean()},
		{name: "cisco-vpls-nlri-len-fmt", kind: enum("auto-bits", "auto-bytes", "bits", "bytes")},
		{name: "cluster-id", in: "-7.19", kind: ipv4()},
		comment(),
		{name: "hold-time", kind: holdTime()},
		{name: "input.accept-communities", kind: text()},
		{name: "input.accept-ext-communities", kind: text()},
		{name: "input.accept-large-communities", kind: text()},
		{name: "input.accept-nlri", kind: text()},
		{name: "input.accept-unknown", in: "-7.18", kind: text()},
		{name: "input.add-path", in: "7.22-", kind: set("ip", "ipv6")},
		{name: "input.affinity", kind: enum("main", "alone", "remote-as", "instance", "afi", "vrf")},
		{name: "input.allow-as", kind: number(0, 10)},
		{name: "input.attr-error-handling", in: "7.20.8-7.20 7.21.2-", kind: enum("default", "revised"), fixed: true},
		{name: "input.filter", kind: text()},
		{name: "input.filter-communities", in: "7.19-", kind: text()},
		{name: "input.filter-ext-communities", in: "7.19-", kind: text()},
		{name: "input.filter-large-communities", in: "7.19-", kind: text()},
		{name: "input.filter-nlri", in: "7.20-", kind: text()},
		{name: "input.filter-unknown", in: "7.19-", kind: text()},
		{name: "input.ignore-as-path-len", in: "-7.19", kind: boolean()},
		{name: "input.limit-process-routes-ipv4", kind: prefixLimit()},
		{name: "input.limit-process-routes-ipv6", kind: prefixLimit()},
		{name: "keepalive-time", kind: duration(1e9, 1800e9)},
		{name: "multihop", kind: boolean()},
		{name: "nexthop-choice", kind: enum("default", "force-self", "propagate")},
		{name: "output.add-path", in: "7.22-", kind: set("ip", "ipv6")},
		{name: "output.affinity", kind: enum("main", "alone", "remote-as", "instance", "afi", "vrf", "input")},
		{name: "output.as-override", in: "7.10-", kind: boolean()},
		{name: "output.default-originate", kind: enum("never", "if-installed", "always")},
		{name: "output.default-prepend", kind: number(0, 255)},
		{name: "output.filter-chain", kind: text()},
		{name: "output.filter-select", kind: text()},
		{name: "output.keep-sent-attributes", kind: boolean()},
		{name: "output.network", kind: text()},
		{name: "output.network-blackhole", in: "7.20.1-", kind: boolean()},
		{name: "output.no-client-to-client-reflection", kind: boolean()},
		{name: "output.no-early-cut", kind: boolean()},
		{name: "output.redistribute", kind: sources},
		{name: "output.remove-private-as", in: "7.10-", kind: boolean()},
		{name: "remove-private-as", in: "-7.9", kind: boolean()},
		{name: "router-id", in: "-7.19", kind: routerID()},
		{name: "routing-table", kind: routingTable()},
		{name: "save-to", kind: text()},
		{name: "templates", kind: references(templateMenu)},
		{name: "use-bfd", kind: boolean()},
		{name: "vrf", kind: vrf()},
	}
}

// state prints whether an object works. v7 takes what it cannot use and says so here (routeros-api.md §8).
func state(w *world, about string) []pair {
	out := flag(w, "inactive", about != "")
	switch {
	case about == "":
		return out
	case w.quirks.plainAbout:
		return append(out, pair{"about", about})
	}
	return append(out, pair{".about", about})
}

// badRouterID is the one complaint that was seen verbatim on a router.
func badRouterID(id string) string {
	if id == "0.0.0.0" {
		return fmt.Sprintf("invalid value '%s' of 'router-id'", id)
	}
	return ""
}

// inherited is a connection's value of a property: its own, its templates' or its instance's. Below 7.20 the template
// `default` is used where none is named (routeros-v6-to-v7.md §3).
func inherited(w *world, r *row, name string) string {
	names, named := r.values["templates"]
	if !named && !w.version.atLeast(7, 20) {
		names = "default"
	}
	if v := fromTemplates(w, r, names, name, 8); v != "" {
		return v
	}
	if t := w.tables[instanceMenu]; t != nil {
		for _, i := range t.named(r.values["instance"]) {
			return i.values[name]
		}
	}
	return ""
}

// fromTemplates looks a property up in a row and then in templates, which may name templates in turn.
func fromTemplates(w *world, r *row, templates, name string, depth int) string {
	if v := r.values[name]; v != "" || depth == 0 {
		return v
	}
	for t := range strings.SplitSeq(templates, ",") {
		for _, x := range w.tables[templateMenu].named(t) {
			if v := fromTemplates(w, x, x.values["templates"], name, depth-1); v != "" {
				return v
			}
		}
	}
	return ""
}

// connectionTrouble says why a connection cannot work, "" if it can. The texts but the first are [inf].
func connectionTrouble(w *world, r *row) string {
	if trouble := badRouterID(inherited(w, r, "router-id")); trouble != "" {
		return trouble
	}
	if t := w.tables[instanceMenu]; t != nil {
		found := t.named(r.values["instance"])
		if len(found) == 0 {
			return fmt.Sprintf("invalid value '%s' of 'instance'", r.values["instance"])
		}
		if found[0].values["disabled"] == "true" {
			return fmt.Sprintf("instance '%s' is disabled", r.values["instance"])
		}
	}
	if templates := r.values["templates"]; templates != "" {
		for t := range strings.SplitSeq(templates, ",") {
			if len(w.tables[templateMenu].named(t)) == 0 {
				return fmt.Sprintf("invalid value '%s' of 'templates'", t)
			}
		}
	}
	if inherited(w, r, "as") == "" {
		return "missing value of 'as'"
	}
	return ""
}

// connectionState are the properties that a connection shows although nobody set them.
func connectionState(w *world, r *row) []pair {
	var out []pair
	if r.values["as"] == "" {
		if as := inherited(w, r, "as"); as != "" {
			out = append(out, pair{"as", as})
		}
	}
	if r.values["routing-table"] == "" {
		table := inherited(w, r, "routing-table")
		if table == "" {
			table = "main"
		}
		out = append(out, pair{"routing-table", table})
	}
	trouble := connectionTrouble(w, r)
	if a := localAddress(r.values["remote.address"]); trouble == "" && r.values["local.address"] == "" && a != "" {
		out = append(out, pair{"local.default-address", a})
	}
	return append(out, state(w, trouble)...)
}

// localAddress is the address of the simulated router in the network of its neighbour: the first one in its /24 or
// /64 that is not the neighbour's. What /ip/address has does not matter: a new router has nothing there.
func localAddress(remote string) string {
	host, mask, masked := strings.Cut(remote, "/")
	a, err := netip.ParseAddr(host)
	if err != nil || masked && mask != strconv.Itoa(a.BitLen()) {
		return ""
	}
	bits := 24
	if a.Is6() {
		bits = 64
	}
	network, _ := a.WithZone("").Prefix(bits)
	local := network.Addr().Next()
	if local == a {
		local = local.Next()
	}
	return local.String()
}
