package pair

import (
	"fmt"
	"slices"
)

// own is the AS number that the router has for this peer, and who says so.
func (p *peering) own() (as AS, says string, ok bool) {
	alone, ok := given(&p.Findings, p.router.AS)
	switch {
	case !ok:
		return AS{}, "", false
	case alone:
		return p.router.AS.is, p.theRouter.has("as", p.router.AS.is), true
	}
	as, ok = said(&p.Findings, p.instance.AS)
	confederation, ok2 := orDefault(&p.Findings, p.instance.Confederation, AS{})
	says = p.theInstance.has("as", as)
	if confederation.Number != 0 && as.Member == 0 {
		as = AS{Number: confederation.Number, Member: as.Number}
		says += fmt.Sprintf(" and confederation = %d", confederation.Number)
	}
	return as, says, ok && ok2
}

// String writes an AS number as RouterOS does, after that of its confederation.
func (a AS) String() string {
	if a.Member == 0 {
		return fmt.Sprint(a.Number)
	}
	return fmt.Sprintf("%d/%d", a.Number, a.Member)
}

// shown are the AS numbers by which MetalLB may see the router: that of the confederation from outside, and its own for
// those who belong to the confederation, unless it is certain that MetalLB does not.
func (p *peering) shown(own AS) []uint32 {
	if own.Member == 0 {
		return []uint32{own.Number}
	}
	remote, ok := said(&p.Findings, p.router.RemoteAS)
	peers, ok2 := given(&p.Findings, p.instance.ConfederationPeers)
	if ok && ok2 && !peers && remote.Member == 0 && remote.Number != own.Member {
		return []uint32{own.Number}
	}
	return []uint32{own.Number, own.Member}
}

// remoteAS wants the router to expect MetalLB's AS number: my_asn, or local_asn, which the frr-k8s mode leaves out of
// account. A remote_as of 0 expects none.
func (p *peering) remoteAS() {
	remote, ok := said(&p.Findings, p.router.RemoteAS)
	mine, ok2 := said(&p.Findings, p.metallb.MyASN)
	local, ok3 := orDefault(&p.Findings, p.metallb.LocalASN, 0)
	if !ok || !ok2 || !ok3 || remote.Number == 0 {
		return
	}
	if expected := []uint32{remote.Number, remote.Member}; slices.Contains(expected, mine) || (local != 0 && slices.Contains(expected, local)) {
		return
	}
	has := p.theMetalLB.has("my_asn", mine)
	if local != 0 {
		has += fmt.Sprintf(" and local_asn = %d", local)
	}
	p.problem(p.theRouter.has("remote_as", remote), has,
		"the router refuses a neighbour of another AS than it expects. Give both the AS number of MetalLB.")
}

func (p *peering) peerASN() {
	expected, ok := said(&p.Findings, p.metallb.PeerASN)
	if !ok {
		return
	}
	own, says, ok := p.own()
	if !ok {
		return
	}
	if shown := p.shown(own); !slices.Contains(shown, expected) {
		p.problem(p.theMetalLB.has("peer_asn", expected), says, fmt.Sprintf(
			"MetalLB refuses a router of another AS than it expects. Give peer_asn the AS number that the router shows, %d.", shown[0]))
	}
}

func (p *peering) dynamicASN() {
	dynamic, ok := said(&p.Findings, p.metallb.DynamicASN)
	mine, ok2 := said(&p.Findings, p.metallb.MyASN)
	local, ok3 := given(&p.Findings, p.metallb.LocalASN)
	if !ok || !ok2 || !ok3 || local {
		return
	}
	own, says, ok := p.own()
	if !ok {
		return
	}
	shown := p.shown(own)
	same := slices.Contains(shown, mine)
	has := p.theMetalLB.has("dynamic_asn", dynamic) + fmt.Sprintf(" and my_asn = %d", mine)
	switch {
	case dynamic == "internal" && !same:
		p.problem(has, says, "internal takes a router of the same AS only. Give both one AS number, or dynamic_asn \"external\".")
	case dynamic == "external" && same && len(shown) == 1:
		p.problem(has, says, "external takes a router of another AS only. Give them different AS numbers, or dynamic_asn \"internal\".")
	}
}

// external tells a session between different ASes. Of one within a confederation it is not ok.
func (p *peering) external() (yes bool, own AS, says string, ok bool) {
	own, says, ok = p.own()
	remote, ok2 := said(&p.Findings, p.router.RemoteAS)
	ok = ok && ok2 && own.Member == 0 && remote.Member == 0 && remote.Number != 0
	return own.Number != remote.Number, own, says, ok
}

func (p *peering) role() {
	role, ok := said(&p.Findings, p.router.LocalRole)
	if !ok {
		return
	}
	external, own, says, ok := p.external()
	inside := role == "ibgp" || role == "ibgp-rr"
	switch {
	case !ok || inside != external:
	case inside:
		p.problem(p.theRouter.has("local_role", role)+fmt.Sprintf(" and remote_as = %s", p.router.RemoteAS.is), says,
			"iBGP is for ends of one AS. Leave local_role out, or give both ends one AS number.")
	default:
		p.problem(p.theRouter.has("local_role", role)+fmt.Sprintf(" and remote_as = %s", p.router.RemoteAS.is), says,
			fmt.Sprintf("ends of one AS, %d, have iBGP. Leave local_role out, or give it \"ibgp\".", own.Number))
	}
}
