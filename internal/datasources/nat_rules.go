package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type natRulesModel struct {
	Chain       types.String   `tfsdk:"chain"        ros:"chain"`
	Action      types.String   `tfsdk:"action"       ros:"action"`
	ToAddresses value.IPv4Set  `tfsdk:"to_addresses" ros:"to-addresses"`
	DstPort     value.Ports    `tfsdk:"dst_port"     ros:"dst-port"`
	Comment     types.String   `tfsdk:"comment"      ros:"comment"`
	Disabled    types.Bool     `tfsdk:"disabled"     ros:"disabled"`
	Dynamic     types.Bool     `tfsdk:"dynamic"      ros:"dynamic"`
	Rules       []natRuleModel `tfsdk:"rules"`
}

type natRuleModel struct {
	ID               types.String  `tfsdk:"id"                 ros:".id"`
	Chain            types.String  `tfsdk:"chain"              ros:"chain"`
	Action           types.String  `tfsdk:"action"             ros:"action"`
	Protocol         types.String  `tfsdk:"protocol"           ros:"protocol"`
	SrcAddress       value.IPv4Set `tfsdk:"src_address"        ros:"src-address"`
	DstAddress       value.IPv4Set `tfsdk:"dst_address"        ros:"dst-address"`
	SrcPort          value.Ports   `tfsdk:"src_port"           ros:"src-port"`
	DstPort          value.Ports   `tfsdk:"dst_port"           ros:"dst-port"`
	InInterface      types.String  `tfsdk:"in_interface"       ros:"in-interface"`
	InInterfaceList  types.String  `tfsdk:"in_interface_list"  ros:"in-interface-list"`
	OutInterface     types.String  `tfsdk:"out_interface"      ros:"out-interface"`
	OutInterfaceList types.String  `tfsdk:"out_interface_list" ros:"out-interface-list"`
	ToAddresses      value.IPv4Set `tfsdk:"to_addresses"       ros:"to-addresses"`
	ToPorts          value.Ports   `tfsdk:"to_ports"           ros:"to-ports"`
	Comment          types.String  `tfsdk:"comment"            ros:"comment"`
	Disabled         types.Bool    `tfsdk:"disabled"           ros:"disabled"`
	Dynamic          types.Bool    `tfsdk:"dynamic"            ros:"dynamic"`
	Invalid          types.Bool    `tfsdk:"invalid"            ros:"invalid"`
}

var natRules = lifecycle.View[natRulesModel, natRuleModel]{
	Type: "routeros_nat_rules",
	Noun: "NAT rules",
	Description: "The rules of `/ip/firewall/nat`, of all chains and whoever made them. Filters are carried out by the router and compare with " +
		"the whole value.",
	Filters: map[string]schema.Attribute{
		"chain":        schema.StringAttribute{Optional: true, MarkdownDescription: "Only the rules of this chain (`dstnat`)."},
		"action":       schema.StringAttribute{Optional: true, MarkdownDescription: "Only rules with this action (`masquerade`)."},
		"to_addresses": meant(value.IPv4SetType{}, "Only rules that translate to this address, prefix or range."),
		"dst_port":     meant(value.PortsType{}, "Only rules that match these destination ports, in the router's own form (`80,443`)."),
		"comment":      schema.StringAttribute{Optional: true, MarkdownDescription: "Only rules with this comment."},
		"disabled":     schema.BoolAttribute{Optional: true, MarkdownDescription: "Only rules that are switched off (`true`), or are not (`false`)."},
		"dynamic":      schema.BoolAttribute{Optional: true, MarkdownDescription: "Only rules that the router made by itself (`true`), or others (`false`)."},
	},
	List: "The rules in the order in which the router goes through them.",
	Row: map[string]string{
		"id":                 "Where the rule is in its menu, as RouterOS numbers it (`*1A`).",
		"chain":              "Chain.",
		"action":             "What happens to a packet that matches.",
		"protocol":           "IP protocol that the rule matches.",
		"src_address":        "Source that the rule matches.",
		"dst_address":        "Destination that the rule matches.",
		"src_port":           "Source ports that the rule matches.",
		"dst_port":           "Destination ports that the rule matches.",
		"in_interface":       "Interface on which the packet arrived.",
		"in_interface_list":  "Interface list that has the interface on which the packet arrived.",
		"out_interface":      "Interface on which the packet leaves.",
		"out_interface_list": "Interface list that has the interface on which the packet leaves.",
		"to_addresses":       "Addresses that the rule translates to.",
		"to_ports":           "Ports that the rule translates to.",
		"comment":            "Comment on the router.",
		"disabled":           "Whether it is switched off.",
		"dynamic":            "Whether the router made it by itself.",
		"invalid":            "Whether the router cannot use it.",
	},
	Ask: func(ctx context.Context, router *routeros.Router, _ natRulesModel, filters []routeros.Match) (lifecycle.Answer, error) {
		return rows(ctx, router, routeros.NATRules, filters)
	},
}
