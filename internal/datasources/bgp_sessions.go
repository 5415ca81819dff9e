package datasources

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type bgpSessionsModel struct {
	Name               types.String      `tfsdk:"name"           ros:"name"`
	Instance           types.String      `tfsdk:"instance"       ros:"instance"`
	RemoteAddress      value.Address     `tfsdk:"remote_address" ros:"remote.address"`
	Established        types.Bool        `tfsdk:"established"    ros:"established"`
	WaitForEstablished value.Duration    `tfsdk:"wait_for_established"`
	Required           types.Bool        `tfsdk:"required"`
	Sessions           []bgpSessionModel `tfsdk:"sessions"`
}

type bgpSessionModel struct {
	Name                 types.String   `tfsdk:"name"           ros:"name"`
	Instance             types.String   `tfsdk:"instance"       ros:"instance"`
	Established          types.Bool     `tfsdk:"established"    ros:"established"`
	Reason               types.String   `tfsdk:"reason"         ros:"reason"`
	State                types.String   `tfsdk:"state"          ros:"state"`
	About                types.String   `tfsdk:"about"          ros:".about"`
	NotificationSent     types.String   `tfsdk:"notification_sent" ros:"notification-sent"`
	NotificationReceived types.String   `tfsdk:"notification_received" ros:"notification-received"`
	RemoteAddress        value.Address  `tfsdk:"remote_address" ros:"remote.address"`
	RemoteAS             value.ASN      `tfsdk:"remote_as"      ros:"remote.as"`
	RemoteID             types.String   `tfsdk:"remote_id"      ros:"remote.id"`
	LocalAddress         value.Address  `tfsdk:"local_address"  ros:"local.address"`
	LocalAS              value.ASN      `tfsdk:"local_as"       ros:"local.as"`
	LocalRole            types.String   `tfsdk:"local_role"     ros:"local.role"`
	Uptime               value.Duration `tfsdk:"uptime"         ros:"uptime"`
	HoldTime             value.Duration `tfsdk:"hold_time"      ros:"hold-time"`
	RemoteHoldTime       value.Duration `tfsdk:"remote_hold_time" ros:"remote.hold-time"`
	KeepaliveTime        value.Duration `tfsdk:"keepalive_time" ros:"keepalive-time"`
	PrefixCount          types.Int64    `tfsdk:"prefix_count"   ros:"prefix-count"`
}

var bgpSessions = lifecycle.View[bgpSessionsModel, bgpSessionModel]{
	Type: "routeros_bgp_sessions",
	Noun: "BGP sessions",
	Description: "The BGP sessions of the router: of each peer that is not disabled whether it is up, and what was agreed on. " +
		"It can wait until they are.\n\n" +
		"RouterOS 7 has no session before a neighbour first answered; such a peer is in the answer as one that is not established, as it is on " +
		"RouterOS 6.\n\n" +
		"Of a session that is not established, `reason` says why as far as the router knows. RouterOS 7 keeps the notifications by which sessions " +
		"ended, a wrong AS number for one, also when a session is up again, so that one may be older than what is wrong now; RouterOS 6 has the state only. A wrong MD5 key looks like a neighbour that is not there, on any router: " +
		"packets with another key are dropped without an answer. If an external peer that is not `multihop` is down, its neighbour's address is " +
		"compared with the router's own networks (`/ip/address`, `/ipv6/address`). What is said of MetalLB holds where the neighbour is MetalLB.",
	Filters: map[string]schema.Attribute{
		"name":           schema.StringAttribute{Optional: true, MarkdownDescription: "Only the sessions of the peer of this name."},
		"instance":       schema.StringAttribute{Optional: true, MarkdownDescription: "Only those of peers of this `routeros_bgp_instance`."},
		"remote_address": meant(value.AddressType{}, "Only those with this neighbour."),
		"established":    schema.BoolAttribute{Optional: true, MarkdownDescription: "Only those that are up (`true`), or are not (`false`)."},
		"wait_for_established": patience("Wait up to this long, `1s` to `1h`, until all sessions of the other filters are up and there is at least one. " +
			"If they are not by then, it is an error that names those and what the router knows of the reason. Give the data source a " +
			"`depends_on` of the peers, so that it is read after they were made; a plan in which they do not change waits too. " +
			"Default: no wait."),
		"required": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether it is an error if not all sessions that were waited for are up. If `false`, the answer is what there is then, " +
				"without a warning, for a `check` block to judge. A router that does not answer is an error all the same. Default: `true`.",
		},
	},
	List:   "The sessions, sorted by name and neighbour.",
	Sorted: []string{"name", "remote.address"},
	Row: map[string]string{
		"name":        "Name of the peer.",
		"instance":    "BGP instance of the peer; on RouterOS 7 before 7.20 the template that stands for it.",
		"established": "Whether the session is up.",
		"reason":      "Why the session is not established and what to look at, a sentence; null if it is. The wording may change with the provider.",
		"notification_sent": "The last BGP notification by which the router ended a session, in words and with its codes: " +
			"`OPEN message error: bad peer AS (2/2)`. RouterOS 7 keeps it when a session is up again. Null if there was none; from RouterOS 7.",
		"notification_received": "Likewise the last one by which the neighbour ended a session, with the text that its administrator gave: " +
			"`Cease: administrative shutdown (6/2): \"upgrade\"`.",
		"state":            "State of the session: `idle`, `connect`, `active`, `opensent`, `openconfirm` or `established`. RouterOS 6 only.",
		"about":            "Why the router cannot use the peer, if so. From RouterOS 7.",
		"remote_address":   "Address of the neighbour; of a peer that has no session the prefix, where the neighbour may be any of it.",
		"remote_as":        "AS number of the neighbour.",
		"remote_id":        "Router ID of the neighbour.",
		"local_address":    "The router's own address.",
		"local_as":         "The router's own AS number. From RouterOS 7.",
		"local_role":       "The router's role, as in `routeros_bgp_peer`. RouterOS 6 knows `ibgp-rr` only.",
		"uptime":           "How long the session is up.",
		"remote_hold_time": "Hold time that the neighbour offers.",
		"hold_time":        "Hold time of the session.",
		"keepalive_time":   "Keepalive time of the session.",
		"prefix_count":     "How many prefixes the neighbour announces.",
	},
	Ask: askSessions,
}

func askSessions(ctx context.Context, router *routeros.Router, model bgpSessionsModel, filters []routeros.Match) (lifecycle.Answer, error) {
	if model.WaitForEstablished.IsNull() {
		sessions, err := router.Sessions(ctx, filters...)
		return lifecycle.Answer{Rows: sessions}, err
	}
	sessions, err := awaited(model.WaitForEstablished, model.Required, func(timeout time.Duration) ([]routeros.Words, error) {
		return router.AwaitSessions(ctx, timeout, filters...)
	})
	return lifecycle.Answer{Rows: sessions}, lifecycle.At("wait_for_established", err)
}
