package peering

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// retry is how many seconds pass between calls, the least that GoBGP knows.
const retry = 2

// families are those of GoBGP that RouterOS has here.
var families = map[string]bgp.Family{"ip": bgp.RF_IPv4_UC, "ipv6": bgp.RF_IPv6_UC}

// same tells whether two peers differ in nothing that a neighbour would see.
func same(a, b routerostest.BGPPeer) bool {
	x, y := peer(a), peer(b)
	return x.String() == y.String() && a.Remote == b.Remote
}

// peer is a peer as GoBGP has it.
func peer(p routerostest.BGPPeer) *api.Peer {
	hold := uint64(p.HoldTime / time.Second)
	if hold == 0 || hold > 65535 {
		hold = 65535
	}
	out := &api.Peer{
		Conf: &api.PeerConf{
			NeighborAddress: p.Remote.Addr().String(), LocalAsn: p.LocalAS, PeerAsn: p.RemoteAS, AuthPassword: p.MD5Key,
		},
		Timers: &api.Timers{Config: &api.TimersConfig{
			ConnectRetry: retry, HoldTime: hold, KeepaliveInterval: max(1, uint64(p.Keepalive/time.Second)),
		}},
		Transport:    &api.Transport{PassiveMode: !p.Connect, RemotePort: uint32(p.RemotePort)},
		EbgpMultihop: &api.EbgpMultihop{Enabled: p.Multihop && p.LocalAS != p.RemoteAS, MultihopTtl: 255},
	}
	if p.LocalAddress.IsValid() {
		out.Transport.LocalAddress = p.LocalAddress.String()
	}
	for _, name := range p.Families {
		if f, ok := families[name]; ok {
			out.AfiSafis = append(out.AfiSafis, &api.AfiSafi{Config: &api.AfiSafiConfig{
				Enabled: true, Family: &api.Family{Afi: api.Family_Afi(f.Afi()), Safi: api.Family_Safi(f.Safi())},
			}})
		}
	}
	return out
}

// group is what GoBGP holds of neighbours that may call out of a network.
func group(p routerostest.BGPPeer) *api.PeerGroup {
	one := peer(p)
	one.Transport.PassiveMode = true
	return &api.PeerGroup{
		Conf: &api.PeerGroupConf{
			PeerGroupName: p.Remote.String(), LocalAsn: one.Conf.LocalAsn, PeerAsn: one.Conf.PeerAsn,
			AuthPassword: one.Conf.AuthPassword,
		},
		Timers: one.Timers, Transport: one.Transport, EbgpMultihop: one.EbgpMultihop, AfiSafis: one.AfiSafis,
	}
}

func (i *instance) add(p routerostest.BGPPeer) error {
	if p.Remote.IsSingleIP() {
		return i.server.AddPeer(context.Background(), &api.AddPeerRequest{Peer: peer(p)})
	}
	err := i.server.AddPeerGroup(context.Background(), &api.AddPeerGroupRequest{PeerGroup: group(p)})
	if err != nil {
		return err
	}
	return i.server.AddDynamicNeighbor(context.Background(), &api.AddDynamicNeighborRequest{
		DynamicNeighbor: &api.DynamicNeighbor{Prefix: p.Remote.String(), PeerGroup: p.Remote.String()},
	})
}

func (i *instance) remove(p routerostest.BGPPeer) error {
	ctx := context.Background()
	if !p.Remote.IsSingleIP() {
		failed := i.server.DeleteDynamicNeighbor(ctx, &api.DeleteDynamicNeighborRequest{Prefix: p.Remote.String(), PeerGroup: p.Remote.String()})
		callers, err := i.neighbours()
		for address, n := range callers {
			if n.Conf.PeerGroup == p.Remote.String() {
				failed = errors.Join(failed, i.server.DeletePeer(ctx, &api.DeletePeerRequest{Address: address.String()}))
			}
		}
		return errors.Join(failed, err, i.server.DeletePeerGroup(ctx, &api.DeletePeerGroupRequest{Name: p.Remote.String()}))
	}
	if p.MD5Key != "" {
		// GoBGP's listener would remember the key of a deleted peer, and refuse the neighbour without one later. The
		// other AS number makes the neighbour hear that it is no peer any more.
		without := peer(p)
		without.Conf.AuthPassword, without.Transport.PassiveMode = "", true
		without.Conf.PeerAsn++
		if _, err := i.server.UpdatePeer(ctx, &api.UpdatePeerRequest{Peer: without}); err != nil {
			return err
		}
	}
	return i.server.DeletePeer(ctx, &api.DeletePeerRequest{Address: p.Remote.Addr().String()})
}

// neighbours are those that GoBGP has now, also those that have called.
func (i *instance) neighbours() (map[netip.Addr]*api.Peer, error) {
	all := map[netip.Addr]*api.Peer{}
	err := i.server.ListPeer(context.Background(), &api.ListPeerRequest{}, func(p *api.Peer) {
		if address, err := netip.ParseAddr(p.State.NeighborAddress); err == nil {
			all[address] = p
		}
	})
	return all, err
}
