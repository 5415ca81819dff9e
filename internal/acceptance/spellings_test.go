package acceptance

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// spelling is an attribute, the argument that it is on a RouterOS of today, and texts of it that mean the same.
type spelling struct {
	resource, attribute, argument string
	kind                          basetypes.StringTypable
	texts                         []string
}

var spellings = []spelling{
	{"routeros_dstnat", "src_address", "src-address", value.IPv4SetType{}, []string{"10.0.0.1", "10.0.0.1/32", "10.0.0.1-10.0.0.1", "10.0.0.1/255.255.255.255"}},
	{"routeros_dstnat", "dst_address", "dst-address", value.IPv4SetType{}, []string{"!10.0.0.0/24", "!10.0.0.7/24", "!10.0.0.0-10.0.0.255", "!10.0.0.0/255.255.255.0"}},
	{"routeros_dstnat", "to_addresses", "to-addresses", value.IPv4SetType{}, []string{"192.168.5.8/30", "192.168.5.8-192.168.5.11"}},
	{"routeros_dstnat", "dst_port", "dst-port", value.PortsType{}, []string{"80-81,443", "443,80,81", "80-81,0443,443", "443-443,81,80-80"}},
	{"routeros_dstnat", "src_port", "src-port", value.PortsType{}, []string{"!1000-2000", "!1000-1500,1400-2000"}},
	{"routeros_dstnat", "to_ports", "to-ports", value.PortsType{}, []string{"8080", "08080", "8080-8080"}},
	{"routeros_dstnat", "protocol", "protocol", value.ProtocolType{}, []string{"tcp", "6"}},
	{"routeros_dstnat", "src_mac_address", "src-mac-address", value.MACType{}, []string{"!02:00:00:AA:BB:CC", "!02:00:00:aa:bb:cc"}},
	{"routeros_dstnat", "src_address_type", "src-address-type", value.FlagsType{}, []string{"!local,unicast", "!unicast,local"}},
	{"routeros_dstnat", "dst_address_type", "dst-address-type", value.FlagsType{}, []string{"multicast,broadcast", "broadcast,multicast,broadcast"}},
	{"routeros_dstnat", "hotspot", "hotspot", value.ConditionsType{}, []string{"http,!auth", "!auth,http"}},
	{"routeros_dstnat", "dscp", "dscp", value.NumberType{}, []string{"!46", "!046", "!0x2e"}},
	{"routeros_dstnat", "priority", "priority", value.NumberType{}, []string{"7", "07"}},
	{"routeros_dstnat", "ingress_priority", "ingress-priority", value.NumberType{}, []string{"7", "07"}},
	{"routeros_dstnat", "realm", "realm", value.NumberType{}, []string{"!5", "!005"}},
	{"routeros_dstnat", "packet_size", "packet-size", value.NumberRangeType{}, []string{"40-1500", "040-01500"}},
	{"routeros_dstnat", "tcp_mss", "tcp-mss", value.NumberRangeType{}, []string{"!1452", "!1452-1452", "!01452"}},
	{"routeros_dstnat", "connection_rate", "connection-rate", value.NumberRangeType{}, []string{"0-100k", "0-100000"}},
	{"routeros_dstnat", "connection_bytes", "connection-bytes", value.ByteRangeType{}, []string{"2M-0", "2000000-0", "2000k-0"}},
	{"routeros_dstnat", "tos", "tos", value.MaskedNumberType{}, []string{"16", "0x10", "16/255", "16/0xff"}},
	{"routeros_dstnat", "limit", "limit", value.RateType{}, []string{"10,5", "10/1s,5:packet", "10/s,5", "10/00:00:01,5"}},
	{"routeros_dstnat", "dst_limit", "dst-limit", value.DstLimitType{}, []string{"1,5,src-address", "1/1s,5,src-address/1m40s", "1,5,src-address/100"}},
	{"routeros_dstnat", "connection_limit", "connection-limit", value.ConnectionLimitType{}, []string{"!100,32", "!0100,32"}},
	{"routeros_dstnat", "nth", "nth", value.NthType{}, []string{"2", "2,1", "02,1"}},
	{"routeros_dstnat", "psd", "psd", value.PSDType{}, []string{"21,3s,3,1", "21,3,3,1", "21,00:00:03,3,1"}},
	{"routeros_dstnat", "icmp_options", "icmp-options", value.ICMPOptionsType{}, []string{"8", "8:0-255", "08:0-255"}},
	{"routeros_dstnat", "ttl", "ttl", value.TTLMatchType{}, []string{"equal:64", "equal:064"}},
	{"routeros_dstnat", "ipsec_policy", "ipsec-policy", value.IPsecPolicyType{}, []string{"in,ipsec"}},
	{"routeros_dstnat", "per_connection_classifier", "per-connection-classifier", value.ClassifierType{}, []string{"both-addresses:2/0", "both-addresses:02/00"}},
	{"routeros_dstnat", "time", "time", value.TimeOfDayType{}, []string{"8h-17h30m,mon,tue", "08:00-17:30,tue,mon", "08:00:00-63000,tue,mon,tue"}},
	{"routeros_dstnat", "address_list_timeout", "address-list-timeout", value.ListTimeoutType{}, []string{"none-dynamic", "0s", "00:00:00"}},
	{"routeros_bgp_instance", "as", "as", value.ASNType{}, []string{"65546", "1.10", "065546"}},
	{"routeros_bgp_instance", "router_id", "router-id", value.RouterIDOrNameType{}, []string{"192.168.5.1"}},
	{"routeros_bgp_instance", "confederation_peers", "confederation-peers", value.ASNRangesType{}, []string{"10,20,30-50", "30-50,20,0.10", "20,10,30-40,35-50"}},
	{"routeros_bgp_peer", "remote_address", "remote.address", value.AddressType{}, []string{"192.168.5.253", "192.168.5.253/32"}},
	{"routeros_bgp_peer", "remote_address", "remote.address", value.AddressType{}, []string{"2001:db8:5::/64", "2001:DB8:5:0::1/64"}},
	{"routeros_bgp_peer", "remote_as", "remote.as", value.ASNType{}, []string{"65000/65546", "65000/1.10"}},
	{"routeros_bgp_peer", "local_address", "local.address", value.LocalAddressType{}, []string{"2001:db8::1", "2001:DB8:0::1"}},
	{"routeros_bgp_peer", "hold_time", "hold-time", value.DurationType{}, []string{"1m30s", "90s", "90", "00:01:30"}},
	{"routeros_bgp_peer", "keepalive_time", "keepalive-time", value.DurationType{}, []string{"1m", "60s", "00:01:00", "60"}},
}

