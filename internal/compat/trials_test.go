package compat

// trial is a resource of terraform-routeros on some releases and what is expected of it. "Issue" is one of
// terraform-routeros; other references are to the project's notes on RouterOS.
type trial struct {
	name     string
	on       string // releases, "7.15.3 7.18.2"
	kind     string
	instance bool   // the router has a BGP instance `edge`
	first    string // the arguments that it is created with
	changed  string // those after the update; none, and the trial ends before

	create  string            // part of the refusal to create, which ends the trial; "" when it works
	drift   []string          // what the plan after create still wants to change; nothing after later steps
	update  string            // part of the refusal to update, which ends the trial
	leaves  map[string]string // words that the router has after the update
	imports string            // what to import; ID stands for the row's
	why     string
}

const (
	addPathOut = "it always sends add-path-out, which 7.22 dropped (issues 959 and 972)"
	itsTests   = "its CI runs its own tests, which want an empty plan, on 7.12, 7.15 and 7.16; the afi of 7.19 is in its table of renamed words (issue 758)"
)

var trials = []trial{
	{
		name: "template", on: "7.15.3 7.18.2 7.19.6 7.20.8", kind: template, first: templateArguments,
		changed: `
			name           = "judge"
			as             = "65010"
			hold_time      = "1m"
			keepalive_time = "20s"
			multihop       = true
			input {
				limit_process_routes_ipv4 = 100
				filter                    = "bgp-in-2"
				allow_as                  = 2
			}
			output {
				affinity             = "main"
				keep_sent_attributes = false
				default_originate    = "always"
				redistribute         = "connected,static,bgp"
			}`,
		leaves: map[string]string{
			"as": "65010", "hold-time": "1m", "multihop": "true", "input.allow-as": "2", "input.filter": "bgp-in-2",
			"output.keep-sent-attributes": "false", "output.redistribute": "connected,static,bgp",
		},
		imports: "ID", why: itsTests,
	},
	{name: "template", on: "7.22.3", kind: template, first: templateArguments, create: "unknown parameter add-path-out", why: addPathOut},
	{
		name: "connection", on: "7.15.3 7.18.2 7.19.6", kind: connection, first: connectionArguments + `router_id = "192.168.5.1"`,
		changed: connectionChanged + `router_id = "192.168.5.2"`,
		leaves:  map[string]string{"remote.address": "192.168.5.252", "hold-time": "3m", "multihop": "false", "router-id": "192.168.5.2"},
		imports: "judge", why: itsTests,
	},
	{
		name: "connection", on: "7.20.8", kind: connection, instance: true, first: connectionArguments + `instance = "edge"`,
		changed: connectionChanged + `instance = "edge"`,
		leaves:  map[string]string{"remote.address": "192.168.5.252", "hold-time": "3m", "multihop": "false", "instance": "edge"},
		imports: "judge", why: "7.20 wants the instance and takes the rest (routeros-versions.md §0)",
	},
	{
		name: "connection", on: "7.22.3", kind: connection, instance: true, first: connectionArguments + `instance = "edge"`,
		create: "unknown parameter add-path-out", why: addPathOut,
	},
	{
		name: "connection with everything", on: "7.15.3", kind: connection,
		first: connectionArguments + `
			cisco_vpls_nlri_len_fmt = "auto-bits"
			cluster_id              = "0.0.0.0"
			input {
				accept_communities        = "111"
				accept_nlri               = ""
				accept_unknown            = ""
				affinity                  = "alone"
				allow_as                  = 0
				filter                    = ""
				ignore_as_path_len        = true
				limit_process_routes_ipv4 = 5
				limit_process_routes_ipv6 = 2
			}
			routing_table = "main"
			save_to       = "bgp.dump"
			tcp_md5_key   = "sesam"
			templates     = []
			use_bfd       = true
			vrf           = "main"`,
		why: itsTests + "; they write such limits, empty texts and an empty list of templates",
	},
	{
		name: "connection without instance", on: "7.20.8", kind: connection, first: connectionArguments,
		create: "missing =instance=", why: "mandatory from 7.20 on (routeros-v6-to-v7.md §3); the text is of the API (routeros-api.md §6)",
	},
	{
		name: "connection with router-id", on: "7.20.8", kind: connection, instance: true,
		first:  connectionArguments + "router_id = \"192.168.5.1\"\ninstance = \"edge\"",
		create: "unknown parameter router-id", why: "moved to the instance in 7.20 (routeros-versions.md §0)",
	},
	{
		name: "connection with another spelling", on: "7.15.3 7.19.6", kind: connection,
		first: `
			name      = "judge"
			as        = "65000"
			hold_time = "90s"
			local {
				role = "ebgp"
			}
			remote {
				address = "192.168.5.253"
			}`,
		drift: []string{"hold_time"}, why: "the router says 1m30s, and it compares texts: as in issue 445",
	},
	{
		name: "connection losing a block", on: "7.15.3", kind: connection, first: connectionArguments,
		changed: `
			name = "judge"
			as   = "65000"
			local {
				role = "ebgp"
			}
			remote {
				address = "192.168.5.253"
			}`,
		update: "The plugin", leaves: map[string]string{"output.redistribute": "connected"},
		why: "it takes the first of no blocks and ends (mikrotik_serialize.go; issue 207 is of the kind)",
	},
	{
		name: "instance", on: "7.15.3 7.18.2 7.19.6", kind: instance, first: instanceArguments,
		create: "no such command prefix", why: "the menu came back in 7.20 (routeros-versions.md §0)",
	},
	{
		name: "instance", on: "7.20.8 7.22.3", kind: instance, first: instanceArguments,
		changed: `
			name               = "judge"
			as                 = "65010"
			router_id          = "192.168.5.2"
			ignore_as_path_len = true`,
		leaves:  map[string]string{"as": "65010", "router-id": "192.168.5.2", "ignore-as-path-len": "true"},
		imports: "name=judge", why: "nothing of it changed since 7.20",
	},
	{
		name: "nat", on: "7.15.3 7.18.2 7.19.6 7.20.8 7.22.3", kind: natRule,
		first: natArguments + `
			protocol     = "tcp"
			dst_port     = "443,8000-8010"
			dst_address  = "203.0.113.1"
			src_address  = "10.0.0.0/24"
			in_interface = "ether1"`,
		changed: natArguments + `
			protocol = "tcp"
			disabled = true`,
		leaves:  map[string]string{"protocol": "tcp", "disabled": "true", "dst-port": ""},
		imports: "comment=judge", why: "it unsets addresses and interfaces, and empties ports (issue 995)",
	},
	{
		name: "nat losing its protocol", on: "7.15.3 7.22.3", kind: natRule, first: natArguments + `protocol = "tcp"`, changed: natArguments,
		update: "input does not match any value of protocol", leaves: map[string]string{"protocol": "tcp"},
		why: "it writes an empty text, which is no protocol (issue 435)",
	},
}

