package datasources

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type statusModel struct {
	Namespace types.String   `tfsdk:"namespace"`
	Backend   types.String   `tfsdk:"backend"`
	Version   types.String   `tfsdk:"version"`
	BGPMode   types.String   `tfsdk:"bgp_mode"`
	Accepted  types.Bool     `tfsdk:"accepted"`
	Errors    []refusalModel `tfsdk:"errors"`
	Problems  []string       `tfsdk:"problems"`
}

type refusalModel struct {
	Component types.String `tfsdk:"component"`
	Node      types.String `tfsdk:"node"`
	Message   types.String `tfsdk:"message"`
}

var status = lifecycle.ClusterView[statusModel]{
	Type: "metallb_status",
	Noun: "MetalLB's status",
	Description: "Which MetalLB a cluster has, and whether it accepts its configuration, for a `check` or a `postcondition`. What the provider may not " +
		"read is null, and a warning names it.",
	Answers: map[string]string{
		"namespace": "Its namespace: the provider's `metallb.namespace`.",
		"backend":   "Where it is configured: `crd` or `configmap`.",
		"version":   "Its version (`0.15.3`), by the image of its pods; null if that has no such tag.",
		"bgp_mode":  "How its speakers speak BGP: `native`, `frr` or `frr-k8s`; null if there are none.",
		"accepted": "Whether the controller and all speakers use the configuration as it is now. If `false`, some still use an earlier one. " +
			"From MetalLB 0.15.3; null where they do not say.",
		"errors":           "Why they do not.",
		"errors.component": "Which part: `controller` or `speaker`.",
		"errors.node":      "The speaker's node.",
		"errors.message":   "What it says.",
		"problems": "What MetalLB says of no object though it is in vain or in the way: names that do not exist, pools that no advertisement selects, " +
			"aliases and profiles that are missing, and what the BGP mode does not do.",
	},
	Ask: func(ctx context.Context, from *metallb.MetalLB, model *statusModel) (string, error) {
		found, err := from.Status(ctx)
		if err != nil {
			return "", err
		}
		model.Namespace, model.Backend = told(found.Namespace), told(found.Backend)
		model.Version, model.BGPMode = told(found.Version), told(found.BGPMode)
		model.Accepted = types.BoolPointerValue(found.Accepted)
		model.Errors = []refusalModel{}
		for _, refusal := range found.Refusals {
			model.Errors = append(model.Errors, refusalModel{told(refusal.Component), told(refusal.Node), told(refusal.Message)})
		}
		model.Problems = append([]string{}, found.Problems...)
		return strings.Join(found.Unseen, "\n"), nil
	},
}
