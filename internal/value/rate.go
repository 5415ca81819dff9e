package value

import (
	"math"
	"time"
)

// Rate is how many packets or bits a rule matches in a time, after a first burst: `10,5`, `2/1m,5:packet`,
// `10M,1M:bit`. The time is a second and the unit a packet where they are left out; a leading `!` means all beyond.
// Two rates with different times differ, even if they come to the same in the long run.
type Rate = Value[rate]

// RateType is Rate's attribute type.
type RateType = Type[rate]

type rate struct{}

// DstLimit is a Rate for each destination or source, and how long an idle one is remembered: `1,5,dst-address/1m40s`.
// RouterOS remembers for 1m40s where no time is given, and may print either.
type DstLimit = Value[dstLimit]

// DstLimitType is DstLimit's attribute type.
type DstLimitType = Type[dstLimit]

type dstLimit struct{}

// ConnectionLimit is how many connections an address, or a network of the size after the comma, may have: `100,32`. A
// leading `!` means fewer.
type ConnectionLimit = Value[connectionLimit]

// ConnectionLimitType is ConnectionLimit's attribute type.
type ConnectionLimitType = Type[connectionLimit]

type connectionLimit struct{}

// Nth is one packet in so many, and which of them, by default the first: `2,1`. A leading `!` means all others.
type Nth = Value[nth]

// NthType is Nth's attribute type.
type NthType = Type[nth]

type nth struct{}

// PSD is what is taken for a port scan: weight threshold, delay threshold, weight of low ports and weight of high
// ports, as in `21,3s,3,1`.
type PSD = Value[psd]

// PSDType is PSD's attribute type.
type PSDType = Type[psd]

type psd struct{}

var (
	rateForm = formOf("packets and burst like 10,5, after a slash the time (10/1m,5), after a colon packet or bit (10M,1M:bit)",
		part{term: count(1, 32e9)}, part{before: "/", absent: "/1s", term: interval},
		part{before: ",", term: count(0, 2e9)}, part{before: ":", absent: ":packet", term: word("packet", "bit")})
	dstLimitForm = formOf("packets, burst and one of dst-address, dst-address-and-port, src-address, src-and-dst-addresses "+
		"or addresses-and-dst-port, as in 1,5,dst-address; times go after slashes (10/1m,5,dst-address/1m40s)",
		part{term: count(0, math.MaxUint32)}, part{before: "/", absent: "/1s", term: interval},
		part{before: ",", term: count(0, math.MaxUint32)},
		part{before: ",", term: word("dst-address", "dst-address-and-port", "src-address", "src-and-dst-addresses",
			"addresses-and-dst-port")},
		part{before: "/", absent: "/1m40s", term: interval})
	connectionLimitForm = formOf("connections and the prefix length of what shares them, as in 100,32",
		part{term: count(0, math.MaxUint32)}, part{before: ",", term: count(0, 32)})
	nthForm = formOf("every and packet like 2,1, both from 1",
		part{term: count(1, math.MaxUint32)}, part{before: ",", absent: ",1", term: count(1, math.MaxUint32)})
	psdForm = formOf("weight threshold, delay, low port weight and high port weight like 21,3s,3,1",
		part{term: count(0, math.MaxUint32)}, part{before: ",", term: timeUpTo(longest)},
		part{before: ",", term: count(0, math.MaxUint32)}, part{before: ",", term: count(0, math.MaxUint32)})
)

func (rate) Name() string            { return "rate" }
func (dstLimit) Name() string        { return "rate for each destination" }
func (connectionLimit) Name() string { return "connection limit" }
func (nth) Name() string             { return "nth packet" }
func (psd) Name() string             { return "port scan detection" }

func (k rate) Canonical(text string) (string, error)     { return rateForm.canonicalNot(k, text) }
func (k dstLimit) Canonical(text string) (string, error) { return dstLimitForm.canonical(k, text) }
func (k nth) Canonical(text string) (string, error)      { return nthForm.canonicalNot(k, text) }
func (k psd) Canonical(text string) (string, error)      { return psdForm.canonical(k, text) }
func (k connectionLimit) Canonical(text string) (string, error) {
	return connectionLimitForm.canonicalNot(k, text)
}

// interval is the time that a rate is measured in, which may be a bare unit: 10/m is 10/1m.
var interval = term{timePattern, func(text string) (string, bool) {
	if text[0] >= 'a' {
		text = "1" + text
	}
	d, err := ParseDuration(text)
	return spell(d), err == nil && d > 0
}}

// timeUpTo is a duration up to most.
func timeUpTo(most time.Duration) term {
	return term{timePattern, func(text string) (string, bool) {
		d, err := ParseDuration(text)
		return spell(d), err == nil && d <= most
	}}
}
