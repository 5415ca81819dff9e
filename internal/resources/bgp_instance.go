package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type bgpInstanceModel struct {
	ID                 types.String         `tfsdk:"id"`
	Name               types.String         `tfsdk:"name"                ros:"name"`
	AS                 value.ASN            `tfsdk:"as"                  ros:"as"`
	RouterID           value.RouterIDOrName `tfsdk:"router_id"           ros:"router-id"`
	ClusterID          value.RouterID       `tfsdk:"cluster_id"          ros:"cluster-id"`
	Confederation      value.ASN            `tfsdk:"confederation"       ros:"confederation"`
	ConfederationPeers value.ASNRanges      `tfsdk:"confederation_peers" ros:"confederation-peers"`
	IgnoreASPathLen    types.Bool           `tfsdk:"ignore_as_path_len"  ros:"ignore-as-path-len"`
	Multipath          types.Int64          `tfsdk:"multipath"           ros:"multipath"`
	RoutingTable       types.String         `tfsdk:"routing_table"       ros:"routing-table"`
	VRF                types.String         `tfsdk:"vrf"                 ros:"vrf"`

	ClientToClientReflection types.Bool   `tfsdk:"client_to_client_reflection" ros:"client-to-client-reflection"`
	OutFilter                types.String `tfsdk:"out_filter"                  ros:"out-filter"`
	RedistributeConnected    types.Bool   `tfsdk:"redistribute_connected"      ros:"redistribute-connected"`
	RedistributeStatic       types.Bool   `tfsdk:"redistribute_static"         ros:"redistribute-static"`
	RedistributeRIP          types.Bool   `tfsdk:"redistribute_rip"            ros:"redistribute-rip"`
	RedistributeOSPF         types.Bool   `tfsdk:"redistribute_ospf"           ros:"redistribute-ospf"`
	RedistributeOtherBGP     types.Bool   `tfsdk:"redistribute_other_bgp"      ros:"redistribute-other-bgp"`

	Comment  types.String `tfsdk:"comment"  ros:"comment"`
	Disabled types.Bool   `tfsdk:"disabled" ros:"disabled"`
}

var bgpInstance = lifecycle.Row[bgpInstanceModel]{
	Type: "routeros_bgp_instance",
	Menu: routeros.BGPInstance,
	Description: "A BGP instance: the AS number and the identity that a router's BGP peers share.\n\n" +
		"On RouterOS 6 and from 7.20 it is a row of `/routing/bgp/instance`. RouterOS 7 before 7.20 has no instances; there it is a " +
		"`/routing/bgp/template` of that name, which gives the same values to the peers that name it. After an upgrade to 7.20 RouterOS may have " +
		"named the instance itself (`bgp-instance-1`): the next plan gives it its name back, in place. The template stays on the router.\n\n" +
		"RouterOS 6 comes with an instance `default`, which cannot be removed: creating it takes it over, destroying it gives it RouterOS' values back.",
	MovedFrom: []string{"routeros_routing_bgp_instance", "routeros_routing_bgp_template", "mikrotik_bgp_instance"},
	Attributes: map[string]schema.Attribute{
		"name": required(text("Name of the instance, by which peers refer to it. It can be changed in place.")),
		"as": required(meant(value.ASNType{}, "AS number of the router: 0 to 4294967295 (`65000`), or AS-dot (`1.10`); in a confederation "+
			"after its number and a slash (`65000/65101`).")),
		"router_id": meant(value.RouterIDOrNameType{}, "BGP identifier of the router: an IPv4 address, or, from RouterOS 7, the name of an "+
			"entry of `/routing/id`. RouterOS' default: one of the router's own addresses; say it, if sessions shall survive a change of those."),
		"cluster_id": meant(value.RouterIDType{}, "Identifier of the cluster of route reflectors that the router is in, an IPv4 address. "+
			"RouterOS' default: the router's BGP identifier."),
		"confederation": meant(value.ASNType{}, "AS number of the confederation, as seen from outside. Better write it into `as`, which "+
			"every release understands."),
		"confederation_peers": meant(value.ASNRangesType{}, "AS numbers of the confederation's members, and ranges of them: `10,20,30-50`."),
		"ignore_as_path_len":  flag("Whether the length of the AS path has no say in which route is best."),
		"multipath":           number("BGP multipath: how many routes to a destination may be in use at once. MikroTik's manual says no more of it than that it is a number.", 0, 1<<32-1),
		"routing_table":       text("Routing table that the peers' routes go into. RouterOS' default: `main`."),
		"vrf":                 text("VRF that the peers are reached in. RouterOS' default: `main`."),
		"client_to_client_reflection": flag("Whether routes of one client are reflected to the others. From RouterOS 7 this is a peer's: " +
			"`output_no_client_to_client_reflection`."),
		"out_filter": text("Filter chain for what is sent to any peer. From RouterOS 7 this is a peer's: `output_filter_chain`."),
		"redistribute_connected": flag("Whether connected networks are announced. From RouterOS 7 this is a peer's, as are the other " +
			"sources: `output_redistribute`."),
		"redistribute_static":    flag("Whether static routes are announced."),
		"redistribute_rip":       flag("Whether routes learned by RIP are announced."),
		"redistribute_ospf":      flag("Whether routes learned by OSPF are announced."),
		"redistribute_other_bgp": flag("Whether routes learned by other BGP instances are announced."),
		"comment":                comment(""),
		"disabled":               disabled(),
	},
}
