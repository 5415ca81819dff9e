package value

import (
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// said is a meaning, told apart from all others by its text, and two ways to spell it.
type said struct{ meaning, one, other string }

// draw draws a meaning and two spellings of it.
type draw func(t *rapid.T) said

// spelled draws a meaning from a generator and spells it twice.
func spelled[M any](meanings *rapid.Generator[M], spell func(t *rapid.T, meaning M) string) draw {
	return func(t *rapid.T) said {
		m := meanings.Draw(t, "meaning")
		return said{fmt.Sprint(m), spell(t, m), spell(t, m)}
	}
}

func (s said) then(next said) said {
	return said{s.meaning + "|" + next.meaning, s.one + next.one, s.other + next.other}
}

func sequence(draws ...draw) draw {
	return func(t *rapid.T) (whole said) {
		for _, next := range draws {
			whole = whole.then(next(t))
		}
		return whole
	}
}

// neighbours are two texts made of the same draws, most of which came out alike, so that small differences are tried.
func neighbours(t *rapid.T, draws []draw) (a, b said) {
	for _, next := range draws {
		here := next(t)
		there := here
		if rapid.IntRange(0, len(draws)).Draw(t, "other") == 0 {
			there = next(t)
		}
		a, b = a.then(here), b.then(there)
	}
	return a, b
}

func either(draws ...draw) draw {
	return func(t *rapid.T) said {
		i := rapid.IntRange(0, len(draws)-1).Draw(t, "choice")
		s := draws[i](t)
		s.meaning = fmt.Sprint(i, s.meaning)
		return s
	}
}

func literal(text string) draw { return func(*rapid.T) said { return said{text, text, text} } }

func words(all ...string) draw {
	return spelled(rapid.SampledFrom(all), func(_ *rapid.T, text string) string { return text })
}

// negatable is a `!` or nothing.
var negatable = words("", "!")

// optional may leave out, in either spelling, what means the default.
func optional(before, standard string, d draw) draw {
	return func(t *rapid.T) said {
		s := d(t)
		for _, text := range []*string{&s.one, &s.other} {
			if s.meaning == standard && coin(t) {
				*text = ""
			} else {
				*text = before + *text
			}
		}
		return s
	}
}

func coin(t *rapid.T) bool { return rapid.Bool().Draw(t, "coin") }

// numbers from low to high come small, round and any.
func numbers(low, high uint64) *rapid.Generator[uint64] {
	return rapid.OneOf(rapid.Uint64Range(low, low+min(2, high-low)), rapid.Uint64Range(low, high),
		rapid.Map(rapid.Uint64Range(1, 9), func(n uint64) uint64 { return min(max(low, n*1e3), high) }),
		rapid.Map(rapid.Uint64Range(1, 9), func(n uint64) uint64 { return min(max(low, n*1e6), high) }))
}

func counts(low, high uint64) draw { return spelled(numbers(low, high), spellNumber) }

func spellNumber(t *rapid.T, n uint64) string {
	forms := []string{fmt.Sprint(n), fmt.Sprintf("00%d", n), fmt.Sprintf("0x%x", n), fmt.Sprintf("0x%X", n)}
	for suffix, size := range map[string]uint64{"k": 1e3, "M": 1e6, "G": 1e9} {
		if n%size == 0 {
			forms = append(forms, fmt.Sprint(n/size, suffix))
		}
	}
	slices.Sort(forms)
	return strings.ReplaceAll(rapid.SampledFrom(forms).Draw(t, "number"), " ", "")
}

// countRanges are a number or a range of them.
func countRanges(low, high uint64) draw {
	ends := rapid.Custom(func(t *rapid.T) [2]uint64 {
		first := numbers(low, high).Draw(t, "first")
		return [2]uint64{first, numbers(first, high).Draw(t, "last")}
	})
	return spelled(ends, func(t *rapid.T, ends [2]uint64) string {
		if ends[0] == ends[1] && coin(t) {
			return spellNumber(t, ends[0])
		}
		return spellNumber(t, ends[0]) + "-" + spellNumber(t, ends[1])
	})
}

// seconds are durations from low to high.
func seconds(low, high int64) draw {
	return spelled(rapid.OneOf(rapid.Int64Range(low, low+2), rapid.Int64Range(low, high)), func(t *rapid.T, s int64) string {
		return spellMilliseconds(t, s*1000)
	})
}

// milliseconds are durations from low up to some years.
func milliseconds(low int64) draw {
	return spelled(rapid.OneOf(rapid.Int64Range(low, 1e4), rapid.Int64Range(low, 1e11)), spellMilliseconds)
}

func spellMilliseconds(t *rapid.T, ms int64) string {
	var text strings.Builder
	units := []string{"w", "d", "h", "m", "s", "ms"}
	sizes := []int64{7 * 24 * 3600e3, 24 * 3600e3, 3600e3, 60e3, 1e3, 1}
	rest := ms
	for i := rapid.IntRange(0, len(units)-1).Draw(t, "largest unit"); i < len(units); i++ {
		if n := rest / sizes[i]; n > 0 || coin(t) {
			fmt.Fprintf(&text, "%d%s", n, units[i])
		}
		rest %= sizes[i]
	}
	forms := []string{text.String()}
	if text.Len() == 0 {
		forms[0] = "0s"
	}
	if s := ms / 1000; ms%1000 == 0 {
		clock := func(s int64) string { return fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60) }
		forms = append(forms, fmt.Sprint(s), clock(s), fmt.Sprintf("%dd%s", s/86400, clock(s%86400)))
		if s%60 == 0 {
			forms = append(forms, fmt.Sprintf("%d:%02d", s/3600, s/60%60))
		}
	}
	return rapid.SampledFrom(forms).Draw(t, "duration")
}

