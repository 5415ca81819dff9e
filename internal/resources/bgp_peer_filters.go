package resources

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// What a BGP peer lets in and out.

type bgpPeerInput struct {
	InputAcceptCommunities      types.String `tfsdk:"input_accept_communities"        ros:"input.accept-communities"`
	InputAcceptExtCommunities   types.String `tfsdk:"input_accept_ext_communities"    ros:"input.accept-ext-communities"`
	InputAcceptLargeCommunities types.String `tfsdk:"input_accept_large_communities"  ros:"input.accept-large-communities"`
	InputAcceptNLRI             types.String `tfsdk:"input_accept_nlri"               ros:"input.accept-nlri"`
	InputAcceptUnknown          types.String `tfsdk:"input_accept_unknown"            ros:"input.accept-unknown"`
	InputAddPath                types.Set    `tfsdk:"input_add_path"                  ros:"input.add-path"`
	InputAffinity               types.String `tfsdk:"input_affinity"                  ros:"input.affinity"`
	InputAllowAS                types.Int64  `tfsdk:"input_allow_as"                  ros:"input.allow-as"`
	InputAttrErrorHandling      types.String `tfsdk:"input_attr_error_handling"       ros:"input.attr-error-handling"`
	InputFilter                 types.String `tfsdk:"input_filter"                    ros:"input.filter"`
	InputFilterCommunities      types.String `tfsdk:"input_filter_communities"        ros:"input.filter-communities"`
	InputFilterExtCommunities   types.String `tfsdk:"input_filter_ext_communities"    ros:"input.filter-ext-communities"`
	InputFilterLargeCommunities types.String `tfsdk:"input_filter_large_communities"  ros:"input.filter-large-communities"`
	InputFilterNLRI             types.String `tfsdk:"input_filter_nlri"               ros:"input.filter-nlri"`
	InputFilterUnknown          types.String `tfsdk:"input_filter_unknown"            ros:"input.filter-unknown"`
	InputIgnoreASPathLen        types.Bool   `tfsdk:"input_ignore_as_path_len"        ros:"input.ignore-as-path-len"`
	InputLimitProcessRoutesIPv4 types.Int64  `tfsdk:"input_limit_process_routes_ipv4" ros:"input.limit-process-routes-ipv4"`
	InputLimitProcessRoutesIPv6 types.Int64  `tfsdk:"input_limit_process_routes_ipv6" ros:"input.limit-process-routes-ipv6"`
}

type bgpPeerOutput struct {
	OutputAddPath                    types.Set    `tfsdk:"output_add_path"                       ros:"output.add-path"`
	OutputAffinity                   types.String `tfsdk:"output_affinity"                       ros:"output.affinity"`
	OutputASOverride                 types.Bool   `tfsdk:"output_as_override"                    ros:"output.as-override"`
	OutputDefaultOriginate           types.String `tfsdk:"output_default_originate"              ros:"output.default-originate"`
	OutputDefaultPrepend             types.Int64  `tfsdk:"output_default_prepend"                ros:"output.default-prepend"`
	OutputFilterChain                types.String `tfsdk:"output_filter_chain"                   ros:"output.filter-chain"`
	OutputFilterSelect               types.String `tfsdk:"output_filter_select"                  ros:"output.filter-select"`
	OutputKeepSentAttributes         types.Bool   `tfsdk:"output_keep_sent_attributes"           ros:"output.keep-sent-attributes"`
	OutputNetwork                    types.String `tfsdk:"output_network"                        ros:"output.network"`
	OutputNetworkBlackhole           types.Bool   `tfsdk:"output_network_blackhole"              ros:"output.network-blackhole"`
	OutputNoClientToClientReflection types.Bool   `tfsdk:"output_no_client_to_client_reflection" ros:"output.no-client-to-client-reflection"`
	OutputNoEarlyCut                 types.Bool   `tfsdk:"output_no_early_cut"                   ros:"output.no-early-cut"`
	OutputRedistribute               types.Set    `tfsdk:"output_redistribute"                   ros:"output.redistribute"`
	OutputRemovePrivateAS            types.Bool   `tfsdk:"output_remove_private_as"              ros:"output.remove-private-as"`
}

func peerInputAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"input_accept_communities":       text("Communities to keep of what the neighbour announces; others are dropped before anything is stored."),
		"input_accept_ext_communities":   text("Extended communities to keep, as `input_accept_communities`."),
		"input_accept_large_communities": text("Large communities to keep, as `input_accept_communities`."),
		"input_accept_nlri":              text("Address list (`/ip/firewall/address-list`) of the prefixes to accept; others are dropped before anything is stored."),
		"input_accept_unknown":           text("Unknown attributes to keep."),
		"input_add_path":                 choices("Families for which several routes to a destination are accepted: `ip`, `ipv6`.", "ip", "ipv6"),
		"input_affinity": choice("Process that handles what comes in: `main`, `alone`, `remote-as`, `instance`, `afi` or `vrf` (shared by "+
			"sessions that have that in common).", "main", "alone", "remote-as", "instance", "afi", "vrf"),
		"input_allow_as": number("How often the router's own AS may be in the path of a route that is accepted.", 0, 10),
		"input_attr_error_handling": choice("What a broken attribute does: `default` closes the session, `revised` drops the route (RFC 7606).",
			"default", "revised"),
		"input_filter":                    text("Filter chain for what comes in. RouterOS 7 rejects what no rule of the chain accepts; RouterOS 6 accepts it."),
		"input_filter_communities":        text("Filter for communities, applied before anything is stored."),
		"input_filter_ext_communities":    text("Filter for extended communities, applied before anything is stored."),
		"input_filter_large_communities":  text("Filter for large communities, applied before anything is stored."),
		"input_filter_nlri":               text("Filter for prefixes, applied before anything is stored."),
		"input_filter_unknown":            text("Filter for unknown attributes, applied before anything is stored."),
		"input_ignore_as_path_len":        flag("Whether the length of the AS path has no say in which route is best. Left out, the instance's counts."),
		"input_limit_process_routes_ipv4": limit("IPv4"),
		"input_limit_process_routes_ipv6": limit("IPv6"),
	}
}

func peerOutputAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"output_add_path": choices("Families for which several routes to a destination are announced: `ip`, `ipv6`.", "ip", "ipv6"),
		"output_affinity": choice("Process that handles what goes out: as `input_affinity`, or `input`, the same one.",
			"main", "alone", "remote-as", "instance", "afi", "vrf", "input"),
		"output_as_override": flag("Whether the neighbour's AS is replaced by the router's own in what is announced to it."),
		"output_default_originate": choice("Whether a default route is announced: `never`, `always`, or `if-installed`, if the router has one.",
			"never", "if-installed", "always"),
		"output_default_prepend":                number("How often the router's own AS is added to the path of what is announced.", 0, 255),
		"output_filter_chain":                   text("Filter chain for what is announced."),
		"output_filter_select":                  text("Filter chain that selects what is announced."),
		"output_keep_sent_attributes":           flag("Whether what was announced is kept, so that it can be shown (`routeros_bgp_advertisements` needs it). It takes memory."),
		"output_network":                        text("Address list (`/ip/firewall/address-list`) of the networks to announce."),
		"output_network_blackhole":              flag("Whether networks of `output_network` are announced though the router has no route to them."),
		"output_no_client_to_client_reflection": flag("Whether routes of one client are not reflected to the others."),
		"output_no_early_cut":                   flag("Whether routes that the neighbour would drop for a loop are sent all the same."),
		"output_redistribute": choices("Sources of routes to announce: `connected`, `static`, `rip`, `ospf`, `isis`, `bgp`, `vpn`, `dhcp`, "+
			"`fantasy`, `modem`, `bgp-mpls-vpn`, `slaac`.", "connected", "static", "rip", "ospf", "isis", "bgp", "vpn", "dhcp", "fantasy", "modem",
			"bgp-mpls-vpn", "slaac"),
		"output_remove_private_as": flag("Whether private AS numbers are removed from the path of what is announced."),
	}
}

// limit is how many routes of a family are processed.
func limit(family string) schema.Int64Attribute {
	return number("How many "+family+" routes of the neighbour are processed before the session is stopped. Newer releases take 10, 100, and "+
		"so on up to 10000000 only.", 1, 1<<32-1)
}

// merge joins parts of a schema.
func merge(parts ...map[string]schema.Attribute) map[string]schema.Attribute {
	all := map[string]schema.Attribute{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}
