//go:build linux

package forwarding

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/google/nftables/binaryutil"
	"github.com/google/nftables/expr"
	"go4.org/netipx"
	"golang.org/x/sys/unix"
)

// matcher is a property that says which packets a rule is for: those of which something is in a list of values.
type matcher struct {
	name string
	// load brings something of a packet into register 1. Where there are several, one of them has to be in the list.
	load  []expr.Any
	parse func(list string) ([]span, error)
}

// span is a range of values, or one, as a packet has them.
type span struct{ first, last []byte }

// matchers are all there are, in the order of the layers: ports make sense after the protocol.
func matchers() []matcher {
	network := func(offset uint32) expr.Any {
		return &expr.Payload{DestRegister: 1, Base: expr.PayloadBaseNetworkHeader, Offset: offset, Len: 4}
	}
	transport := func(offset uint32) expr.Any {
		return &expr.Payload{DestRegister: 1, Base: expr.PayloadBaseTransportHeader, Offset: offset, Len: 2}
	}
	meta := func(key expr.MetaKey) []expr.Any { return []expr.Any{&expr.Meta{Register: 1, Key: key}} }
	source, destination := transport(0), transport(2)
	return []matcher{
		{"in-interface", meta(expr.MetaKeyIIFNAME), interfaces},
		{"out-interface", meta(expr.MetaKeyOIFNAME), interfaces},
		{"src-address", []expr.Any{network(12)}, addresses},
		{"dst-address", []expr.Any{network(16)}, addresses},
		{"src-address-type", []expr.Any{&expr.Fib{Register: 1, FlagSADDR: true, ResultADDRTYPE: true}}, addressTypes},
		{"dst-address-type", []expr.Any{&expr.Fib{Register: 1, FlagDADDR: true, ResultADDRTYPE: true}}, addressTypes},
		{"protocol", meta(expr.MetaKeyL4PROTO), protocols},
		{"src-port", []expr.Any{source}, ports},
		{"dst-port", []expr.Any{destination}, ports},
		{"port", []expr.Any{source, destination}, ports},
	}
}

// ways are those in which a packet can be what a matcher asks for: each of a list's items is one, but none of them is
// a single one.
func (m matcher) ways(value string) ([][]expr.Any, error) {
	list, not := strings.CutPrefix(value, "!")
	if list == "" {
		return nil, errors.New("an empty matcher, of which it is not known what it matches: unset it")
	}
	spans, err := m.parse(list)
	if err != nil {
		return nil, err
	}
	var each [][]expr.Any
	for _, load := range m.load {
		for _, s := range spans {
			compare := &expr.Range{Op: expr.CmpOpEq, Register: 1, FromData: s.first, ToData: s.last}
			if not {
				compare.Op = expr.CmpOpNeq
			}
			each = append(each, []expr.Any{load, compare})
		}
	}
	if not {
		return [][]expr.Any{slices.Concat(each...)}, nil
	}
	return each, nil
}

// addresses is an IPv4 address, a network, or a range.
func addresses(text string) ([]span, error) {
	r, err := addressRange(text)
	if err != nil {
		return nil, err
	}
	return []span{{r.From().AsSlice(), r.To().AsSlice()}}, nil
}

func addressRange(text string) (r netipx.IPRange, err error) {
	switch {
	case strings.Contains(text, "-"):
		r, err = netipx.ParseIPRange(text)
	case strings.Contains(text, "/"):
		var p netip.Prefix
		p, err = netip.ParsePrefix(text)
		r = netipx.RangeOfPrefix(p)
	default:
		var a netip.Addr
		a, err = netip.ParseAddr(text)
		r = netipx.IPRangeFrom(a, a)
	}
	if err == nil && !r.From().Is4() {
		err = errors.New("not an address of IPv4")
	}
	return r, err
}

// ports are ports and ranges of them.
func ports(list string) ([]span, error) {
	var spans []span
	for item := range strings.SplitSeq(list, ",") {
		first, last, isRange := strings.Cut(item, "-")
		if !isRange {
			last = first
		}
		from, err := strconv.ParseUint(first, 10, 16)
		if err != nil {
			return nil, err
		}
		to, err := strconv.ParseUint(last, 10, 16)
		if err != nil {
			return nil, err
		}
		spans = append(spans, span{binary.BigEndian.AppendUint16(nil, uint16(from)), binary.BigEndian.AppendUint16(nil, uint16(to))})
	}
	return spans, nil
}

// protocols is a protocol above IP, by its name or number.
func protocols(text string) ([]span, error) {
	number, known := map[string]uint64{
		"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "dccp": 33, "gre": 47, "ipsec-esp": 50, "ipsec-ah": 51, "ospf": 89,
		"pim": 103, "vrrp": 112, "l2tp": 115, "sctp": 132, "udp-lite": 136,
	}[text]
	if !known {
		var err error
		if number, err = strconv.ParseUint(text, 10, 8); err != nil {
			return nil, errors.New("the number of this protocol is not known here")
		}
	}
	return []span{{[]byte{byte(number)}, []byte{byte(number)}}}, nil
}

// interfaces is the name of an interface. Those that stand for several are not simulated.
func interfaces(name string) ([]span, error) {
	if strings.HasPrefix(name, "all-") {
		return nil, errors.New("only single interfaces are simulated")
	}
	if len(name) >= unix.IFNAMSIZ {
		return nil, fmt.Errorf("an interface of Linux has a name of at most %d bytes", unix.IFNAMSIZ-1)
	}
	padded := make([]byte, unix.IFNAMSIZ)
	copy(padded, name)
	return []span{{padded, padded}}, nil
}

// addressTypes are what the routes say about an address.
func addressTypes(list string) ([]span, error) {
	numbers := map[string]uint32{
		"unicast": unix.RTN_UNICAST, "local": unix.RTN_LOCAL, "broadcast": unix.RTN_BROADCAST,
		"multicast": unix.RTN_MULTICAST, "blackhole": unix.RTN_BLACKHOLE,
	}
	var spans []span
	for name := range strings.SplitSeq(list, ",") {
		number, known := numbers[name]
		if !known {
			return nil, fmt.Errorf("%s is no type of addresses", name)
		}
		data := binaryutil.NativeEndian.PutUint32(number)
		spans = append(spans, span{data, data})
	}
	return spans, nil
}
