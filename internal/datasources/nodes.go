package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type nodesModel struct {
	LabelSelector   types.String         `tfsdk:"label_selector"`
	IncludeExcluded types.Bool           `tfsdk:"include_excluded"`
	Nodes           map[string]nodeModel `tfsdk:"nodes"`
}

type nodeModel struct {
	IPv4      types.String      `tfsdk:"ipv4"`
	IPv6      types.String      `tfsdk:"ipv6"`
	Addresses []string          `tfsdk:"addresses"`
	Labels    map[string]string `tfsdk:"labels"`
	Excluded  types.Bool        `tfsdk:"excluded"`
}

var nodes = lifecycle.ClusterView[nodesModel]{
	Type: "metallb_nodes",
	Noun: "MetalLB's nodes",
	Description: "The nodes on which MetalLB's speakers run, and their addresses: the BGP peers of the router, by `for_each`. A node is among them " +
		"as long as a speaker is scheduled there, ready or not, so that no peer goes when a speaker restarts.\n\n" +
		"That there is no speaker at all, or none on a node that is chosen, is an error, not an empty answer, which would remove every peer from the router.",
	Inputs: map[string]schema.Attribute{
		"label_selector": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Only nodes whose labels match, as in `kubectl get nodes -l`: `zone in (a, b),!spot`.",
			Validators:          []validator.String{value.Rule("a label selector", metallb.CheckSelector)},
		},
		"include_excluded": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether nodes labelled `" + metallb.ExcludeLabel + "` are given; kubeadm and Talos put that on control planes. Default: as " +
				"MetalLB announces, which from 0.14 does not from such nodes, unless its speakers run with `--ignore-exclude-lb`.",
		},
	},
	Answers: map[string]string{
		"nodes":           "The nodes, by name.",
		"nodes.ipv4":      "Its first internal IPv4 address; null if it has none.",
		"nodes.ipv6":      "Its first internal IPv6 address; null if it has none.",
		"nodes.addresses": "All its internal addresses.",
		"nodes.labels":    "Its labels.",
		"nodes.excluded":  "Whether it is labelled `" + metallb.ExcludeLabel + "`.",
	},
	Ask: func(ctx context.Context, from *metallb.MetalLB, model *nodesModel) (string, error) {
		found, err := from.Nodes(ctx, metallb.NodeSelection{
			Labels: model.LabelSelector.ValueString(), Excluded: model.IncludeExcluded.ValueBoolPointer(),
		})
		model.Nodes = map[string]nodeModel{}
		for _, node := range found {
			model.Nodes[node.Name] = nodeModel{told(node.IPv4), told(node.IPv6), node.Addresses, node.Labels, types.BoolValue(node.Excluded)}
		}
		return "", err
	},
}
