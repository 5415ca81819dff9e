package routerostest

import "fmt"

func interfaceMenus() []*menu {
	lists := references("/interface/list")
	return []*menu{
		{
			path: "/interface", verbs: "print get find set comment " + switched, key: "name", firstID: 1, unique: true,
			print: "brief oid stats stats-detail",
			args: []arg{
				{name: "name", kind: text(), fixed: true},
				{name: "mtu", kind: either(exactly("auto"), number(0, 65535)), fixed: true, def: new("1500")},
				{name: "l2mtu", kind: number(0, 65535), fixed: true},
				comment(),
				{name: "disabled", kind: boolean(), fixed: true, def: new("false")},
			},
			seed: interfaces,
		},
		{
			path: "/interface/list", verbs: standard, key: "name", firstID: 1, unique: true, print: "brief",
			args: []arg{
				{name: "name", kind: text(), fixed: true, required: always()},
				{name: "include", kind: lists, fixed: true, def: new("")},
				{name: "exclude", kind: lists, fixed: true, def: new("")},
				comment(),
			},
			seed: func(*world) []*row {
				var rows []*row
				for i, name := range []string{"all", "none", "dynamic", "static"} {
					rows = append(rows, &row{id: 0x2000000 + i, builtin: true, values: map[string]string{"name": name},
						fixed: []pair{{"builtin", "true"}}})
				}
				return rows
			},
			computed: notDynamic,
			keep: func(_ *world, r *row) error {
				if r.builtin {
					return failure("can not remove builtin") // text [inf]
				}
				return nil
			},
		},
	}
}

// interfaces are ether1 to ether5 and, on v7, the loopback that can be configured.
func interfaces(w *world) []*row {
	var rows []*row
	for i := 1; i <= 5; i++ {
		name := fmt.Sprintf("ether%d", i)
		rows = append(rows, &row{id: i, builtin: true, values: map[string]string{"name": name}, fixed: []pair{
			{"default-name", name}, {"type", "ether"}, {"actual-mtu", "1500"},
			{"mac-address", fmt.Sprintf("02:00:00:00:00:%02X", i)}, {"running", "true"},
		}})
	}
	if w.version[0] > 6 {
		rows = append(rows, &row{id: 6, builtin: true, values: map[string]string{"name": "lo", "mtu": "65536"},
			fixed: []pair{{"type", "loopback"}, {"actual-mtu", "65536"}, {"mac-address", "00:00:00:00:00:00"},
				{"running", "true"}}})
	}
	return rows
}

// routingMenus are what BGP objects of v7 refer to besides one another.
func routingMenus() []*menu {
	main := func(values map[string]string, fixed ...pair) func(*world) []*row {
		values["name"] = "main"
		return func(*world) []*row { return []*row{{builtin: true, values: values, fixed: fixed}} }
	}
	keep := func(_ *world, r *row) error {
		if r.builtin {
			return failure("can not remove main") // text [inf]
		}
		return nil
	}
	disabled := arg{name: "disabled", kind: boolean(), def: new("false"), fixed: true}
	return []*menu{
		{
			path: "/routing/id", in: "7.1-", verbs: standard + switched + "unset", key: "name", firstID: 1, print: "brief",
			args: []arg{
				{name: "name", kind: text(), fixed: true}, {name: "id", kind: ipv4()},
				{name: "select-dynamic-id", kind: text()}, {name: "select-from-vrf", kind: vrf()}, disabled, comment(),
			},
			seed: main(map[string]string{"select-dynamic-id": "only-vrf", "select-from-vrf": "main"}),
			keep: keep,
		},
		{
			path: "/routing/table", in: "7.1-", verbs: standard + switched + "unset", key: "name", firstID: 1, unique: true,
			args: []arg{
				{name: "name", kind: text(), fixed: true, required: always()}, {name: "fib", kind: fib()}, disabled, comment(),
			},
			seed: main(map[string]string{"fib": ""}),
			keep: keep,
		},
		{
			path: "/ip/vrf", in: "7.1-", verbs: standard + switched + "move", key: "name", firstID: 1, unique: true,
			ordered: true,
			args: []arg{
				{name: "name", kind: text(), fixed: true, required: always()}, {name: "interfaces", kind: text(), fixed: true},
				disabled, comment(),
			},
			seed: main(map[string]string{"interfaces": "all"}, pair{"builtin", "true"}),
			keep: keep,
		},
	}
}

// fib is a switch: there and empty when on (routeros-api.md §8).
func fib() kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		switch value {
		case "", "yes", "true":
			return "", nil
		}
		return "", invalidValue(arg)
	}}
}
