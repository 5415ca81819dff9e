package value

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// MAC is a hardware address, `02:00:00:AA:BB:CC` in either case; a leading `!` means all but that.
type MAC = Value[mac]

// MACType is MAC's attribute type.
type MACType = Type[mac]

type mac struct{}

// Protocol is an IP protocol by name (`tcp`) or number (`6`); a leading `!` means all but that.
type Protocol = Value[protocol]

// ProtocolType is Protocol's attribute type.
type ProtocolType = Type[protocol]

type protocol struct{}

// ICMPOptions are an ICMP type and, after a colon, its code or range of codes: `8`, `8:0`, `3:0-15`. Without codes all
// match. A leading `!` means all but those.
type ICMPOptions = Value[icmpOptions]

// ICMPOptionsType is ICMPOptions' attribute type.
type ICMPOptionsType = Type[icmpOptions]

type icmpOptions struct{}

// TTLMatch is how a packet's time to live compares: `equal:64`, `not-equal:64`, `less-than:2` or `greater-than:200`.
type TTLMatch = Value[ttlMatch]

// TTLMatchType is TTLMatch's attribute type.
type TTLMatchType = Type[ttlMatch]

type ttlMatch struct{}

// IPsecPolicy is whether IPsec handles a packet, on its way in or out: `in,ipsec`, `out,none`.
type IPsecPolicy = Value[ipsecPolicy]

// IPsecPolicyType is IPsecPolicy's attribute type.
type IPsecPolicyType = Type[ipsecPolicy]

type ipsecPolicy struct{}

// Classifier spreads connections: what is hashed, into how many parts, and which part: `both-addresses:2/0`. A leading
// `!` means the other parts.
type Classifier = Value[classifier]

// ClassifierType is Classifier's attribute type.
type ClassifierType = Type[classifier]

type classifier struct{}

var (
	macForm         = regexp.MustCompile(`^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$`)
	icmpOptionsForm = formOf("a type, and after a colon a code or range of codes, each 0 to 255 (8:0, 3:0-15)",
		part{term: count(0, 255)}, part{before: ":", absent: ":0-255", term: countRange(0, 255)})
	ttlMatchForm = formOf("equal, not-equal, less-than or greater-than, a colon, and 0 to 255, as in less-than:2",
		part{term: word("equal", "not-equal", "less-than", "greater-than")}, part{before: ":", term: count(0, 255)})
	ipsecPolicyForm = formOf("in,ipsec, in,none, out,ipsec or out,none",
		part{term: word("in", "out")}, part{before: ",", term: word("ipsec", "none")})
	classifierForm = formOf("one of src-address, dst-address, both-addresses, src-port, src-address-and-port, dst-port, "+
		"dst-address-and-port, both-ports or both-addresses-and-ports, a colon, the parts, a slash and the part's number from 0, "+
		"as in both-addresses:2/0",
		part{term: word("src-address", "dst-address", "both-addresses", "src-port", "src-address-and-port", "dst-port",
			"dst-address-and-port", "both-ports", "both-addresses-and-ports")},
		part{before: ":", term: count(1, math.MaxUint32)}, part{before: "/", term: count(0, math.MaxUint32)})
)

func (mac) Name() string         { return "MAC address" }
func (protocol) Name() string    { return "protocol" }
func (icmpOptions) Name() string { return "ICMP type and code" }
func (ttlMatch) Name() string    { return "comparison of the TTL" }
func (ipsecPolicy) Name() string { return "IPsec policy" }
func (classifier) Name() string  { return "connection classifier" }

func (mac) Canonical(text string) (string, error) {
	not, rest := negation(text)
	if !macForm.MatchString(rest) {
		return "", fmt.Errorf("%q is no MAC address: give six pairs of hexadecimal digits like 02:00:00:AA:BB:CC", text)
	}
	return not + strings.ToUpper(rest), nil
}

// protocols are the names that RouterOS has, with IANA's numbers.
var protocols = map[string]uint64{
	"icmp": 1, "igmp": 2, "ggp": 3, "ipencap": 4, "st": 5, "tcp": 6, "egp": 8, "pup": 12, "udp": 17, "hmp": 20,
	"xns-idp": 22, "rdp": 27, "iso-tp4": 29, "dccp": 33, "xtp": 36, "ddp": 37, "idpr-cmtp": 38, "ipv6-encap": 41,
	"ipv6-route": 43, "ipv6-frag": 44, "rsvp": 46, "gre": 47, "ipsec-esp": 50, "ipsec-ah": 51, "icmpv6": 58,
	"ipv6-nonxt": 59, "ipv6-opts": 60, "rspf": 73, "vmtp": 81, "ospf": 89, "ipip": 94, "etherip": 97, "encap": 98,
	"pim": 103, "vrrp": 112, "l2tp": 115, "sctp": 132, "udp-lite": 136,
}

// Canonical is the name, where RouterOS has one.
func (protocol) Canonical(text string) (string, error) {
	not, rest := negation(text)
	if _, known := protocols[rest]; known {
		return text, nil
	}
	n, err := strconv.ParseUint(rest, 10, 8)
	if err != nil {
		return "", fmt.Errorf("%q is no protocol: give 0 to 255 or one of %s", text,
			strings.Join(slices.Sorted(maps.Keys(protocols)), ", "))
	}
	for name, number := range protocols {
		if n == number {
			return not + name, nil
		}
	}
	return not + strconv.FormatUint(n, 10), nil
}

func (k icmpOptions) Canonical(text string) (string, error) {
	return icmpOptionsForm.canonicalNot(k, text)
}

func (k ttlMatch) Canonical(text string) (string, error) { return ttlMatchForm.canonical(k, text) }

func (k ipsecPolicy) Canonical(text string) (string, error) {
	return ipsecPolicyForm.canonical(k, text)
}

func (k classifier) Canonical(text string) (string, error) {
	return classifierForm.canonicalNot(k, text)
}
