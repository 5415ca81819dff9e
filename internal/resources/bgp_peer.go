package resources

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type bgpPeerModel struct {
	ID                   types.String         `tfsdk:"id"`
	Name                 types.String         `tfsdk:"name"                    ros:"name"`
	Instance             types.String         `tfsdk:"instance"                ros:"instance"`
	Templates            types.List           `tfsdk:"templates"               ros:"templates"`
	AS                   value.ASN            `tfsdk:"as"                      ros:"as"`
	RouterID             value.RouterIDOrName `tfsdk:"router_id"             ros:"router-id"`
	ClusterID            value.RouterID       `tfsdk:"cluster_id"              ros:"cluster-id"`
	RemoteAddress        value.Address        `tfsdk:"remote_address"          ros:"remote.address"`
	RemoteAS             value.ASN            `tfsdk:"remote_as"               ros:"remote.as"`
	RemotePort           types.Int64          `tfsdk:"remote_port"             ros:"remote.port"`
	RemoteTTL            types.Int64          `tfsdk:"remote_ttl"              ros:"remote.ttl"`
	RemoteAllowedAS      types.String         `tfsdk:"remote_allowed_as"       ros:"remote.allowed-as"`
	LocalAddress         value.LocalAddress   `tfsdk:"local_address"           ros:"local.address"`
	LocalPort            types.Int64          `tfsdk:"local_port"              ros:"local.port"`
	LocalRole            types.String         `tfsdk:"local_role"              ros:"local.role"`
	LocalTTL             types.Int64          `tfsdk:"local_ttl"               ros:"local.ttl"`
	Connect              types.Bool           `tfsdk:"connect"                 ros:"connect"`
	Listen               types.Bool           `tfsdk:"listen"                  ros:"listen"`
	Multihop             types.Bool           `tfsdk:"multihop"                ros:"multihop"`
	TCPMD5Key            types.String         `tfsdk:"tcp_md5_key"             ros:"tcp-md5-key"`
	TCPMD5KeyWO          types.String         `tfsdk:"tcp_md5_key_wo"          wo:"tcp-md5-key"`
	TCPMD5KeyWOVersion   types.Int64          `tfsdk:"tcp_md5_key_wo_version"  version:"tcp-md5-key"`
	HoldTime             value.Duration       `tfsdk:"hold_time"               ros:"hold-time"`
	KeepaliveTime        value.Duration       `tfsdk:"keepalive_time"          ros:"keepalive-time"`
	Families             types.Set            `tfsdk:"afi"                     ros:"afi"`
	NexthopChoice        types.String         `tfsdk:"nexthop_choice"          ros:"nexthop-choice"`
	UseBFD               types.Bool           `tfsdk:"use_bfd"                 ros:"use-bfd"`
	CiscoVPLSNLRILenFmt  types.String         `tfsdk:"cisco_vpls_nlri_len_fmt" ros:"cisco-vpls-nlri-len-fmt"`
	RoutingTable         types.String         `tfsdk:"routing_table"           ros:"routing-table"`
	VRF                  types.String         `tfsdk:"vrf"                     ros:"vrf"`
	AddPathOut           types.String         `tfsdk:"add_path_out"            ros:"add-path-out"`
	SaveTo               types.String         `tfsdk:"save_to"                 ros:"save-to"`
	MaxPrefixLimit       types.Int64          `tfsdk:"max_prefix_limit"        ros:"max-prefix-limit"`
	MaxPrefixRestartTime value.Duration       `tfsdk:"max_prefix_restart_time" ros:"max-prefix-restart-time"`
	Comment              types.String         `tfsdk:"comment"                 ros:"comment"`
	Disabled             types.Bool           `tfsdk:"disabled"                ros:"disabled"`
	bgpPeerInput
	bgpPeerOutput
}

var bgpPeer = lifecycle.Row[bgpPeerModel]{
	Type: "routeros_bgp_peer",
	Menu: routeros.BGPPeer,
	Description: "A BGP neighbour of the router: a row of `/routing/bgp/peer` on RouterOS 6, of `/routing/bgp/connection` on RouterOS 7. " +
		"The same configuration works on all of them.\n\n" +
		"Names are those of the newest RouterOS. What RouterOS 6 called `in-filter` is `input_filter`, `out-filter` is " +
		"`output_filter_chain`, `update-source` is `local_address`, `ttl` is `local_ttl`, `allow-as-in` is `input_allow_as`, " +
		"`route-reflect` is `local_role = \"ibgp-rr\"`, and `passive` is `connect = false`.",
	MovedFrom:  []string{"routeros_routing_bgp_connection", "mikrotik_bgp_peer"},
	Validate:   validatePeer,
	Attributes: peerAttributes(peerInputAttributes(), peerOutputAttributes()),
}

