package resources

import (
	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

var natOrder = lifecycle.Order{
	Type: "routeros_nat_order",
	Menu: routeros.DstNAT,
	ID:   "dstnat",
	Description: "The order of destination NAT rules (`/ip/firewall/nat`, chain dstnat): of all rules that match a packet, the first decides. " +
		"An order that somebody changed on the router is seen by the next plan, and put right with the fewest moves. Rules that are not named, " +
		"those of other chains, and those that the router made itself (dynamic ones) keep their places among each other.\n\n" +
		"Destroying it changes nothing on the router. A rule that is created in the same run and is not in the list may come to stand behind " +
		"rules with `position = \"last\"`: the next plan shows that; `depends_on` avoids it.\n\n" +
		"One per router is usual. Nobody can see that two contradict each other: each plan would then want what the last apply undid. " +
		"The same holds for a rule in `rules` that also has `place_before`: use one of the two.",
}
