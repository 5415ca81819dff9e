package routerostest

// BGP on RouterOS 6, after routeros-v6.md: it prints every default, and unset knows only what has no default.

const peerMenu = "/routing/bgp/peer"

func bgp6Menus() []*menu {
	no := new("false")
	empty := new("")
	return []*menu{
		{
			path: instanceMenu, in: "-6.49", verbs: standard + switched + "unset", key: "name", firstID: 1,
			args: []arg{
				{name: "name", kind: text(), fixed: true, def: empty},
				{name: "as", kind: asn(false), fixed: true, required: always()},
				{name: "router-id", kind: ipv4(), fixed: true, def: new("0.0.0.0")},
				{name: "redistribute-connected", kind: boolean(), fixed: true, def: no},
				{name: "redistribute-static", kind: boolean(), fixed: true, def: no},
				{name: "redistribute-rip", kind: boolean(), fixed: true, def: no},
				{name: "redistribute-ospf", kind: boolean(), fixed: true, def: no},
				{name: "redistribute-other-bgp", kind: boolean(), fixed: true, def: no},
				{name: "out-filter", kind: text(), fixed: true, def: empty},
				{name: "client-to-client-reflection", kind: boolean(), fixed: true, def: new("true")},
				{name: "cluster-id", kind: ipv4()},
				{name: "confederation", kind: asn(false)},
				{name: "confederation-peers", kind: asnRanges()},
				{name: "ignore-as-path-len", kind: boolean(), fixed: true, def: no},
				{name: "routing-table", kind: text(), fixed: true, def: empty},
				{name: "disabled", kind: boolean(), fixed: true, def: no},
				comment(),
			},
			seed: func(*world) []*row {
				return []*row{{id: 0, builtin: true, values: map[string]string{"name": "default", "as": "65530"},
					fixed: []pair{{"default", "true"}}}}
			},
			keep: func(_ *world, r *row) error {
				if r.builtin {
					return failure("can not remove default instance") // text [inf]
				}
				return nil
			},
		},
		{
			path: peerMenu, in: "-6.49", verbs: standard + switched + "unset", key: "name", autoName: "peer",
			extra: []verb{
				{name: "refresh", args: spec("address-family numbers"), run: (*call).touch},
				{name: "refresh-all", args: spec("address-family"), run: (*call).nothing},
				{name: "resend", args: spec("address-family numbers"), run: (*call).touch},
				{name: "resend-all", args: spec("address-family"), run: (*call).nothing},
			},
			args: []arg{
				{name: "name", kind: text(), fixed: true},
				{name: "instance", kind: reference(instanceMenu), fixed: true, def: new("default")},
				{name: "remote-address", kind: ip(), fixed: true, required: always()},
				{name: "remote-as", kind: asn(false), fixed: true, required: always()},
				{name: "remote-port", kind: either(exactly(""), number(0, 65535)), drop: true},
				{name: "tcp-md5-key", kind: textUpTo(80, ""), fixed: true, def: empty, secret: true},
				{name: "nexthop-choice", kind: enum("default", "force-self", "propagate"), fixed: true, def: new("default")},
				{name: "multihop", kind: boolean(), fixed: true, def: no},
				{name: "route-reflect", kind: boolean(), fixed: true, def: no},
				{name: "hold-time", kind: duration(3e9, 3600e9, "infinity"), fixed: true, def: new("3m")},
				{name: "keepalive-time", kind: duration(1e9, 1800e9)},
				// `ttl=private` of the example in routeros-v6.md §3 is refused as a bad literal.
				{name: "ttl", kind: either(exactly("default"), number(1, 255)), fixed: true, def: new("default")},
				{name: "max-prefix-limit", kind: number(0, 1<<32-1)},
				{name: "max-prefix-restart-time", kind: duration(60e9, 10*day, "infinity")},
				{name: "in-filter", kind: text(), fixed: true, def: empty},
				{name: "out-filter", kind: text(), fixed: true, def: empty},
				{name: "allow-as-in", kind: number(0, 10)},
				{name: "address-families", kind: set("ip", "ipv6", "l2vpn", "vpnv4", "l2vpn-cisco"), fixed: true, def: new("ip")},
				{name: "default-originate", kind: enum("always", "if-installed", "never"), fixed: true, def: new("never")},
				{name: "remove-private-as", kind: boolean(), fixed: true, def: no},
				{name: "as-override", kind: boolean(), fixed: true, def: no},
				{name: "passive", kind: boolean(), fixed: true, def: no},
				{name: "use-bfd", kind: boolean(), fixed: true, def: no},
				{name: "update-source", kind: noneIsEmpty(either(ip(), reference("/interface"))), drop: true},
				{name: "cisco-vpls-nlri-len-fmt", kind: enum("auto-bits", "auto-bytes", "bits", "bytes")},
				comment(),
				{name: "disabled", kind: boolean(), fixed: true, def: no},
			},
			computed: peerState,
		},
	}
}

// exactly is one word.
func exactly(word string) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		if value != word {
			return "", invalidValue(arg)
		}
		return value, nil
	}}
}

// noneIsEmpty takes `none` for no value.
func noneIsEmpty(k kind) kind {
	return kind{ref: k.ref, normal: func(w *world, arg, value string) (string, error) {
		if value == "none" || value == "" {
			return "", nil
		}
		return k.normal(w, arg, value)
	}}
}
