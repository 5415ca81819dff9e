package lifecycle

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/stretchr/testify/assert"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

func TestAnnotatedField(t *testing.T) {
	for _, c := range []struct {
		kind        metallb.Kind
		field, want string
	}{
		{metallb.BGPPeer, "peerAddress", "It."},
		{metallb.BGPPeer, "peerPort", "It. MetalLB's default: `179`."},
		{metallb.BGPPeer, "vrf", "It. (not in the ConfigMap; CRDs from MetalLB 0.13.8; FRR modes only)"},
		{metallb.BGPPeer, "sourceAddress", "It. (ConfigMap from MetalLB 0.11)"},
		{metallb.AddressPool, "avoidBuggyIPs", "It. MetalLB's default: `false`. (CRDs from MetalLB 0.13.4)"},
		{metallb.L2Advertisement, "interfaces", "It. (CRDs from MetalLB 0.13.6)"},
		{metallb.Community, "communities", "It."},
	} {
		for _, attribute := range []schema.Attribute{
			schema.StringAttribute{MarkdownDescription: "It."}, schema.ListNestedAttribute{MarkdownDescription: "It."},
			schema.SingleNestedAttribute{MarkdownDescription: "It."}, schema.SetNestedAttribute{MarkdownDescription: "It."},
		} {
			assert.Equal(t, c.want, annotatedField(attribute, c.kind, c.field).GetMarkdownDescription(), c.field)
		}
	}
	within := Annotated(metallb.BGPAdvertisement, map[string]schema.Attribute{"aggregation_length_v6": schema.Int64Attribute{}})
	assert.Equal(t, " MetalLB's default: `128`.", within["aggregation_length_v6"].GetMarkdownDescription())
}
