package metallb

import (
	"fmt"
	"net/netip"
	"strings"

	"go4.org/netipx"
)

// block is what one entry of a pool's addresses stands for, both ends included.
type block struct{ netipx.IPRange }

func (b block) overlaps(other block) bool { return b.Overlaps(other.IPRange) }

// shortest is the length of the shortest of the prefixes that make the block up.
func (b block) shortest() int {
	shortest := b.From().BitLen()
	for _, prefix := range b.Prefixes() {
		shortest = min(shortest, prefix.Bits())
	}
	return shortest
}

const addressForm = `a prefix such as "192.168.128.0/24" or a range such as "192.168.128.10-192.168.128.99", IPv4 or IPv6`

// checkAddress accepts one entry of a pool's addresses: a CIDR prefix, or a range whose ends are of one family and in
// order. MetalLB 0.9 and 0.10 take a range in the wrong order, and every version up to 0.15 one of mixed families, as no
// address at all: both are errors here. So is the ::ffff: form, which MetalLB takes for IPv4.
func checkAddress(address string) error {
	_, err := parseBlock(address)
	return err
}

// ParseAddresses gives what one entry of a pool's addresses stands for, by checkAddress' rules.
func ParseAddresses(entry string) (netipx.IPRange, error) {
	b, err := parseBlock(entry)
	return b.IPRange, err
}

func parseBlock(address string) (block, error) {
	wrong := func(why string) (block, error) {
		return block{}, fmt.Errorf("%q is not %s: %s", address, addressForm, why)
	}
	start, end, isRange := strings.Cut(address, "-")
	if !isRange {
		prefix, err := netip.ParsePrefix(address)
		switch {
		case err != nil && !strings.Contains(address, "/"):
			return wrong("a single address is written with /32, or /128 for IPv6")
		case err != nil:
			return wrong("no such prefix")
		case prefix.Addr().Is4In6():
			return wrong("write IPv4 without ::ffff:")
		}
		return block{netipx.RangeOfPrefix(prefix)}, nil
	}
	first, err := netip.ParseAddr(strings.TrimSpace(start))
	last, err2 := netip.ParseAddr(strings.TrimSpace(end))
	switch {
	case err != nil || err2 != nil || first.Zone() != "" || last.Zone() != "":
		return wrong("both ends of a range are whole addresses")
	case first.Is4In6() || last.Is4In6():
		return wrong("write IPv4 without ::ffff:")
	case first.Is4() != last.Is4():
		return wrong("both ends are of one family")
	case last.Less(first):
		return wrong("its first address is after its last")
	}
	return block{netipx.IPRangeFrom(first, last)}, nil
}

// entry is an entry of a pool's addresses that makes sense.
type entry struct {
	part
	block
	text string
}

func entriesOf(addresses part) []entry {
	var entries []entry
	for _, element := range addresses.elements() {
		text, _ := element.value.(string)
		if b, err := parseBlock(text); err == nil {
			entries = append(entries, entry{element, b, text})
		}
	}
	return entries
}

var errNoAddresses = fmt.Errorf("no addresses: a pool has at least one, %s", addressForm)

func checkOverlaps(entries []entry) {
	for i, e := range entries {
		for _, before := range entries[:i] {
			if e.overlaps(before.block) {
				e.wrong("%q and %q overlap: every address is in one entry only", before.text, e.text)
				break
			}
		}
	}
}

func checkAddresses(addresses part) {
	if addresses.empty() {
		addresses.wrong("%w", errNoAddresses)
	}
	for _, element := range addresses.elements() {
		judge(element, checkAddress)
		text, _ := element.value.(string)
		if prefix, err := netip.ParsePrefix(text); err == nil && prefix != prefix.Masked() && !prefix.Addr().Is4In6() {
			element.doubtful("%q means all of %s: write it so, or %s/%d for the one address", text, prefix.Masked(), prefix.Addr(), prefix.Addr().BitLen())
		}
	}
	checkOverlaps(entriesOf(addresses))
}

// checkBuggyIPs doubts a pool of which avoidBuggyIPs leaves nothing.
func checkBuggyIPs(spec part) {
	addresses := spec.at("addresses")
	entries := entriesOf(addresses)
	if spec.at("avoidBuggyIPs").value != true || len(entries) != len(addresses.elements()) {
		return
	}
	for _, e := range entries {
		if !e.buggy() {
			return
		}
	}
	if len(entries) > 0 {
		spec.at("avoidBuggyIPs").doubtful("no address is left to give away: all of the pool's end in .0 or .255")
	}
}

// buggy tells a block of nothing but addresses that end in .0 or .255. Of three in a row one does not.
func (b block) buggy() bool {
	for ip := b.From(); ip.Is4(); ip = ip.Next() {
		if last := ip.As4()[3]; last != 0 && last != 255 {
			return false
		}
		if ip == b.To() {
			return true
		}
	}
	return false
}

func checkPool(spec part) {
	checkAddresses(spec.at("addresses"))
	checkBuggyIPs(spec)
	checkAllocation(spec)
	protocol := spec.at("protocol")
	judge(protocol, oneOf("bgp", "layer2"))
	advertisements := spec.at("bgpAdvertisements")
	switch {
	case !advertisements.given():
	case protocol.value != "bgp" && !protocol.unknown():
		advertisements.wrong(`only a pool with protocol "bgp" has advertisements: set protocol, or leave them out`)
	case advertisements.empty():
		advertisements.wrong("an empty list would announce nothing: leave it out for one advertisement with MetalLB's defaults")
	}
	checkPoolAdvertisements(advertisements, entriesOf(spec.at("addresses")))
}

func oneOf(choices ...string) func(string) error {
	return func(text string) error {
		for _, choice := range choices {
			if text == choice {
				return nil
			}
		}
		return fmt.Errorf("%q is not one of %q", text, choices)
	}
}

func checkAllocation(spec part) {
	allocation := spec.at("serviceAllocation")
	if allocation.absent() {
		return
	}
	priority := allocation.at("priority")
	judge(priority, func(n int64) error {
		if n < 0 {
			return fmt.Errorf("%d is not a priority: 1 or more, of which the lowest goes first, or 0 for last", n)
		}
		return nil
	})
	if priority.given() && spec.at("autoAssign").value == false {
		priority.doubtful("it has no effect with autoAssign false, where Services get an address only by asking for it")
	}
	allocation.at("namespaces").distinct()
	for _, namespace := range allocation.at("namespaces").elements() {
		if name, ok := namespace.value.(string); ok {
			if err := CheckName(name); err != nil {
				namespace.doubtful("no namespace can be called so: %w", err)
			}
		}
	}
	checkSelectors(allocation.at("namespaceSelectors"))
	checkSelectors(allocation.at("serviceSelectors"))
	if allocation.at("namespaces").empty() && allocation.at("namespaceSelectors").empty() && allocation.at("serviceSelectors").empty() {
		allocation.doubtful("without namespaces and selectors it takes all Services from MetalLB 0.15.0 on, and none before")
	}
}
