package actions

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

type bgpSessionModel struct {
	Peer      types.String `tfsdk:"peer"      ros:"name"`
	Operation types.String `tfsdk:"operation"`
	Family    types.String `tfsdk:"afi"       ros:"afi"`
}

const (
	reset   = "reset"
	refresh = "refresh"
	resend  = "resend"
)

var bgpSession = lifecycle.Action[bgpSessionModel]{
	Type: "routeros_bgp_session",
	Description: "Resets or refreshes the session of a BGP peer, on RouterOS 6 and 7. Run it by itself " +
		"(`terraform apply -invoke=action.routeros_bgp_session.…`), or when a resource changes (`action_trigger`). " +
		"Needs Terraform 1.14 or newer.",
	Attributes: map[string]schema.Attribute{
		"peer": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Name of the peer. Refer to it (`routeros_bgp_peer.worker.name`), so that Terraform creates it first; " +
				"but write its name out where the peer itself triggers the action, since Terraform refuses a reference in a circle.",
		},
		"operation": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "`reset` ends the session and has it begin anew, by switching the peer off and on: the routes of the peer are " +
				"gone meanwhile. `refresh` asks the peer for its routes anew, and `resend` sends it the router's anew, both within the session, " +
				"which must be up.",
			Validators: []validator.String{stringvalidator.OneOf(reset, refresh, resend)},
		},
		"afi": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Address family to `refresh` or `resend`: `ip`, `ipv6`, `l2vpn`, `l2vpn-cisco`, `vpnv4`, `vpnv6` (from RouterOS 7.15) " +
				"or `evpn` (from 7.20). Default: all of the session.",
			Validators: []validator.String{stringvalidator.OneOf("ip", "ipv6", "l2vpn", "l2vpn-cisco", "vpnv4", "vpnv6", "evpn")},
		},
	},
	Validate: validateSession,
	Invoke:   invokeSession,
	Title: func(m bgpSessionModel) string {
		return fmt.Sprintf("Unable to %s the session of BGP peer %q", m.Operation.ValueString(), m.Peer.ValueString())
	},
}

func validateSession(m bgpSessionModel) (diags diag.Diagnostics) {
	if m.Operation.ValueString() == reset && !m.Family.IsNull() {
		diags.AddAttributeError(path.Root("afi"), "A reset is of all address families",
			"A session is reset as a whole: leave afi out, or refresh or resend that family.")
	}
	return diags
}

func invokeSession(ctx context.Context, router *routeros.Router, m bgpSessionModel) (string, error) {
	peer, family := m.Peer.ValueString(), m.Family.ValueString()
	switch m.Operation.ValueString() {
	case refresh:
		return fmt.Sprintf("Router %s has asked BGP peer %q for its routes.", router.Address(), peer), router.RefreshSession(ctx, peer, family)
	case resend:
		return fmt.Sprintf("Router %s sends BGP peer %q its routes.", router.Address(), peer), router.ResendSession(ctx, peer, family)
	}
	return fmt.Sprintf("Router %s begins a new session with BGP peer %q.", router.Address(), peer), router.ResetSession(ctx, peer)
}
