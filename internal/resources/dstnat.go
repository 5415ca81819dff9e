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
	ID                 types.String      `tfsdk:"id"`
	Action             types.String      `tfsdk:"action"               ros:"action"`
	ToAddresses        value.IPv4Set     `tfsdk:"to_addresses"         ros:"to-addresses"`
	ToPorts            value.Ports       `tfsdk:"to_ports"             ros:"to-ports"`
	SameNotByDst       types.Bool        `tfsdk:"same_not_by_dst"      ros:"same-not-by-dst"`
	RandomisePorts     types.Bool        `tfsdk:"randomise_ports"      ros:"randomise-ports"`
	JumpTarget         types.String      `tfsdk:"jump_target"          ros:"jump-target"`
	AddressList        types.String      `tfsdk:"address_list"         ros:"address-list"`
	AddressListTimeout value.ListTimeout `tfsdk:"address_list_timeout" ros:"address-list-timeout"`
	Log                types.Bool        `tfsdk:"log"                  ros:"log"`
	LogPrefix          types.String      `tfsdk:"log_prefix"           ros:"log-prefix"`
	Socks5Server       value.RouterID    `tfsdk:"socks5_server"        ros:"socks5-server"`
	Socks5Port         types.Int64       `tfsdk:"socks5_port"          ros:"socks5-port"`
	SocksifyService    types.String      `tfsdk:"socksify_service"     ros:"socksify-service"`
	Comment            types.String      `tfsdk:"comment"              ros:"comment"`
	Disabled           types.Bool        `tfsdk:"disabled"             ros:"disabled"`
	PlaceBefore        types.String      `tfsdk:"place_before"`
	natMatchers
}

// withPorts are the protocols that have ports; RouterOS 6 lets only the first two match them.
var withPorts = []string{"tcp", "udp", "udp-lite", "dccp", "sctp"}

var natActions = []string{"dst-nat", "netmap", "redirect", "accept", "same", "passthrough", "log", "return", "jump",
	"add-dst-to-address-list", "add-src-to-address-list", "endpoint-independent-nat", "socksify"}

var dstNAT = lifecycle.Row[dstNATModel]{
	Type: "routeros_dstnat",
	Menu: routeros.DstNAT,
	Description: "A destination NAT rule: a row of `/ip/firewall/nat` in the chain dstnat, which forwards what arrives at the router to an " +
		"address behind it. A new rule is the last of its chain, unless `place_before` or a `routeros_nat_order` puts it elsewhere.\n\n" +
		"Rules have no name. Give each a `comment` that no other has: by it a rule is found again after the router was restored, and imported.",
	MovedFrom: []string{"routeros_ip_firewall_nat"},
	Validate:  validateDstNAT,
	Attributes: merge(natMatcherAttributes(), map[string]schema.Attribute{
		"action": schema.StringAttribute{
			Optional: true,
			Computed: true,
			Default:  stringdefault.StaticString("dst-nat"),
			MarkdownDescription: "What happens to a packet that matches: `dst-nat` (the default), `netmap` (one to one between networks), `redirect` " +
				"(to the router itself), `accept` (no translation), `same`, `passthrough`, `log`, `return`, `jump` (to `jump_target`), " +
				"`add-dst-to-address-list`, `add-src-to-address-list` (to `address_list`), `endpoint-independent-nat` (UDP only), or `socksify`.",
			Validators: []validator.String{stringvalidator.OneOf(natActions...)},
		},
		"to_addresses": meant(value.IPv4SetType{}, "Where the packet goes to: an IPv4 address, a prefix, or a range, over which connections are spread.",
			value.Rule("without a leading !", notNegated)),
		"to_ports": meant(value.PortsType{}, "Port, or range of ports, that the packet goes to. Needs a `protocol` that has ports. Left out, the port stays.",
			value.Rule("one port or one range", onePortRange)),
		"same_not_by_dst": flag("Whether the action `same` looks at the source alone when it gives a client the same address again."),
		"randomise_ports": flag("Whether the port that a connection is translated to is chosen at random."),
		"jump_target":     text("Chain in which the action `jump` goes on."),
		"address_list":    text("Address list (`/ip/firewall/address-list`) that the actions `add-…-to-address-list` add to."),
		"address_list_timeout": meant(value.ListTimeoutType{}, "How long an address stays on `address_list`: a duration up to `35w3d13h13m56s`, "+
			"`none-dynamic` (until the next reboot) or `none-static` (for ever)."),
		"log":        flag("Whether each packet that matches is logged."),
		"log_prefix": text("Text that such a line of the log begins with, at most 31 characters from RouterOS 7.21."),
		"socks5_server": meant(value.RouterIDType{}, "SOCKS server that the action `socksify` sends to, an IPv4 address. To take it back, Terraform "+
			"makes the rule anew."),
		"socks5_port":      number("Port of the SOCKS server. To take it back, Terraform makes the rule anew.", 1, 65535),
		"socksify_service": text("Entry of `/ip/socksify` that the action `socksify` uses. To take it back, Terraform makes the rule anew."),
		"comment":          comment(" It is what the rule is known by."),
		"disabled":         disabled(),
		"place_before": lifecycle.PlaceBefore("Id (`*1A`) of a rule that this one stands before: somewhere before, so that several rules can name the same one. " +
			"A new rule is put directly before it, and one that was moved behind it is put back. Left out, a rule stays where it is. " +
			"To state the order of several rules, use `routeros_nat_order`, and not both for one rule."),
	}),
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
	protocol := "left out"
	if !m.Protocol.IsNull() {
		protocol = fmt.Sprintf("%q", m.Protocol.ValueString())
	}
	known := !m.Protocol.IsUnknown() && !slices.ContainsFunc(withPorts, func(p string) bool { return m.Protocol.Means(p) })
	for _, ports := range []struct {
		attribute string
		value     value.Ports
	}{{"dst_port", m.DstPort}, {"src_port", m.SrcPort}, {"port", m.Port}, {"to_ports", m.ToPorts}} {
		if known && !ports.value.IsNull() {
			diags.AddAttributeError(path.Root(ports.attribute), "Port without a protocol that has ports",
				fmt.Sprintf("%s needs protocol to be one of %s; here it is %s. RouterOS 6 knows ports of tcp and udp only.",
					ports.attribute, strings.Join(withPorts, ", "), protocol))
		}
	}
	for action, needs := range map[string]struct {
		attribute string
		missing   bool
	}{
		"jump":                    {"jump_target", m.JumpTarget.IsNull()},
		"add-dst-to-address-list": {"address_list", m.AddressList.IsNull()},
		"add-src-to-address-list": {"address_list", m.AddressList.IsNull()},
	} {
		if m.Action.ValueString() == action && needs.missing {
			diags.AddAttributeError(path.Root(needs.attribute), "Action without its target",
				fmt.Sprintf("The action %s needs %s.", action, needs.attribute))
		}
	}
	return diags
}
