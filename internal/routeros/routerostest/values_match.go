package routerostest

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// The matchers of a firewall rule with a grammar of their own (grammar.json: `super { … }`). What reads back follows
// public exports: `limit=10,5:packet`, `dst-limit=1,5,dst-address/1m40s`, `icmp-options=8:0-255`,
// `time=8h-17h,mon,tue`. Where exports have no example, the fuller form is a guess.

// field is a piece of a matcher.
type field struct {
	sep    string // what it stands behind
	kind   kind
	def    string // what it is where it is left out; "" where it must not be
	silent bool   // not printed when it is def
}

// matcher is made of fields. An empty one stays behind empty, as with ports.
func matcher(fields ...field) kind {
	return asWritten(kind{normal: func(w *world, arg, value string) (string, error) {
		var out strings.Builder
		rest := value
		for i, f := range fields {
			piece := f.def
			if behind, found := strings.CutPrefix(rest, f.sep); found {
				end := pieceEnd(behind, fields[i+1:])
				piece, rest = behind[:end], behind[end:]
			} else if f.def == "" {
				return "", invalidValue(arg)
			}
			normal, err := f.kind.normal(w, arg, piece)
			if err != nil {
				return "", err
			}
			if !f.silent || normal != f.def {
				out.WriteString(f.sep + normal)
			}
		}
		if rest != "" {
			return "", invalidValue(arg)
		}
		return out.String(), nil
	}})
}

// pieceEnd is where the next field begins.
func pieceEnd(text string, next []field) int {
	end := len(text)
	for _, f := range next {
		if at := strings.Index(text, f.sep); at >= 0 {
			end = min(end, at)
		}
		if f.def == "" {
			break
		}
	}
	return end
}

// asWritten checks a matcher, and reads it back as VerbatimMatchers says.
func asWritten(k kind) kind {
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if value == "" {
			return "", nil
		}
		normal, err := k.normal(w, arg, value)
		if err == nil && w.quirks.verbatimMatchers {
			return value, nil
		}
		return normal, err
	}}
}

// quantity is a number that may be written with a decimal suffix, 100k, and reads back without.
func quantity(low, high int64) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		for _, suffix := range []struct{ letter, zeros string }{{"k", "000"}, {"M", "000000"}, {"G", "000000000"}} {
			if digits, has := strings.CutSuffix(value, suffix.letter); has && digits != "" && !strings.HasPrefix(digits, "0x") {
				value = digits + suffix.zeros
				break
			}
		}
		return canonicalNumber(arg, value, low, high)
	}}
}

// rangeOf is one of a kind or two of them, of which the second is not the smaller one; with open it may be 0 for no end.
func rangeOf(one kind, open bool) kind {
	return kind{normal: func(w *world, arg, value string) (string, error) {
		from, to, isRange := strings.Cut(value, "-")
		first, err := one.normal(w, arg, from)
		if err != nil || !isRange {
			return first, err
		}
		last, err := one.normal(w, arg, to)
		switch {
		case err != nil:
			return "", err
		case first == last:
			return first, nil
		case open && last == "0" || len(first) < len(last) || len(first) == len(last) && first < last:
			return first + "-" + last, nil
		}
		return "", invalidValue(arg)
	}}
}

// per is the time of a rate, of which a bare unit is one.
func per() kind {
	k := duration(time.Millisecond, math.MaxInt64)
	return kind{normal: func(w *world, arg, value string) (string, error) {
		for _, u := range units() {
			if value == u.name {
				value = "1" + value
			}
		}
		return k.normal(w, arg, value)
	}}
}

func unlimited() kind { return quantity(0, math.MaxInt64) }
func u32(low int64) kind {
	return quantity(low, math.MaxUint32)
}

func connectionBytes() kind { return asWritten(rangeOf(unlimited(), true)) }
func connectionRate() kind  { return asWritten(not(rangeOf(unlimited(), false))) }
func realm() kind           { return asWritten(not(u32(0))) }

func connectionLimit() kind {
	return not(matcher(field{kind: u32(0)}, field{sep: ",", kind: number(0, 32)}))
}

func limit() kind {
	return not(matcher(field{kind: quantity(1, 32e9)}, field{sep: "/", kind: per(), def: "1s", silent: true},
		field{sep: ",", kind: quantity(0, 2e9)}, field{sep: ":", kind: enum("packet", "bit"), def: "packet"}))
}

