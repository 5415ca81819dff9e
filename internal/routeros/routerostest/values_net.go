package routerostest

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// ipv4 is one IPv4 address.
func ipv4() kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		a, err := netip.ParseAddr(value)
		if err != nil || !a.Is4() {
			return "", invalidValue(arg)
		}
		return a.String(), nil
	}}
}

// ip is one address of either family, link-local ones with their interface.
func ip() kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		a, err := netip.ParseAddr(value)
		if err != nil || a.Zone() != "" && !a.IsLinkLocalUnicast() {
			return "", invalidValue(arg)
		}
		return a.String(), nil
	}}
}

// ipOrPrefix is an address or a network of either family, kept with the mask that it was written with.
func ipOrPrefix() kind {
	host := ip()
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if !strings.Contains(value, "/") {
			return host.normal(w, arg, value)
		}
		p, err := netip.ParsePrefix(value)
		if err != nil {
			return "", invalidValue(arg)
		}
		return p.Masked().String(), nil
	}}
}

// ipv4Range is an address, a network or a range. Hosts read back without mask, networks without host bits.
func ipv4Range() kind {
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if value == "" { // as with ports, an empty matcher stays behind
			return "", nil
		}
		first, last, isRange := strings.Cut(value, "-")
		if isRange {
			a, err1 := netip.ParseAddr(first)
			b, err2 := netip.ParseAddr(last)
			if err1 != nil || err2 != nil || !a.Is4() || !b.Is4() || b.Less(a) {
				return "", invalidValue(arg)
			}
			if w.quirks.tidySets {
				return tidyRange(a, b), nil
			}
			return a.String() + "-" + b.String(), nil
		}
		p, ok := parsePrefix4(value)
		switch {
		case !ok:
			return "", invalidValue(arg)
		case p.Bits() == 32:
			return p.Addr().String(), nil
		}
		return p.Masked().String(), nil
	}}
}

// parsePrefix4 reads 10.0.0.1, 10.0.0.0/24 and 10.0.0.0/255.255.255.0.
func parsePrefix4(s string) (netip.Prefix, bool) {
	host, mask, masked := strings.Cut(s, "/")
	a, err := netip.ParseAddr(host)
	if err != nil || !a.Is4() {
		return netip.Prefix{}, false
	}
	bits := 32
	if masked {
		if bits, err = strconv.Atoi(mask); err != nil {
			m, err := netip.ParseAddr(mask)
			if err != nil || !m.Is4() {
				return netip.Prefix{}, false
			}
			ones, size := net.IPMask(m.AsSlice()).Size()
			if size == 0 {
				return netip.Prefix{}, false
			}
			bits = ones
		}
	}
	p := netip.PrefixFrom(a, bits)
	return p, p.IsValid()
}

// mac is a hardware address, read in upper case, with or without mask.
func mac() kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		address, mask, masked := strings.Cut(value, "/")
		a, err := net.ParseMAC(address)
		if err != nil || len(a) != 6 {
			return "", invalidValue(arg)
		}
		out := strings.ToUpper(a.String())
		if masked {
			m, err := net.ParseMAC(mask)
			if err != nil || len(m) != 6 {
				return "", invalidValue(arg)
			}
			out += "/" + strings.ToUpper(m.String())
		}
		return out, nil
	}}
}

// maskRead is how a v7 connection prints remote.address: with or without the mask of a host.
func maskRead(w *world, stored string) string {
	withMask := w.quirks.or(w.quirks.remoteMask, !w.version.atLeast(7, 12))
	if withMask {
		if a, err := netip.ParseAddr(stored); err == nil && a.Zone() == "" {
			return netip.PrefixFrom(a, a.BitLen()).String()
		}
		return stored
	}
	if p, err := netip.ParsePrefix(stored); err == nil && p.IsSingleIP() {
		return p.Addr().String()
	}
	return stored
}
