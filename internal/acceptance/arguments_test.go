package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// values are two values of each attribute, as they stand in a configuration; a value that some releases lack has a
// third beside it, for those.
type values map[string][]string

var instanceValues = values{
	"as": {`"65000"`, `"1.1"`}, "router_id": {`"192.168.5.1"`, `"192.168.5.2"`}, "cluster_id": {`"192.168.5.1"`, `"192.168.5.2"`},
	"confederation": {`"65100"`, `"1.2"`}, "confederation_peers": {`"10,20,30-50"`, `"10"`}, "ignore_as_path_len": {"true", "false"},
	"multipath": {"2", "4"}, "routing_table": {`"blue"`, `"main"`}, "vrf": {`"red"`, `"main"`},
	"client_to_client_reflection": {"false", "true"}, "out_filter": {`"a"`, `"b"`}, "redistribute_connected": {"true", "false"},
	"redistribute_static": {"true", "false"}, "redistribute_rip": {"true", "false"}, "redistribute_ospf": {"true", "false"},
	"redistribute_other_bgp": {"true", "false"}, "comment": {`"c"`, `"d"`}, "disabled": {"true", "false"},
}

var peerValues = values{
	"as": {`"65010"`, `"1.1"`}, "templates": {`["one"]`, `["two", "one"]`},
	"router_id": {`"192.168.5.3"`, `"main"`}, "cluster_id": {`"192.168.5.3"`, `"192.168.5.4"`}, "input_ignore_as_path_len": {"true", "false"},
	"remote_address": {`"192.168.5.253"`, `"192.168.5.252/32"`}, "remote_as": {`"65001"`, `"1.10"`},
	"remote_port": {"1179", "179"}, "remote_ttl": {"5", "6"}, "remote_allowed_as": {`"a"`, `"b"`},
	"local_address": {`"192.168.5.1"`, `"192.168.5.2"`}, "local_port": {"1179", "179"}, "local_role": {`"ebgp"`, `"ibgp-rr"`},
	"local_ttl": {"5", "255"}, "connect": {"false", "true"}, "listen": {"true", "true"}, "multihop": {"true", "false"},
	"tcp_md5_key": {`"canary-one"`, `"canary-two"`}, "hold_time": {`"90s"`, `"00:02:00"`}, "keepalive_time": {`"30"`, `"1m"`},
	"afi": {`["ipv6", "ip"]`, `["vpnv4"]`}, "nexthop_choice": {`"force-self"`, `"propagate"`}, "use_bfd": {"true", "false"},
	"cisco_vpls_nlri_len_fmt": {`"bits"`, `"auto-bytes"`}, "routing_table": {`"blue"`, `"main"`}, "vrf": {`"red"`, `"main"`},
	"add_path_out": {`"all"`, `"none"`}, "save_to": {`"bgp.pcap"`, `"other.pcap"`}, "max_prefix_limit": {"100", "200"},
	"max_prefix_restart_time": {`"1w3d"`, `"infinity"`}, "comment": {`"c"`, `"d"`}, "disabled": {"true", "false"},

	"input_accept_communities": {`"a"`, `"b"`}, "input_accept_ext_communities": {`"a"`, `"b"`},
	"input_accept_large_communities": {`"a"`, `"b"`}, "input_accept_nlri": {`"a"`, `"b"`}, "input_accept_unknown": {`"a"`, `"b"`},
	"input_add_path": {`["ip"]`, `["ipv6", "ip"]`}, "input_affinity": {`"vrf"`, `"alone"`}, "input_allow_as": {"1", "10"},
	"input_attr_error_handling": {`"revised"`, `"default"`}, "input_filter": {`"a"`, `"b"`},
	"input_filter_communities": {`"a"`, `"b"`}, "input_filter_ext_communities": {`"a"`, `"b"`},
	"input_filter_large_communities": {`"a"`, `"b"`}, "input_filter_nlri": {`"a"`, `"b"`}, "input_filter_unknown": {`"a"`, `"b"`},
	"input_limit_process_routes_ipv4": {"10", "10000000"}, "input_limit_process_routes_ipv6": {"100", "1000"},

	"output_add_path": {`["ip"]`, `["ipv6", "ip"]`}, "output_affinity": {`"input"`, `"afi"`}, "output_as_override": {"true", "false"},
	"output_default_originate": {`"always"`, `"if-installed"`}, "output_default_prepend": {"1", "3"},
	"output_filter_chain": {`"a"`, `"b"`}, "output_filter_select": {`"a"`, `"b"`}, "output_keep_sent_attributes": {"true", "false"},
	"output_network": {`"a"`, `"b"`}, "output_network_blackhole": {"true", "false"},
	"output_no_client_to_client_reflection": {"true", "false"}, "output_no_early_cut": {"true", "false"},
	"output_redistribute": {`["static", "connected"]`, `["bgp"]`}, "output_remove_private_as": {"true", "false"},
}

