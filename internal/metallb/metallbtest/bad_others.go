package metallbtest

import (
	"fmt"
	"slices"
	"strings"
)

func bad(kind, name, spec, field, says string) BadInput {
	return BadInput{Name: name, Kind: kind, Spec: spec, Field: field, Says: says}
}

func may(kind, name, spec, field, says string) BadInput {
	bad := bad(kind, name, spec, field, says)
	bad.Warning = true
	return bad
}

func badBeside(kind, name, spec, field, says string, beside ...Object) BadInput {
	return BadInput{Name: name, Kind: kind, Spec: spec, Field: field, Says: says, Beside: beside, AtApply: neighbour}
}

func mayBeside(kind, name, spec, field, says string, beside ...Object) BadInput {
	bad := badBeside(kind, name, spec, field, says, beside...)
	bad.Warning = true
	return bad
}

// manyCommunities is so many of them, as YAML.
func manyCommunities(n int) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprintf("'1:%d'", i)
	}
	return "communities: [" + strings.Join(texts, ", ") + "]"
}

var (
	v4Pool      = Object{"IPAddressPool", "v4", "addresses: [10.0.0.0/25]"}
	v6Pool      = Object{"IPAddressPool", "v6", "addresses: ['2001:db8::/64']"}
	routerPeer  = Object{"BGPPeer", "router", aPeer}
	echoPeer    = Object{"BGPPeer", "router", aPeer + "bfdProfile: echo"}
	echoProfile = Object{"BFDProfile", "echo", "echoMode: true"}
	everything  = Object{"BGPAdvertisement", "all", "{}"}
)

// badAdvertisements are BGP and layer 2 advertisements.
var badAdvertisements = []BadInput{
	bad("BGPAdvertisement", "aggregation 0", "aggregationLength: 0", "aggregationLength", "1 to 32"),
	bad("BGPAdvertisement", "aggregation 33", "aggregationLength: 33", "aggregationLength", "1 to 32"),
	bad("BGPAdvertisement", "IPv6 aggregation below zero", "aggregationLengthV6: -1", "aggregationLengthV6", "1 to 128"),
	bad("BGPAdvertisement", "IPv6 aggregation 129", "aggregationLengthV6: 129", "aggregationLengthV6", "1 to 128"),
	bad("BGPAdvertisement", "preference below zero", "localPref: -1", "localPref", "0 to 4294967295"),
	bad("BGPAdvertisement", "preference of 33 bits", "localPref: 4294967296", "localPref", "0 to 4294967295"),
	bad("BGPAdvertisement", "community of 17 bits", "communities: ['1:2', '65000:65536']", "communities[1]", "up to 65535"),
	bad("BGPAdvertisement", "community of three", "communities: ['1:2:3']", "communities[0]", "not a community"),
	bad("BGPAdvertisement", "community of hex", "communities: ['0x1:2']", "communities[0]", "0x1"),
	bad("BGPAdvertisement", "community with blanks", "communities: ['1: 2']", "communities[0]", " 2"),
	bad("BGPAdvertisement", "community without an end", "communities: ['65000:']", "communities[0]", "not a community"),
	bad("BGPAdvertisement", "large community's marker", "communities: ['LARGE:1:2:3']", "communities[0]", "large:a:b:c"),
	bad("BGPAdvertisement", "large community of 33 bits", "communities: ['large:1:2:4294967296']", "communities[0]", "4294967295"),
	bad("BGPAdvertisement", "empty community", "communities: ['']", "communities[0]", "not a community"),
	bad("BGPAdvertisement", "community twice", "communities: ['1:2', '3:4', '1:2']", "communities[2]", "there already"),
	bad("BGPAdvertisement", "64 communities", manyCommunities(64), "communities", "at most 63"),
	bad("BGPAdvertisement", "pool twice", "ipAddressPools: [a, a]", "ipAddressPools[1]", "there already"),
	bad("BGPAdvertisement", "peer twice", "peers: [a, b, a]", "peers[2]", "there already"),
	bad("BGPAdvertisement", "pool selector twice", "ipAddressPoolSelectors: [{matchLabels: {a: b}}, {matchLabels: {a: b}}]", "ipAddressPoolSelectors[1]", "says what"),
	bad("BGPAdvertisement", "node selector's values", "nodeSelectors: [{matchExpressions: [{key: a, operator: DoesNotExist, values: [b]}]}]",
		"nodeSelectors[0].matchExpressions[0].values", "leave the values out"),
	bad("BGPAdvertisement", "services of an aggregate", "{aggregationLength: 24, serviceSelectors: [{matchLabels: {a: b}}]}", "aggregationLength", "by itself"),
	bad("BGPAdvertisement", "services of an IPv6 aggregate", "{aggregationLengthV6: 64, serviceSelectors: [{}]}", "aggregationLengthV6", "by itself"),
	bad("L2Advertisement", "pool twice", "ipAddressPools: [a, a]", "ipAddressPools[1]", "there already"),
	may("L2Advertisement", "interface twice", "interfaces: [eth0, eth0]", "interfaces[1]", "there already"),
	may("L2Advertisement", "empty interface", "interfaces: ['']", "interfaces[0]", "no interface"),
	bad("L2Advertisement", "node selector's operator", "nodeSelectors: [{matchExpressions: [{key: a, operator: '='}]}]",
		"nodeSelectors[0].matchExpressions[0].operator", "not one of"),
	bad("L2Advertisement", "service selector's label", "serviceSelectors: [{matchLabels: {a: 'b/c'}}]", "serviceSelectors[0].matchLabels", "value of a label"),
	may("BGPAdvertisement", "preference of 32 bits", "localPref: 2147483648", "localPref", "at most 2147483647"),
	may("BGPAdvertisement", "no such name", "ipAddressPools: [My_Pool]", "ipAddressPools[0]", "name of an object"),
	badBeside("BGPAdvertisement", "aggregates more than a pool", "aggregationLength: 24", "aggregationLength", "pool v4", v4Pool),
	badBeside("BGPAdvertisement", "aggregates more than an IPv6 pool", "{aggregationLengthV6: 63, ipAddressPools: [v6]}", "aggregationLengthV6", "pool v6", v6Pool),
	badBeside("BGPAdvertisement", "another preference for a pool", "{localPref: 100, peers: [router]}", "localPref", "another local preference",
		v4Pool, everything, Object{"BGPPeer", "router", "{myASN: 65000, peerASN: 65000, peerAddress: 192.168.5.1}"}),
	badBeside("BGPAdvertisement", "alias is not there", "communities: [no-export]", "communities[0]", `the name "no-export"`, v4Pool),
	badBeside("BGPAdvertisement", "IPv6 to a peer with BFD's echo", "ipAddressPools: [v6]", "ipAddressPools", "echo mode", v6Pool, echoProfile, echoPeer),
	mayBeside("BGPAdvertisement", "preference for another AS", "localPref: 100", "localPref", "another AS", routerPeer),
	mayBeside("BGPAdvertisement", "pool is not there", "ipAddressPools: [v4, v5]", "ipAddressPools[1]", "no IPAddressPool v5", v4Pool),
	mayBeside("BGPAdvertisement", "peer is not there", "peers: [router, ruoter]", "peers[1]", "no BGPPeer ruoter", routerPeer),
	mayBeside("L2Advertisement", "pool is not there", "ipAddressPools: [v5]", "ipAddressPools[0]", "no IPAddressPool v5", v4Pool),
	{
		Name: "native: large community", Kind: "BGPAdvertisement", Spec: "communities: ['large:1:2:3']", Field: "communities[0]", Says: "large communities",
		Mode: "native", AtApply: mode,
	}, {
		Name: "native: IPv6 pool", Kind: "BGPAdvertisement", Spec: "{}", Field: "ipAddressPools", Says: "announces no IPv6", Beside: []Object{v6Pool},
		Mode: "native", AtApply: mode,
	},
}

