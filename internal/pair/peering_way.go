package pair

import (
	"net/netip"
	"time"
)

// families wants both ends to name each other in one address family.
func (p *peering) families() {
	remote, ok := said(&p.Findings, p.router.RemoteAddress)
	peer, ok2 := said(&p.Findings, p.metallb.PeerAddress)
	if ok && ok2 && remote.Addr().Is4() != peer.Is4() {
		p.problem(p.theRouter.has("remote_address", host(remote)), p.theMetalLB.has("peer_address", peer.String()),
			"a session is either IPv4 or IPv6. Give both addresses of one family.")
	}
}

// localAddress: the router answers calls to its local_address only, and MetalLB takes none from another address than the
// one that it calls.
func (p *peering) localAddress() {
	local, ok := said(&p.Findings, p.router.LocalAddress)
	peer, ok2 := said(&p.Findings, p.metallb.PeerAddress)
	if ok && ok2 && local != peer {
		p.problem(p.theMetalLB.has("peer_address", peer.String()), p.theRouter.has("local_address", local.String()),
			"the router has the session from its local_address only. Give both the router's address towards the cluster, or leave local_address out.")
	}
}

// sourceAddress: in the frr-k8s mode MetalLB does nothing with its source_address, so that what is said has to hold there too.
func (p *peering) sourceAddress() {
	source, ok := said(&p.Findings, p.metallb.SourceAddress)
	remote, ok2 := said(&p.Findings, p.router.RemoteAddress)
	if ok && ok2 && !remote.Contains(source) {
		p.problem(p.theMetalLB.has("source_address", source.String()), p.theRouter.has("remote_address", host(remote)),
			"the router refuses calls from elsewhere. Give remote_address the address that MetalLB calls from, or a prefix that it is in; "+
				"in the frr-k8s mode that is the node's own, so take source_address away there.")
	}
}

// itself finds the two ends that name the same host.
func (p *peering) itself() {
	remote, ok := said(&p.Findings, p.router.RemoteAddress)
	peer, ok2 := said(&p.Findings, p.metallb.PeerAddress)
	if ok && ok2 && remote.IsSingleIP() && remote.Addr() == peer {
		p.problem(p.theRouter.has("remote_address", host(remote)), p.theMetalLB.has("peer_address", peer.String()),
			"they cannot be one host. Give remote_address the node's address, and peer_address the router's.")
	}
}

// host is an address without the length that makes it a prefix of its own.
func host(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

const bgpPort = 179

// port compares where MetalLB calls with where the router listens. Nothing says where MetalLB listens, so that remote_port
// has no other end.
func (p *peering) port() {
	called, ok := orDefault(&p.Findings, p.metallb.PeerPort, bgpPort)
	local, ok2 := orDefault(&p.Findings, p.router.LocalPort, bgpPort)
	if !ok || !ok2 || called == local {
		return
	}
	if listens, ok := orDefault(&p.Findings, p.router.Listen, true); !ok || !listens {
		return
	}
	calls, listens := p.theMetalLB.has("peer_port", called), p.theRouter.has("local_port", local)
	if p.metallb.PeerPort.state == unset {
		calls = p.theMetalLB.lacks("peer_port", "179")
	}
	if p.router.LocalPort.state == unset {
		listens = p.theRouter.lacks("local_port", "179")
	}
	p.problem(calls, listens, "MetalLB calls a port that the router does not listen on. Give both one port, or leave both out.")
}

// multihop wants the router to send far enough for an end that is said to be far; whether it is, is not seen here. The
// other way round nothing is wrong: MetalLB's native mode sends far without being told, and has no ebgp_multi_hop; a
// router's multihop does no harm to a neighbour.
func (p *peering) multihop() {
	if far, _ := said(&p.Findings, p.metallb.EBGPMultiHop); !far {
		return
	}
	external, _, _, ok := p.external()
	if !ok || !external {
		return
	}
	multihop, ok := orDefault(&p.Findings, p.router.Multihop, false)
	if !ok {
		return
	}
	usual := map[bool]int{true: 255, false: 1}[multihop]
	if ttl, ok := orDefault(&p.Findings, p.router.LocalTTL, usual); !ok || ttl != 1 {
		return
	}
	has := p.theRouter.String() + " does not have multihop = true"
	if multihop {
		has = p.theRouter.has("local_ttl", 1)
	}
	p.problem(p.theMetalLB.has("ebgp_multi_hop", true), has,
		"the router's packets have a time to live of 1, which is enough on one network only. Give the router multihop = true and no local_ttl, or, if "+
			"both are on one network, take ebgp_multi_hop away.")
}

const (
	routerHold = 3 * time.Minute
	// metallbHold is the longest default: 90s in the native mode and, with FRR, before MetalLB 0.14.9.
	metallbHold = 3 * time.Minute
)

// keepalive wants messages within the hold time that both agree on, which is the smaller one. An end without a hold time
// has both go without: 0 is the smallest.
func (p *peering) keepalive() {
	ends := []struct {
		who  subject
		time Value[time.Duration]
	}{{p.theRouter, p.router.KeepaliveTime}, {p.theMetalLB, p.metallb.KeepaliveTime}}
	for _, end := range ends {
		keepalive, ok := said(&p.Findings, end.time)
		if !ok {
			continue
		}
		if hold, says, ok := p.hold(); ok && hold != 0 && keepalive >= hold {
			p.problem(end.who.has("keepalive_time", keepalive), says,
				"the smaller hold time counts for both, so that this keepalive_time is not kept at best, and ends the session at worst. "+
					"Give a keepalive_time of a third of the hold time, or leave it out.")
		}
	}
}

// hold is the hold time that both ends agree on, and who says so.
func (p *peering) hold() (hold time.Duration, says string, ok bool) {
	router, ok := orDefault(&p.Findings, p.router.HoldTime, routerHold)
	usual := metallbHold
	if keepalive, ok := said(&p.Findings, p.metallb.KeepaliveTime); ok {
		usual = 3 * keepalive
	} else if p.metallb.KeepaliveTime.state != unset {
		return 0, "", false
	}
	metallb, ok2 := orDefault(&p.Findings, p.metallb.HoldTime, usual)
	who, attribute := p.theRouter, p.router.HoldTime
	if metallb < router {
		who, attribute = p.theMetalLB, p.metallb.HoldTime
	}
	hold = min(router, metallb)
	if says = who.has("hold_time", hold); attribute.state == unset {
		says = who.lacks("hold_time", spell(hold)+" at most")
	}
	return hold, says, ok && ok2
}
