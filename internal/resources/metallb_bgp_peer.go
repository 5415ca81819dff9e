package resources

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type metallbBGPPeerModel struct {
	lifecycle.Named
	MyASN                  types.Int64    `tfsdk:"my_asn"                    metallb:"myASN"`
	PeerASN                types.Int64    `tfsdk:"peer_asn"                  metallb:"peerASN"`
	DynamicASN             types.String   `tfsdk:"dynamic_asn"               metallb:"dynamicASN"`
	LocalASN               types.Int64    `tfsdk:"local_asn"                 metallb:"localASN"`
	PeerAddress            types.String   `tfsdk:"peer_address"              metallb:"peerAddress"`
	Interface              types.String   `tfsdk:"interface"                 metallb:"interface"`
	SourceAddress          types.String   `tfsdk:"source_address"            metallb:"sourceAddress"`
	PeerPort               types.Int64    `tfsdk:"peer_port"                 metallb:"peerPort"`
	HoldTime               value.Duration `tfsdk:"hold_time"                 metallb:"holdTime"`
	KeepaliveTime          value.Duration `tfsdk:"keepalive_time"            metallb:"keepaliveTime"`
	ConnectTime            value.Duration `tfsdk:"connect_time"              metallb:"connectTime"`
	RouterID               types.String   `tfsdk:"router_id"                 metallb:"routerID"`
	NodeSelectors          types.List     `tfsdk:"node_selectors"            metallb:"nodeSelectors"`
	Password               types.String   `tfsdk:"password"                  metallb:"password"`
	PasswordWO             types.String   `tfsdk:"password_wo"               wo:"managedPassword"`
	PasswordWOVersion      types.Int64    `tfsdk:"password_wo_version"       version:"managedPassword"`
	PasswordSecret         types.Object   `tfsdk:"password_secret"           metallb:"passwordSecret"`
	BFDProfile             types.String   `tfsdk:"bfd_profile"               metallb:"bfdProfile"`
	EnableGracefulRestart  types.Bool     `tfsdk:"enable_graceful_restart"   metallb:"enableGracefulRestart"`
	EBGPMultiHop           types.Bool     `tfsdk:"ebgp_multi_hop"            metallb:"ebgpMultiHop"`
	VRF                    types.String   `tfsdk:"vrf"                       metallb:"vrf"`
	DisableMP              types.Bool     `tfsdk:"disable_mp"                metallb:"disableMP"`
	DualStackAddressFamily types.Bool     `tfsdk:"dual_stack_address_family" metallb:"dualStackAddressFamily"`
}

var metallbBGPPeer = lifecycle.Object[metallbBGPPeerModel]{
	Type: "metallb_bgp_peer",
	Kind: metallb.BGPPeer,
	Noun: "MetalLB BGP peer",
	Description: "A router that MetalLB's speakers peer with: a `BGPPeer`, or, on MetalLB 0.9 to 0.12, an entry of `peers` in its ConfigMap. " +
		"Any change of it closes the sessions, and opens them again.\n\n" +
		"In the ConfigMap peers have no name; there, `name` is Terraform's alone, and an import names the address too: `router@192.168.5.1`.",
	Naming:     "In the ConfigMap, where peers have no name, it is one of your choice, an @ and the peer's address: router@192.168.5.1.",
	Attributes: merge(peerEnds(), peerSession(), peerPasswords()),
}

func peerEnds() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"my_asn":       schema.Int64Attribute{Required: true, MarkdownDescription: "AS number of MetalLB's side, 1 to 4294967295."},
		"peer_asn":     plainNumber("AS number of the router, 1 to 4294967295. Either it or `dynamic_asn` is needed."),
		"dynamic_asn":  plainText("In place of `peer_asn`: `internal` takes a router of the same AS, `external` one of any other."),
		"local_asn":    plainNumber("AS number that this router knows MetalLB's side by, in place of `my_asn`: 1 to 4294967295. The frr-k8s mode does nothing with it."),
		"peer_address": plainText("Address of the router, IPv4 or IPv6. Either it or `interface` is needed."),
		"interface":    plainText("In place of `peer_address`: interface of the nodes that the router is found on (BGP unnumbered)."),
		"source_address": plainText("Address that the speakers connect from, of the family of `peer_address`. The frr-k8s mode does nothing " +
			"with it."),
		"peer_port":      plainNumber("TCP port of the router's BGP, 1 to 16384."),
		"router_id":      plainText("BGP identifier of the speakers, in the form of an IPv4 address. MetalLB's default: the node's address."),
		"vrf":            plainText("VRF of the nodes that the router is reached in, by the name of its device."),
		"node_selectors": selectors("Nodes whose speakers peer with the router. MetalLB's default: all."),
	}
}

func peerSession() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"hold_time": timer("After how long without a message the session is given up: `3s` to `65535s` in whole seconds and Go's form (`1m30s`), or " +
			"`0s` for never. MetalLB's default: `90s`, with FRR from MetalLB 0.14.9 `180s`; three times `keepalive_time`, if that is given."),
		"keepalive_time": timer("Time between keepalive messages, at most `hold_time`: `1s` to `65535s`, or `0s` for none if `hold_time` is `0s`. " +
			"MetalLB's default: a third of the hold time."),
		"connect_time": timer("Time between attempts to connect: `1s` to `65535s` in whole seconds. FRR's default: `120s`."),
		"bfd_profile":  plainText("Name of the `metallb_bfd_profile` by which BFD watches the router. MetalLB's default: no BFD."),
		"enable_graceful_restart": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the router keeps what it learned while a speaker restarts. MetalLB cannot change it: Terraform makes the " +
				"peer anew. MetalLB's default: `false`.",
			PlanModifiers: []planmodifier.Bool{boolplanmodifier.RequiresReplaceIf(switched, anew, anew)},
		},
		"ebgp_multi_hop": flag("Whether the router may be more than one hop away; not for a peer of the same AS. MetalLB's native mode always " +
			"allows it, FRR mode needs it."),
		"disable_mp": flag("Whether IPv4 and IPv6 are each exchanged over sessions of their own family only. MetalLB from 0.15.0 always does so, and " +
			"ignores it."),
		"dual_stack_address_family": flag("Whether both IPv4 and IPv6 are exchanged over the session."),
	}
}

const anew = "MetalLB does not change it."

// switched tells a flag that changes, or may: left out and false are the same.
func switched(_ context.Context, req planmodifier.BoolRequest, resp *boolplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = req.PlanValue.IsUnknown() || req.PlanValue.ValueBool() != req.StateValue.ValueBool()
}
