package datasources

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type bgpAdvertisementsModel struct {
	Peer           types.String            `tfsdk:"peer" ros:"peer"`
	Dst            value.Address           `tfsdk:"dst"  ros:"dst"`
	Advertisements []bgpAdvertisementModel `tfsdk:"advertisements"`
}

type bgpAdvertisementModel struct {
	Peer         types.String  `tfsdk:"peer"          ros:"peer"`
	Dst          value.Address `tfsdk:"dst"           ros:"dst"`
	Nexthop      value.Address `tfsdk:"nexthop"       ros:"nexthop"`
	Origin       types.String  `tfsdk:"origin"        ros:"origin"`
	ASPath       types.String  `tfsdk:"as_path"       ros:"as-path"`
	LocalPref    types.Int64   `tfsdk:"local_pref"    ros:"local-pref"`
	MED          types.Int64   `tfsdk:"med"           ros:"med"`
	Communities  types.List    `tfsdk:"communities"   ros:"communities"`
	OriginatorID types.String  `tfsdk:"originator_id" ros:"originator-id"`
	ClusterList  types.String  `tfsdk:"cluster_list"  ros:"cluster-list"`
}

var bgpAdvertisements = lifecycle.View[bgpAdvertisementsModel, bgpAdvertisementModel]{
	Type: "routeros_bgp_advertisements",
	Noun: "BGP advertisements",
	Description: "What the router announces to its BGP neighbours: a prefix for each peer that was told it.\n\n" +
		"RouterOS 7 forgets what it announced, unless the peer's connection has `output.keep-sent-attributes`; a warning names the peers of " +
		"which it therefore cannot tell. Where the router announces a full table, give both filters.",
	Filters: map[string]schema.Attribute{
		"peer": schema.StringAttribute{Optional: true, MarkdownDescription: "Only what the peer of this name was told."},
		"dst":  meant(value.AddressType{}, "Only this prefix (`192.168.128.0/24`), or address."),
	},
	List:   "The announced prefixes, sorted by peer and prefix.",
	Sorted: []string{"peer", "dst"},
	Row: map[string]string{
		"peer":          "Name of the peer.",
		"dst":           "The prefix.",
		"nexthop":       "Address to which the neighbour shall send.",
		"origin":        "Origin of the route (`igp`, `egp`, `incomplete`).",
		"as_path":       "AS path, as the router writes it.",
		"local_pref":    "Local preference.",
		"med":           "Multi-exit discriminator.",
		"communities":   "Communities.",
		"originator_id": "Router ID of the originator, where routes are reflected.",
		"cluster_list":  "Clusters that the route passed, as the router writes them.",
	},
	Ask: func(ctx context.Context, router *routeros.Router, _ bgpAdvertisementsModel, filters []routeros.Match) (lifecycle.Answer, error) {
		told, silent, err := router.Advertisements(ctx, filters...)
		answer := lifecycle.Answer{Rows: told}
		if len(silent) > 0 {
			answer.Notice = "Router " + router.Address() + " does not keep what it announces to " + strings.Join(silent, ", ") +
				". Set output.keep-sent-attributes on these connections (output_keep_sent_attributes of routeros_bgp_peer) to see it."
		}
		return answer, err
	},
}