// habits are how routers may read back what they were given.
var habits = map[string][]routerostest.Option{
	"own spelling": {routerostest.RemoteAddressMask(true)},
	"as written":   {routerostest.RemoteAddressMask(false), routerostest.VerbatimMatchers()},
	"tidy":         {routerostest.TidySets()},
}

// existsIn tells whether a release has the argument under its name of today.
func (s spelling) existsIn(version string) bool {
	old := strings.HasPrefix(version, "6.")
	switch s.argument {
	case "confederation-peers":
		return old
	case "tos":
		return version == "7.24"
	}
	return !old || s.resource == "routeros_dstnat"
}

// TestSpellings writes each text to routers of either habit. Whatever they read back means what every text of it means.
func TestSpellings(t *testing.T) {
	menus := map[string][]string{
		"routeros_dstnat":       {"/ip/firewall/nat", "=chain=dstnat"},
		"routeros_bgp_instance": {"/routing/bgp/instance", "=name=new"},
		"routeros_bgp_peer":     {"/routing/bgp/connection", "=name=peer", "=instance=first", "=local.role=ebgp"},
	}
	for habit, options := range habits {
		for _, version := range []string{"6.49.15", "7.20.8", "7.24"} {
			sim := routerostest.StartTest(t, version, options...)
			_, err := sim.Run("/routing/bgp/instance/add", "=name=first", "=as=1")
			require.NoError(t, err)
			for _, s := range spellings {
				if !s.existsIn(version) {
					continue
				}
				menu, words := menus[s.resource][0], menus[s.resource][1:]
				switch s.argument {
				case "src-port", "dst-port":
					words = append(words, "=protocol=tcp")
				case "confederation-peers":
					words = append(words, "=as=1")
				}
				for _, written := range s.texts {
					added, err := sim.Run(append([]string{menu + "/add", "=" + s.argument + "=" + written}, words...)...)
					require.NoError(t, err, "%s=%s", s.argument, written)
					rows := sim.Print(menu)
					read := rows[len(rows)-1][s.argument]
					require.NotEmpty(t, read, "%s=%s", s.argument, written)
					for _, text := range s.texts {
						typed, _ := s.kind.ValueFromString(t.Context(), types.StringValue(text))
						assert.True(t, typed.(interface{ Means(string) bool }).Means(read),
							"%s, %s: %s=%s reads back as %s, which is not %s", habit, version, s.argument, written, read, text)
					}
					_, err = sim.Run(menu+"/remove", "=.id="+added[0]["ret"])
					require.NoError(t, err)
				}
			}
		}
	}
}