var natValues = values{
	"action": {`"netmap"`, `"dst-nat"`}, "protocol": {`"tcp"`, `"17"`}, "dst_port": {`"443,80"`, `"!1000-2000"`},
	"src_port": {`"1024-65535"`, `"53"`}, "port": {`"80"`, `"443"`}, "src_address": {`"!198.51.100.0/24"`, `"198.51.100.1-198.51.100.9"`},
	"dst_address": {`"203.0.113.1/32"`, `"203.0.113.0/24"`}, "src_address_list": {`"friends"`, `"!foes"`},
	"dst_address_list": {`"friends"`, `"!foes"`}, "src_address_type": {`"unicast,local"`, `"!broadcast"`},
	"dst_address_type": {`"local"`, `"multicast,local"`}, "src_mac_address": {`"02:00:00:aa:bb:cc"`, `"!02:00:00:AA:BB:CD"`},
	"in_interface": {`"ether1"`, `"!ether2"`}, "in_interface_list": {`"WAN"`, `"!WAN"`}, "in_bridge_port": {`"ether1"`, `"!ether2"`},
	"in_bridge_port_list": {`"WAN"`, `"!WAN"`}, "connection_bytes": {`"500000-0"`, `"1000-2000"`}, "connection_limit": {`"100,32"`, `"!10,24"`},
	"connection_mark": {`"no-mark"`, `"!web"`}, "connection_rate": {`"0-100k"`, `"1M-100M"`}, "connection_type": {`"sip"`, `"!ftp"`},
	"content": {`"GET"`, `"PUT"`}, "dscp": {"46", `"!0"`}, "dst_limit": {`"1,5,dst-address/1m40s"`, `"10/1m,5,src-address/30s"`},
	"fragment": {"true", "false"}, "hotspot": {`"from-client,!auth"`, `"http"`}, "icmp_options": {`"8:0"`, `"3:0-15"`},
	"ingress_priority": {"1", `"!2"`}, "ipsec_policy": {`"in,ipsec"`, `"out,none"`}, "ipv4_options": {`"any"`, `"router-alert"`},
	"layer7_protocol": {`"web"`, `"!web"`}, "limit": {`"10,5:packet"`, `"10/1m,5"`}, "nth": {`"2,1"`, `"3,2"`}, "packet_mark": {`"web"`, `"no-mark"`},
	"packet_size": {`"0-128"`, `"!1500"`}, "per_connection_classifier": {`"both-addresses:2/0"`, `"src-port:4/3"`}, "priority": {"1", `"!2"`},
	"psd": {`"21,3s,3,1"`, `"10,1m,3,1"`}, "random": {"50", "99"}, "realm": {"1", `"!2"`}, "routing_mark": {`"main"`, `"!blue"`},
	"tcp_mss": {`"0-1400"`, `"!536"`}, "time": {`"8h-17h,mon,tue"`, `"0s-1d,sat"`}, "tls_host": {`"*.example.com"`, `"example.com"`},
	"tos": {`"16/240"`, `"!8"`}, "ttl": {`"equal:64"`, `"less-than:2"`}, "to_addresses": {`"192.168.128.1-192.168.128.9"`, `"192.168.128.1/32"`},
	"to_ports": {`"8080"`, `"8080-8090"`}, "same_not_by_dst": {"true", "false"}, "randomise_ports": {"true", "false"},
	"jump_target": {`"web"`, `"mail"`}, "address_list": {`"seen"`, `"known"`}, "address_list_timeout": {`"3600"`, `"none-static"`},
	"log": {"true", "false"}, "log_prefix": {`"web"`, `"mail"`}, "socks5_server": {`"192.0.2.1"`, `"192.0.2.2"`}, "socks5_port": {"1080", "1081"},
	"socksify_service": {`"one"`, `"two"`}, "comment": {`"c"`, `"d"`}, "disabled": {"true", "false"},
}

// attributes gives all that the release has of a menu, with its first, second … values.
func attributes(t *testing.T, menu *routeros.Menu, release string, known values, which int) string {
	t.Helper()
	version, err := routeros.ParseVersion(release)
	require.NoError(t, err)
	var lines strings.Builder
	for _, word := range menu.Words {
		attribute := strings.NewReplacer(".", "_", "-", "_").Replace(word.Name)
		if attribute == "name" || attribute == "instance" {
			continue
		}
		if !assert.Contains(t, known, attribute, "no values to try of an attribute of %s", menu.Noun) {
			continue
		}
		plain := strings.Trim(known[attribute][which], `"`)
		if len(menu.Unsupported(version, routeros.Words{word.Name: yesNo(plain)})) == 0 {
			fmt.Fprintf(&lines, "  %s = %s\n", attribute, known[attribute][which])
		}
	}
	return lines.String()
}

// yesNo is a value as RouterOS has it, as far as it matters to which releases take it.
func yesNo(value string) string {
	switch value {
	case "true":
		return "yes"
	case "false":
		return "no"
	}
	return strings.Trim(value, "[]")
}

