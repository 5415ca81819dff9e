package value

import (
	"fmt"
	"strconv"
	"strings"
)

// ASN is an autonomous system number as RouterOS takes it: 0 to 4294967295, plain or in AS-dot form (`1.10`), with a
// confederation before it (`65000/65101`) where there is one.
type ASN = Value[asn]

// ASNType is ASN's attribute type.
type ASNType = Type[asn]

type asn struct{}

// ASNRanges are the AS numbers of a confederation's peers, comma-separated, with ranges: `10,20,30-50`. They are a set,
// as Ports are.
type ASNRanges = Value[asnRanges]

// ASNRangesType is ASNRanges' attribute type.
type ASNRangesType = Type[asnRanges]

type asnRanges struct{}

func (asn) Name() string       { return "AS number" }
func (asnRanges) Name() string { return "list of AS numbers" }

func (asn) Canonical(text string) (string, error) {
	parts := strings.Split(text, "/")
	if len(parts) > 2 {
		return "", asnError(text)
	}
	for i, part := range parts {
		n, err := parseASN(part)
		if err != nil {
			return "", asnError(text)
		}
		parts[i] = strconv.FormatUint(n, 10)
	}
	return strings.Join(parts, "/"), nil
}

func (asnRanges) Canonical(text string) (string, error) {
	return rangeList(text, parseASN,
		fmt.Errorf("%q is no list of AS numbers: give numbers and ranges with commas between them (10,20,30-50)", text))
}

func asnError(text string) error {
	return fmt.Errorf("%q is no AS number: give 0 to 4294967295 (65000), or AS-dot (1.10), "+
		"in a confederation after its number and a slash (65000/65101)", text)
}

func parseASN(text string) (uint64, error) {
	high, low, dotted := strings.Cut(text, ".")
	if !dotted {
		return strconv.ParseUint(text, 10, 32)
	}
	h, err := strconv.ParseUint(high, 10, 16)
	if err != nil {
		return 0, err
	}
	l, err := strconv.ParseUint(low, 10, 16)
	return h<<16 | l, err
}
