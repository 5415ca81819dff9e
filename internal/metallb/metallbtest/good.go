package metallbtest

func good(kind, name, spec string) GoodInput { return GoodInput{Kind: kind, Name: name, Spec: spec} }

func goodByFRR(kind, name, spec string) GoodInput {
	return GoodInput{Kind: kind, Name: name, Spec: spec, NotNative: true}
}

// GoodInputs are objects that nobody has anything against.
var GoodInputs = []GoodInput{
	good("IPAddressPool", "prefix", "addresses: [192.168.128.0/24]"),
	good("IPAddressPool", "single addresses", "addresses: [10.0.0.1/32, '2001:db8::1/128']"),
	good("IPAddressPool", "ranges", "addresses: [10.0.0.1-10.0.0.9, 10.0.0.20 - 10.0.0.20, '2001:db8::1-2001:db8::ff']"),
	good("IPAddressPool", "entries that touch", "addresses: [10.0.0.0/25, 10.0.0.128/25, 10.0.1.0-10.0.1.9, 10.0.1.10-10.0.1.19]"),
	good("IPAddressPool", "everything of one family", "addresses: ['::/1', 10.0.0.0/8]"),
	good("IPAddressPool", "buggy addresses left out", "{addresses: [10.0.0.255-10.0.1.1], avoidBuggyIPs: true, autoAssign: false}"),
	good("IPAddressPool", "no buggy addresses in IPv6", "{addresses: [10.0.0.0/32, '2001:db8::ff/128'], avoidBuggyIPs: true}"),
	good("IPAddressPool", "allocation", "{addresses: [10.0.0.0/24], serviceAllocation: {priority: 50, namespaces: [a, b], "+
		"namespaceSelectors: [{matchLabels: {team: a}}], serviceSelectors: [{matchExpressions: [{key: app, operator: In, values: [a, b]}]}]}}"),
	good("IPAddressPool", "allocation last", "{addresses: [10.0.0.0/24], serviceAllocation: {priority: 0, namespaces: [a]}}"),
	good("BGPPeer", "the story's", aPeer),
	good("BGPPeer", "IPv6", "{myASN: 1, peerASN: 4294967295, peerAddress: '2001:db8::1', sourceAddress: '2001:db8::2'}"),
	good("BGPPeer", "multihop", aPeer+"ebgpMultiHop: true"),
	good("BGPPeer", "one AS", "{myASN: 65000, peerASN: 65000, peerAddress: 192.168.5.1, ebgpMultiHop: false}"),
	good("BGPPeer", "port, router ID, source", aPeer+"peerPort: 16384\nrouterID: 192.168.5.10\nsourceAddress: 192.168.5.11"),
	good("BGPPeer", "hold time", aPeer+"holdTime: 1m30s"),
	good("BGPPeer", "no hold time", aPeer+"holdTime: 0s"),
	good("BGPPeer", "longest hold time", aPeer+"holdTime: 18h12m15s"),
	good("BGPPeer", "no keepalives", aPeer+"holdTime: 0s\nkeepaliveTime: 0s"),
	goodByFRR("BGPPeer", "timers", aPeer+"holdTime: 9s\nkeepaliveTime: 9s\nconnectTime: 65535s"),
	goodByFRR("BGPPeer", "keepalive alone", aPeer+"keepaliveTime: 21845s"),
	good("BGPPeer", "password", aPeer+"password: secret"),
	good("BGPPeer", "password's Secret", aPeer+"passwordSecret: {name: bgp.router}"),
	good("BGPPeer", "node selectors", aPeer+"nodeSelectors: [{matchLabels: {kubernetes.io/hostname: node-1, rack: ''}}, "+
		"{matchExpressions: [{key: rack, operator: NotIn, values: [a, b]}, {key: rack, operator: Exists}]}, {matchExpressions: [{key: old, operator: DoesNotExist}]}]"),
	goodByFRR("BGPPeer", "any AS", "{myASN: 65001, dynamicASN: external, peerAddress: 192.168.5.1, ebgpMultiHop: true}"),
	goodByFRR("BGPPeer", "unnumbered", "{myASN: 65001, dynamicASN: internal, interface: eth0}"),
	goodByFRR("BGPPeer", "FRR's", aPeer+"vrf: red\nbfdProfile: fast\nenableGracefulRestart: true\ndualStackAddressFamily: true\nlocalASN: 65003"),
	good("BGPAdvertisement", "everything", "{}"),
	good("BGPAdvertisement", "aggregates", "{aggregationLength: 1, aggregationLengthV6: 1}"),
	good("BGPAdvertisement", "preference and communities", "{localPref: 2147483647, communities: ['65000:1', '0:65535', '01:2', no-export]}"),
	good("BGPAdvertisement", "63 communities", manyCommunities(63)),
	goodByFRR("BGPAdvertisement", "large community", "communities: ['large:4294967295:0:1']"),
	good("BGPAdvertisement", "chosen", "{ipAddressPools: [a, b.c], ipAddressPoolSelectors: [{matchLabels: {a: b}}], peers: [a, b], nodeSelectors: [{}]}"),
	good("BGPAdvertisement", "services", "{aggregationLength: 32, aggregationLengthV6: 128, serviceSelectors: [{matchLabels: {a: b}}]}"),
	good("L2Advertisement", "everything", "{}"),
	good("L2Advertisement", "chosen", "{ipAddressPools: [a], ipAddressPoolSelectors: [{matchLabels: {a: b}}], interfaces: [eth0, bond0.10], nodeSelectors: [{matchLabels: {a: b}}]}"),
	good("L2Advertisement", "services", "serviceSelectors: [{matchLabels: {a: b}}]"),
	good("BFDProfile", "defaults", "{}"),
	good("BFDProfile", "least", "{receiveInterval: 10, transmitInterval: 10, echoInterval: 10, detectMultiplier: 2, minimumTtl: 1, passiveMode: true, echoMode: false}"),
	good("BFDProfile", "most", "{receiveInterval: 60000, transmitInterval: 60000, echoInterval: 60000, detectMultiplier: 255, minimumTtl: 254}"),
	good("Community", "names", "communities: [{name: no-export, value: '65535:65281'}, {name: No Advertise, value: '65535:65282'}]"),
	goodByFRR("Community", "large", "communities: [{name: a, value: 'large:1:2:3'}]"),
}
