package resources

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type bgpInstanceModel struct {
	ID       types.String   `tfsdk:"id"`
	Name     types.String   `tfsdk:"name"      ros:"name"`
	AS       value.ASN      `tfsdk:"as"        ros:"as"`
	RouterID value.RouterID `tfsdk:"router_id" ros:"router-id"`
	Comment  types.String   `tfsdk:"comment"   ros:"comment"`
	Disabled types.Bool     `tfsdk:"disabled"  ros:"disabled"`
}

var bgpInstance = lifecycle.Row[bgpInstanceModel]{
	Type: "routeros_bgp_instance",
	Menu: routeros.BGPInstance,
	Description: "A BGP instance: the AS number and the identity that a router's BGP peers share.\n\n" +
		"On RouterOS 6 and from 7.20 it is a row of `/routing/bgp/instance`. RouterOS 7 before 7.20 has no instances; there it is a " +
		"`/routing/bgp/template` of that name, which gives the same values to the peers that name it.",
	Attributes: map[string]schema.Attribute{
		"name": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Name of the instance, by which peers refer to it. It can be changed in place.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"as": schema.StringAttribute{
			Required:   true,
			CustomType: value.ASNType{},
			MarkdownDescription: "AS number of the router: 0 to 4294967295 (`65000`), or AS-dot (`1.10`); in a confederation after its " +
				"number and a slash (`65000/65101`).",
		},
		"router_id": schema.StringAttribute{
			Optional:   true,
			CustomType: value.RouterIDType{},
			MarkdownDescription: "BGP identifier of the router, an IPv4 address. RouterOS' default: one of the router's own addresses; " +
				"say it, if sessions shall survive a change of those.",
		},
		"comment":  commentAttribute(""),
		"disabled": disabledAttribute(),
	},
}
