package acceptance

// given is an attribute as a configuration has it, and the field that it becomes in the cluster, as JSON; "" is none.
type given struct{ hcl, field, json string }

// kindOfObject is a type with all attributes that go together. Attributes that exclude each other are in kinds of their own.
type kindOfObject struct {
	label, typeName, plural, version string
	attributes                       map[string]given
	needed                           []string       // attributes without which there is no such object
	alone                            []string       // attributes that all objects have to agree on
	standard                         map[string]any // what the CRD itself sets
}

const (
	oneSelectorHCL  = `{ match_labels = { rack = "a" }, match_expressions = [{ key = "tier", operator = "In", values = ["x", "y"] }] }`
	oneSelectorJSON = `{"matchLabels": {"rack": "a"}, "matchExpressions": [{"key": "tier", "operator": "In", "values": ["x", "y"]}]}`

	selectorHCL = `[` + oneSelectorHCL + `,
    { match_expressions = [{ key = "old", operator = "Exists" }] }]`
	selectorJSON = `[` + oneSelectorJSON + `,
    {"matchExpressions": [{"key": "old", "operator": "Exists"}]}]`
)

func selectorOf(field string) given { return given{selectorHCL, field, selectorJSON} }

// same is an attribute that the cluster has as the configuration has it.
func same(text, field string) given { return given{text, field, text} }

// everyObject adds what every object has.
func everyObject(attributes map[string]given) map[string]given {
	attributes["namespace"] = given{hcl: `"metallb-system"`}
	attributes["labels"] = given{hcl: `{ team = "a" }`}
	attributes["timeouts"] = given{hcl: `{ create = "3m", update = "3m", delete = "3m" }`}
	return attributes
}

