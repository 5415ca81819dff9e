package peering

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// capabilityWords are those that RouterOS has a word for, in its order.
var capabilityWords = []struct {
	code bgp.BGPCapabilityCode
	word string
}{
	{bgp.BGP_CAP_MULTIPROTOCOL, "mp"}, {bgp.BGP_CAP_ROUTE_REFRESH, "rr"}, {bgp.BGP_CAP_EXTENDED_NEXTHOP, "enhe"},
	{bgp.BGP_CAP_GRACEFUL_RESTART, "gr"}, {bgp.BGP_CAP_FOUR_OCTET_AS_NUMBER, "as4"}, {bgp.BGP_CAP_ADD_PATH, "ap"},
	{bgp.BGP_CAP_ENHANCED_ROUTE_REFRESH, "err"}, {bgp.BGP_CAP_LONG_LIVED_GRACEFUL_RESTART, "llgr"}, {bgp.BGP_CAP_FQDN, "fqdn"},
}

// offered are the capabilities of an OPEN.
func offered(open *bgp.BGPOpen) (all []bgp.ParameterCapabilityInterface) {
	for _, p := range open.OptParams {
		if c, ok := p.(*bgp.OptionParameterCapability); ok {
			all = append(all, c.Capability...)
		}
	}
	return all
}

// capabilities are those of an OPEN in RouterOS' words.
func capabilities(open *bgp.BGPOpen) (words []string) {
	all := offered(open)
	for _, c := range capabilityWords {
		if slices.ContainsFunc(all, func(o bgp.ParameterCapabilityInterface) bool { return o.Code() == c.code }) {
			words = append(words, c.word)
		}
	}
	return words
}

// as is the AS number of who sent an OPEN.
func as(open *bgp.BGPOpen) uint32 {
	for _, c := range offered(open) {
		if four, ok := c.(*bgp.CapFourOctetASNumber); ok {
			return four.CapValue
		}
	}
	return uint32(open.MyAS)
}

// communityWords are the communities that RouterOS writes as words.
var communityWords = map[uint32]string{
	0: "internet", 0xffffff01: "no-export", 0xffffff02: "no-advertise", 0xffffff03: "local-as",
}

// read takes from a route's attributes its gateway, and what RouterOS shows of them.
func read(attributes []bgp.PathAttributeInterface) (gateway netip.Addr, shown routerostest.BGPAttributes) {
	for _, a := range attributes {
		switch a := a.(type) {
		case *bgp.PathAttributeNextHop:
			gateway = a.Value
		case *bgp.PathAttributeMpReachNLRI:
			gateway = a.Nexthop
		case *bgp.PathAttributeAsPath:
			for _, segment := range a.Value {
				shown.ASPath = append(shown.ASPath, segment.GetAS()...)
			}
		case *bgp.PathAttributeOrigin:
			shown.Origin = []string{"igp", "egp", "incomplete"}[min(a.Value, 2)]
		case *bgp.PathAttributeMultiExitDisc:
			shown.MED = &a.Value
		case *bgp.PathAttributeLocalPref:
			shown.LocalPref = &a.Value
		case *bgp.PathAttributeCommunities:
			for _, c := range a.Value {
				word, ok := communityWords[c]
				if !ok {
					word = fmt.Sprintf("%d:%d", c>>16, c&0xffff)
				}
				shown.Communities = append(shown.Communities, word)
			}
		}
	}
	return gateway, shown
}

// write makes path attributes out of what RouterOS shows of them, the gateway excepted.
func write(shown routerostest.BGPAttributes) ([]bgp.PathAttributeInterface, error) {
	origin := bgp.BGP_ORIGIN_ATTR_TYPE_IGP
	switch shown.Origin {
	case "egp":
		origin = bgp.BGP_ORIGIN_ATTR_TYPE_EGP
	case "incomplete":
		origin = bgp.BGP_ORIGIN_ATTR_TYPE_INCOMPLETE
	}
	attributes := []bgp.PathAttributeInterface{bgp.NewPathAttributeOrigin(origin)}
	if len(shown.ASPath) > 0 {
		attributes = append(attributes, bgp.NewPathAttributeAsPath([]bgp.AsPathParamInterface{
			bgp.NewAs4PathParam(bgp.BGP_ASPATH_ATTR_TYPE_SEQ, shown.ASPath),
		}))
	}
	if shown.MED != nil {
		attributes = append(attributes, bgp.NewPathAttributeMultiExitDisc(*shown.MED))
	}
	if shown.LocalPref != nil {
		attributes = append(attributes, bgp.NewPathAttributeLocalPref(*shown.LocalPref))
	}
	var communities []uint32
	for _, c := range shown.Communities {
		var high, low uint16
		if _, err := fmt.Sscanf(c, "%d:%d", &high, &low); err != nil {
			return nil, fmt.Errorf("the community %q is not of the form 65001:100: %w", c, err)
		}
		communities = append(communities, uint32(high)<<16|uint32(low))
	}
	if communities != nil {
		attributes = append(attributes, bgp.NewPathAttributeCommunities(communities))
	}
	return attributes, nil
}
