package metallb

import "slices"

// config is all objects of a namespace, of which one is judged.
type config struct {
	object *Object
	of     map[Kind][]*Object // it and the others
	found  []Problem
}

// Conflicts applies the rules between objects: what an object cannot be beside the others of its namespace. Those of its
// own kind and name are skipped, and so must the caller leave out the advertisements that come and go with it, if it is
// a pool. Pools that an advertisement chooses by labels, and nodes, are not known here: what only they can tell, MetalLB
// judges.
func Conflicts(object *Object, others []*Object, mode Mode) []Problem {
	c := &config{object: object, of: map[Kind][]*Object{}}
	alike := append(make([]*Object, 0, len(others)+1), object)
	for _, other := range others {
		switch {
		case other.Kind != object.Kind:
			c.of[other.Kind] = append(c.of[other.Kind], other)
		case other.Name != object.Name:
			alike = append(alike, other)
		}
	}
	c.of[object.Kind] = alike
	c.pools()
	c.communities()
	c.peers(mode)
	c.advertisements(mode)
	c.preferences()
	c.profiles()
	return c.found
}

// part is the specification of an object. Problems of others than the one that is judged are dropped.
func (c *config) part(o *Object) part {
	p := part{value: o.Spec, found: &c.found}
	if o != c.object {
		p.found = new([]Problem)
	}
	return p
}

// others are those of the object's kind; none if that is another kind.
func (c *config) others(kind Kind) []*Object {
	if c.object.Kind != kind {
		return nil
	}
	return c.of[kind][1:]
}

// pools refuses a pool that shares addresses with another.
func (c *config) pools() {
	if c.object.Kind != AddressPool {
		return
	}
	entries := entriesOf(c.part(c.object).at("addresses"))
	for _, other := range c.others(AddressPool) {
		blocks := other.blocks
		if blocks == nil {
			blocks = entriesOf(c.part(other).at("addresses"))
		}
		for i := range blocks { // without copies: each of a thousand pools is judged beside the others
			for j := range entries {
				if ours, theirs := &entries[j], &blocks[i]; ours.overlaps(theirs.block) {
					ours.wrong("%q overlaps %q of pool %s: every address is in one pool only", ours.text, theirs.text, other.Name)
				}
			}
		}
	}
}

// communities refuses a name that another object gives as well.
func (c *config) communities() {
	for _, other := range c.others(Community) {
		theirs := map[string]bool{}
		for _, community := range c.part(other).at("communities").elements() {
			name, _ := community.at("name").value.(string)
			theirs[name] = true
		}
		for _, community := range c.part(c.object).at("communities").elements() {
			if name, ok := community.at("name").value.(string); ok && theirs[name] {
				community.at("name").wrong("%q is a name that Community %s gives already: each is given once in a namespace", name, other.Name)
			}
		}
	}
}

// peers refuses what FRR cannot do on one node, and doubts two sessions of one node to the same address.
func (c *config) peers(mode Mode) {
	frr := mode == FRR || mode == FRRK8s
	for _, other := range c.others(BGPPeer) {
		ours, theirs := c.part(c.object), c.part(other)
		if !shareNodes(ours, theirs) {
			continue
		}
		where := endpoint(ours)
		same := ours.at(where).known() && sameText(ours.at(where), theirs.at(where)) && sameText(ours.at("vrf"), theirs.at("vrf"))
		switch {
		case same && frr:
			ours.at(where).wrong("BGPPeer %s has the same, for the same nodes: in %s mode each peer of a node is there once", other.Name, mode)
		case same && port(ours) == port(theirs):
			ours.at(where).doubtful("BGPPeer %s has the same, for the same nodes: the router takes one session of an address only", other.Name)
		}
		if !frr {
			continue
		}
		if a, b := ours.at("routerID"), theirs.at("routerID"); known(a, b) && a.value != b.value {
			a.wrong("BGPPeer %s, for the same nodes, has %s: in %s mode all peers of a node have the same, or none", other.Name, said(b), mode)
		}
		if differ(ours.at("myASN"), theirs.at("myASN")) && sameText(ours.at("vrf"), theirs.at("vrf")) {
			ours.at("myASN").wrong("BGPPeer %s, for the same nodes, has %v: in %s mode all peers of a node and VRF have the same",
				other.Name, theirs.at("myASN").value, mode)
		}
	}
}

