package datasources

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type routesModel struct {
	DstAddress    value.Address  `tfsdk:"dst_address"   ros:"dst-address"`
	Gateway       types.String   `tfsdk:"gateway"       ros:"gateway"`
	Protocol      types.String   `tfsdk:"protocol"      ros:"protocol"`
	Active        types.Bool     `tfsdk:"active"        ros:"active"`
	RoutingTable  types.String   `tfsdk:"routing_table" ros:"routing-table"`
	WaitForActive value.Duration `tfsdk:"wait_for_active"`
	Required      types.Bool     `tfsdk:"required"`
	Routes        []routeModel   `tfsdk:"routes"`
}

type routeModel struct {
	DstAddress     value.Address `tfsdk:"dst_address"     ros:"dst-address"`
	Gateway        types.String  `tfsdk:"gateway"         ros:"gateway"`
	Protocol       types.String  `tfsdk:"protocol"        ros:"protocol"`
	Active         types.Bool    `tfsdk:"active"          ros:"active"`
	Dynamic        types.Bool    `tfsdk:"dynamic"         ros:"dynamic"`
	Disabled       types.Bool    `tfsdk:"disabled"        ros:"disabled"`
	Blackhole      types.Bool    `tfsdk:"blackhole"       ros:"blackhole"`
	RoutingTable   types.String  `tfsdk:"routing_table"   ros:"routing-table"`
	Distance       types.Int64   `tfsdk:"distance"        ros:"distance"`
	Scope          types.Int64   `tfsdk:"scope"           ros:"scope"`
	TargetScope    types.Int64   `tfsdk:"target_scope"    ros:"target-scope"`
	PrefSrc        types.String  `tfsdk:"pref_src"        ros:"pref-src"`
	ImmediateGW    types.String  `tfsdk:"immediate_gw"    ros:"immediate-gw"`
	GatewayStatus  types.String  `tfsdk:"gateway_status"  ros:"gateway-status"`
	AFI            types.String  `tfsdk:"afi"             ros:"afi"`
	BelongsTo      types.String  `tfsdk:"belongs_to"      ros:"belongs-to"`
	ReceivedFrom   types.String  `tfsdk:"received_from"   ros:"received-from"`
	BGPASPath      types.String  `tfsdk:"bgp_as_path"     ros:"bgp.as-path"`
	BGPLocalPref   types.Int64   `tfsdk:"bgp_local_pref"  ros:"bgp.local-pref"`
	BGPMED         types.Int64   `tfsdk:"bgp_med"         ros:"bgp.med"`
	BGPOrigin      types.String  `tfsdk:"bgp_origin"      ros:"bgp.origin"`
	BGPCommunities types.List    `tfsdk:"bgp_communities" ros:"bgp.communities"`
	Comment        types.String  `tfsdk:"comment"         ros:"comment"`
}

var routes = lifecycle.View[routesModel, routeModel]{
	Type: "routeros_routes",
	Noun: "routes",
	Description: "The routing table: `/ip/route` on RouterOS 6, which has IPv4; `/routing/route` on RouterOS 7, which has all address families.\n\n" +
		"Filters are carried out by the router. Without any, the active routes are asked for. On a router with a full table give " +
		"`dst_address`, `gateway` or `protocol`, since the answer becomes part of Terraform's state.",
	Filters: map[string]schema.Attribute{
		"dst_address": meant(value.AddressType{}, "Only routes to exactly this prefix (`192.168.128.0/24`), or address."),
		"gateway":     schema.StringAttribute{Optional: true, MarkdownDescription: "Only routes with this gateway, in the router's own form."},
		"protocol": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Only routes from this source: `bgp`, `connected`, `static`, `ospf`, `rip`, and from RouterOS 7 `dhcp` and `vpn`, " +
				"which are `static` before.",
			Validators: []validator.String{stringvalidator.OneOf("bgp", "connected", "dhcp", "ospf", "rip", "static", "vpn")},
		},
		"active":        schema.BoolAttribute{Optional: true, MarkdownDescription: "Only routes that are in use (`true`), or are not (`false`)."},
		"routing_table": schema.StringAttribute{Optional: true, MarkdownDescription: "Only routes of this routing table (`main`)."},
		"wait_for_active": patience("Wait up to this long, `1s` to `1h`, until at least one route that passes the other filters is in use. If none is " +
			"by then, it is an error. Give the data source a `depends_on` of what brings the route; a plan in which that does not change waits too. " +
			"Default: no wait."),
		"required": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether it is an error if no route that was waited for is in use. If `false`, the answer is what there is then, " +
				"without a warning, for a `check` block to judge. A router that does not answer is an error all the same. Default: `true`.",
		},
	},
	List:   "The routes, sorted by routing table, destination, distance and gateway.",
	Sorted: []string{"routing-table", "dst-address", "distance", "gateway"},
	Row: map[string]string{
		"dst_address":     "Destination, a prefix.",
		"gateway":         "Gateway: address or interface.",
		"protocol":        "Where the route comes from, as in the filter; null for other sources.",
		"active":          "Whether the route is in use.",
		"dynamic":         "Whether the router made it by itself.",
		"disabled":        "Whether it is switched off.",
		"blackhole":       "Whether packets are dropped.",
		"routing_table":   "Routing table; on RouterOS 6 the routing mark, `main` where there is none.",
		"distance":        "Distance: the smaller is preferred.",
		"scope":           "Scope.",
		"target_scope":    "Target scope.",
		"pref_src":        "Source address of the router's own packets.",
		"immediate_gw":    "Next hop and its interface (`192.168.5.253%ether1`). From RouterOS 7.",
		"gateway_status":  "What the router knows of the gateway. RouterOS 6 only.",
		"afi":             "Address family (`ip4`, `ip6`). From RouterOS 7.",
		"belongs_to":      "Who brought the route (`bgp-IP-192.168.5.253`). From RouterOS 7.",
		"received_from":   "Name of the BGP peer that brought the route; null on the older releases of RouterOS 7, for which see `belongs_to`.",
		"bgp_as_path":     "AS path, as the router writes it.",
		"bgp_local_pref":  "Local preference.",
		"bgp_med":         "Multi-exit discriminator.",
		"bgp_origin":      "Origin (`igp`, `egp`, `incomplete`).",
		"bgp_communities": "Communities.",
		"comment":         "Comment on the router.",
	},
	Ask: askRoutes,
}

func askRoutes(ctx context.Context, router *routeros.Router, model routesModel, filters []routeros.Match) (lifecycle.Answer, error) {
	if filters == nil {
		filters = []routeros.Match{{Word: "active", AnyOf: []string{"yes"}}}
	}
	if model.WaitForActive.IsNull() {
		return rows(ctx, router, routeros.Routes, filters)
	}
	found, err := awaited(model.WaitForActive, model.Required, func(timeout time.Duration) ([]routeros.Words, error) {
		return router.AwaitRoutes(ctx, timeout, filters...)
	})
	return lifecycle.Answer{Rows: found}, lifecycle.At("wait_for_active", err)
}
