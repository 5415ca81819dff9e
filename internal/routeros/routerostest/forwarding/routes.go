//go:build linux

package forwarding

import (
	"errors"
	"fmt"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/vishvananda/netlink"
)

const (
	// protocol marks our routes. It is nobody else's number in /etc/iproute2/rt_protos, as BGP's own would be, which
	// a routing daemon in the same namespace uses.
	protocol = 82
	// metric keeps our routes behind those that the interfaces' addresses bring, in either family, as on a router:
	// connected networks have distance 0.
	metric = 4096
)

var here *netns.Namespace // the program's

// replaceRoutes makes the kernel have these routes of ours, and no others.
func replaceRoutes(routes []routerostest.Route) error {
	ours := netlink.Route{Protocol: protocol}
	before, err := netlink.RouteListFiltered(netlink.FAMILY_ALL, &ours, netlink.RT_FILTER_PROTOCOL)
	if err != nil {
		return fmt.Errorf("asking the kernel for its routes: %w", err)
	}
	old := map[string]netlink.Route{}
	for _, r := range before {
		old[r.Dst.String()] = r
	}
	var failed error
	for _, r := range routes {
		to := netns.Network(r.Destination)
		// The kernel takes only neighbours for gateways; a router also others, to which it knows a way.
		via, _, err := here.Way(r.Gateway)
		if err == nil {
			err = netlink.RouteReplace(&netlink.Route{Dst: to, Gw: via.AsSlice(), Protocol: protocol, Priority: metric})
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("the route to %s is left out until there is a way to its gateway %s: %w",
				r.Destination, r.Gateway, err))
			continue
		}
		delete(old, to.String())
	}
	for _, r := range old {
		if err := netlink.RouteDel(&r); err != nil {
			failed = errors.Join(failed, fmt.Errorf("removing the route to %s by %s: %w", r.Dst, r.Gw, err))
		}
	}
	return failed
}
