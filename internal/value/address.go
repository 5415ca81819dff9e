package value

import (
	"fmt"
	"net/netip"
	"strings"
)

// Address is the address of a BGP peer: a host (IPv4, IPv6, link-local with `%interface`), or a prefix from which
// peers may come. A host and its /32 or /128 are the same.
type Address = Value[address]

// AddressType is Address's attribute type.
type AddressType = Type[address]

type address struct{}

func (address) Name() string { return "address" }

func (address) Canonical(text string) (string, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.String(), nil
	}
	if p, err := netip.ParsePrefix(text); err == nil {
		return hostOrPrefix(p), nil
	}
	return "", fmt.Errorf("%q is no address: give a host like 192.168.5.253 or 2001:db8::1, or a prefix like 192.168.5.0/24", text)
}

func hostOrPrefix(p netip.Prefix) string {
	if p.IsSingleIP() {
		return p.Addr().String()
	}
	return p.String()
}

// RouterID is an IPv4 address that stands for a router.
type RouterID = Value[routerID]

// RouterIDType is RouterID's attribute type.
type RouterIDType = Type[routerID]

type routerID struct{}

func (routerID) Name() string { return "router ID" }

func (routerID) Canonical(text string) (string, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() || a.IsUnspecified() {
		return "", fmt.Errorf("%q is no router ID: give an IPv4 address like 192.168.5.1", text)
	}
	return a.String(), nil
}

// IPv4Set is what a NAT rule matches or translates to: an IPv4 address, a prefix, or a range `10.0.0.1-10.0.0.9`; a
// leading `!` in a matcher means all but that.
type IPv4Set = Value[ipv4Set]

// IPv4SetType is IPv4Set's attribute type.
type IPv4SetType = Type[ipv4Set]

type ipv4Set struct{}

func (ipv4Set) Name() string { return "IPv4 address" }

func (ipv4Set) Canonical(text string) (string, error) {
	not, rest := negation(text)
	fail := fmt.Errorf("%q is no IPv4 address, prefix or range: give 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9", text)
	if from, to, isRange := strings.Cut(rest, "-"); isRange {
		first, errFirst := netip.ParseAddr(from)
		last, errLast := netip.ParseAddr(to)
		switch {
		case errFirst != nil || errLast != nil || !first.Is4() || !last.Is4():
			return "", fail
		case last.Less(first):
			return "", fmt.Errorf("the range %q ends before it begins: give %s-%s", text, to, from)
		case first == last:
			return not + first.String(), nil
		}
		return not + first.String() + "-" + last.String(), nil
	}
	if a, err := netip.ParseAddr(rest); err == nil && a.Is4() {
		return not + a.String(), nil
	}
	if p, err := netip.ParsePrefix(rest); err == nil && p.Addr().Is4() {
		return not + hostOrPrefix(p), nil
	}
	return "", fail
}

func negation(text string) (not, rest string) {
	if rest, negated := strings.CutPrefix(text, "!"); negated {
		return "!", rest
	}
	return "", text
}