func dstLimit() kind {
	return matcher(field{kind: u32(0)}, field{sep: "/", kind: per(), def: "1s", silent: true}, field{sep: ",", kind: u32(0)},
		field{sep: ",", kind: enum("dst-address", "dst-address-and-port", "src-address", "src-and-dst-addresses",
			"addresses-and-dst-port")},
		field{sep: "/", kind: per(), def: "1m40s"})
}

func icmpOptions() kind {
	return not(matcher(field{kind: number(0, 255)}, field{sep: ":", kind: rangeOf(number(0, 255), false), def: "0-255"}))
}

func ipsecPolicy() kind {
	return matcher(field{kind: enum("in", "out")}, field{sep: ",", kind: enum("none", "ipsec")})
}

func nth() kind { return not(matcher(field{kind: u32(1)}, field{sep: ",", kind: u32(1), def: "1"})) }

func classifier() kind {
	return not(matcher(field{kind: enum("src-address", "dst-address", "both-addresses", "src-port", "src-address-and-port",
		"dst-port", "dst-address-and-port", "both-ports", "both-addresses-and-ports")},
		field{sep: ":", kind: u32(1)}, field{sep: "/", kind: u32(0)}))
}

func psd() kind {
	return matcher(field{kind: u32(0)}, field{sep: ",", kind: duration(0, math.MaxInt64)}, field{sep: ",", kind: u32(0)},
		field{sep: ",", kind: u32(0)})
}

func timeOfDay() kind {
	return not(matcher(field{kind: duration(0, day)}, field{sep: "-", kind: duration(0, day)},
		field{sep: ",", kind: nonEmpty(set("sun", "mon", "tue", "wed", "thu", "fri", "sat"))}))
}

func tos() kind {
	return not(matcher(field{kind: number(0, 255)}, field{sep: "/", kind: number(0, 255), def: "255", silent: true}))
}

func ttl() kind {
	return matcher(field{kind: enum("equal", "not-equal", "less-than", "greater-than")}, field{sep: ":", kind: number(0, 255)})
}

// hotspot are conditions, each of which may be negated.
func hotspot() kind {
	words := set("from-client", "auth", "local-dst", "to-client", "http")
	return asWritten(kind{normal: func(w *world, arg, value string) (string, error) {
		all, err := words.normal(w, arg, strings.ReplaceAll(value, "!", ""))
		if err != nil || strings.Contains(value, "!!") {
			return "", invalidValue(arg)
		}
		var out []string
		for word := range strings.SplitSeq(all, ",") {
			for _, written := range []string{word, "!" + word} {
				if strings.Contains(","+value+",", ","+written+",") {
					out = append(out, written)
				}
			}
		}
		return strings.Join(out, ","), nil
	}})
}

func nonEmpty(k kind) kind {
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if value == "" {
			return "", invalidValue(arg)
		}
		return k.normal(w, arg, value)
	}}
}

// listTimeout is how long an address stays on a list; no time at all is until the next reboot.
func listTimeout() kind {
	k := duration(0, 21474836*time.Second, "none-dynamic", "none-static")
	return kind{normal: func(w *world, arg, value string) (string, error) {
		normal, err := k.normal(w, arg, value)
		if normal == "0s" {
			normal = "none-dynamic"
		}
		return normal, err
	}}
}

// tidyPorts spells a valid list of ports in rising order, with ranges joined.
func tidyPorts(list string) string {
	var set [65537]bool // one more, so that the last range ends too
	for item := range strings.SplitSeq(list, ",") {
		from, to, isRange := strings.Cut(item, "-")
		first, _ := strconv.Atoi(from)
		last, _ := strconv.Atoi(to)
		if !isRange {
			last = first
		}
		for p := first; p <= last; p++ {
			set[p] = true
		}
	}
	var out []string
	for first := 0; first < len(set); first++ {
		last := first
		for ; set[last]; last++ {
		}
		switch last - first {
		case 0:
			continue
		case 1:
			out = append(out, strconv.Itoa(first))
		default:
			out = append(out, fmt.Sprintf("%d-%d", first, last-1))
		}
		first = last
	}
	return strings.Join(out, ",")
}

// tidyRange spells a valid range of addresses as the network that it is, if it is one.
func tidyRange(first, last netip.Addr) string {
	for bits := range 33 {
		p := netip.PrefixFrom(first, bits)
		if p.Masked().Addr() == first && p.Contains(last) && !p.Contains(last.Next()) {
			return strings.TrimSuffix(p.String(), "/32")
		}
	}
	return fmt.Sprintf("%s-%s", first, last)
}
