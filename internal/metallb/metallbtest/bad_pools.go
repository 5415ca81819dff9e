package metallbtest

func badPool(name, spec, field, says string) BadInput {
	return BadInput{Name: name, Kind: "IPAddressPool", Spec: spec, Field: field, Says: says}
}

func mayPool(name, spec, field, says string) BadInput {
	bad := badPool(name, spec, field, says)
	bad.Warning = true
	return bad
}

var bluePool = []Object{{"IPAddressPool", "blue", "addresses: [10.9.0.0/24, 2001:db8:9::/64]"}}

// badPools are address pools.
var badPools = []BadInput{
	badPool("no addresses", "autoAssign: true", "addresses", "no addresses"),
	badPool("empty addresses", "addresses: []", "addresses", "no addresses"),
	badPool("address without a mask", "addresses: [10.1.0.0/24, 10.0.0.1]", "addresses[1]", "written with /32"),
	badPool("IPv6 address without a mask", "addresses: ['2001:db8::1']", "addresses[0]", "/128 for IPv6"),
	badPool("blank before a prefix", "addresses: [' 10.0.0.0/24']", "addresses[0]", "no such prefix"),
	badPool("mask of 33", "addresses: [10.0.0.0/33]", "addresses[0]", "no such prefix"),
	badPool("leading zeros", "addresses: [010.0.0.0/24]", "addresses[0]", "no such prefix"),
	badPool("words", "addresses: [all of them]", "addresses[0]", "is not a prefix"),
	badPool("short range", "addresses: [10.0.0.1-5]", "addresses[0]", "whole addresses"),
	badPool("range of prefixes", "addresses: [10.0.0.0/25-10.0.0.128/25]", "addresses[0]", "whole addresses"),
	badPool("range of three", "addresses: [10.0.0.1-10.0.0.2-10.0.0.3]", "addresses[0]", "whole addresses"),
	badPool("range with a zone", "addresses: ['fe80::1%eth0-fe80::2%eth0']", "addresses[0]", "whole addresses"),
	badPool("range backwards", "addresses: [10.0.0.9-10.0.0.1]", "addresses[0]", "after its last"),
	badPool("range of two families", "addresses: ['10.0.0.1-2001:db8::1']", "addresses[0]", "one family"),
	badPool("IPv4 as IPv6", "addresses: ['::ffff:10.0.0.0/120']", "addresses[0]", "without ::ffff:"),
	badPool("same entry twice", "addresses: [10.0.0.0/24, 10.0.0.0/24]", "addresses[1]", "overlap"),
	badPool("entries overlap", "addresses: [10.0.0.0/24, 10.0.1.0/24, 10.0.0.250-10.0.0.251]", "addresses[2]", "overlap"),
	badPool("negative priority", "{addresses: [10.0.0.0/24], serviceAllocation: {priority: -1, namespaces: [a]}}", "serviceAllocation.priority", "lowest goes first"),
	badPool("namespace twice", "{addresses: [10.0.0.0/24], serviceAllocation: {namespaces: [a, b, a]}}",
		"serviceAllocation.namespaces[2]", "there already"),
	badPool("namespace selector's operator", "{addresses: [10.0.0.0/24], serviceAllocation: {namespaceSelectors: [{matchExpressions: [{key: a, operator: Is, values: [b]}]}]}}",
		"serviceAllocation.namespaceSelectors[0].matchExpressions[0].operator", "not one of"),
	badPool("service selector twice", "{addresses: [10.0.0.0/24], serviceAllocation: {serviceSelectors: [{matchLabels: {a: b}}, {matchLabels: {a: b}}]}}",
		"serviceAllocation.serviceSelectors[1]", "says what"),
	badPool("unknown protocol", "{addresses: [10.0.0.0/24], protocol: ospf}", "protocol", "not one of"),
	badPool("advertisements without protocol", "{addresses: [10.0.0.0/24], bgpAdvertisements: [{localPref: 1}]}", "bgpAdvertisements", `protocol "bgp"`),
	badPool("advertisements with layer2", "{addresses: [10.0.0.0/24], protocol: layer2, bgpAdvertisements: [{localPref: 1}]}", "bgpAdvertisements", `protocol "bgp"`),
	badPool("no advertisement at all", "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: []}", "bgpAdvertisements", "announce nothing"),
	badPool("its advertisement is larger than it", "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: [{}, {aggregationLength: 23}]}",
		"bgpAdvertisements[1].aggregationLength", "at least 24"),
	badPool("its advertisement is larger than a range", "{addresses: [10.0.0.1-10.0.0.10], protocol: bgp, bgpAdvertisements: [{aggregationLength: 28}]}",
		"bgpAdvertisements[0].aggregationLength", "at least 30"),
	badPool("its advertisements' preferences differ", "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: [{localPref: 1}, {localPref: 2}]}",
		"bgpAdvertisements[1].localPref", "same aggregationLength"),
	badPool("its advertisement twice", "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: [{communities: ['1:2']}, {communities: ['1:2']}]}",
		"bgpAdvertisements[1]", "says what"),
	badPool("its advertisement's community", "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: [{communities: ['65536:1']}]}",
		"bgpAdvertisements[0].communities[0]", "up to 65535"),
	mayPool("host bits", "addresses: [10.0.0.5/24]", "addresses[0]", "all of 10.0.0.0/24"),
	mayPool("only buggy addresses", "{addresses: [10.0.0.0/32, 10.0.0.255-10.0.1.0], avoidBuggyIPs: true}", "avoidBuggyIPs", "no address is left"),
	mayPool("allocation to nobody or all", "{addresses: [10.0.0.0/24], serviceAllocation: {priority: 5}}", "serviceAllocation", "0.15.0"),
	mayPool("priority without autoAssign", "{addresses: [10.0.0.0/24], autoAssign: false, serviceAllocation: {priority: 5, namespaces: [a]}}",
		"serviceAllocation.priority", "no effect"),
	mayPool("no such namespace", "{addresses: [10.0.0.0/24], serviceAllocation: {namespaces: [My_NS]}}", "serviceAllocation.namespaces[0]", "can be called"),
	{
		Name: "overlaps another pool", Kind: "IPAddressPool", Spec: "addresses: [10.8.0.0/24, 10.9.0.128-10.9.1.1]", Beside: bluePool,
		Field: "addresses[1]", Says: "of pool blue", AtApply: neighbour,
	}, {
		Name: "in an IPv6 pool", Kind: "IPAddressPool", Spec: "addresses: ['2001:db8:9::7/128']", Beside: bluePool,
		Field: "addresses[0]", Says: "of pool blue", AtApply: neighbour,
	}, {
		Name: "too small for an advertisement", Kind: "IPAddressPool", Spec: "addresses: [10.0.0.0/25]", Field: "addresses[0]", Says: "does not fill",
		Beside: []Object{{"BGPAdvertisement", "all", "aggregationLength: 24"}}, AtApply: neighbour,
	}, {
		Name: "IPv6 by native BGP", Kind: "IPAddressPool", Spec: "{addresses: ['2001:db8::/64'], protocol: bgp}", Field: "addresses[0]",
		Says: "native mode", Mode: "native", AtApply: mode,
	}, {
		Name: "large community by native BGP", Kind: "IPAddressPool",
		Spec:  "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: [{communities: ['large:1:2:3']}]}",
		Field: "bgpAdvertisements[0].communities[0]", Says: "large communities", Mode: "native", AtApply: mode,
	}, {
		Name: "IPv6 pool under an advertisement", Kind: "IPAddressPool", Spec: "addresses: ['2001:db8::/64']", Field: "addresses[0]",
		Says: "announces no IPv6", Beside: []Object{{"BGPAdvertisement", "all", "{}"}}, Mode: "native", AtApply: mode,
	}, {
		Name: "its advertisement's alias is not there", Kind: "IPAddressPool",
		Spec:  "{addresses: [10.0.0.0/24], protocol: bgp, bgpAdvertisements: [{communities: [no-export]}]}",
		Field: "bgpAdvertisements[0].communities[0]", Says: "no Community", Beside: bluePool, AtApply: neighbour,
	},
}
