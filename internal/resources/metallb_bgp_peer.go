package resources

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type metallbBGPPeerModel struct {
	lifecycle.Named
	MyASN         types.Int64    `tfsdk:"my_asn"         metallb:"myASN"`
	PeerASN       types.Int64    `tfsdk:"peer_asn"       metallb:"peerASN"`
	PeerAddress   types.String   `tfsdk:"peer_address"   metallb:"peerAddress"`
	PeerPort      types.Int64    `tfsdk:"peer_port"      metallb:"peerPort"`
	HoldTime      value.Duration `tfsdk:"hold_time"      metallb:"holdTime"`
	RouterID      value.RouterID `tfsdk:"router_id"      metallb:"routerID"`
	SourceAddress types.String   `tfsdk:"source_address" metallb:"sourceAddress"`
	EBGPMultiHop  types.Bool     `tfsdk:"ebgp_multi_hop" metallb:"ebgpMultiHop"`
}

var metallbBGPPeer = lifecycle.Object[metallbBGPPeerModel]{
	Type: "metallb_bgp_peer",
	Kind: metallb.BGPPeer,
	Noun: "MetalLB BGP peer",
	Description: "A router that MetalLB's speakers peer with: a `BGPPeer`, or, on MetalLB 0.9 to 0.12, an entry of `peers` in its ConfigMap.\n\n" +
		"In the ConfigMap peers have no name; there, `name` is Terraform's alone, and an import names the address too: `router@192.168.5.1`.",
	Naming: "In the ConfigMap, where peers have no name, it is one of your choice, an @ and the peer's address: router@192.168.5.1.",
	Attributes: map[string]schema.Attribute{
		"my_asn": schema.Int64Attribute{
			Required:            true,
			MarkdownDescription: "AS number of MetalLB's side, 1 to 4294967295.",
			Validators:          []validator.Int64{int64validator.Between(1, 1<<32-1)},
		},
		"peer_asn": schema.Int64Attribute{
			Required:            true,
			MarkdownDescription: "AS number of the router, 1 to 4294967295.",
			Validators:          []validator.Int64{int64validator.Between(1, 1<<32-1)},
		},
		"peer_address": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Address of the router, IPv4 or IPv6.",
			Validators:          []validator.String{value.Rule("an IP address", metallb.CheckPeerAddress)},
		},
		"peer_port": schema.Int64Attribute{
			Optional:            true,
			MarkdownDescription: "TCP port of the router's BGP, 1 to 16384. MetalLB's default: 179.",
			Validators:          []validator.Int64{int64validator.Between(1, 16384)},
		},
		"hold_time": schema.StringAttribute{
			Optional:   true,
			CustomType: value.DurationType{},
			MarkdownDescription: "After how long without a message the session is given up: `3s` to `18h12m15s` in Go's form (`1m30s`), or `0s` for " +
				"never. MetalLB's default: `90s`.",
			Validators: []validator.String{value.DurationType{}, value.Rule("a hold time", metallb.CheckHoldTime)},
		},
		"router_id": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.RouterIDType{},
			Validators:          []validator.String{value.RouterIDType{}},
			MarkdownDescription: "BGP identifier of the speakers, an IPv4 address. MetalLB's default: the node's address.",
		},
		"source_address": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Address that the speakers connect from. In the ConfigMap from MetalLB 0.11.",
			Validators:          []validator.String{value.Rule("an IP address", metallb.CheckPeerAddress)},
		},
		"ebgp_multi_hop": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the router may be more than one hop away; not for a peer of the same AS. MetalLB's native mode always " +
				"allows it, FRR mode needs it. MetalLB's default: `false`.",
		},
	},
}
