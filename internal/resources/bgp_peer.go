package resources

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type bgpPeerModel struct {
	ID            types.String   `tfsdk:"id"`
	Name          types.String   `tfsdk:"name"           ros:"name"`
	Instance      types.String   `tfsdk:"instance"       ros:"instance"`
	RemoteAddress value.Address  `tfsdk:"remote_address" ros:"remote.address"`
	RemoteAS      value.ASN      `tfsdk:"remote_as"      ros:"remote.as"`
	LocalRole     types.String   `tfsdk:"local_role"     ros:"local.role"`
	Multihop      types.Bool     `tfsdk:"multihop"       ros:"multihop"`
	HoldTime      value.Duration `tfsdk:"hold_time"      ros:"hold-time"`
	KeepaliveTime value.Duration `tfsdk:"keepalive_time" ros:"keepalive-time"`
	Families      types.Set      `tfsdk:"afi"            ros:"afi"`
	Comment       types.String   `tfsdk:"comment"        ros:"comment"`
	Disabled      types.Bool     `tfsdk:"disabled"       ros:"disabled"`
}

var bgpPeer = lifecycle.Row[bgpPeerModel]{
	Type: "routeros_bgp_peer",
	Menu: routeros.BGPPeer,
	Description: "A BGP neighbour of the router: a row of `/routing/bgp/peer` on RouterOS 6, of `/routing/bgp/connection` on RouterOS 7. " +
		"The same configuration works on all of them.",
	Validate: validatePeer,
	Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Name of the peer. It can be changed in place.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"instance": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Name of the `routeros_bgp_instance` that the peer belongs to. Refer to it " +
				"(`routeros_bgp_instance.private.name`), so that Terraform creates it first.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"remote_address": schema.StringAttribute{
			Required:            true,
			CustomType:          value.AddressType{},
			MarkdownDescription: "Address of the neighbour, IPv4 or IPv6; on RouterOS 7 also a prefix from which neighbours may connect.",
		},
		"remote_as": schema.StringAttribute{
			Required:            true,
			CustomType:          value.ASNType{},
			MarkdownDescription: "AS number of the neighbour: 0 to 4294967295 (`65001`), or AS-dot (`1.10`).",
		},
		"local_role": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Role of the router towards the neighbour: `ebgp`, `ebgp-customer`, `ebgp-peer`, `ebgp-provider`, `ebgp-rs`, " +
				"`ebgp-rs-client`, `ibgp` or `ibgp-rr` (route reflector). RouterOS 7 demands one; left out, it follows from the AS numbers " +
				"(`ibgp` if they are equal, else `ebgp`). On RouterOS 6 `ibgp-rr` means `route-reflect=yes`, and the others nothing.",
			Validators: []validator.String{stringvalidator.OneOf(
				"ebgp", "ebgp-customer", "ebgp-peer", "ebgp-provider", "ebgp-rs", "ebgp-rs-client", "ibgp", "ibgp-rr")},
		},
		"multihop": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the neighbour may be more than one hop away. Needed for nodes that are not in the router's own " +
				"subnets. RouterOS' default: `false`.",
		},
		"hold_time": schema.StringAttribute{
			Optional:   true,
			CustomType: value.DurationType{},
			MarkdownDescription: "After how long without a message the session is given up: `3s` to `18h12m15s`, or `infinity`. The smaller of " +
				"both ends' counts. RouterOS 6 and RouterOS 7 before 7.12 take up to `1h`. RouterOS' default: `3m`.",
			Validators: []validator.String{value.DurationBetween(3*time.Second, 65535*time.Second, true)},
		},
		"keepalive_time": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.DurationType{},
			MarkdownDescription: "Time between keepalive messages: `1s` to `30m`. RouterOS' default: a third of the hold time.",
			Validators:          []validator.String{value.DurationBetween(time.Second, 30*time.Minute, false)},
		},
		"afi": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Address families to exchange: `ip`, `ipv6`, `l2vpn`, `l2vpn-cisco`, `vpnv4`, `vpnv6` (from 7.15), `evpn` " +
				"(from 7.20). RouterOS' default: `ip`.",
			Validators: []validator.Set{
				setvalidator.SizeAtLeast(1),
				setvalidator.ValueStringsAre(stringvalidator.OneOf("ip", "ipv6", "l2vpn", "l2vpn-cisco", "vpnv4", "vpnv6", "evpn")),
			},
		},
		"comment":  commentAttribute(""),
		"disabled": disabledAttribute(),
	},
}

func validatePeer(m bgpPeerModel) (diags diag.Diagnostics) {
	hold, errHold := value.ParseDuration(m.HoldTime.ValueString())
	keepalive, errKeepalive := value.ParseDuration(m.KeepaliveTime.ValueString())
	if errHold == nil && errKeepalive == nil && keepalive > hold {
		diags.AddAttributeError(path.Root("keepalive_time"), "Keepalive time exceeds hold time",
			"The session would end before the first keepalive: give a keepalive_time of at most hold_time, usually a third of it.")
	}
	return diags
}
