package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type bgpAdvertisementModel struct {
	lifecycle.Named
	AggregationLength      types.Int64 `tfsdk:"aggregation_length"        metallb:"aggregationLength"`
	AggregationLengthV6    types.Int64 `tfsdk:"aggregation_length_v6"     metallb:"aggregationLengthV6"`
	LocalPref              types.Int64 `tfsdk:"local_pref"                metallb:"localPref"`
	Communities            types.Set   `tfsdk:"communities"               metallb:"communities"`
	IPAddressPools         types.Set   `tfsdk:"ip_address_pools"          metallb:"ipAddressPools"`
	IPAddressPoolSelectors types.List  `tfsdk:"ip_address_pool_selectors" metallb:"ipAddressPoolSelectors"`
	NodeSelectors          types.List  `tfsdk:"node_selectors"            metallb:"nodeSelectors"`
	Peers                  types.Set   `tfsdk:"peers"                     metallb:"peers"`
	ServiceSelectors       types.List  `tfsdk:"service_selectors"         metallb:"serviceSelectors"`
	ASPathPrepend          types.Int64 `tfsdk:"as_path_prepend"           metallb:"asPathPrepend"`
}

var bgpAdvertisement = lifecycle.Object[bgpAdvertisementModel]{
	Type: "metallb_bgp_advertisement",
	Kind: metallb.BGPAdvertisement,
	Noun: "MetalLB BGP advertisement",
	Description: "How addresses are announced by BGP, and which: a `BGPAdvertisement`. A `metallb_address_pool` with `protocol = \"bgp\"` needs none. " +
		"The ConfigMap of MetalLB 0.9 to 0.12 has none: there `bgp_advertisements` of the pool says it.",
	Attributes: merge(announcing(), selecting(), map[string]schema.Attribute{
		"peers": unordered("Names of each `metallb_bgp_peer` to announce to. MetalLB's default: all."),
		"as_path_prepend": plainNumber("How many times more the path names MetalLB's AS, 1 to 10, which makes it a longer one. Of the FRR modes, " +
			"frr-k8s alone has it."),
	}),
}
