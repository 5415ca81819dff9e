package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type communityModel struct {
	lifecycle.Named
	Communities types.Set `tfsdk:"communities" metallb:"communities"`
}

var community = lifecycle.Object[communityModel]{
	Type: "metallb_community",
	Kind: metallb.Community,
	Noun: "MetalLB community",
	Description: "Names for BGP communities, for the `communities` of an advertisement: a `Community`, or, on MetalLB 0.9 to 0.12, entries of " +
		"`bgp-communities` in its ConfigMap. While a name is in use it must stay: without it MetalLB takes no change of its configuration.",
	Attributes: map[string]schema.Attribute{
		"communities": schema.SetNestedAttribute{
			Optional:            true,
			MarkdownDescription: "Each name and what it stands for.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name, a text without a colon, that no other community has."},
				"value": schema.StringAttribute{
					Required: true,
					MarkdownDescription: "Community, two numbers up to 65535 (`65001:100`), or a large one, three up to 4294967295 (`large:65001:1:2`; " +
						"FRR modes only, from MetalLB 0.13.10).",
				},
			}},
		},
	},
}