// badProfiles are BFD profiles and communities.
var badProfiles = []BadInput{
	bad("BFDProfile", "receive interval 9", "receiveInterval: 9", "receiveInterval", "10 to 60000"),
	bad("BFDProfile", "transmit interval 60001", "transmitInterval: 60001", "transmitInterval", "10 to 60000"),
	bad("BFDProfile", "echo interval 0", "echoInterval: 0", "echoInterval", "10 to 60000"),
	bad("BFDProfile", "detect multiplier 1", "detectMultiplier: 1", "detectMultiplier", "2 to 255"),
	bad("BFDProfile", "detect multiplier 256", "detectMultiplier: 256", "detectMultiplier", "2 to 255"),
	bad("BFDProfile", "TTL 255", "minimumTtl: 255", "minimumTtl", "1 to 254"),
	may("BFDProfile", "echo with RouterOS", "echoMode: true", "echoMode", "RouterOS"),
	badBeside("BFDProfile", "echo with IPv6", "echoMode: true", "echoMode", "IPv6", v6Pool, everything, Object{"BGPPeer", "router", aPeer + "bfdProfile: bad"}),
	mayBeside("BFDProfile", "TTL without multihop", "minimumTtl: 250", "minimumTtl", "without ebgpMultiHop", Object{"BGPPeer", "router", aPeer + "bfdProfile: bad"}),
	{Name: "native: BFD", Kind: "BFDProfile", Spec: "{}", Field: "", Says: "native mode", Mode: "native", AtApply: mode},
	bad("Community", "value of words", "communities: [{name: a, value: no-export}]", "communities[0].value", "not a community"),
	bad("Community", "value out of range", "communities: [{name: a, value: '1:2'}, {name: b, value: '70000:1'}]", "communities[1].value", "up to 65535"),
	bad("Community", "no value", "communities: [{name: a}]", "communities[0].value", "is missing"),
	bad("Community", "no name", "communities: [{value: '1:2'}]", "communities[0].name", "is missing"),
	bad("Community", "empty name", "communities: [{name: '', value: '1:2'}]", "communities[0].name", "not empty"),
	bad("Community", "name with a colon", "communities: [{name: 'a:b', value: '1:2'}]", "communities[0].name", "without a colon"),
	bad("Community", "name twice", "communities: [{name: a, value: '1:2'}, {name: a, value: '1:3'}]", "communities[1].name", "there already"),
	badBeside("Community", "name of another", "communities: [{name: a, value: '1:2'}]", "communities[0].name", "Community other",
		Object{"Community", "other", "communities: [{name: a, value: '1:2'}]"}),
	{
		Name: "native: large community", Kind: "Community", Spec: "communities: [{name: a, value: 'large:1:2:3'}]", Field: "communities[0].value",
		Says: "large communities", Mode: "native", AtApply: mode,
	},
}

// BadInputs are all of them.
var BadInputs = slices.Concat(badPools, badPeers, badAdvertisements, badProfiles)
