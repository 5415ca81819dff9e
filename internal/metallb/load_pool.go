package metallb

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"go4.org/netipx"
)

// pooled is a block of addresses of a pool.
type pooled struct {
	block
	pool string
}

func (l *loader) pool(name string, spec map[string]any) (string, error) {
	protocol, _ := spec["protocol"].(string)
	addresses, _ := spec["addresses"].([]any)
	ads, _ := spec["bgpAdvertisements"].([]any)
	switch {
	case name == "":
		return "", errors.New("it has no name")
	case l.names[name]:
		return "", errors.New("there are two of that name")
	case protocol != "bgp" && protocol != "layer2":
		return "protocol", fmt.Errorf(`the protocol is %q, not "bgp" or "layer2"`, protocol)
	case protocol == "layer2" && len(ads) > 0:
		return "bgpAdvertisements", errors.New("bgp-advertisements are for protocol bgp only")
	case len(addresses) == 0:
		return "addresses", errors.New("it has no addresses")
	}
	l.names[name] = true
	var blocks []block
	for _, address := range addresses {
		text, _ := address.(string)
		b, err := l.addresses(text)
		if err != nil {
			return "addresses", err
		}
		if !b.IsValid() {
			continue // MetalLB takes it for no address at all
		}
		if protocol == "bgp" && b.From().Is6() && l.running.mode == "native" {
			return "addresses", fmt.Errorf("in its native mode MetalLB announces no IPv6, such as %s, by BGP: it needs the FRR mode", text)
		}
		for _, other := range l.blocks {
			if b.overlaps(other.block) {
				return "addresses", sibling("%s overlaps %s of pool %s", b, other.block, other.pool)
			}
		}
		l.blocks = append(l.blocks, pooled{b, name})
		blocks = append(blocks, b)
	}
	return l.advertisements(ads, blocks)
}

// addresses reads an entry as MetalLB does; a block without addresses is one that it takes for none.
func (l *loader) addresses(text string) (block, error) {
	start, end, isRange := strings.Cut(text, "-")
	if !isRange {
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return block{}, fmt.Errorf("%q is not %s", text, addressForm)
		}
		prefix, _ := netipx.FromStdIPNet(network)
		return block{netipx.RangeOfPrefix(prefix)}, nil
	}
	first, last := net.ParseIP(strings.TrimSpace(start)), net.ParseIP(strings.TrimSpace(end))
	if first == nil || last == nil {
		return block{}, fmt.Errorf("%q is not %s", text, addressForm)
	}
	switch order := bytes.Compare(first, last); {
	case order > 0 && l.running.from(since011), order == 0 && l.running.from(since011) && l.running.before(since012):
		return block{}, fmt.Errorf("%q: its first address is not before its last", text)
	case order > 0 || (first.To4() == nil) != (last.To4() == nil):
		return block{}, nil
	}
	from, _ := netip.AddrFromSlice(first)
	to, _ := netip.AddrFromSlice(last)
	return block{netipx.IPRangeFrom(from.Unmap(), to.Unmap())}, nil
}

// longest is the length of the longest of the prefixes that make the block up.
func (b block) longest() int {
	longest := 0
	for _, prefix := range b.Prefixes() {
		longest = max(longest, prefix.Bits())
	}
	return longest
}

// advertisements are a pool's: MetalLB before 0.12 wants a length that no part of the pool is smaller than, and does
// not tell IPv6 from IPv4.
func (l *loader) advertisements(ads []any, blocks []block) (string, error) {
	for i, ad := range ads {
		path := fmt.Sprintf("bgpAdvertisements[%d].", i)
		ad, _ := ad.(map[string]any)
		if l.running.from(since012) && slices.ContainsFunc(ads[:i], func(other any) bool { return reflect.DeepEqual(other, any(ad)) }) {
			return strings.TrimSuffix(path, "."), errors.New("there are two bgp-advertisements that say the same")
		}
		v4, v6 := int64(32), int64(128)
		if n, present := ad["aggregationLength"].(int64); present {
			v4 = n
		}
		if n, present := ad["aggregationLengthV6"].(int64); present {
			v6 = n
		}
		if v4 > 32 {
			return path + "aggregationLength", fmt.Errorf("the aggregation length is %d, not at most 32", v4)
		}
		if v6 > 128 {
			return path + "aggregationLengthV6", fmt.Errorf("the aggregation length is %d, not at most 128", v6)
		}
		for _, b := range blocks {
			field, have, need := "aggregationLength", v4, b.longest()
			if !l.running.before(since012) {
				need = b.shortest()
				if b.From().Is6() {
					field, have = "aggregationLengthV6", v6
				}
			}
			if have < int64(need) {
				return path + field, fmt.Errorf("an aggregation length of %d is too short for %s, which needs at least %d", have, b, need)
			}
		}
		communities, _ := ad["communities"].([]any)
		for j, c := range communities {
			field := fmt.Sprintf("%scommunities[%d]", path, j)
			text, _ := c.(string)
			if l.running.from(since012) && slices.Contains(communities[:j], c) {
				return field, fmt.Errorf("community %s is there twice", text)
			}
			if _, known := l.aliases[text]; !known && !isCommunity(text) {
				return field, sibling("%q is no community: neither an alias of bgp-communities, nor %s", text, smallCommunityForm)
			}
		}
	}
	return "", nil
}