// ordered is a second rule, and the order of both.
func ordered(rules, position string) string {
	return fmt.Sprintf(`
resource "routeros_dstnat" "y" {
  comment      = "y"
  to_addresses = "192.168.128.2"
}
resource "routeros_nat_order" "x" {
  rules = [%s]
  %s
}`, rules, position)
}

// all is the resources with all that the release has.
func all(t *testing.T, release string, which int) string {
	return fmt.Sprintf(`
resource "routeros_bgp_instance" "x" {
  name = "private"
%s}
resource "routeros_bgp_peer" "x" {
  name     = "worker"
  instance = routeros_bgp_instance.x.name
%s}
resource "routeros_dstnat" "x" {
%s}
%s`, attributes(t, routeros.BGPInstance, release, instanceValues, which), attributes(t, routeros.BGPPeer, release, peerValues, which),
		attributes(t, routeros.DstNAT, release, natValues, which), []string{
			ordered("routeros_dstnat.y.id, routeros_dstnat.x.id", `position = "first"`),
			ordered("routeros_dstnat.x.id, routeros_dstnat.y.id", `position = "last"`),
		}[which])
}

var least = ordered("routeros_dstnat.y.id, routeros_dstnat.x.id", "") + `
resource "routeros_bgp_instance" "x" {
  name = "private"
  as   = 65000
}
resource "routeros_bgp_peer" "x" {
  name           = "worker"
  instance       = routeros_bgp_instance.x.name
  remote_address = "192.168.5.252"
  remote_as      = 65546
}
resource "routeros_dstnat" "x" {
  to_addresses = "192.168.128.1"
}`

// TestEveryArgument sets every argument that a release has, changes each, and takes each away again: state, router and
// plan agree after every step, and what was taken away is as on a router that never had it. On every release.
func TestEveryArgument(t *testing.T) {
	actions := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		var checks []plancheck.PlanCheck
		for _, address := range []string{"routeros_bgp_instance.x", "routeros_bgp_peer.x", "routeros_dstnat.x", "routeros_nat_order.x"} {
			checks = append(checks, plancheck.ExpectResourceAction(address, action))
		}
		return resource.ConfigPlanChecks{PreApply: checks}
	}
	for _, release := range versions {
		t.Run(release, func(t *testing.T) {
			never := prepared(t, release)
			sim := prepared(t, release)
			before := tables(sim)
			// What can neither be unset nor set to a default has its object replaced.
			unset := actions(plancheck.ResourceActionUpdate)
			if strings.HasPrefix(release, "7.") {
				unset.PreApply[1] = plancheck.ExpectResourceAction("routeros_bgp_peer.x", plancheck.ResourceActionReplace)
			}
			if version, err := routeros.ParseVersion(release); err == nil && version.Compare(routeros.V(7, 20)) >= 0 {
				unset.PreApply[2] = plancheck.ExpectResourceAction("routeros_dstnat.x", plancheck.ResourceActionReplace)
			}
			var plain map[string][]map[string]string
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: configure(never, "", least)},
				{Config: configure(never, "", least), PreConfig: func() { plain = clean(never) }},
			}})
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
				{Config: configure(sim, "", all(t, release, 0))},
				{Config: configure(sim, "", all(t, release, 1)), ConfigPlanChecks: actions(plancheck.ResourceActionUpdate)},
				{Config: configure(sim, "", least), ConfigPlanChecks: unset},
				{Config: configure(sim, "", all(t, release, 0)), ConfigPlanChecks: actions(plancheck.ResourceActionUpdate),
					PreConfig: func() { assert.Equal(t, plain, clean(sim), "what was taken away is gone") }},
			}})
			assert.Equal(t, before, tables(sim))
		})
	}
}

// prepared is a router that has what the values above refer to.
func prepared(t *testing.T, release string) *routerostest.Router {
	sim := router(t, release)
	commands := [][]string{{"/interface/list/add", "=name=WAN"}}
	if strings.HasPrefix(release, "7.") {
		commands = append(commands, []string{"/routing/table/add", "=name=blue", "=fib="}, []string{"/ip/vrf/add", "=name=red", "=interfaces=ether5"},
			[]string{"/routing/bgp/template/add", "=name=one"}, []string{"/routing/bgp/template/add", "=name=two"})
	}
	for _, command := range commands {
		_, err := sim.Run(command...)
		require.NoError(t, err)
	}
	return sim
}

// clean are the tables without ids, and without what is at its default.
func clean(sim *routerostest.Router) map[string][]map[string]string {
	all := tables(sim)
	for _, rows := range all {
		for _, row := range rows {
			maps.DeleteFunc(row, func(property, value string) bool {
				return property == ".id" || value == "" || slices.Contains([]string{"connect=true", "listen=true", "disabled=false",
					"input.attr-error-handling=default", "address-list-timeout=none-dynamic", "same-not-by-dst=false", "randomise-ports=false",
					"uptime=" + value}, property+"="+value)
			})
		}
	}
	return all
}
