package resources

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type dstNATModel struct {
	ID              types.String  `tfsdk:"id"`
	Action          types.String  `tfsdk:"action"            ros:"action"`
	Protocol        types.String  `tfsdk:"protocol"          ros:"protocol"`
	DstPort         value.Ports   `tfsdk:"dst_port"          ros:"dst-port"`
	SrcAddress      value.IPv4Set `tfsdk:"src_address"       ros:"src-address"`
	DstAddress      value.IPv4Set `tfsdk:"dst_address"       ros:"dst-address"`
	InInterface     types.String  `tfsdk:"in_interface"      ros:"in-interface"`
	InInterfaceList types.String  `tfsdk:"in_interface_list" ros:"in-interface-list"`
	ToAddresses     value.IPv4Set `tfsdk:"to_addresses"      ros:"to-addresses"`
	ToPorts         value.Ports   `tfsdk:"to_ports"          ros:"to-ports"`
	Comment         types.String  `tfsdk:"comment"           ros:"comment"`
	Disabled        types.Bool    `tfsdk:"disabled"          ros:"disabled"`
	PlaceBefore     types.String  `tfsdk:"place_before"`
}

// withPorts are the protocols that have ports; RouterOS 6 lets only the first two match them.
var withPorts = []string{"tcp", "udp", "udp-lite", "dccp", "sctp"}

var dstNAT = lifecycle.Row[dstNATModel]{
	Type: "routeros_dstnat",
	Menu: routeros.DstNAT,
	Description: "A destination NAT rule: a row of `/ip/firewall/nat` in the chain dstnat, which forwards what arrives at the router to an " +
		"address behind it. A new rule is the last of its chain, unless `place_before` or a `routeros_nat_order` puts it elsewhere.\n\n" +
		"Rules have no name. Give each a `comment` that no other has: by it a rule is found again after the router was restored, and imported.",
	Validate: validateDstNAT,
	Attributes: map[string]schema.Attribute{
		"action": schema.StringAttribute{
			Optional: true,
			Computed: true,
			Default:  stringdefault.StaticString("dst-nat"),
			MarkdownDescription: "What happens to a packet that matches: `dst-nat` (the default), `netmap` (one to one between networks), `redirect` " +
				"(to the router itself), `accept` (no translation), `same`, `passthrough`, `log` or `return`.",
			Validators: []validator.String{stringvalidator.OneOf(
				"dst-nat", "netmap", "redirect", "accept", "same", "passthrough", "log", "return")},
		},
		"protocol": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "IP protocol that the rule matches, by its name (`tcp`). Left out, all match.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"dst_port": schema.StringAttribute{
			Optional:   true,
			CustomType: value.PortsType{},
			MarkdownDescription: "Destination ports that the rule matches: `80`, `80,443`, `1000-2000`; with a leading `!` all but those. " +
				"Needs a `protocol` that has ports: `tcp` or `udp`, from RouterOS 7 also `udp-lite`, `dccp` and `sctp`.",
		},
		"src_address": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.IPv4SetType{},
			MarkdownDescription: "Source that the rule matches: an IPv4 address, a prefix, or a range (`192.0.2.1-192.0.2.9`); with a leading `!` all but that.",
		},
		"dst_address": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.IPv4SetType{},
			MarkdownDescription: "Destination that the rule matches before the translation, in the forms of `src_address`.",
		},
		"in_interface": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Interface on which the packet arrived (`ether1`); with a leading `!` any but that.",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"in_interface_list": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Interface list (`/interface/list`) that has the interface on which the packet arrived (`WAN`).",
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"to_addresses": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.IPv4SetType{},
			MarkdownDescription: "Where the packet goes to: an IPv4 address, a prefix, or a range, over which connections are spread.",
			Validators:          []validator.String{value.Rule("without a leading !", notNegated)},
		},
		"to_ports": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.PortsType{},
			MarkdownDescription: "Port, or range of ports, that the packet goes to. Needs a `protocol` that has ports. Left out, the port stays.",
			Validators:          []validator.String{value.Rule("one port or one range", onePortRange)},
		},
		"comment":  commentAttribute(" It is what the rule is known by."),
		"disabled": disabledAttribute(),
		"place_before": lifecycle.PlaceBefore("Id (`*1A`) of a rule that this one stands before: somewhere before, so that several rules can name the same one. " +
			"A new rule is put directly before it, and one that was moved behind it is put back. Left out, a rule stays where it is. " +
			"To state the order of several rules, use `routeros_nat_order`, and not both for one rule."),
	},
}

func notNegated(text string) error {
	if strings.HasPrefix(text, "!") {
		return fmt.Errorf("%q cannot be translated to: give an address, a prefix or a range", text)
	}
	return nil
}

func onePortRange(text string) error {
	if strings.ContainsAny(text, "!,") {
		return fmt.Errorf("%q cannot be translated to: give one port (8080) or one range (8080-8090)", text)
	}
	return nil
}

func validateDstNAT(m dstNATModel) (diags diag.Diagnostics) {
	if m.Protocol.IsUnknown() || slices.Contains(withPorts, m.Protocol.ValueString()) {
		return nil
	}
	for name, ports := range map[string]value.Ports{"dst_port": m.DstPort, "to_ports": m.ToPorts} {
		if !ports.IsNull() {
			diags.AddAttributeError(path.Root(name), "Port without a protocol that has ports",
				fmt.Sprintf("%s needs protocol to be one of %s; here it is %q. RouterOS 6 knows ports of tcp and udp only.",
					name, strings.Join(withPorts, ", "), m.Protocol.ValueString()))
		}
	}
	return diags
}
