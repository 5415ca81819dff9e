package routerostest

import (
	"net/netip"
	"slices"
	"strings"
)

// The router's own addresses, of which a new one has none. The arguments of IPv4 are those of the command trees, which
// lack IPv6: there they are those that a tree of 7.14.3 has in public.

const (
	address4Menu = "/ip/address"
	address6Menu = "/ipv6/address"
)

func addressMenus() []*menu {
	disabled := arg{name: "disabled", kind: boolean(), def: new("false"), fixed: true}
	on := arg{name: "interface", kind: interfaceName(), fixed: true, required: always()}
	state := func(w *world, t *table, r *row) []pair {
		return slices.Concat([]pair{{"actual-interface", r.values["interface"]}}, notDynamic(w, r), flag(w, "invalid", dangling(t, r)))
	}
	return []*menu{
		{
			path: address4Menu, verbs: standard + switched, firstID: 1, print: "brief",
			args: []arg{
				{name: "address", kind: ownAddress(netip.Addr.Is4), fixed: true, required: always()},
				{name: "network", kind: ipv4(), fixed: true},
				{name: "netmask", kind: ipv4(), fixed: true},
				{name: "broadcast", kind: ipv4(), fixed: true},
				on, disabled, comment(),
			},
			check: func(_ *world, r *row) error { return applyMask(r) },
			computed: func(w *world, r *row) []pair {
				out := state(w, w.tables[address4Menu], r)
				if own, err := netip.ParsePrefix(r.values["address"]); err == nil && r.values["network"] == "" {
					out = append(out, pair{"network", own.Masked().Addr().String()})
				}
				return out
			},
		},
		{
			path: address6Menu, verbs: standard + switched, firstID: 1, print: "brief",
			args: []arg{
				{name: "address", kind: ownAddress(netip.Addr.Is6), fixed: true, required: always()},
				{name: "from-pool", kind: text(), fixed: true, def: new("")},
				on,
				{name: "eui-64", kind: boolean(), fixed: true, def: new("false")},
				{name: "advertise", kind: boolean(), fixed: true, def: new("true")},
				{name: "no-dad", kind: boolean(), fixed: true, def: new("false")},
				disabled, comment(),
			},
			computed: func(w *world, r *row) []pair {
				own, err := netip.ParsePrefix(r.values["address"])
				local := err == nil && own.Addr().IsLinkLocalUnicast()
				return slices.Concat(state(w, w.tables[address6Menu], r), flag(w, "global", !local), flag(w, "link-local", local))
			},
		},
	}
}

// ownAddress is an address with its mask, that of a host if none is given.
func ownAddress(family func(netip.Addr) bool) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		if a, err := netip.ParseAddr(value); err == nil && family(a) && a.Zone() == "" {
			return netip.PrefixFrom(a, a.BitLen()).String(), nil
		}
		if p, err := netip.ParsePrefix(value); err == nil && family(p.Addr()) {
			return p.String(), nil
		}
		return "", invalidValue(arg)
	}}
}

// applyMask makes the netmask part of the address, where it reads back.
func applyMask(r *row) error {
	mask, given := r.values["netmask"]
	if !given {
		return nil
	}
	delete(r.values, "netmask")
	host, _, _ := strings.Cut(r.values["address"], "/")
	p, ok := parsePrefix4(host + "/" + mask)
	if !ok {
		return invalidValue("netmask")
	}
	r.values["address"] = p.String()
	return nil
}

// near tells whether an address is on a network of the router. One that has no address at all has its neighbours
// everywhere: so it is with a new one, of which nobody says how it is connected.
func (w *world) near(address string) bool {
	remote, err := netip.ParseAddr(hostOf(address))
	if err != nil || remote.IsLinkLocalUnicast() {
		return true
	}
	some := false
	for _, menu := range []string{address4Menu, address6Menu} {
		t := w.tables[menu]
		for _, r := range t.rows {
			shown := asMap(t.show(w, r))
			own, err := netip.ParsePrefix(shown["address"])
			if err != nil || shown["disabled"] == "true" || shown["invalid"] == "true" || own.Addr().Is4() != remote.Is4() {
				continue
			}
			some = true
			network, err := netip.ParseAddr(shown["network"])
			if err == nil { // it may be the other end's address
				own = netip.PrefixFrom(network, own.Bits())
			}
			if own.Contains(remote) {
				return true
			}
		}
	}
	return !some
}