const (
	templateArguments = `
		name           = "judge"
		as             = "65000"
		hold_time      = "30s"
		keepalive_time = "10s"
		nexthop_choice = "force-self"
		comment        = "a template"
		input {
			limit_process_routes_ipv4 = 1000
			filter                    = "bgp-in"
			allow_as                  = 1
		}
		output {
			affinity             = "alone"
			keep_sent_attributes = true
			default_originate    = "never"
			redistribute         = "connected,static"
		}
	`
	connectionArguments = `
		name      = "judge"
		as        = "65000"
		hold_time = "infinity"
		multihop  = true
		local {
			role = "ebgp"
		}
		remote {
			address = "192.168.5.253"
			as      = "65001"
		}
		output {
			as_override  = true
			redistribute = "connected"
		}
	`
	connectionChanged = `
		name      = "judge"
		as        = "65000"
		hold_time = "3m"
		local {
			role = "ebgp"
			ttl  = 5
		}
		remote {
			address = "192.168.5.252"
			as      = "65001"
		}
		output {
			redistribute = "connected,static"
		}
	`
	instanceArguments = `
		name      = "judge"
		as        = "65000"
		router_id = "192.168.5.1"
		comment   = "an instance"
	`
	natArguments = `
		chain        = "dstnat"
		action       = "dst-nat"
		to_addresses = "192.168.128.1"
		comment      = "judge"
	`
)
