package lifecycle

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInTerraform(t *testing.T) {
	for message, want := range map[string]string{
		"give either peerASN or dynamicASN":                      "give either peer_asn or dynamic_asn",
		"leave aggregationLengthV6 out, or 128":                  "leave aggregation_length_v6 out, or 128",
		"it says what nodeSelectors[0].matchExpressions[1] says": "it says what node_selectors[0].match_expressions[1] says",
		"avoidBuggyIPs, ebgpMultiHop and minimumTtl.":            "avoid_buggy_ips, ebgp_multi_hop and minimum_ttl.",
		"managedPassword is there as well":                       "password_wo is there as well",
		"spec.autoAssign belongs to argocd-controller":           "spec.autoAssign belongs to argocd-controller",
		"BGPPeer router, IPAddressPool a.b, metallb.io/v1beta1":  "BGPPeer router, IPAddressPool a.b, metallb.io/v1beta1",
		`"myLabel" is not the key of a label`:                    `"myLabel" is not the key of a label`,
	} {
		assert.Equal(t, want, inTerraform(message))
	}
}
