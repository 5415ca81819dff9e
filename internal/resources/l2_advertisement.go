package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type l2AdvertisementModel struct {
	lifecycle.Named
	IPAddressPools         types.Set  `tfsdk:"ip_address_pools"          metallb:"ipAddressPools"`
	IPAddressPoolSelectors types.List `tfsdk:"ip_address_pool_selectors" metallb:"ipAddressPoolSelectors"`
	NodeSelectors          types.List `tfsdk:"node_selectors"            metallb:"nodeSelectors"`
	Interfaces             types.Set  `tfsdk:"interfaces"                metallb:"interfaces"`
	ServiceSelectors       types.List `tfsdk:"service_selectors"         metallb:"serviceSelectors"`
	PreferredNodeSelectors types.List `tfsdk:"preferred_node_selectors"  metallb:"preferredNodeSelectors"`
}

var l2Advertisement = lifecycle.Object[l2AdvertisementModel]{
	Type: "metallb_l2_advertisement",
	Kind: metallb.L2Advertisement,
	Noun: "MetalLB L2 advertisement",
	Description: "Which addresses a node answers for in its own network, by ARP and NDP: an `L2Advertisement`. A `metallb_address_pool` with " +
		"`protocol = \"layer2\"` needs none. The ConfigMap of MetalLB 0.9 to 0.12 has none.",
	Attributes: merge(selecting(), map[string]schema.Attribute{
		"interfaces": unordered("Interfaces of the nodes to announce on. MetalLB's default: all."),
		"preferred_node_selectors": nested("Of the nodes of `node_selectors`, those to announce from if they are up: the weights of what matches a "+
			"node add up, and the highest sum wins.", map[string]schema.Attribute{
			"weight": schema.Int64Attribute{Required: true, MarkdownDescription: "Weight of the preference, 1 to 100."},
			"preference": schema.SingleNestedAttribute{
				Required:            true,
				MarkdownDescription: "Label selector of the nodes; `{}` is all.",
				Attributes:          selector(),
			},
		}),
	}),
}
