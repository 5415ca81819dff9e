package routeros

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"
)

// tooFar gives the sessions that cannot come up since their neighbour is external and not multihop, and on no network of
// the router. What the router does not tell leads to no conclusion.
func (r *Router) tooFar(ctx context.Context, v Version, down []Words) ([]Words, error) {
	var far []Words
	for _, s := range down {
		a, err := netip.ParseAddr(s["remote.address"])
		if err == nil && !a.IsLinkLocalUnicast() && s["multihop"] != "true" && !strings.HasPrefix(s["local.role"], "ibgp") {
			far = append(far, s)
		}
	}
	for _, menu := range []*Menu{ownAddresses4, ownAddresses6} {
		if !slices.ContainsFunc(far, func(s Words) bool { return networksOf(s) == menu }) {
			continue
		}
		networks, err := r.networks(ctx, menu)
		if err != nil {
			return nil, err
		}
		far = slices.DeleteFunc(far, func(s Words) bool {
			a, _ := netip.ParseAddr(s["remote.address"])
			here := slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(a) })
			return networksOf(s) == menu && (here || len(networks) == 0)
		})
	}
	if len(far) == 0 {
		return nil, nil
	}
	return r.external(ctx, v, far)
}

// networksOf is the menu that has the networks of the neighbour's family.
func networksOf(s Words) *Menu {
	if a, err := netip.ParseAddr(s["remote.address"]); err == nil && a.Is6() {
		return ownAddresses6
	}
	return ownAddresses4
}

// networks are those that the router has an address in, were it on an interface that is down; none if it does not tell.
func (r *Router) networks(ctx context.Context, menu *Menu) ([]netip.Prefix, error) {
	rows, err := r.Table(menu).Query(ctx, Match{"disabled", []string{"no"}})
	if err != nil && !declined(err) {
		return nil, err
	}
	var all []netip.Prefix
	for _, row := range rows {
		own, err := netip.ParsePrefix(row.Words["address"])
		if err != nil {
			continue
		}
		// Of two hosts that are linked to each other it is the other one's address.
		if network, err := netip.ParseAddr(row.Words["network"]); err == nil {
			own = netip.PrefixFrom(network, own.Bits())
		}
		all = append(all, own)
	}
	return all, nil
}

// external gives the sessions that are surely between two AS numbers and not multihop: a connection of RouterOS 7 does
// not show what its templates give it, and a peer of RouterOS 6 not the AS number of its instance.
func (r *Router) external(ctx context.Context, v Version, sessions []Words) ([]Words, error) {
	menu, filters := bgpTemplate, []Match{{"multihop", []string{"yes"}}}
	if v6.Contains(v) {
		menu, filters = BGPInstance, nil
	}
	rows, err := r.Table(menu).Query(ctx, filters...)
	switch {
	case declined(err):
		return nil, nil
	case err != nil:
		return nil, err
	case menu == bgpTemplate && len(rows) > 0:
		return nil, nil
	}
	own := map[string]string{}
	for _, row := range rows {
		own[row.Words["name"]] = row.Words["as"]
	}
	return slices.DeleteFunc(sessions, func(s Words) bool {
		role, _ := DeriveRole(spelled(cmp.Or(s["as"], s["local.as"], own[s["instance"]])), spelled(cmp.Or(s["asked.as"], s["remote.as"])))
		return role != "ebgp"
	}), nil
}