// endpoint is the field that says where a peer is.
func endpoint(peer part) string {
	if peer.at("peerAddress").absent() {
		return "interface"
	}
	return "peerAddress"
}

// port is that of a peer; absent it is the usual one.
func port(peer part) any {
	if p := peer.at("peerPort"); !p.absent() {
		return p.value
	}
	return int64(usualPort)
}

// known tells parts that are absent, or known.
func known(parts ...part) bool {
	return !slices.ContainsFunc(parts, func(p part) bool { return holdsUnknown(p.value) })
}

// sameText tells two fields that are absent, or the same.
func sameText(a, b part) bool { return known(a, b) && a.value == b.value }

func said(p part) any {
	if p.absent() {
		return "none"
	}
	return p.value
}

// shareNodes tells two objects that certainly apply to a node: one of them to all, or both by the same selector.
func shareNodes(a, b part) bool {
	ours, theirs := a.at("nodeSelectors"), b.at("nodeSelectors")
	if ours.empty() || theirs.empty() {
		return true
	}
	for _, our := range ours.elements() {
		for _, their := range theirs.elements() {
			if our.known() && their.known() && canonical(our.value) == canonical(their.value) {
				return true
			}
		}
	}
	return false
}

// selects tells an advertisement that certainly takes a pool in.
func (c *config) selects(advertisement, pool *Object) bool {
	a := c.part(advertisement)
	names := a.at("ipAddressPools")
	return names.empty() && a.at("ipAddressPoolSelectors").empty() || names.has(pool.Name)
}

// announcesTo tells an advertisement that certainly goes to a peer.
func (c *config) announcesTo(advertisement, peer *Object) bool {
	names := c.part(advertisement).at("peers")
	return names.empty() || names.has(peer.Name)
}

// has tells whether a list has a text.
func (p part) has(text string) bool {
	return slices.ContainsFunc(p.elements(), func(element part) bool { return element.value == text })
}

// advertisements refuses aggregates that a pool does not fill, and IPv6 in native mode.
func (c *config) advertisements(mode Mode) {
	advertisements, pools := c.of[BGPAdvertisement], c.of[AddressPool]
	switch c.object.Kind {
	case BGPAdvertisement:
		advertisements = advertisements[:1]
	case AddressPool:
		pools = pools[:1]
	default:
		return
	}
	for _, advertisement := range advertisements {
		for _, pool := range pools {
			if c.selects(advertisement, pool) {
				c.announce(advertisement, pool, mode)
			}
		}
	}
}

func (c *config) announce(advertisement, pool *Object, mode Mode) {
	spec := c.part(advertisement)
	for _, address := range entriesOf(c.part(pool).at("addresses")) {
		bits := address.From().BitLen()
		length, ok := length(spec, bits)
		if least := address.shortest(); ok && length >= 1 && length < int64(least) {
			spec.at(lengthField(bits)).wrong("a /%d is more than %q of pool %s has: at least %d", length, address.text, pool.Name, least)
			address.wrong("BGPAdvertisement %s announces it as a /%d, which it does not fill: a /%d or larger, or another %s there",
				advertisement.Name, length, length, lengthField(bits))
		}
		if mode == Native && bits == 128 {
			spec.at("ipAddressPools").wrong("pool %s has %q, and MetalLB's native mode announces no IPv6 by BGP: choose pools with IPv4 only, "+
				"or run MetalLB in frr-k8s mode", pool.Name, address.text)
			address.wrong("BGPAdvertisement %s announces it, and MetalLB's native mode announces no IPv6 by BGP: IPv4 only, "+
				"or run MetalLB in frr-k8s mode", advertisement.Name)
		}
	}
}