var kindsOfObjects = []*kindOfObject{
	{
		"pool", "metallb_address_pool", "ipaddresspools", "v1beta1", everyObject(map[string]given{
			"addresses":       same(`["10.{n}.0.0/24", "10.{n}.1.10-10.{n}.1.19", "fd00:{n}::/120"]`, "addresses"),
			"protocol":        {hcl: `"layer2"`},
			"auto_assign":     same("false", "autoAssign"),
			"avoid_buggy_ips": same("true", "avoidBuggyIPs"),
			"service_allocation": {
				`{ priority = 50, namespaces = ["a", "b"], namespace_selectors = ` + selectorHCL + `, service_selectors = ` + selectorHCL + ` }`,
				"serviceAllocation",
				`{"priority": 50, "namespaces": ["a", "b"], "namespaceSelectors": ` + selectorJSON + `, "serviceSelectors": ` + selectorJSON + `}`,
			},
			"force_destroy": {hcl: "true"},
		}),
		[]string{"namespace", "labels", "addresses"}, nil, map[string]any{"autoAssign": true, "avoidBuggyIPs": false},
	}, {
		"announced pool", "metallb_address_pool", "ipaddresspools", "v1beta1", everyObject(map[string]given{
			"addresses": same(`["10.{n}.0.0/24", "fd00:{n}::/120"]`, "addresses"),
			"protocol":  {hcl: `"bgp"`},
			"bgp_advertisements": {
				hcl: `[{ aggregation_length = 24, aggregation_length_v6 = 120, local_pref = 100, communities = ["65001:{n}"] }, { aggregation_length = 30 }]`,
			},
		}),
		[]string{"namespace", "labels", "addresses", "protocol"}, nil, map[string]any{"autoAssign": true, "avoidBuggyIPs": false},
	}, {
		"peer", "metallb_bgp_peer", "bgppeers", "v1beta2", everyObject(map[string]given{
			"my_asn":                    same("65001", "myASN"),
			"peer_asn":                  same("65000", "peerASN"),
			"local_asn":                 same("65002", "localASN"),
			"peer_address":              same(`"10.0.0.{n}"`, "peerAddress"),
			"source_address":            same(`"10.0.1.{n}"`, "sourceAddress"),
			"peer_port":                 same("1179", "peerPort"),
			"hold_time":                 same(`"90s"`, "holdTime"),
			"keepalive_time":            same(`"30s"`, "keepaliveTime"),
			"connect_time":              same(`"12s"`, "connectTime"),
			"router_id":                 same(`"10.0.2.1"`, "routerID"),
			"node_selectors":            selectorOf("nodeSelectors"),
			"password":                  same(`"in-state"`, "password"),
			"bfd_profile":               same(`"given"`, "bfdProfile"),
			"enable_graceful_restart":   same("true", "enableGracefulRestart"),
			"ebgp_multi_hop":            same("true", "ebgpMultiHop"),
			"vrf":                       same(`"red"`, "vrf"),
			"dual_stack_address_family": same("true", "dualStackAddressFamily"),
		}),
		[]string{"namespace", "labels", "my_asn", "peer_asn", "peer_address"}, []string{"router_id"}, peerStandard,
	}, {
		"unnumbered peer", "metallb_bgp_peer", "bgppeers", "v1beta2", everyObject(map[string]given{
			"my_asn":          same("65001", "myASN"),
			"dynamic_asn":     same(`"external"`, "dynamicASN"),
			"interface":       same(`"eth{n}"`, "interface"),
			"router_id":       same(`"10.0.2.1"`, "routerID"),
			"disable_mp":      same("true", "disableMP"),
			"password_secret": {`{ name = "router-password" }`, "passwordSecret", `{"name": "router-password"}`},
		}),
		[]string{"namespace", "labels", "my_asn", "dynamic_asn", "interface", "router_id"}, nil, peerStandard,
	}, {
		"bgp advertisement", "metallb_bgp_advertisement", "bgpadvertisements", "v1beta1", everyObject(map[string]given{
			"aggregation_length":        same("24", "aggregationLength"),
			"aggregation_length_v6":     same("64", "aggregationLengthV6"),
			"local_pref":                same("2147483647", "localPref"),
			"communities":               same(`["65001:100", "large:65001:1:2"]`, "communities"),
			"ip_address_pools":          same(`["elsewhere"]`, "ipAddressPools"),
			"ip_address_pool_selectors": selectorOf("ipAddressPoolSelectors"),
			"node_selectors":            selectorOf("nodeSelectors"),
			"peers":                     same(`["elsewhere"]`, "peers"),
			"as_path_prepend":           same("3", "asPathPrepend"),
		}),
		[]string{"namespace", "labels"}, nil, advertisementStandard,
	}, {
		"bgp advertisement of services", "metallb_bgp_advertisement", "bgpadvertisements", "v1beta1", everyObject(map[string]given{
			"ip_address_pools":  same(`["elsewhere"]`, "ipAddressPools"),
			"service_selectors": selectorOf("serviceSelectors"),
		}),
		[]string{"namespace", "labels"}, nil, advertisementStandard,
	}, {
		"l2 advertisement", "metallb_l2_advertisement", "l2advertisements", "v1beta1", everyObject(map[string]given{
			"ip_address_pools":          same(`["elsewhere"]`, "ipAddressPools"),
			"ip_address_pool_selectors": selectorOf("ipAddressPoolSelectors"),
			"node_selectors":            selectorOf("nodeSelectors"),
			"interfaces":                same(`["eth0", "eth1"]`, "interfaces"),
			"preferred_node_selectors": {
				`[{ weight = 100, preference = ` + oneSelectorHCL + ` }, { weight = 1, preference = {} }]`, "preferredNodeSelectors",
				`[{"weight": 100, "preference": ` + oneSelectorJSON + `}, {"weight": 1, "preference": {}}]`,
			},
			"service_selectors": selectorOf("serviceSelectors"),
		}),
		[]string{"namespace", "labels"}, nil, map[string]any{},
	}, {
		"bfd profile", "metallb_bfd_profile", "bfdprofiles", "v1beta1", everyObject(map[string]given{
			"receive_interval":  same("60000", "receiveInterval"),
			"transmit_interval": same("10", "transmitInterval"),
			"detect_multiplier": same("255", "detectMultiplier"),
			"echo_interval":     same("100", "echoInterval"),
			"echo_mode":         same("true", "echoMode"),
			"passive_mode":      same("true", "passiveMode"),
			"minimum_ttl":       same("1", "minimumTtl"),
		}),
		[]string{"namespace", "labels"}, nil, map[string]any{},
	}, {
		"community", "metallb_community", "communities", "v1beta1", everyObject(map[string]given{
			"communities": {
				`[{ name = "office-{n}", value = "65001:100" }, { name = "large-{n}", value = "large:65001:1:2" }]`, "communities",
				`[{"name": "large-{n}", "value": "large:65001:1:2"}, {"name": "office-{n}", "value": "65001:100"}]`,
			},
		}),
		[]string{"namespace", "labels"}, nil, map[string]any{},
	},
}

var (
	peerStandard          = map[string]any{"peerPort": 179.0, "disableMP": false, "dualStackAddressFamily": false}
	advertisementStandard = map[string]any{"aggregationLength": 32.0, "aggregationLengthV6": 128.0}
)
