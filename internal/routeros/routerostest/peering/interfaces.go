package peering

import (
	"net"
	"net/netip"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
)

var here *netns.Namespace // the program's

// each goes through the addresses of the network namespace, until it is told to stop.
func each(f func(link net.Interface, network netip.Prefix) (more bool)) {
	links, _ := net.Interfaces() // without any, none is found
	for _, link := range links {
		addresses, _ := link.Addrs()
		for _, a := range addresses {
			if network, err := netip.ParsePrefix(a.String()); err == nil && !f(link, network) {
				return
			}
		}
	}
}

// local tells whether the address is one of the namespace.
func local(address netip.Addr) (found bool) {
	each(func(_ net.Interface, network netip.Prefix) bool {
		found = network.Addr() == address
		return !found
	})
	return found
}

// highest is the router id of who was not given one, the zero Addr if there is no address.
func highest() (found netip.Addr) {
	ofLoopback := true
	each(func(link net.Interface, network netip.Prefix) bool {
		loopback := link.Flags&net.FlagLoopback != 0
		better := !found.IsValid() || ofLoopback && !loopback || ofLoopback == loopback && found.Less(network.Addr())
		if network.Addr().Is4() && better {
			found, ofLoopback = network.Addr(), loopback
		}
		return true
	})
	return found
}
