package functions

import (
	"github.com/hashicorp/terraform-plugin-framework/types"
	"go4.org/netipx"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/pair"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

var forwardingProblems = comparison{
	name:    "forwarding_problems",
	summary: "What keeps a rule from forwarding to an address pool",
	description: "Compares a destination NAT rule with the pool of addresses that it forwards to, and gives a sentence for each thing that does not " +
		"fit; an empty list, if all does.\n\n" +
		"The rule is not disabled; its action sends packets to an address; and all of `to_addresses` is within the pool, and nothing that " +
		"`avoid_buggy_ips` leaves out. Whether a Service holds the address is not asked: `metallb_load_balancer` tells that.\n\n" +
		"In a plan, values that are known after apply are left out of account: what is wrong already is told, and without that the result " +
		"is known after apply too; so give it to checks, and not to resources.",
	parameters: []parameter{{"dstnat", "routeros_dstnat"}, {"pool", "metallb_address_pool"}},
	compare:    func(o []*object) pair.Findings { return pair.Forwarding(dstNAT(o[0]), addressPool(o[1])) },
}

func dstNAT(o *object) pair.DstNAT {
	return pair.DstNAT{
		Comment:     o.text("comment"),
		Action:      o.text("action"),
		ToAddresses: read(o, "to_addresses", plain(parseTarget)),
		DstAddress:  o.text("dst_address"),
		Disabled:    o.flag("disabled"),
	}
}

func addressPool(o *object) pair.Pool {
	addresses, more := o.addresses("addresses")
	return pair.Pool{Name: o.text("name"), Addresses: addresses, More: more, AvoidBuggyIPs: o.flag("avoid_buggy_ips")}
}

func (o *object) addresses(name string) (pair.Value[[]netipx.IPRange], bool) {
	elements, more, set := o.elements(name)
	if !set {
		return pair.Value[[]netipx.IPRange]{}, false
	}
	ranges := []netipx.IPRange{}
	for _, element := range elements {
		text, err := textOf(element)
		if err == nil {
			var r netipx.IPRange
			r, err = metallb.ParseAddresses(text)
			ranges = append(ranges, r)
		}
		if err != nil {
			o.refuse(name, err)
		}
	}
	return pair.Of(ranges), more
}

func parseTarget(text string) (netipx.IPRange, error) {
	canonical, err := value.IPv4Set{StringValue: types.StringValue(text)}.Spelling()
	if err != nil {
		return netipx.IPRange{}, err
	}
	return netipx.ParseIPRange(canonical)
}
