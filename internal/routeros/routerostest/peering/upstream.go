package peering

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// Upstream is a BGP router in a network namespace that waits for the call of one neighbour, like one that a provider
// has at the other end of the line. It forwards nothing.
type Upstream struct {
	Namespace *netns.Namespace // nil for that of the program
	AS        uint32
	RouterID  netip.Addr // the zero Addr is the Address
	Address   netip.Addr // where it listens, on port 179; it must be there
	// Neighbour is who may call; RemoteAS is the AS number that it has to have, 0 for any.
	Neighbour netip.Addr
	RemoteAS  uint32
	MD5Key    string
	HoldTime  time.Duration // what it offers, whole seconds; 0 for 180 s
	Multihop  bool          // the neighbour is behind other routers

	mu       sync.Mutex // guards the instance's peers
	instance *instance
}

// Start makes it listen. Close is to be called also if it fails.
func (u *Upstream) Start() error {
	id, family, hold := u.RouterID, "ip", u.HoldTime
	if !id.IsValid() {
		id = u.Address
	}
	if u.Address.Is6() {
		family = "ipv6"
	}
	if hold == 0 {
		hold = 180 * time.Second
	}
	listens := []netip.AddrPort{netip.AddrPortFrom(u.Address, bgp.BGP_PORT)}
	i, err := start(identity{u.AS, id}, listens, u.Namespace.Go)
	if err != nil {
		return fmt.Errorf("the upstream router %s: %w", u.Address, err)
	}
	u.instance = i
	err = i.watch(context.Background(), func() {}, func(neighbour netip.Addr, e event) {
		u.mu.Lock()
		defer u.mu.Unlock()
		if e.failed {
			i.again(neighbour)
		}
	})
	if err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	remote := netip.PrefixFrom(u.Neighbour, u.Neighbour.BitLen())
	return i.keep(map[netip.Prefix]routerostest.BGPPeer{remote: {
		LocalAS: u.AS, RemoteAS: u.RemoteAS, LocalAddress: u.Address, Remote: remote, HoldTime: hold, Keepalive: hold / 3,
		MD5Key: u.MD5Key, Multihop: u.Multihop, Listen: true, Families: []string{family},
	}})
}

// Announce tells the neighbour that these prefixes are here. Of the attributes the AS path is that behind this router,
// whose own number comes before it, and communities are numbers like "65001:100".
func (u *Upstream) Announce(attributes routerostest.BGPAttributes, prefixes ...netip.Prefix) error {
	return u.update(prefixes, func(p *apiutil.Path) error {
		written, err := write(attributes)
		p.Attrs = append(written, p.Attrs...)
		if err != nil {
			return err
		}
		_, err = u.instance.server.AddPath(apiutil.AddPathRequest{Paths: []*apiutil.Path{p}})
		return err
	})
}

// Withdraw takes back what was announced.
func (u *Upstream) Withdraw(prefixes ...netip.Prefix) error {
	return u.update(prefixes, func(p *apiutil.Path) error {
		return u.instance.server.DeletePath(apiutil.DeletePathRequest{Paths: []*apiutil.Path{p}})
	})
}

// update does something with the path to each prefix.
func (u *Upstream) update(prefixes []netip.Prefix, do func(*apiutil.Path) error) error {
	for _, prefix := range prefixes {
		family, hop := bgp.RF_IPv4_UC, netip.IPv4Unspecified()
		if prefix.Addr().Is6() {
			family, hop = bgp.RF_IPv6_UC, netip.IPv6Unspecified()
		}
		nlri, err := bgp.NewIPAddrPrefix(prefix.Masked())
		if err != nil {
			return fmt.Errorf("the route to %s: %w", prefix, err)
		}
		here, err := bgp.NewPathAttributeNextHop(hop)
		if err != nil {
			return fmt.Errorf("the route to %s: %w", prefix, err)
		}
		if err := do(&apiutil.Path{Family: family, Nlri: nlri, Attrs: []bgp.PathAttributeInterface{here}}); err != nil {
			return fmt.Errorf("the route to %s: %w", prefix, err)
		}
	}
	return nil
}

// Heard are the prefixes that the neighbour announces now, in order.
func (u *Upstream) Heard() []netip.Prefix {
	var heard []netip.Prefix
	for _, family := range families {
		// An error says that it is closed, when it hears nothing.
		_ = u.instance.server.ListPath(apiutil.ListPathRequest{TableType: api.TableType_TABLE_TYPE_GLOBAL, Family: family}, func(nlri bgp.NLRI, paths []*apiutil.Path) {
			prefix, err := netip.ParsePrefix(nlri.String())
			if err == nil && slices.ContainsFunc(paths, func(p *apiutil.Path) bool { return p.PeerAddress == u.Neighbour }) {
				heard = append(heard, prefix)
			}
		})
	}
	slices.SortFunc(heard, netip.Prefix.Compare)
	return heard
}

// Close ends the session with a notification.
func (u *Upstream) Close() error {
	if u.instance == nil {
		return nil
	}
	return u.instance.stop()
}