// subset is a list of words in any order, with repetition.
func subset(all ...string) draw {
	return spelled(rapid.IntRange(1, 1<<len(all)-1), func(t *rapid.T, mask int) string {
		var list []string
		for i, one := range all {
			if mask>>i&1 == 1 {
				list = append(list, one)
			}
		}
		list = rapid.Permutation(append(list, list[:rapid.IntRange(0, 1).Draw(t, "twice")]...)).Draw(t, "order")
		return strings.Join(list, ",")
	})
}

// sets of 16 numbers from base on are listed as ranges that may overlap or touch.
func sets(base uint64, spell func(*rapid.T, uint64) string) draw {
	return spelled(rapid.Uint16Min(1), func(t *rapid.T, mask uint16) string {
		var list []string
		add := func(first, last int) {
			text := spell(t, base+uint64(first))
			if first != last || coin(t) {
				text += "-" + spell(t, base+uint64(last))
			}
			list = append(list, text)
		}
		for first := 0; first < 16; first++ {
			if mask>>first&1 == 0 {
				continue
			}
			last := first + bits.TrailingZeros16(^(mask >> first)) - 1
			cut := rapid.IntRange(first, last).Draw(t, "cut")
			add(first, cut)
			if cut < last || coin(t) {
				add(rapid.IntRange(first, min(cut+1, last)).Draw(t, "overlap"), last)
			}
			first = last
		}
		return strings.Join(rapid.Permutation(list).Draw(t, "order"), ",")
	})
}

func spellASN(t *rapid.T, n uint64) string {
	return rapid.SampledFrom([]string{fmt.Sprint(n), fmt.Sprintf("0%d", n), fmt.Sprintf("%d.%d", n>>16, n&0xffff)}).Draw(t, "AS")
}

// prefixes of a family have some host bits; those of full length are hosts.
func prefixes(generator *rapid.Generator[netip.Addr], longest int) *rapid.Generator[netip.Prefix] {
	return rapid.Custom(func(t *rapid.T) netip.Prefix {
		length := rapid.OneOf(rapid.Just(longest), rapid.IntRange(0, longest)).Draw(t, "length")
		return netip.PrefixFrom(generator.Draw(t, "address"), length).Masked()
	})
}

var (
	ipv4 = rapid.Map(rapid.OneOf(rapid.Uint32Range(1, 3), rapid.Uint32Min(1)), func(n uint32) netip.Addr {
		return netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
	})
	ipv6 = rapid.Map(rapid.Uint16(), func(n uint16) netip.Addr {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 10: 0xab, 14: byte(n >> 8), 15: byte(n)})
	})
	interfaces = words("ether1", "vlan202", "Bridge-LAN", "fe80")
	linkLocals = spelled(rapid.SampledFrom([]string{"ether1", "Ether1"}), func(t *rapid.T, zone string) string {
		return rapid.SampledFrom([]string{"fe80::a", "FE80::A", "fe80:0::000a"}).Draw(t, "host") + "%" + zone +
			rapid.SampledFrom([]string{"", "/128"}).Draw(t, "length")
	})
)

func spellHost(t *rapid.T, a netip.Addr) string {
	return rapid.SampledFrom([]string{a.String(), a.StringExpanded(), strings.ToUpper(a.String())}).Draw(t, "host")
}

// withHostBits gives an address within a prefix.
func withHostBits(t *rapid.T, p netip.Prefix) netip.Addr {
	raw := p.Addr().AsSlice()
	if p.Bits() < p.Addr().BitLen() && coin(t) {
		raw[len(raw)-1] |= 1
	}
	a, _ := netip.AddrFromSlice(raw)
	return a
}

func spellPrefix(t *rapid.T, p netip.Prefix) string {
	if p.IsSingleIP() && coin(t) {
		return spellHost(t, p.Addr())
	}
	return fmt.Sprintf("%s/%d", spellHost(t, withHostBits(t, p)), p.Bits())
}

// spellIPv4Set spells a prefix as what NAT rules take.
func spellIPv4Set(t *rapid.T, p netip.Prefix) string {
	mask := ^uint32(0) << (32 - p.Bits())
	spread := func(or uint32) netip.Addr {
		raw := p.Addr().As4()
		for i := range raw {
			raw[i] |= byte(or >> (24 - 8*i))
		}
		return netip.AddrFrom4(raw)
	}
	netmask := netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)})
	return rapid.SampledFrom([]string{spellPrefix(t, p), fmt.Sprintf("%s-%s", p.Addr(), spread(^mask)),
		fmt.Sprintf("%s/%s", withHostBits(t, p), netmask)}).Draw(t, "set")
}
