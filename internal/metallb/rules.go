package metallb

import (
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The rules are what MetalLB, in all versions from 0.9, accepts and does something useful with. They ask nobody, so
// that a plan can apply them. Each error states the accepted form.

var label = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

// CheckName accepts a DNS-1123 label: what both a custom resource and a Service's annotation can name.
func CheckName(name string) error {
	if !label.MatchString(name) {
		return fmt.Errorf("%q is not a name: 1 to 63 lower-case letters, digits and dashes, not beginning or ending with a dash", name)
	}
	return nil
}

// block is what one entry of a pool's addresses stands for, both ends included.
type block struct{ first, last netip.Addr }

func (b block) overlaps(other block) bool {
	return b.first.Is4() == other.first.Is4() && !b.last.Less(other.first) && !other.last.Less(b.first)
}

func (b block) String() string { return b.first.String() + "-" + b.last.String() }

const addressForm = `a prefix such as "192.168.128.0/24" or a range such as "192.168.128.10-192.168.128.99", IPv4 or IPv6`

// CheckAddress accepts one entry of a pool's addresses: a CIDR prefix, or a range whose ends are of one family and in
// order. MetalLB 0.9 and 0.10 take a range in the wrong order, and every version one of mixed families, as no address
// at all: both are errors here. So is the ::ffff: form, which MetalLB takes for IPv4.
func CheckAddress(address string) error {
	_, err := parseBlock(address)
	return err
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
		return block{prefix.Masked().Addr(), lastOf(prefix)}, nil
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
	return block{first, last}, nil
}

func lastOf(prefix netip.Prefix) netip.Addr {
	bytes := prefix.Masked().Addr().AsSlice()
	value := new(big.Int).SetBytes(bytes)
	hosts := new(big.Int).Lsh(big.NewInt(1), uint(len(bytes)*8-prefix.Bits()))
	value.Add(value, hosts.Sub(hosts, big.NewInt(1)))
	last, _ := netip.AddrFromSlice(value.FillBytes(bytes))
	return last
}

// CheckAddresses accepts the addresses of a pool: at least one, and none twice. Entries that CheckAddress rejects are
// skipped.
func CheckAddresses(addresses []string) error {
	if len(addresses) == 0 {
		return fmt.Errorf("no addresses: a pool has at least one, %s", addressForm)
	}
	type entry struct {
		block
		text string
	}
	var entries []entry
	for _, address := range addresses {
		if b, err := parseBlock(address); err == nil {
			entries = append(entries, entry{b, address})
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.first.Compare(b.first) })
	for i := 1; i < len(entries); i++ {
		if before := entries[i-1]; before.overlaps(entries[i].block) {
			return fmt.Errorf("%q and %q overlap: every address is in one entry only", before.text, entries[i].text)
		}
	}
	return nil
}

// CheckASN accepts an AS number, 1 to 4294967295.
func CheckASN(asn int64) error {
	if asn < 1 || asn > 1<<32-1 {
		return fmt.Errorf("%d is not an AS number: 1 to 4294967295", asn)
	}
	return nil
}

// CheckPeerAddress accepts an IPv4 or IPv6 address, without zone, port or prefix length.
func CheckPeerAddress(address string) error {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Zone() != "" {
		return fmt.Errorf(`%q is not an address such as "192.168.5.1" or "2001:db8::1": no name, no prefix length, no port, no zone`, address)
	}
	return nil
}

// CheckPeerPort accepts a TCP port of a peer, 1 to 16384: MetalLB's CRD has no more.
func CheckPeerPort(port int64) error {
	if port < 1 || port > 16384 {
		return fmt.Errorf("%d is not a port that MetalLB connects to: 1 to 16384", port)
	}
	return nil
}

// CheckRouterID accepts a BGP identifier in the form of an IPv4 address, not 0.0.0.0.
func CheckRouterID(id string) error {
	ip, err := netip.ParseAddr(id)
	if err != nil || !ip.Is4() || ip.IsUnspecified() {
		return fmt.Errorf(`%q is not a router ID: the form of an IPv4 address, such as "192.168.5.10"`, id)
	}
	return nil
}

// CheckHoldTime accepts 0 or 3 to 65535 whole seconds in Go's form, which needs a unit.
func CheckHoldTime(text string) error {
	return checkTimer(text, 3, `"0s", or "3s" to "65535s" in whole seconds, such as "90s" or "1m30s"`)
}

// CheckKeepaliveTime accepts 0 to 65535 whole seconds in Go's form, which needs a unit.
func CheckKeepaliveTime(text string) error {
	return checkTimer(text, 1, `"0s" to "65535s" in whole seconds, such as "30s"`)
}

func checkTimer(text string, least int64, form string) error {
	d, err := time.ParseDuration(text)
	seconds := int64(d / time.Second)
	if err != nil || strings.HasPrefix(text, "+") || d%time.Second != 0 || seconds > 65535 || seconds < least && seconds != 0 {
		return fmt.Errorf("%q is not a time that BGP can carry: %s", text, form)
	}
	return nil
}

var peerRules = []struct {
	field string
	check func(any) error
}{
	{"myASN", present(CheckASN)},
	{"peerASN", present(CheckASN)},
	{"peerAddress", present(CheckPeerAddress)},
	{"peerPort", present(CheckPeerPort)},
	{"holdTime", present(CheckHoldTime)},
	{"keepaliveTime", present(CheckKeepaliveTime)},
	{"routerID", present(CheckRouterID)},
	{"sourceAddress", present(CheckPeerAddress)},
}

func present[T any](check func(T) error) func(any) error {
	return func(value any) error {
		if value, ok := value.(T); ok {
			return check(value)
		}
		return nil
	}
}

// CheckPeer checks the fields of a BGP peer and how they go together: multihop is for other ASes only, the keepalive
// time is not longer than the hold time, and both are 0 or neither. It names the field that is wrong. Absent fields
// are skipped.
func CheckPeer(spec map[string]any) (field string, err error) {
	for _, rule := range peerRules {
		if err := rule.check(spec[rule.field]); err != nil {
			return rule.field, err
		}
	}
	if spec["ebgpMultiHop"] == true && spec["myASN"] != nil && spec["myASN"] == spec["peerASN"] {
		return "ebgpMultiHop", fmt.Errorf("multihop is for a peer of another AS: leave it out, or false, where both AS numbers are %v", spec["myASN"])
	}
	return checkTimers(spec)
}

func checkTimers(spec map[string]any) (string, error) {
	keepaliveText, hasKeepalive := spec["keepaliveTime"].(string)
	holdText, hasHold := spec["holdTime"].(string)
	if !hasKeepalive || !hasHold {
		return "", nil
	}
	keepalive, _ := time.ParseDuration(keepaliveText)
	hold, _ := time.ParseDuration(holdText)
	switch {
	case keepalive > hold:
		return "keepaliveTime", fmt.Errorf("a keepalive time of %s is longer than the hold time of %s: at most that, usually a third", keepaliveText, holdText)
	case keepalive == 0 && hold > 0:
		return "keepaliveTime", fmt.Errorf("without keepalives a hold time of %s runs out: at least 1s, or a hold time of 0s as well", holdText)
	}
	return "", nil
}
