package metallb

import "slices"

// Missing names what an object refers to and the others of its namespace do not have. MetalLB ignores that a pool or a
// peer is not there, which is a warning; without a BFD profile or a community that is named, it takes no change of the
// configuration any more, which is none.
func Missing(object *Object, others []*Object) []Problem {
	var found []Problem
	spec := part{value: object.Spec, found: &found}
	exists := func(kind Kind, name string) bool {
		return slices.ContainsFunc(others, func(o *Object) bool { return o.Kind == kind && o.Name == name })
	}
	doubt := func(kind Kind, names part, effect string) {
		for _, element := range names.elements() {
			if name, ok := element.value.(string); ok && !exists(kind, name) {
				element.doubtful("there is no %s %s, and MetalLB says nothing of it: until there is one, %s", kind, name, effect)
			}
		}
	}
	switch object.Kind {
	case BGPPeer:
		profile := spec.at("bfdProfile")
		if name, ok := profile.value.(string); ok && !exists(BFDProfile, name) {
			profile.wrong("there is no BFDProfile %s, and without it MetalLB takes no change of its configuration: create it first", name)
		}
	case BGPAdvertisement:
		doubt(AddressPool, spec.at("ipAddressPools"), "none of its addresses are announced")
		doubt(BGPPeer, spec.at("peers"), "nothing is announced to it")
		missingCommunities(spec.at("communities"), others)
	case L2Advertisement:
		doubt(AddressPool, spec.at("ipAddressPools"), "none of its addresses are announced")
	case AddressPool:
		for _, advertisement := range spec.at("bgpAdvertisements").elements() {
			missingCommunities(advertisement.at("communities"), others)
		}
	}
	return found
}

func missingCommunities(communities part, others []*Object) {
	names := map[any]bool{}
	for _, other := range others {
		if other.Kind != Community {
			continue
		}
		if holdsUnknown(other.Spec["communities"]) {
			return // any name may be among them
		}
		for _, community := range (part{value: other.Spec}).at("communities").elements() {
			names[community.at("name").value] = true
		}
	}
	for _, community := range communities.elements() {
		if name, ok := community.value.(string); ok && isAlias(name) && !names[name] {
			community.wrong("no Community gives the name %q, and without it MetalLB takes no change of its configuration: "+
				"create it first, or write the community's value, %s", name, communityForm)
		}
	}
}
