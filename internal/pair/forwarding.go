package pair

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx"
)

// DstNAT is a routeros_dstnat.
type DstNAT struct {
	Comment     Value[string]
	Action      Value[string]
	ToAddresses Value[netipx.IPRange]
	DstAddress  Value[string]
	Disabled    Value[bool]
}

// Pool is a metallb_address_pool.
type Pool struct {
	Name          Value[string]
	Addresses     Value[[]netipx.IPRange] // those that are known
	More          bool                    // whether others are known after apply
	AvoidBuggyIPs Value[bool]
}

// Forwarding compares a rule with the pool that it forwards to.
func Forwarding(rule DstNAT, pool Pool) Findings {
	f := &forwarding{
		rule: rule, pool: pool,
		theRule: subject{"routeros_dstnat", rule.Comment},
		thePool: subject{"metallb_address_pool", pool.Name},
	}
	f.disabled()
	if f.translates() {
		f.target()
	}
	return f.Findings
}

type forwarding struct {
	Findings
	rule             DstNAT
	pool             Pool
	theRule, thePool subject
}

func (f *forwarding) disabled() {
	if off, _ := said(&f.Findings, f.rule.Disabled); off {
		f.problem(f.theRule.has("disabled", true), f.thePool.String()+" is to be reached by it",
			"nothing is forwarded. Take disabled away.")
	}
}

// elsewhere are the actions that never send a packet to to_addresses.
var elsewhere = []string{"redirect", "accept", "passthrough", "log", "return", "jump", "add-dst-to-address-list",
	"add-src-to-address-list", "socksify"}

const dstNAT = "dst-nat"

// translates tells whether to_addresses counts, as far as is known.
func (f *forwarding) translates() bool {
	action, ok := orDefault(&f.Findings, f.rule.Action, dstNAT)
	if !ok || !slices.Contains(elsewhere, action) {
		return ok
	}
	f.problem(f.theRule.has("action", action), f.thePool.String()+" is to be reached by it",
		"this action sends nothing to an address. Leave action out, which means dst-nat.")
	return false
}

func (f *forwarding) target() {
	set, ok := given(&f.Findings, f.rule.ToAddresses)
	if !ok {
		return
	}
	if !set {
		// A rule that only changes the port leaves the packet its address, which may be one of the pool.
		if matched, ok := given(&f.Findings, f.rule.DstAddress); ok && !matched {
			f.problem(f.theRule.lacks("to_addresses", "that the address stays"), f.thePool.String()+" is to be reached by it",
				"nothing is forwarded. Give to_addresses an address of the pool.")
		}
		return
	}
	addresses, ok := said(&f.Findings, f.pool.Addresses)
	if !ok {
		return
	}
	to := f.rule.ToAddresses.is
	has := f.theRule.has("to_addresses", spread(to))
	switch {
	case covers(addresses, to):
		f.buggy(to, has)
	case f.pool.More:
		f.Open = true
	default:
		f.problem(has, f.thePool.String()+" has addresses = ["+strings.Join(spreads(addresses), ", ")+"]",
			"MetalLB gives no Service an address outside of its pool. Give to_addresses one of the pool's.")
	}
}

// buggy finds a target that avoid_buggy_ips leaves out. One of many counts too, since connections are spread over all;
// but not for netmap, which sends there only what is meant for the like address.
func (f *forwarding) buggy(to netipx.IPRange, has string) {
	netmap := f.rule.Action.is == "netmap" && to.From() != to.To()
	left, found := leftOut(to)
	if netmap || !found {
		return
	}
	if avoid, _ := said(&f.Findings, f.pool.AvoidBuggyIPs); avoid {
		f.problem(has, f.thePool.has("avoid_buggy_ips", true),
			fmt.Sprintf("MetalLB gives %s to no Service. Give to_addresses one that ends in neither .0 nor .255.", left))
	}
}

// leftOut is the first address of a range that ends in .0 or .255.
func leftOut(r netipx.IPRange) (netip.Addr, bool) {
	for ip := r.From(); ip.Is4() && r.Contains(ip); ip = ip.Next() {
		if last := ip.As4()[3]; last == 0 || last == 255 {
			return ip, true
		}
	}
	return netip.Addr{}, false
}

func covers(addresses []netipx.IPRange, r netipx.IPRange) bool {
	var all netipx.IPSetBuilder
	for _, some := range addresses {
		all.AddRange(some)
	}
	set, err := all.IPSet()
	return err == nil && set.ContainsRange(r)
}

// spread writes a range as an address or a prefix, if it is one.
func spread(r netipx.IPRange) string {
	if prefix, ok := r.Prefix(); ok {
		return host(prefix)
	}
	return r.String()
}

func spreads(ranges []netipx.IPRange) (texts []string) {
	for _, r := range ranges {
		texts = append(texts, fmt.Sprintf("%q", spread(r)))
	}
	return texts
}
