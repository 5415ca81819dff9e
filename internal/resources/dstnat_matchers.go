package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// natMatchers are what a NAT rule can ask of a packet; all that are given have to hold.
type natMatchers struct {
	Protocol                value.Protocol        `tfsdk:"protocol"                  ros:"protocol"`
	DstPort                 value.Ports           `tfsdk:"dst_port"                  ros:"dst-port"`
	SrcPort                 value.Ports           `tfsdk:"src_port"                  ros:"src-port"`
	Port                    value.Ports           `tfsdk:"port"                      ros:"port"`
	SrcAddress              value.IPv4Set         `tfsdk:"src_address"               ros:"src-address"`
	DstAddress              value.IPv4Set         `tfsdk:"dst_address"               ros:"dst-address"`
	SrcAddressList          types.String          `tfsdk:"src_address_list"          ros:"src-address-list"`
	DstAddressList          types.String          `tfsdk:"dst_address_list"          ros:"dst-address-list"`
	SrcAddressType          value.Flags           `tfsdk:"src_address_type"          ros:"src-address-type"`
	DstAddressType          value.Flags           `tfsdk:"dst_address_type"          ros:"dst-address-type"`
	SrcMACAddress           value.MAC             `tfsdk:"src_mac_address"           ros:"src-mac-address"`
	InInterface             types.String          `tfsdk:"in_interface"              ros:"in-interface"`
	InInterfaceList         types.String          `tfsdk:"in_interface_list"         ros:"in-interface-list"`
	InBridgePort            types.String          `tfsdk:"in_bridge_port"            ros:"in-bridge-port"`
	InBridgePortList        types.String          `tfsdk:"in_bridge_port_list"       ros:"in-bridge-port-list"`
	ConnectionBytes         value.ByteRange       `tfsdk:"connection_bytes"          ros:"connection-bytes"`
	ConnectionLimit         value.ConnectionLimit `tfsdk:"connection_limit"          ros:"connection-limit"`
	ConnectionMark          types.String          `tfsdk:"connection_mark"           ros:"connection-mark"`
	ConnectionRate          value.NumberRange     `tfsdk:"connection_rate"           ros:"connection-rate"`
	ConnectionType          value.Flags           `tfsdk:"connection_type"           ros:"connection-type"`
	Content                 types.String          `tfsdk:"content"                   ros:"content"`
	DSCP                    value.Number          `tfsdk:"dscp"                      ros:"dscp"`
	DstLimit                value.DstLimit        `tfsdk:"dst_limit"                 ros:"dst-limit"`
	Fragment                types.Bool            `tfsdk:"fragment"                  ros:"fragment"`
	Hotspot                 value.Conditions      `tfsdk:"hotspot"                   ros:"hotspot"`
	ICMPOptions             value.ICMPOptions     `tfsdk:"icmp_options"              ros:"icmp-options"`
	IngressPriority         value.Number          `tfsdk:"ingress_priority"          ros:"ingress-priority"`
	IPsecPolicy             value.IPsecPolicy     `tfsdk:"ipsec_policy"              ros:"ipsec-policy"`
	IPv4Options             types.String          `tfsdk:"ipv4_options"              ros:"ipv4-options"`
	Layer7Protocol          types.String          `tfsdk:"layer7_protocol"           ros:"layer7-protocol"`
	Limit                   value.Rate            `tfsdk:"limit"                     ros:"limit"`
	Nth                     value.Nth             `tfsdk:"nth"                       ros:"nth"`
	PacketMark              types.String          `tfsdk:"packet_mark"               ros:"packet-mark"`
	PacketSize              value.NumberRange     `tfsdk:"packet_size"               ros:"packet-size"`
	PerConnectionClassifier value.Classifier      `tfsdk:"per_connection_classifier" ros:"per-connection-classifier"`
	Priority                value.Number          `tfsdk:"priority"                  ros:"priority"`
	PSD                     value.PSD             `tfsdk:"psd"                       ros:"psd"`
	Random                  types.Int64           `tfsdk:"random"                    ros:"random"`
	Realm                   value.Number          `tfsdk:"realm"                     ros:"realm"`
	RoutingMark             types.String          `tfsdk:"routing_mark"              ros:"routing-mark"`
	TCPMSS                  value.NumberRange     `tfsdk:"tcp_mss"                   ros:"tcp-mss"`
	Time                    value.TimeOfDay       `tfsdk:"time"                      ros:"time"`
	TLSHost                 types.String          `tfsdk:"tls_host"                  ros:"tls-host"`
	TOS                     value.MaskedNumber    `tfsdk:"tos"                       ros:"tos"`
	TTL                     value.TTLMatch        `tfsdk:"ttl"                       ros:"ttl"`
}

