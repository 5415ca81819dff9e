package value

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Number is a number that a packet is held against: decimal, hexadecimal (`0x2e`) or with a decimal suffix (`100k`, `2M`,
// `1G`); a leading `!` means all but that.
type Number = Value[number]

// NumberType is Number's attribute type.
type NumberType = Type[number]

type number struct{}

// NumberRange is a Number or a range of them, `40-1500`. A range from a number to itself is that number.
type NumberRange = Value[numberRange]

// NumberRangeType is NumberRange's attribute type.
type NumberRangeType = Type[numberRange]

type numberRange struct{}

// MaskedNumber is a Number of one byte, of which a mask may choose the bits that count: `16/240`. Without a mask all do.
type MaskedNumber = Value[maskedNumber]

// MaskedNumberType is MaskedNumber's attribute type.
type MaskedNumberType = Type[maskedNumber]

type maskedNumber struct{}

// ByteRange is how many bytes a connection has carried: `500000-2M`, or from a number on, `500000-0`. RouterOS takes a
// single number for a range of one.
type ByteRange = Value[byteRange]

// ByteRangeType is ByteRange's attribute type.
type ByteRangeType = Type[byteRange]

type byteRange struct{}

var (
	numberForm       = formOf("a number like 46", part{term: count(0, math.MaxUint64)})
	numberRangeForm  = formOf("a number like 1500 or a rising range like 40-1500", part{term: countRange(0, math.MaxUint64)})
	maskedNumberForm = formOf("0 to 255, and a mask behind a slash where not all bits count (16/240)",
		part{term: count(0, 255)}, part{before: "/", absent: "/255", term: count(0, 255)})
	byteRangeForm = formOf("a rising range like 1000-2000, or 1000-0 for 1000 and more", part{term: openRange})
)

func (number) Name() string       { return "number" }
func (numberRange) Name() string  { return "number or range" }
func (maskedNumber) Name() string { return "number" }
func (byteRange) Name() string    { return "range of bytes" }

func (k number) Canonical(text string) (string, error) { return numberForm.canonicalNot(k, text) }

func (k numberRange) Canonical(text string) (string, error) {
	return numberRangeForm.canonicalNot(k, text)
}

func (k maskedNumber) Canonical(text string) (string, error) {
	return maskedNumberForm.canonicalNot(k, text)
}

func (k byteRange) Canonical(text string) (string, error) { return byteRangeForm.canonical(k, text) }

const (
	numberPattern      = `[0-9a-zA-Z]+`
	numberRangePattern = numberPattern + `(?:-` + numberPattern + `)?`
)

// count is a number from low to high.
func count(low, high uint64) term {
	return term{numberPattern, func(text string) (string, bool) {
		n, ok := parseNumber(text)
		return strconv.FormatUint(n, 10), ok && n >= low && n <= high
	}}
}

// countRange is a number from low to high, or a range of them.
func countRange(low, high uint64) term {
	return term{numberRangePattern, func(text string) (string, bool) {
		first, last, ok := parseNumberRange(text)
		return spellRange(first, last), ok && first >= low && first <= last && last <= high
	}}
}

// openRange is a range, which 0 at its end leaves open.
var openRange = term{numberRangePattern, func(text string) (string, bool) {
	first, last, ok := parseNumberRange(text)
	if last == 0 {
		return fmt.Sprintf("%d-0", first), ok
	}
	return spellRange(first, last), ok && first <= last
}}

func spellRange(first, last uint64) string {
	if first == last {
		return strconv.FormatUint(first, 10)
	}
	return fmt.Sprintf("%d-%d", first, last)
}

func parseNumberRange(text string) (first, last uint64, ok bool) {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	first, okFirst := parseNumber(from)
	last, okLast := parseNumber(to)
	return first, last, okFirst && okLast
}

func parseNumber(text string) (uint64, bool) {
	if hex, isHex := strings.CutPrefix(text, "0x"); isHex {
		n, err := strconv.ParseUint(hex, 16, 64)
		return n, err == nil
	}
	unit := uint64(1)
	for suffix, size := range map[string]uint64{"k": 1e3, "M": 1e6, "G": 1e9} {
		if digits, has := strings.CutSuffix(text, suffix); has {
			text, unit = digits, size
			break
		}
	}
	n, err := strconv.ParseUint(text, 10, 64)
	over, product := bits.Mul64(n, unit)
	return product, err == nil && over == 0
}

// NumberBetween refuses numbers out of bounds, on either side of a range.
func NumberBetween(least, most uint64) validator.String {
	return Rule(fmt.Sprintf("from %d to %d", least, most), func(text string) error {
		_, rest := negation(text)
		for _, piece := range strings.FieldsFunc(rest, func(r rune) bool { return r == '-' || r == '/' }) {
			if n, ok := parseNumber(piece); ok && (n < least || n > most) {
				return fmt.Errorf("%q is out of range: give a number from %d to %d", text, least, most)
			}
		}
		return nil // what is no number at all is the type's to say
	})
}
