package routerostest

import (
	"net/netip"
	"slices"
	"strings"
)

// Routes and what BGP tells the neighbours, after routeros-v6.md §4 and §5, routeros-api.md §9 and the command trees.
// Without a [Speaker] nothing exchanges routes: a test puts what BGP would learn or tell into the menus by
// [Router.AddDynamic], on v7 into /routing/route.

const (
	advertisementMenu = "/routing/bgp/advertisements"
	ipRouteMenu       = "/ip/route"
	routeMenu         = "/routing/route"

	never releases = "-0.0"
)

func routeMenus() []*menu {
	static := func(name string) arg { return arg{name: name, kind: text()} }
	distance := arg{name: "distance", kind: number(1, 255), def: new("1")}
	scope := arg{name: "scope", kind: number(0, 255), def: new("30")}
	target := arg{name: "target-scope", kind: number(0, 255), def: new("10")}
	disabled := arg{name: "disabled", kind: boolean(), def: new("false"), fixed: true}
	destination := arg{name: "dst-address", kind: prefix(), def: new("0.0.0.0/0")}
	return []*menu{
		{
			path: advertisementMenu, in: "-6.49", verbs: "print get find", live: advertised,
		},
		{
			path: advertisementMenu, in: "7.1-", verbs: "print get find", print: "brief@7.20-", from: "-7.19", live: advertised,
		},
		{
			path: ipRouteMenu, in: "-6.49", verbs: standard + switched + "unset", firstID: 1,
			args: []arg{
				destination, static("gateway"), static("check-gateway"), distance, scope, target, static("pref-src"),
				static("routing-mark"), {name: "type", kind: enum("unicast", "blackhole", "unreachable", "prohibit"), def: new("unicast")},
				static("bgp-as-path"), static("bgp-local-pref"), static("bgp-med"), static("bgp-origin"), static("bgp-communities"),
				static("bgp-prepend"), static("bgp-weight"), static("bgp-atomic-aggregate"), comment(), disabled,
			},
			computed: func(_ *world, r *row) []pair {
				if r.dynamic {
					return nil
				}
				out := []pair{{"static", "true"}}
				if r.values["disabled"] == "true" {
					return out
				}
				if g := r.values["gateway"]; g != "" {
					out = append(out, pair{"gateway-status", g + " reachable via  ether1"})
				}
				return append(out, pair{"active", "true"})
			},
			live: func(w *world) []*row { return slices.Concat(w.tables[ipRouteMenu].rows, spokenRoutes(w)) },
		},
		{
			path: ipRouteMenu, in: "7.1-", verbs: standard + switched + "unset", firstID: 0x80000001, print: "brief stats",
			args: []arg{
				destination, static("gateway"), static("check-gateway"), distance, scope, target, static("pref-src"),
				{name: "routing-table", kind: routingTable(), def: new("main")}, {name: "blackhole", kind: fib()},
				{name: "suppress-hw-offload", in: "-7.20", kind: boolean(), def: new("false")}, static("vrf-interface"), comment(), disabled,
			},
			live: ipRoutes, computed: staticState,
		},
		{
			path: routeMenu, in: "7.1-", verbs: "print get find", print: "brief stats", from: never, firstID: 0x40000001,
			extra: []verb{
				{name: "comment", args: spec("comment numbers"), run: (*call).touch},
				{name: "disable", args: spec("numbers"), run: (*call).touch},
				{name: "enable", args: spec("numbers"), run: (*call).touch},
				{name: "set", args: spec("comment disabled numbers"), run: (*call).touch},
				{name: "unset", args: spec("numbers value-name"), run: (*call).touch},
			},
			live: allRoutes,
		},
	}
}

// prefix is a network of IPv4, which a host address is too.
func prefix() kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		p, ok := parsePrefix4(value)
		if !ok {
			return "", invalidValue(arg)
		}
		return p.Masked().String(), nil
	}}
}

// staticState are the flags of a static route of v7: switches, there and empty, or absent.
func staticState(_ *world, r *row) []pair {
	switch {
	case r.dynamic:
		return nil
	case r.values["disabled"] == "true":
		return []pair{{"static", ""}, {"inactive", ""}}
	}
	out := []pair{{"static", ""}, {"active", ""}}
	if g := r.values["gateway"]; g != "" {
		out = append(out, pair{"immediate-gw", g + "%ether1"})
	}
	return out
}

// ipRoutes are the rows of v7's /ip/route: its own, and what else there is of IPv4, without what only /routing/route
// tells.
func ipRoutes(w *world) []*row {
	t := w.tables[ipRouteMenu]
	out := slices.Clone(t.rows)
	for _, r := range learned(w) {
		var shown []pair
		four := true
		for _, p := range r.fixed {
			hidden := strings.HasPrefix(p.name, "bgp.") || slices.Contains([]string{"afi", "belongs-to", "contribution"}, p.name)
			if p.name == "dst-address" {
				d, err := netip.ParsePrefix(p.value)
				four = err == nil && d.Addr().Is4()
			}
			if !hidden {
				shown = append(shown, p)
			}
		}
		if four {
			out = append(out, t.dynamicRow(r.id, shown))
		}
	}
	return out
}

// learned are the routes that v7 has not been configured with.
func learned(w *world) []*row { return slices.Concat(w.tables[routeMenu].rows, spokenRoutes(w)) }

// allRoutes are the rows of /routing/route: the static ones of /ip/route, and those of the router's own making.
func allRoutes(w *world) []*row {
	var out []*row
	static := w.tables[ipRouteMenu]
	for _, r := range static.rows {
		seen := &row{id: r.id, fixed: []pair{{"afi", "ip4"}, {"belongs-to", "static"}}}
		if r.values["disabled"] != "true" {
			seen.fixed = append(seen.fixed, pair{"contribution", "active"})
		}
		for _, p := range static.show(w, r) {
			if p.name != ".id" {
				seen.fixed = append(seen.fixed, p)
			}
		}
		out = append(out, seen)
	}
	return append(out, learned(w)...)
}

// advertised are the rows that the router can tell: v7 forgets what it sent to a peer unless that peer's connection
// has output.keep-sent-attributes.
func advertised(w *world) []*row {
	if w.speaker != nil {
		return spokenAdvertisements(w)
	}
	var out []*row
	for _, r := range w.tables[advertisementMenu].rows {
		if w.version[0] == 6 || keepsSent(w, r) {
			out = append(out, &row{id: r.id, fixed: r.fixed})
		}
	}
	return out
}

func keepsSent(w *world, advertisement *row) bool {
	for _, p := range advertisement.fixed {
		for _, c := range w.tables[connectionMenu].rows {
			name := c.values["name"]
			if p.name == "peer" && (p.value == name || strings.HasPrefix(p.value, name+"-")) {
				return inherited(w, c, "output.keep-sent-attributes") == "true"
			}
		}
	}
	return false
}