// preferences refuses two local preferences, or lengths of AS path, for one announcement, and doubts a preference that no
// peer would get.
func (c *config) preferences() {
	if c.object.Kind != BGPAdvertisement {
		return
	}
	ours := c.part(c.object)
	pools := slices.DeleteFunc(slices.Clone(c.of[AddressPool]), func(pool *Object) bool { return !c.selects(c.object, pool) })
	for _, other := range c.others(BGPAdvertisement) {
		theirs := c.part(other)
		if !ours.at("serviceSelectors").empty() || !theirs.at("serviceSelectors").empty() ||
			!shareNodes(ours, theirs) || !sharePeers(ours.at("peers"), theirs.at("peers")) {
			continue
		}
		for _, pool := range pools {
			if !c.selects(other, pool) {
				continue
			}
			bits, same := sameUpdate(ours, theirs, entriesOf(c.part(pool).at("addresses")))
			for _, field := range []string{"localPref", "asPathPrepend"} {
				if same && differ(ours.at(field), theirs.at(field)) {
					ours.at(field).wrong("BGPAdvertisement %s announces pool %s with the same %s and another %s: the same one, another length, or "+
						"other peers or nodes", other.Name, pool.Name, lengthField(bits), field)
				}
			}
		}
	}
	pref := ours.at("localPref")
	if n, ok := pref.value.(int64); ok && n > 0 && c.allExternal() {
		pref.doubtful("all peers that it goes to are of another AS, and BGP does not tell them a local preference")
	}
}

func sharePeers(ours, theirs part) bool {
	return ours.empty() || theirs.empty() ||
		slices.ContainsFunc(ours.elements(), func(peer part) bool { name, ok := peer.value.(string); return ok && theirs.has(name) })
}

// allExternal tells an advertisement that goes to peers, and all of them are of another AS.
func (c *config) allExternal() bool {
	some := false
	for _, peer := range c.of[BGPPeer] {
		if c.announcesTo(c.object, peer) {
			some = true
			if !external(c.part(peer)) {
				return false
			}
		}
	}
	return some && known(c.part(c.object).at("peers"))
}

func external(peer part) bool {
	asn := peer.at("peerASN")
	return peer.at("dynamicASN").value == "external" || !asn.absent() && differ(peer.at("myASN"), asn)
}

// profiles refuses BFD's echo mode where it cannot be, and doubts what has no effect on a peer's kind of session.
func (c *config) profiles() {
	for _, profile := range c.of[BFDProfile] {
		spec := c.part(profile)
		for _, peer := range c.of[BGPPeer] {
			session := c.part(peer)
			if session.at("bfdProfile").value != profile.Name {
				continue
			}
			echo := spec.at("echoMode").value == true
			if echo {
				c.echo(profile, peer)
			}
			if echo && session.at("ebgpMultiHop").value == true {
				spec.at("echoMode").doubtful("BGPPeer %s uses it with ebgpMultiHop, where there are no echo packets", peer.Name)
				session.at("bfdProfile").doubtful("%s has echoMode, and with ebgpMultiHop there are no echo packets", profile.Name)
			}
			if multihop := session.at("ebgpMultiHop"); spec.at("minimumTtl").given() && known(multihop) && multihop.value != true && external(session) {
				spec.at("minimumTtl").doubtful("BGPPeer %s uses it without ebgpMultiHop, where no TTL is looked at", peer.Name)
				session.at("bfdProfile").doubtful("%s has minimumTtl, which is looked at with ebgpMultiHop only", profile.Name)
			}
		}
	}
}

// echo refuses to announce IPv6 to a peer with echo mode.
func (c *config) echo(profile, peer *Object) {
	for _, advertisement := range c.of[BGPAdvertisement] {
		for _, pool := range c.of[AddressPool] {
			if !c.announcesTo(advertisement, peer) || !c.selects(advertisement, pool) {
				continue
			}
			for _, address := range entriesOf(c.part(pool).at("addresses")) {
				if address.From().Is4() {
					continue
				}
				const why = "BFD's echo mode of profile %s, which peer %s has, cannot be where IPv6 is announced, as %q of pool %s is by %s: " +
					"leave echo mode out, or announce IPv4 only"
				for _, p := range []part{
					c.part(profile).at("echoMode"), c.part(peer).at("bfdProfile"), c.part(advertisement).at("ipAddressPools"), address.part,
				} {
					p.wrong(why, profile.Name, peer.Name, address.text, pool.Name, advertisement.Name)
				}
			}
		}
	}
}