func peerAttributes(more ...map[string]schema.Attribute) map[string]schema.Attribute {
	key := text("Password of the session (RFC 2385), at most 80 characters. It is in Terraform's state; `tcp_md5_key_wo` is not. What a "+
		"router masks, for want of the policy `sensitive` or from RouterOS 7.21, is taken to be as it was set. An import takes no key, "+
		"and leaves the router's as it is.",
		stringvalidator.LengthAtMost(80), stringvalidator.ConflictsWith(path.MatchRoot("tcp_md5_key_wo")))
	key.Sensitive = true
	writeOnly := text("As `tcp_md5_key`, but never in state or plan (Terraform and OpenTofu 1.11 or newer). It is sent when the peer is made, "+
		"and when `tcp_md5_key_wo_version` changes.",
		stringvalidator.LengthAtMost(80), stringvalidator.AlsoRequires(path.MatchRoot("tcp_md5_key_wo_version")))
	writeOnly.Sensitive, writeOnly.WriteOnly = true, true
	version := number("Version of `tcp_md5_key_wo`, which needs it: count it up to have a new key sent.", 1, 1<<53)
	version.Validators = append(version.Validators, int64validator.AlsoRequires(path.MatchRoot("tcp_md5_key_wo")))

	return merge(append(more, map[string]schema.Attribute{
		"name": required(text("Name of the peer. It can be changed in place.")),
		"instance": required(text("Name of the `routeros_bgp_instance` that the peer belongs to. Refer to it " +
			"(`routeros_bgp_instance.private.name`), so that Terraform creates it first.")),
		"templates": names("Names of `/routing/bgp/template` entries from which the peer takes what it does not say itself, the first that " +
			"has it counts. Before RouterOS 7.20 the instance is one too, and stands before them."),
		"as": meant(value.ASNType{}, "AS number that the router has for this peer alone. Left out, the instance's counts."),
		"router_id": meant(value.RouterIDOrNameType{}, "BGP identifier that the router has for this peer alone: an IPv4 address, or the name of an "+
			"entry of `/routing/id`. Left out, the instance's counts."),
		"cluster_id": meant(value.RouterIDType{}, "Identifier of the router's cluster of route reflectors for this peer alone. Left out, the instance's counts."),
		"remote_address": required(meant(value.AddressType{}, "Address of the neighbour, IPv4 or IPv6; on RouterOS 7 also a prefix from which "+
			"neighbours may connect, and from 7.19 the name of an interface.")),
		"remote_as":   required(meant(value.ASNType{}, "AS number of the neighbour: 0 to 4294967295 (`65001`), or AS-dot (`1.10`).")),
		"remote_port": number("TCP port of the neighbour. RouterOS' default: 179.", 0, 65535),
		"remote_ttl": number("Least time to live that the neighbour's packets may arrive with. To take it back, Terraform makes the peer anew, "+
			"since RouterOS cannot unset it.", 1, 255),
		"remote_allowed_as": text("Filter for the AS numbers that a neighbour of a prefix may come with."),
		"local_address": meant(value.LocalAddressType{}, "Address that the session leaves from; on RouterOS 6 and from 7.19 also the name of an "+
			"interface. RouterOS' default: that of the way to the neighbour."),
		"local_port": number("TCP port that the router listens on for this neighbour. RouterOS' default: 179.", 0, 65535),
		"local_role": choice("Role of the router towards the neighbour: `ebgp`, `ebgp-customer`, `ebgp-peer`, `ebgp-provider`, `ebgp-rs`, "+
			"`ebgp-rs-client`, `ibgp` or `ibgp-rr` (route reflector). RouterOS 7 demands one; left out, it follows from the AS numbers "+
			"(`ibgp` if they are equal, else `ebgp`). On RouterOS 6 `ibgp-rr` means `route-reflect=yes`, and the others nothing.",
			"ebgp", "ebgp-customer", "ebgp-peer", "ebgp-provider", "ebgp-rs", "ebgp-rs-client", "ibgp", "ibgp-rr"),
		"local_ttl": number("Time to live of the router's packets. RouterOS' default: 1 for a neighbour of another AS that is not `multihop`, "+
			"else 255. To take it back on RouterOS 7, Terraform makes the peer anew, since RouterOS cannot unset it.", 1, 255),
		"connect":     flag("Whether the router opens the session; if not, it only waits for the neighbour to."),
		"listen":      flag("Whether the router lets the neighbour open the session. RouterOS 6 always does."),
		"multihop":    flag("Whether the neighbour may be more than one hop away. Needed for nodes that are not in the router's own subnets."),
		"tcp_md5_key": key, "tcp_md5_key_wo": writeOnly, "tcp_md5_key_wo_version": version,
		"hold_time": meant(value.DurationType{}, "After how long without a message the session is given up: `3s` to `18h12m15s`, or `infinity`. "+
			"The smaller of both ends' counts. RouterOS 6 and RouterOS 7 before 7.12 take up to `1h`.",
			value.DurationBetween(3*time.Second, 65535*time.Second, true)),
		"keepalive_time": meant(value.DurationType{}, "Time between keepalive messages: `1s` to `30m`. RouterOS' default: a third of the hold time.",
			value.DurationBetween(time.Second, 30*time.Minute, false)),
		"afi": choices("Address families to exchange: `ip`, `ipv6`, `l2vpn`, `l2vpn-cisco`, `vpnv4`, `vpnv6`, `evpn`.",
			"ip", "ipv6", "l2vpn", "l2vpn-cisco", "vpnv4", "vpnv6", "evpn"),
		"nexthop_choice": choice("Next hop of what is announced: `default`, `force-self` (the router), or `propagate` (as it was learned).",
			"default", "force-self", "propagate"),
		"use_bfd": flag("Whether BFD watches the neighbour. From RouterOS 7.10 it also needs an entry of `/routing/bfd/configuration`; " +
			"7.1 to 7.9 have no BFD, and the switch does nothing."),
		"cisco_vpls_nlri_len_fmt": choice("Format of lengths in VPLS NLRI: `auto-bits`, `auto-bytes`, `bits` or `bytes`.",
			"auto-bits", "auto-bytes", "bits", "bytes"),
		"routing_table": text("Routing table that the neighbour's routes go into. Left out, the instance's counts, else `main`."),
		"vrf":           text("VRF that the neighbour is reached in. Left out, the instance's counts, else `main`."),
		"add_path_out":  choice("Whether all routes to a destination are announced, `all`, or the best one, `none`.", "all", "none"),
		"save_to":       text("File that the session's messages are saved to."),
		"max_prefix_limit": number("How many routes the neighbour may announce before the session is closed. RouterOS 7 limits otherwise: "+
			"`input_limit_process_routes_ipv4`.", 0, 1<<32-1),
		"max_prefix_restart_time": meant(value.DurationType{}, "After how long a session closed by `max_prefix_limit` is opened again: `1m` to "+
			"`10d`, or `infinity`.", value.DurationBetween(time.Minute, 10*24*time.Hour, true)),
		"comment":  comment(""),
		"disabled": disabled(),
	})...)
}

func validatePeer(m bgpPeerModel) (diags diag.Diagnostics) {
	hold, errHold := value.ParseDuration(m.HoldTime.ValueString())
	keepalive, errKeepalive := value.ParseDuration(m.KeepaliveTime.ValueString())
	if errHold == nil && errKeepalive == nil && keepalive > hold {
		diags.AddAttributeError(path.Root("keepalive_time"), "Keepalive time exceeds hold time",
			"The session would end before the first keepalive: give a keepalive_time of at most hold_time, usually a third of it.")
	}
	if !m.Connect.IsNull() && !m.Listen.IsNull() && !m.Connect.IsUnknown() && !m.Listen.IsUnknown() && !m.Connect.ValueBool() && !m.Listen.ValueBool() {
		diags.AddAttributeError(path.Root("listen"), "Nobody opens the session",
			"With connect and listen both false no session can come up: leave one of them true, or set disabled.")
	}
	return diags
}
