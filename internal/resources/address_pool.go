package resources

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type addressPoolModel struct {
	lifecycle.Named
	Protocol      types.String `tfsdk:"protocol"        metallb:"protocol"`
	Addresses     types.List   `tfsdk:"addresses"       metallb:"addresses"`
	AutoAssign    types.Bool   `tfsdk:"auto_assign"     metallb:"autoAssign"`
	AvoidBuggyIPs types.Bool   `tfsdk:"avoid_buggy_ips" metallb:"avoidBuggyIPs"`
}

var addressPool = lifecycle.Object[addressPoolModel]{
	Type: "metallb_address_pool",
	Kind: metallb.AddressPool,
	Noun: "MetalLB address pool",
	Description: "Addresses that MetalLB gives to Services of type LoadBalancer: an `IPAddressPool`, or, on MetalLB 0.9 to 0.12, an entry of " +
		"`address-pools` in its ConfigMap.",
	Attributes: map[string]schema.Attribute{
		"addresses": schema.ListAttribute{
			Required:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Prefixes (`192.168.128.0/24`) and ranges (`192.168.128.10-192.168.128.99`), IPv4 or IPv6, in the order in which " +
				"they are used up. They must not overlap, nor with those of another pool.",
			Validators: []validator.List{
				listvalidator.SizeAtLeast(1),
				listvalidator.ValueStringsAre(value.Rule("a prefix or a range", metallb.CheckAddress)),
				value.ListRule("free of overlaps", metallb.CheckAddresses),
			},
		},
		"protocol": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "How the addresses are announced, `bgp` or `layer2`. With the CRDs, a BGPAdvertisement or L2Advertisement of the " +
				"pool's name comes and goes with the pool; left out, none does, and the pool is announced by what others define. The ConfigMap needs it.",
			Validators: []validator.String{stringvalidator.OneOf("bgp", "layer2")},
		},
		"auto_assign": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Whether Services get addresses of this pool without asking for it. MetalLB's default: `true`.",
		},
		"avoid_buggy_ips": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether IPv4 addresses that end in .0 and .255 are left out, since some old equipment drops them. " +
				"MetalLB's default: `false`. With the CRDs from MetalLB 0.13.4.",
		},
	},
}