// not ends the description of what can be negated.
const not = " With a leading `!`, all but that."

var addressTypes = value.WordsOf("unicast", "local", "broadcast", "multicast", "blackhole")

func natMatcherAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"protocol": meant(value.ProtocolType{}, "IP protocol, by its name (`tcp`) or number (`6`). Left out, all match."+not),
		"dst_port": meant(value.PortsType{}, "Destination ports: `80`, `80,443`, `1000-2000`."+not+
			" Needs a `protocol` that has ports: `tcp` or `udp`, from RouterOS 7 also `udp-lite`, `dccp` and `sctp`."),
		"src_port":         meant(value.PortsType{}, "Source ports, as `dst_port`."),
		"port":             meant(value.PortsType{}, "Source or destination ports, as `dst_port`."),
		"src_address":      meant(value.IPv4SetType{}, "Source: an IPv4 address, a prefix, or a range (`192.0.2.1-192.0.2.9`)."+not),
		"dst_address":      meant(value.IPv4SetType{}, "Destination before the translation, in the forms of `src_address`."),
		"src_address_list": text("Address list (`/ip/firewall/address-list`) that has the source." + not),
		"dst_address_list": text("Address list that has the destination." + not),
		"src_address_type": meant(value.FlagsType{}, "Kind of the source: `unicast`, `local` (the router's own), `broadcast`, `multicast` or "+
			"`blackhole`, several with commas."+not, addressTypes),
		"dst_address_type":    meant(value.FlagsType{}, "Kind of the destination, as `src_address_type`.", addressTypes),
		"src_mac_address":     meant(value.MACType{}, "MAC address of the source (`02:00:00:AA:BB:CC`)."+not),
		"in_interface":        text("Interface on which the packet arrived (`ether1`), or `all-ethernet`, `all-ppp`, `all-vlan`, `all-wireless`." + not),
		"in_interface_list":   text("Interface list (`/interface/list`) that has the interface on which the packet arrived (`WAN`)." + not),
		"in_bridge_port":      text("Port of a bridge on which the packet arrived; needs the bridge's `use-ip-firewall`." + not),
		"in_bridge_port_list": text("Interface list that has the port of a bridge on which the packet arrived." + not),
		"connection_bytes":    meant(value.ByteRangeType{}, "How many bytes the connection has carried: `500000-2000000`, or `500000-0` for that and more."),
		"connection_limit": meant(value.ConnectionLimitType{}, "More connections than this from one address, or from one network with a prefix of "+
			"the length after the comma: `100,32`. With a leading `!`, not more."),
		"connection_mark": text("Mark of the connection (`/ip/firewall/mangle`), or `no-mark`." + not),
		"connection_rate": meant(value.NumberRangeType{}, "Rate of the connection in bits a second: `0-100k`, `1M-100M`."+not),
		"connection_type": meant(value.FlagsType{}, "Helper that knows the connection: `ftp`, `h323`, `irc`, `pptp`, `quake3`, `sip` or `tftp`."+not,
			value.WordsOf("ftp", "h323", "irc", "pptp", "quake3", "sip", "tftp")),
		"content": text("Text that is somewhere in the packet." + not),
		"dscp":    meant(value.NumberType{}, "DSCP of the packet, 0 to 63."+not, value.NumberBetween(0, 63)),
		"dst_limit": meant(value.DstLimitType{}, "Packets a second, burst, and what is counted apart: `1,5,dst-address`; times go after slashes "+
			"(`10/1m,5,dst-address/1m40s`). What is counted apart is `dst-address`, `dst-address-and-port`, `src-address`, "+
			"`src-and-dst-addresses` or `addresses-and-dst-port`."),
		"fragment": flag("Whether the packet is a fragment other than the first."),
		"hotspot": meant(value.ConditionsType{}, "What the hotspot makes of the packet: `auth`, `from-client`, `http`, `local-dst`, `to-client`, "+
			"several with commas, each with a leading `!` for its opposite.", value.WordsOf("auth", "from-client", "http", "local-dst", "to-client")),
		"icmp_options":     meant(value.ICMPOptionsType{}, "ICMP type and codes: `8:0`, `3:0-15`."+not),
		"ingress_priority": meant(value.NumberType{}, "Priority that the packet arrived with (VLAN, WMM, MPLS), 0 to 63."+not, value.NumberBetween(0, 63)),
		"ipsec_policy":     meant(value.IPsecPolicyType{}, "Whether IPsec handles the packet: `in,ipsec`, `in,none`, `out,ipsec` or `out,none`."),
		"ipv4_options": choice("IP options of the packet: `any`, `none`, `loose-source-routing`, `no-record-route`, `no-router-alert`, "+
			"`no-source-routing`, `no-timestamp`, `record-route`, `router-alert`, `strict-source-routing` or `timestamp`.",
			"any", "none", "loose-source-routing", "no-record-route", "no-router-alert", "no-source-routing", "no-timestamp", "record-route",
			"router-alert", "strict-source-routing", "timestamp"),
		"layer7_protocol": text("Name of a pattern (`/ip/firewall/layer7-protocol`) that the connection's first bytes match." + not),
		"limit": meant(value.RateType{}, "Packets a second and burst: `10,5`; after a slash another time (`10/1m,5`), after a colon what is counted "+
			"(`10M,1M:bit`). With a leading `!`, what is beyond."),
		"nth":         meant(value.NthType{}, "One packet of so many, and which: `2,1`."+not),
		"packet_mark": text("Mark of the packet (`/ip/firewall/mangle`), or `no-mark`." + not),
		"packet_size": meant(value.NumberRangeType{}, "Size of the packet in bytes, or a range of sizes: `0-128`."+not, value.NumberBetween(0, 65535)),
		"per_connection_classifier": meant(value.ClassifierType{}, "Spreads connections: what is hashed, into how many parts, and which part matches: "+
			"`both-addresses:2/0`."+not),
		"priority":     meant(value.NumberType{}, "Priority of the packet as it is now, 0 to 63."+not, value.NumberBetween(0, 63)),
		"psd":          meant(value.PSDType{}, "What is a port scan: weight threshold, delay threshold, weight of ports below 1024, and of the others: `21,3s,3,1`."),
		"random":       number("Matches at random, in so many of a hundred cases.", 1, 99),
		"realm":        meant(value.NumberType{}, "Realm of the route, 0 to 4294967295."+not, value.NumberBetween(0, 1<<32-1)),
		"routing_mark": text("Routing mark, or name of the routing table, of the packet." + not),
		"tcp_mss":      meant(value.NumberRangeType{}, "Maximum segment size that the packet announces: `0-1400`."+not, value.NumberBetween(0, 65535)),
		"time":         meant(value.TimeOfDayType{}, "Time of the day and days of the week: `8h-17h,mon,tue,wed,thu,fri`."+not),
		"tls_host":     text("Server name of a TLS connection, with `*` for anything (`*.example.com`)."),
		"tos":          meant(value.MaskedNumberType{}, "Type of service, 0 to 255, and after a slash the bits that count: `16/240`."+not),
		"ttl":          meant(value.TTLMatchType{}, "Time to live: `equal:64`, `not-equal:64`, `less-than:2` or `greater-than:200`."),
	}
}
