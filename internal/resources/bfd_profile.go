package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type bfdProfileModel struct {
	lifecycle.Named
	ReceiveInterval  types.Int64 `tfsdk:"receive_interval"  metallb:"receiveInterval"`
	TransmitInterval types.Int64 `tfsdk:"transmit_interval" metallb:"transmitInterval"`
	DetectMultiplier types.Int64 `tfsdk:"detect_multiplier" metallb:"detectMultiplier"`
	EchoInterval     types.Int64 `tfsdk:"echo_interval"     metallb:"echoInterval"`
	EchoMode         types.Bool  `tfsdk:"echo_mode"         metallb:"echoMode"`
	PassiveMode      types.Bool  `tfsdk:"passive_mode"      metallb:"passiveMode"`
	MinimumTTL       types.Int64 `tfsdk:"minimum_ttl"       metallb:"minimumTtl"`
}

var bfdProfile = lifecycle.Object[bfdProfileModel]{
	Type: "metallb_bfd_profile",
	Kind: metallb.BFDProfile,
	Noun: "MetalLB BFD profile",
	Description: "How BFD watches the peers that name it as their `bfd_profile`: a `BFDProfile`, or, on MetalLB 0.12, an entry of `bfd-profiles` in its " +
		"ConfigMap. It needs one of the FRR modes: MetalLB's native one takes no change of its configuration while there is one.",
	Attributes: map[string]schema.Attribute{
		"receive_interval":  plainNumber("Least time between packets that is accepted, 10 to 60000 milliseconds. FRR's default: `300`."),
		"transmit_interval": plainNumber("Least time between packets that are sent, 10 to 60000 milliseconds. FRR's default: `300`."),
		"detect_multiplier": plainNumber("How many packets have to be missed for the peer to be down, 2 to 255. FRR's default: `3`."),
		"echo_interval":     plainNumber("Least time between echo packets, 10 to 60000 milliseconds. FRR's default: `50`."),
		"echo_mode": flag("Whether echo packets are sent, which the peer has to send back; RouterOS does not. Not for peers that IPv6 pools are " +
			"announced to."),
		"passive_mode": flag("Whether the peer has to begin."),
		"minimum_ttl":  plainNumber("Least time to live that packets of a peer behind several hops may arrive with, 1 to 254. FRR's default: `254`."),
	},
}
