package metallbtest

func badPeer(name, more, field, says string) BadInput {
	return BadInput{Name: name, Kind: "BGPPeer", Spec: aPeer + more, Field: field, Says: says}
}

const (
	aPeer     = "myASN: 65001\npeerASN: 65000\npeerAddress: 192.168.5.1\n"
	nodeRack1 = "nodeSelectors: [{matchLabels: {rack: '1'}}]"
)

func mayPeer(name, more, field, says string) BadInput {
	bad := badPeer(name, more, field, says)
	bad.Warning = true
	return bad
}

func frrPeer(name, spec, field, says string) BadInput {
	return BadInput{
		Name: name, Kind: "BGPPeer", Spec: spec, Field: field, Says: says, Mode: "frr", AtApply: neighbour,
		Beside: []Object{{"BGPPeer", "other", aPeer + "routerID: 10.0.0.1\n" + nodeRack1}},
	}
}

func nativePeer(name, spec, field string) BadInput {
	return BadInput{Name: name, Kind: "BGPPeer", Spec: spec, Field: field, Says: "native mode", Mode: "native", AtApply: mode}
}

// badPeers are BGP peers.
var badPeers = []BadInput{
	{Name: "no AS number", Kind: "BGPPeer", Spec: "{peerASN: 65000, peerAddress: 192.168.5.1}", Field: "myASN", Says: "is missing"},
	{Name: "AS number 0", Kind: "BGPPeer", Spec: "{myASN: 0, peerASN: 65000, peerAddress: 192.168.5.1}", Field: "myASN", Says: "1 to 4294967295"},
	{Name: "AS number of 33 bits", Kind: "BGPPeer", Spec: "{myASN: 1, peerASN: 4294967296, peerAddress: 192.168.5.1}", Field: "peerASN", Says: "1 to 4294967295"},
	{Name: "no AS number of the peer", Kind: "BGPPeer", Spec: "{myASN: 65001, peerAddress: 192.168.5.1}", Field: "peerASN", Says: "either peerASN or dynamicASN"},
	badPeer("two AS numbers of the peer", "dynamicASN: external", "dynamicASN", "either of them"),
	{Name: "dynamic AS number", Kind: "BGPPeer", Spec: "{myASN: 65001, dynamicASN: any, peerAddress: 192.168.5.1}", Field: "dynamicASN", Says: "not one of"},
	{Name: "no address of the peer", Kind: "BGPPeer", Spec: "{myASN: 65001, peerASN: 65000}", Field: "peerAddress", Says: "either peerAddress or interface"},
	badPeer("address and interface", "interface: eth0", "interface", "either of them"),
	{Name: "empty interface", Kind: "BGPPeer", Spec: "{myASN: 65001, peerASN: 65000, interface: ''}", Field: "interface", Says: "empty"},
	{Name: "peer by name", Kind: "BGPPeer", Spec: "{myASN: 65001, peerASN: 65000, peerAddress: router.lan}", Field: "peerAddress", Says: "no name"},
	{Name: "peer with a mask", Kind: "BGPPeer", Spec: "{myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.1/24}", Field: "peerAddress", Says: "no prefix length"},
	{Name: "peer with a zone", Kind: "BGPPeer", Spec: "{myASN: 65001, peerASN: 65000, peerAddress: 'fe80::1%eth0'}", Field: "peerAddress", Says: "no zone"},
	badPeer("source by interface", "sourceAddress: eth0", "sourceAddress", "is not an address"),
	badPeer("router ID of IPv6", "routerID: '2001:db8::1'", "routerID", "form of an IPv4 address"),
	badPeer("router ID of zeros", "routerID: 0.0.0.0", "routerID", "form of an IPv4 address"),
	badPeer("router ID as a number", "routerID: '7'", "routerID", "form of an IPv4 address"),
	badPeer("port 0", "peerPort: 0", "peerPort", "1 to 16384"),
	badPeer("port above 16384", "peerPort: 17900", "peerPort", "1 to 16384"),
	badPeer("hold time without unit", "holdTime: '90'", "holdTime", "not a time"),
	badPeer("hold time of 1s", "holdTime: 1s", "holdTime", `"3s" to "65535s"`),
	badPeer("hold time below a second", "holdTime: 500ms", "holdTime", "whole seconds"),
	badPeer("hold time below zero", "holdTime: -5s", "holdTime", "not a time"),
	badPeer("hold time that BGP cannot carry", "holdTime: 70000s", "holdTime", "65535s"),
	badPeer("hold time as RouterOS writes it", "holdTime: 1d", "holdTime", "not a time"),
	badPeer("keepalive below zero", "keepaliveTime: -1s", "keepaliveTime", "not a time"),
	badPeer("keepalive longer than hold", "holdTime: 9s\nkeepaliveTime: 10s", "keepaliveTime", "longer than the hold time"),
	badPeer("no keepalives", "holdTime: 9s\nkeepaliveTime: 0s", "keepaliveTime", "runs out"),
	badPeer("keepalives without hold", "holdTime: 0s\nkeepaliveTime: 3s", "keepaliveTime", "longer than the hold time"),
	badPeer("keepalive 0 alone", "keepaliveTime: 0s", "keepaliveTime", "a hold time of 0s as well"),
	badPeer("keepalive too long alone", "keepaliveTime: 30000s", "keepaliveTime", "at most 21845s"),
	badPeer("connect time 0", "connectTime: 0s", "connectTime", `"1s" to "65535s"`),
	badPeer("connect time of half seconds", "connectTime: 1500ms", "connectTime", "whole seconds"),
	badPeer("two passwords", "password: one\npasswordSecret: {name: two}", "passwordSecret", "in one place only"),
	badPeer("password twice", "password: one\nmanagedPassword: two", "managedPassword", "in one place only"),
	badPeer("secret and managed password", "passwordSecret: {name: one}\nmanagedPassword: two", "managedPassword", "in one place only"),
	mayPeer("empty password", "password: ''", "password", "empty"),
	badPeer("empty managed password", "managedPassword: ''", "managedPassword", "empty"),
	badPeer("secret without a name", "passwordSecret: {}", "passwordSecret.name", "is missing"),
	badPeer("secret of no name", "passwordSecret: {name: My_Secret}", "passwordSecret.name", "is not the name"),
	badPeer("profile of no name", "bfdProfile: My_Profile", "bfdProfile", "is not the name"),
	badPeer("local AS number 0", "localASN: 0", "localASN", "1 to 4294967295"),
	{Name: "multihop in one AS", Kind: "BGPPeer", Spec: "{myASN: 65000, peerASN: 65000, peerAddress: 192.168.5.1, ebgpMultiHop: true}", Field: "ebgpMultiHop", Says: "another AS"},
	badPeer("selector without key", "nodeSelectors: [{matchExpressions: [{operator: Exists}]}]", "nodeSelectors[0].matchExpressions[0].key", "is missing"),
	badPeer("selector without operator", "nodeSelectors: [{matchExpressions: [{key: rack}]}]", "nodeSelectors[0].matchExpressions[0].operator", "is missing"),
	badPeer("selector's operator", "nodeSelectors: [{}, {matchExpressions: [{key: a, operator: Exists}, {key: b, operator: in, values: [c]}]}]",
		"nodeSelectors[1].matchExpressions[1].operator", "not one of"),
	badPeer("selector In without values", "nodeSelectors: [{matchExpressions: [{key: rack, operator: In}]}]", "nodeSelectors[0].matchExpressions[0].values", "at least one"),
	badPeer("selector Exists with values", "nodeSelectors: [{matchExpressions: [{key: rack, operator: Exists, values: [a]}]}]",
		"nodeSelectors[0].matchExpressions[0].values", "key alone"),
	badPeer("selector's value twice", "nodeSelectors: [{matchExpressions: [{key: rack, operator: In, values: [a, b, a]}]}]",
		"nodeSelectors[0].matchExpressions[0].values[2]", "there already"),
	badPeer("selector's expression twice", "nodeSelectors: [{matchExpressions: [{key: r, operator: In, values: [a, b]}, {key: r, operator: In, values: [b, a]}]}]",
		"nodeSelectors[0].matchExpressions[1]", "says what"),
	badPeer("selector twice", "nodeSelectors: [{matchLabels: {a: b, c: d}}, {matchLabels: {c: d, a: b}}]", "nodeSelectors[1]", "says what"),
	badPeer("selector's key", "nodeSelectors: [{matchLabels: {'rack!': a}}]", "nodeSelectors[0].matchLabels", "key of a label"),
	badPeer("selector's value", "nodeSelectors: [{matchLabels: {rack: 'a b'}}]", "nodeSelectors[0].matchLabels", "value of a label"),
	badPeer("expression's key", "nodeSelectors: [{matchExpressions: [{key: a/b/c, operator: Exists}]}]", "nodeSelectors[0].matchExpressions[0].key", "key of a label"),
	badPeer("expression's value", "nodeSelectors: [{matchExpressions: [{key: a, operator: NotIn, values: ['-']}]}]",
		"nodeSelectors[0].matchExpressions[0].values[0]", "value of a label"),
	mayPeer("source of the other family", "sourceAddress: '2001:db8::2'", "sourceAddress", "same family"),
	mayPeer("deprecated field", "disableMP: true", "disableMP", "ignores it"),
	mayPeer("secret in another namespace", "passwordSecret: {name: bgp, namespace: default}", "passwordSecret.namespace", "MetalLB's namespace"),
	{
		Name: "multihop in the same AS, whichever", Kind: "BGPPeer", Spec: "{myASN: 65000, dynamicASN: internal, peerAddress: 192.168.5.1, ebgpMultiHop: true}",
		Field: "ebgpMultiHop", Says: "another AS", Warning: true,
	}, {
		Name: "profile is not there", Kind: "BGPPeer", Spec: aPeer + "bfdProfile: fast", Field: "bfdProfile", Says: "no BFDProfile fast",
		Beside: []Object{{"BFDProfile", "slow", "{}"}}, AtApply: neighbour,
	}, {
		Name: "second session to an address", Kind: "BGPPeer", Spec: aPeer, Field: "peerAddress", Says: "one session",
		Beside: []Object{{"BGPPeer", "other", aPeer + "peerPort: 179"}}, Warning: true, AtApply: neighbour,
	},
	frrPeer("FRR: the same peer twice", aPeer+"routerID: 10.0.0.1", "peerAddress", "there once"),
	frrPeer("FRR: another router ID", "{myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.2, routerID: 10.0.0.2}", "routerID", "have the same"),
	frrPeer("FRR: another AS number", "{myASN: 65002, peerASN: 65000, peerAddress: 192.168.5.2, routerID: 10.0.0.1, "+nodeRack1+"}", "myASN", "have the same"),
	frrPeer("FRR: a router ID of its own", "{myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.2}", "routerID", "has 10.0.0.1"),
	{
		Name: "FRR: a router ID beside none", Kind: "BGPPeer", Spec: aPeer + "routerID: 10.0.0.2", Field: "routerID", Says: "has none", Mode: "frr",
		Beside: []Object{{"BGPPeer", "other", "{myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.2}"}}, AtApply: neighbour,
	}, {
		Name: "FRR: the same interface twice", Kind: "BGPPeer", Spec: "{myASN: 65001, dynamicASN: external, interface: eth0}", Field: "interface",
		Says: "there once", Mode: "frr-k8s", AtApply: neighbour, Beside: []Object{{"BGPPeer", "other", "{myASN: 65001, dynamicASN: internal, interface: eth0}"}},
	},
	mayBeside("BGPPeer", "multihop with BFD's echo", aPeer+"bfdProfile: echo\nebgpMultiHop: true", "bfdProfile", "no echo packets", echoProfile),
	mayBeside("BGPPeer", "BFD's TTL without multihop", aPeer+"bfdProfile: far", "bfdProfile", "ebgpMultiHop only", Object{"BFDProfile", "far", "minimumTtl: 250"}),
	nativePeer("native: keepalive", aPeer+"holdTime: 90s\nkeepaliveTime: 30s", "keepaliveTime"),
	nativePeer("native: BFD", aPeer+"bfdProfile: fast", "bfdProfile"),
	nativePeer("native: VRF", aPeer+"vrf: red", "vrf"),
	nativePeer("native: connect time", aPeer+"connectTime: 10s", "connectTime"),
	nativePeer("native: graceful restart", aPeer+"enableGracefulRestart: true", "enableGracefulRestart"),
	nativePeer("native: dual stack", aPeer+"dualStackAddressFamily: true", "dualStackAddressFamily"),
	nativePeer("native: interface", "{myASN: 65001, peerASN: 65000, interface: eth0}", "interface"),
	nativePeer("native: dynamic AS number", "{myASN: 65001, dynamicASN: external, peerAddress: 192.168.5.1}", "dynamicASN"),
	nativePeer("native: local AS number", aPeer+"localASN: 65003", "localASN"),
	{
		Name: "frr-k8s: source address", Kind: "BGPPeer", Spec: aPeer + "sourceAddress: 10.0.0.1", Field: "sourceAddress", Says: "does nothing",
		Warning: true, Mode: "frr-k8s", AtApply: mode,
	},
}
