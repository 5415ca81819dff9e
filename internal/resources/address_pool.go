package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type addressPoolModel struct {
	lifecycle.Named
	Addresses         types.List   `tfsdk:"addresses"          metallb:"addresses"`
	Protocol          types.String `tfsdk:"protocol"           metallb:"protocol"`
	BGPAdvertisements types.List   `tfsdk:"bgp_advertisements" metallb:"bgpAdvertisements"`
	AutoAssign        types.Bool   `tfsdk:"auto_assign"        metallb:"autoAssign"`
	AvoidBuggyIPs     types.Bool   `tfsdk:"avoid_buggy_ips"    metallb:"avoidBuggyIPs"`
	ServiceAllocation types.Object `tfsdk:"service_allocation" metallb:"serviceAllocation"`
	ForceDestroy      types.Bool   `tfsdk:"force_destroy"`
}

var addressPool = lifecycle.Object[addressPoolModel]{
	Type: "metallb_address_pool",
	Kind: metallb.AddressPool,
	Noun: "MetalLB address pool",
	Description: "Addresses that MetalLB gives to Services of type LoadBalancer: an `IPAddressPool`, or, on MetalLB 0.9 to 0.12, an entry of " +
		"`address-pools` in its ConfigMap.\n\n" +
		"A pool whose addresses Services hold is neither removed nor made smaller, unless `force_destroy` says so.",
	Renaming: "MetalLB cannot rename a pool: it is removed, and one of the new name is made. Services lose their addresses in between, which is " +
		"an outage, and may get others. Addresses that Services hold keep it from being removed, unless force_destroy is true in state by then.",
	Force: func(model *addressPoolModel) bool { return model.ForceDestroy.ValueBool() },
	Attributes: map[string]schema.Attribute{
		"addresses": schema.ListAttribute{
			Required:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Prefixes (`192.168.128.0/24`) and ranges (`192.168.128.10-192.168.128.99`), IPv4 or IPv6, in the order in which " +
				"they are used up. They must not overlap, nor with those of another pool.",
		},
		"protocol": plainText("How the addresses are announced, `bgp` or `layer2`. With the CRDs, a BGPAdvertisement or L2Advertisement of the " +
			"pool's name comes and goes with the pool; left out, none does, and the pool is announced by what others define. The ConfigMap needs it."),
		"bgp_advertisements": nested("What is announced of the addresses with protocol `bgp`, each by itself. Left out, each address is announced once, with "+
			"MetalLB's defaults. With the CRDs, there is a BGPAdvertisement for each: of the pool's name, then `name.2` and so on.",
			lifecycle.Annotated(metallb.BGPAdvertisement, announcing())),
		"auto_assign":     flag("Whether Services get addresses of this pool without asking for it."),
		"avoid_buggy_ips": flag("Whether IPv4 addresses that end in .0 and .255 are left out, since some old equipment drops them."),
		"service_allocation": schema.SingleNestedAttribute{
			Optional:            true,
			MarkdownDescription: "Which Services the pool is for. Left out, it is for all.",
			Attributes: map[string]schema.Attribute{
				"priority": plainNumber("Of several pools for a Service the one with the lowest priority gives the address: 1 or more, or 0 for last. " +
					"MetalLB's default: `0`."),
				"namespaces": unordered("Names of the namespaces that the Services are in."),
				"namespace_selectors": selectors("Namespaces that the Services are in, besides those of `namespaces`. If there is no such " +
					"namespace, Services of any may still ask for the pool."),
				"service_selectors": selectors("Services by their own labels."),
			},
		},
		"force_destroy": flag("Whether the pool may be removed, or made smaller, while Services hold its addresses: they lose them. It counts once it is " +
			"applied. Default: `false`."),
	},
}
