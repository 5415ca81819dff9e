package value

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
)

// Address is where a BGP peer is: a host (IPv4, IPv6, link-local with `%interface`), a prefix from which peers may
// come, or, from RouterOS 7.19 on, an interface by name. A host and its /32 or /128 are the same, and so is a prefix
// with host bits and without.
type Address = Value[address]

// AddressType is Address's attribute type.
type AddressType = Type[address]

type address struct{}

// LocalAddress is what a BGP session leaves from: a host like Address's, or, from RouterOS 7.19 on and on RouterOS 6, an
// interface by name.
type LocalAddress = Value[localAddress]

// LocalAddressType is LocalAddress's attribute type.
type LocalAddressType = Type[localAddress]

type localAddress struct{}

// name is what can only be a name: a mistyped address has a colon or a slash, or begins with a digit.
var name = regexp.MustCompile(`^[A-Za-z][^\s:/,]*$`)

func (address) Name() string      { return "address" }
func (localAddress) Name() string { return "local address" }

func (address) Canonical(text string) (string, error) {
	if p, ok := parseAddress(text); ok {
		return p.String(), nil
	}
	if host, ok := linkLocal(text); ok || name.MatchString(text) {
		return host, nil
	}
	return "", fmt.Errorf("%q is no address: give a host like 192.168.5.253 or 2001:db8::1, a prefix like 192.168.5.0/24, "+
		"or an interface's name", text)
}

func (localAddress) Canonical(text string) (string, error) {
	if p, ok := parseAddress(text); ok && p.IsSingleIP() {
		return p.String(), nil
	}
	if host, ok := linkLocal(text); ok || name.MatchString(text) {
		return host, nil
	}
	return "", fmt.Errorf("%q is no local address: give a host like 192.168.5.1 or 2001:db8::1, or an interface's name", text)
}

// parseAddress reads a host, as the prefix that holds only it, or a prefix.
func parseAddress(text string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(text)
	return p.Masked(), err == nil
}

// linkLocal reads a host with its interface, with or without its prefix length; any other text it gives back.
func linkLocal(text string) (string, bool) {
	a, err := netip.ParseAddr(strings.TrimSuffix(text, "/128"))
	if err != nil || a.Zone() == "" {
		return text, false
	}
	return a.String(), true
}
