package datasources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type systemModel struct {
	Identity         types.String   `tfsdk:"identity"          ros:"identity"`
	Version          types.String   `tfsdk:"version"           ros:"version"`
	Major            types.Int64    `tfsdk:"major"             ros:"major"`
	Channel          types.String   `tfsdk:"channel"           ros:"channel"`
	BoardName        types.String   `tfsdk:"board_name"        ros:"board-name"`
	ArchitectureName types.String   `tfsdk:"architecture_name" ros:"architecture-name"`
	Platform         types.String   `tfsdk:"platform"          ros:"platform"`
	CPU              types.String   `tfsdk:"cpu"               ros:"cpu"`
	CPUCount         types.Int64    `tfsdk:"cpu_count"         ros:"cpu-count"`
	TotalMemory      types.Int64    `tfsdk:"total_memory"      ros:"total-memory"`
	Uptime           value.Duration `tfsdk:"uptime"            ros:"uptime"`
}

var system = lifecycle.View[systemModel, systemModel]{
	Type:        "routeros_system",
	Noun:        "the router's own record",
	Description: "What the router says of itself: its name, its RouterOS, its hardware.",
	Row: map[string]string{
		"identity":          "Name of the router (`/system/identity`).",
		"version":           "RouterOS release (`7.20.8`).",
		"major":             "Whether it is RouterOS `6` or `7`.",
		"channel":           "Release channel (`stable`, `long-term`, `testing`).",
		"board_name":        "Model (`CHR`, `RB5009UG+S+`).",
		"architecture_name": "Architecture (`x86_64`, `arm64`).",
		"platform":          "Maker of the platform.",
		"cpu":               "Processor.",
		"cpu_count":         "Number of processor cores.",
		"total_memory":      "Memory in bytes.",
		"uptime":            "Time since the router booted.",
	},
	Ask: func(ctx context.Context, router *routeros.Router, _ systemModel, _ []routeros.Match) (lifecycle.Answer, error) {
		record, err := router.System(ctx)
		return lifecycle.Answer{Rows: []routeros.Words{record}}, err
	},
}
