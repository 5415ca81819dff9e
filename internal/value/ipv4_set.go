package value

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// IPv4Set is what a NAT rule matches or translates to: an IPv4 address, a prefix (`10.0.0.0/24`, also with a netmask), or
// a range `10.0.0.1-10.0.0.9`; a leading `!` in a matcher means all but that. A prefix, with host bits or without, and
// the range of its addresses are the same.
type IPv4Set = Value[ipv4Set]

// IPv4SetType is IPv4Set's attribute type.
type IPv4SetType = Type[ipv4Set]

type ipv4Set struct{}

func (ipv4Set) Name() string { return "IPv4 address" }

// Canonical is the range from the first address to the last.
func (ipv4Set) Canonical(text string) (string, error) {
	not, rest := negation(text)
	from, to, isRange := strings.Cut(rest, "-")
	first, errFirst := netip.ParseAddr(from)
	last, errLast := netip.ParseAddr(to)
	if !isRange {
		first, last, errFirst = parseIPv4Prefix(rest)
		errLast = errFirst
	}
	switch {
	case errFirst != nil || errLast != nil || !first.Is4() || !last.Is4():
		return "", fmt.Errorf("%q is no IPv4 address, prefix or range: give 192.0.2.1, 192.0.2.0/24 or 192.0.2.1-192.0.2.9", text)
	case last.Less(first):
		return "", fmt.Errorf("the range %q ends before it begins: give %s-%s", text, to, from)
	}
	return fmt.Sprintf("%s%s-%s", not, first, last), nil
}

// parseIPv4Prefix gives the first and the last address of a host, a prefix, or an address with a netmask.
func parseIPv4Prefix(text string) (first, last netip.Addr, err error) {
	host, mask, masked := strings.Cut(text, "/")
	if !masked {
		a, err := netip.ParseAddr(text)
		return a, a, err
	}
	if m, err := netip.ParseAddr(mask); err == nil && m.Is4() {
		ones, size := net.IPMask(m.AsSlice()).Size()
		text = fmt.Sprintf("%s/%d", host, ones)
		if size == 0 {
			return first, last, fmt.Errorf("%s has holes", mask)
		}
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || !p.Addr().Is4() {
		return first, last, err
	}
	ip := p.Masked().Addr().As4()
	hosts := uint32(1<<(32-p.Bits()) - 1)
	last4 := binary.BigEndian.AppendUint32(nil, binary.BigEndian.Uint32(ip[:])|hosts)
	return netip.AddrFrom4(ip), netip.AddrFrom4([4]byte(last4)), nil
}
