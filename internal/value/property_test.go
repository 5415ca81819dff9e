package value

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestProperties holds every kind to what a kind promises, for whatever can be drawn.
func TestProperties(t *testing.T) {
	week := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	tests := map[string]func(*testing.T){
		"asn":       property[asn](spelled(numbers(0, 1<<32-1), spellASN)),
		"asnRanges": property[asnRanges](sets(65530, spellASN)),
		"duration":  property[duration](either(milliseconds(0), literal("infinity"))),
		"listTimeout": property[listTimeout](either(milliseconds(1), literal("none-static"),
			spelled(rapid.Just(0), func(t *rapid.T, _ int) string {
				return rapid.SampledFrom([]string{"none-dynamic", "0", "0s", "00:00"}).Draw(t, "none")
			}))),
		"address": property[address](either(spelled(prefixes(ipv4, 32), spellPrefix), spelled(prefixes(ipv6, 128), spellPrefix),
			linkLocals, interfaces)),
		"localAddress":   property[localAddress](either(spelled(ipv4, spellHost), spelled(ipv6, spellHost), linkLocals, interfaces)),
		"routerID":       property[routerID](spelled(ipv4, spellHost)),
		"routerIDOrName": property[routerIDOrName](either(spelled(ipv4, spellHost), words("main", "id-1"))),
		"ipv4Set":        property[ipv4Set](negatable, spelled(prefixes(ipv4, 32), spellIPv4Set)),
		"ports":          property[ports](negatable, sets(60000, func(_ *rapid.T, n uint64) string { return strconv.FormatUint(n, 10) })),
		"mac": property[mac](negatable,
			spelled(rapid.SampledFrom([]string{"02:00:00:AA:BB:CC", "02:00:00:AA:BB:CD"}), spellCase)),
		"protocol": property[protocol](negatable,
			spelled(rapid.SampledFrom([]string{"icmp 1", "tcp 6", "udp-lite 136", "200 200"}), spellField)),
		"number":       property[number](negatable, counts(0, 1<<64-1)),
		"numberRange":  property[numberRange](negatable, countRanges(0, 1<<64-1)),
		"maskedNumber": property[maskedNumber](negatable, counts(0, 255), optional("/", "255", counts(250, 255))),
		"byteRange":    property[byteRange](either(countRanges(1, 1<<64-1), sequence(counts(1, 1<<64-1), literal("-0")))),
		"flags":        property[flags](negatable, subset("unicast", "local", "broadcast", "multicast")),
		"conditions":   property[conditions](subset("auth", "!http", "from-client", "!local-dst")),
		"timeOfDay": property[timeOfDay](negatable, seconds(0, 86400), literal("-"), seconds(0, 86400),
			literal(","), subset(week...)),
		"rate": property[rate](negatable, counts(1, 32e9), optional("/", "1", seconds(1, 1e6)), literal(","), counts(0, 2e9),
			optional(":", "packet", words("packet", "bit"))),
		"dstLimit": property[dstLimit](counts(0, 1<<32-1), optional("/", "1", seconds(1, 1e6)), literal(","), counts(0, 1<<32-1),
			literal(","), words("dst-address", "dst-address-and-port", "src-address"), optional("/", "100", seconds(98, 102))),
		"connectionLimit": property[connectionLimit](negatable, counts(0, 1<<32-1), literal(","), counts(0, 32)),
		"nth":             property[nth](negatable, counts(1, 1<<32-1), optional(",", "1", counts(1, 1<<32-1))),
		"psd": property[psd](counts(0, 1<<32-1), literal(","), milliseconds(0), literal(","), counts(0, 1<<32-1), literal(","),
			counts(0, 1<<32-1)),
		"icmpOptions": property[icmpOptions](negatable, counts(0, 255), optional(":", "[0 255]", countRanges(0, 255))),
		"ttlMatch":    property[ttlMatch](words("equal", "not-equal", "less-than", "greater-than"), literal(":"), counts(0, 255)),
		"ipsecPolicy": property[ipsecPolicy](words("in", "out"), literal(","), words("ipsec", "none")),
		"classifier": property[classifier](negatable, words("both-ports", "both-addresses", "both-addresses-and-ports"), literal(":"),
			counts(1, 1<<32-1), literal("/"), counts(0, 1<<32-1)),
	}
	for name, test := range tests {
		t.Run(name, test)
	}
	assert.Equal(t, kinds(t), slices.Sorted(maps.Keys(tests)), "every kind has its properties")
}

// property is that spellings mean the same if and only if what was drawn was the same, and what sound allows; texts are
// the parts of a text of the kind.
func property[K Kind](texts ...draw) func(*testing.T) {
	var kind K
	return func(t *testing.T) {
		t.Run("meaning", rapid.MakeCheck(func(t *rapid.T) {
			a, b := neighbours(t, texts)
			for _, spelling := range []string{a.one, a.other, b.one, b.other} {
				sound(t, kind, spelling, true)
			}
			assert.True(t, Same[K](a.one, a.other), "%q and %q", a.one, a.other)
			assert.Equal(t, a.meaning == b.meaning, Same[K](a.one, b.other), "%q and %q", a.one, b.other)
		}))
		t.Run("junk", rapid.MakeCheck(func(t *rapid.T) {
			valid := sequence(texts...)(t).one
			at := rapid.IntRange(0, len(valid)).Draw(t, "at")
			insert := rapid.StringMatching(`[!,/:.%0-9a-z-]{0,3}`).Draw(t, "insert")
			sound(t, kind, valid[:at]+insert+valid[at:], false)
			sound(t, kind, valid[:at]+insert, false)
			sound(t, kind, rapid.String().Draw(t, "anything"), false)
		}))
	}
}

// sound is that a text is accepted, and its canonical spelling too, which means the same and is its own canonical
// spelling; or, unless it has to be accepted, that the refusal quotes what is wrong and tells what to give.
func sound(t *rapid.T, kind Kind, text string, accepted bool) {
	canonical, err := kind.Canonical(text)
	if err != nil {
		require.False(t, accepted, "%s", err)
		require.Condition(t, func() bool { return quotes(err.Error(), text) }, "%s", err)
		require.Contains(t, err.Error(), "give ")
		require.Empty(t, canonical)
		return
	}
	again, err := kind.Canonical(canonical)
	require.NoError(t, err)
	require.Equal(t, canonical, again, "of %q", text)
}

// quotes tells whether a refusal quotes the text or, of a list, the item at fault.
func quotes(refusal, text string) bool {
	items := strings.FieldsFunc(text, func(r rune) bool { return r == '!' || r == ',' })
	return slices.ContainsFunc(append(items, text), func(s string) bool { return strings.Contains(refusal, strconv.Quote(s)) })
}

// kinds are the types of this package that have a method Canonical.
func kinds(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			if f, isFunc := d.(*ast.FuncDecl); isFunc && f.Recv != nil && f.Name.Name == "Canonical" {
				names = append(names, f.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func spellCase(t *rapid.T, text string) string {
	return rapid.SampledFrom([]string{text, strings.ToLower(text)}).Draw(t, "case")
}

func spellField(t *rapid.T, fields string) string {
	return rapid.SampledFrom(strings.Fields(fields)).Draw(t, "field")
}
