package pair

import (
	"net/netip"
	"time"
)

// Instance is a routeros_bgp_instance.
type Instance struct {
	Name               Value[string]
	AS                 Value[AS]
	Confederation      Value[AS]
	ConfederationPeers Value[string]
	Disabled           Value[bool]
}

// AS is an AS number. In a confederation Number is the confederation's, which its outside sees, and Member that of the
// part; else Member is 0.
type AS struct{ Number, Member uint32 }

// RouterPeer is a routeros_bgp_peer.
type RouterPeer struct {
	Name          Value[string]
	Instance      Value[string]
	AS            Value[AS]
	RemoteAS      Value[AS]
	RemoteAddress Value[netip.Prefix] // a host is a prefix of its own
	LocalAddress  Value[netip.Addr]
	LocalPort     Value[int]
	LocalRole     Value[string]
	LocalTTL      Value[int]
	Multihop      Value[bool]
	Connect       Value[bool]
	Listen        Value[bool]
	HoldTime      Value[time.Duration] // 0 is for ever
	KeepaliveTime Value[time.Duration]
	Key           Value[Key]
	UseBFD        Value[bool]
	Disabled      Value[bool]
}

// MetalLBPeer is a metallb_bgp_peer.
type MetalLBPeer struct {
	Name          Value[string]
	MyASN         Value[uint32]
	PeerASN       Value[uint32]
	DynamicASN    Value[string]
	LocalASN      Value[uint32]
	PeerAddress   Value[netip.Addr]
	SourceAddress Value[netip.Addr]
	PeerPort      Value[int]
	EBGPMultiHop  Value[bool]
	HoldTime      Value[time.Duration] // 0 is for ever
	KeepaliveTime Value[time.Duration]
	Key           Value[Key]
	BFDProfile    Value[string]
}

// Key is the password of a session. The empty one is a key that nobody can read here: written only, or kept in a Secret.
type Key string

// Peering compares both ends of a session: the router's instance and peer, and MetalLB's peer.
func Peering(instance Instance, router RouterPeer, metallb MetalLBPeer) Findings {
	p := &peering{
		instance: instance, router: router, metallb: metallb,
		theInstance: subject{"routeros_bgp_instance", instance.Name},
		theRouter:   subject{"routeros_bgp_peer", router.Name},
		theMetalLB:  subject{"metallb_bgp_peer", metallb.Name},
	}
	for _, rule := range []func(){
		p.belongs, p.disabled, p.remoteAS, p.peerASN, p.dynamicASN, p.role, p.families, p.localAddress, p.sourceAddress, p.itself,
		p.port, p.opens, p.multihop, p.keepalive, p.keys, p.bfd,
	} {
		rule()
	}
	return p.Findings
}

type peering struct {
	Findings
	instance                           Instance
	router                             RouterPeer
	metallb                            MetalLBPeer
	theInstance, theRouter, theMetalLB subject
}

func (p *peering) belongs() {
	of, ok := said(&p.Findings, p.router.Instance)
	name, ok2 := said(&p.Findings, p.instance.Name)
	if ok && ok2 && of != name {
		p.problem(p.theRouter.has("instance", of), p.theInstance.has("name", name),
			"the peer is another instance's. Compare the peer with its own instance, or give instance the name.")
	}
}

func (p *peering) disabled() {
	for _, end := range []struct {
		who subject
		Value[bool]
	}{{p.theInstance, p.instance.Disabled}, {p.theRouter, p.router.Disabled}} {
		if off, _ := said(&p.Findings, end.Value); off {
			p.problem(end.who.has("disabled", true), p.theMetalLB.String()+" calls it",
				"no session comes up. Take disabled away, or remove MetalLB's peer.")
		}
	}
}

// opens does not mind listen = false alone. MetalLB's native and FRR modes never wait for a call, but frr-k8s does, and
// which of them it is cannot be seen here.
func (p *peering) opens() {
	connect, ok := orDefault(&p.Findings, p.router.Connect, true)
	if !ok || connect {
		return
	}
	if listen, ok := orDefault(&p.Findings, p.router.Listen, true); ok && !listen {
		p.problem(p.theRouter.has("listen", false)+" and connect = false", p.theMetalLB.String()+" calls it",
			"the router neither takes the call nor makes one. Leave listen out, or give it true.")
	}
}

func (p *peering) keys() {
	router, ok := given(&p.Findings, p.router.Key)
	metallb, ok2 := given(&p.Findings, p.metallb.Key)
	ours, theirs := p.router.Key.is, p.metallb.Key.is
	switch {
	case !ok || !ok2:
	case router && !metallb:
		p.problem(p.theRouter.String()+" has a tcp_md5_key", p.theMetalLB.String()+" has no password",
			"each drops what the other sends. Give MetalLB the same key as password, password_wo or password_secret, or take the router's away.")
	case metallb && !router:
		p.problem(p.theMetalLB.String()+" has a password", p.theRouter.String()+" has no tcp_md5_key",
			"each drops what the other sends. Give the router the same key as tcp_md5_key or tcp_md5_key_wo, or take MetalLB's away.")
	case router && ours != "" && theirs != "" && ours != theirs:
		p.problem(p.theRouter.String()+" has a tcp_md5_key", p.theMetalLB.String()+" has another password",
			"each drops what the other sends. Give both the same key.")
	}
}

func (p *peering) bfd() {
	router, ok := orDefault(&p.Findings, p.router.UseBFD, false)
	profile, ok2 := orDefault(&p.Findings, p.metallb.BFDProfile, "")
	switch {
	case !ok || !ok2:
	case router && profile == "":
		p.problem(p.theRouter.has("use_bfd", true), p.theMetalLB.lacks("bfd_profile", "no BFD"),
			"BFD needs both ends. Give MetalLB's peer the name of a metallb_bfd_profile, or take use_bfd away.")
	case !router && profile != "":
		p.problem(p.theMetalLB.has("bfd_profile", profile), p.theRouter.String()+" does not have use_bfd = true",
			"BFD needs both ends. Give the router use_bfd = true, or take bfd_profile away.")
	}
}
