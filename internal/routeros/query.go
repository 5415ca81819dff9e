package routeros

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// Match is a filter: the word has one of the values.
type Match struct {
	Word  string
	AnyOf []string
}

// Query asks the router for the rows of the kind that pass all filters. It is for what the router sees, which changes by
// itself: unlike List and Find it never answers from what was read before. The filters are carried out by the router,
// as far as it knows how. What is absent from a row has its default, and a row without its key, as there is one while a
// session is torn down, is not seen. ErrNoVersion if this release has not the word of a filter.
func (t *Table) Query(ctx context.Context, filters ...Match) ([]Row, error) {
	path, v, err := t.at(ctx)
	if err != nil {
		return nil, err
	}
	words := []string{path + "/print", "=.proplist=" + strings.Join(t.menu.wireWords(v), ",")}
	for _, property := range slices.Sorted(maps.Keys(t.menu.Fixed)) {
		words = append(words, "?"+property+"="+t.menu.Fixed[property])
	}
	for _, f := range filters {
		asked, err := t.menu.query(v, f)
		if err != nil {
			return nil, t.router.signed(v, err)
		}
		words = append(words, asked...)
	}
	answered, err := t.router.look(ctx, words)
	if err != nil {
		return nil, t.lacking(err)
	}
	var rows []Row
	for _, wire := range answered {
		row := Row{ID: wire[".id"], Words: t.menu.decode(v, wire, nil), Dynamic: flagged(wire, "dynamic"), wire: wire}
		t.menu.fill(v, row.Words)
		if keyless := t.menu.Key != "" && row.Words[t.menu.Key] == ""; !keyless && passes(row.Words, filters) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// query turns a filter into query words, a program that leaves one boolean; none if only we can tell.
func (m *Menu) query(v Version, filter Match) (words []string, err error) {
	w, known := m.Word(filter.Word)
	if !known {
		return nil, fmt.Errorf("a %s has no %q", m.Noun, filter.Word)
	}
	s, ok := w.spelling(v)
	if !ok {
		return nil, &Error{Kind: ErrNoVersion, Word: filter.Word, Advice: "Leave this filter out here.",
			Message: fmt.Sprintf("of a %s, %s", m.Noun, w.unsupported(v, ""))}
	}
	for _, value := range filter.AnyOf {
		asked := []string{"?" + s.Word + "=" + value}
		property, known := s.Switches[value]
		switch {
		case s.Switches != nil && !known:
			return nil, &Error{Kind: ErrNoVersion, Word: filter.Word, Advice: "Leave this filter out here, or give one of those.",
				Message: fmt.Sprintf("it tells of no %s whose %s is %q, only %s",
					m.Noun, filter.Word, value, strings.Join(slices.Sorted(maps.Keys(s.Switches)), ", "))}
		case s.Switches != nil:
			asked = whetherSet(property, "yes")
		case s.Query != nil:
			asked = s.Query(s.Word, value)
		}
		if asked == nil {
			return nil, nil
		}
		if words = append(words, asked...); len(words) > len(asked) {
			words = append(words, "?#|")
		}
	}
	return words, nil
}

// fill gives what is absent its default.
func (m *Menu) fill(v Version, words Words) {
	for _, w := range m.Words {
		if _, ok := w.spelling(v); ok && words[w.Name] == "" && w.Default != "" {
			words[w.Name] = w.Default
		}
	}
}

// passes tells whether the words pass all filters.
func passes(words Words, filters []Match) bool {
	return !slices.ContainsFunc(filters, func(f Match) bool {
		return !slices.ContainsFunc(f.AnyOf, func(value string) bool {
			return spelled(words[f.Word]) == spelled(value) || masked(words[f.Word]) == masked(value)
		})
	})
}

// signed says which router an error is from.
func (r *Router) signed(v Version, err error) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // made here, not wrapped
		e.Router, e.Version = r.Address(), v.String()
	}
	return err
}

// properties are what a release must be asked for to tell the word.
func (s Spelling) properties() []string {
	if s.Switches != nil {
		return slices.Collect(maps.Values(s.Switches))
	}
	return []string{s.Word}
}

// read is the word's value in a row.
func (s Spelling) read(row map[string]string) (value string, present bool) {
	if s.Switches == nil {
		value, present = row[s.Word]
		return value, present
	}
	for _, value := range slices.Sorted(maps.Keys(s.Switches)) {
		if flagged(row, s.Switches[value]) {
			return value, true
		}
	}
	return "", false
}

// A switch that is on is there, be it empty or `true`; one that is off is absent or `false`.

func isSet(wire, _ string) string {
	if wire == "" || wire == "yes" {
		return "true"
	}
	return wire
}

func flagged(row sentence, property string) bool {
	on, there := row[property]
	return there && isSet(on, "") == "true"
}

func whetherSet(property, value string) []string {
	if spelled(value) == "false" {
		return []string{"?-" + property, "?" + property + "=false", "?#|"}
	}
	return []string{"?" + property, "?" + property + "=false", "?#!", "?#&"}
}

// host is an address as RouterOS 6 takes and prints it, where RouterOS 7 may print /32 or /128 behind it; what is no
// address stays.
func host(text string) string {
	if p, err := netip.ParsePrefix(text); err == nil {
		if p.IsSingleIP() {
			return p.Addr().String()
		}
		return p.String()
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return a.String()
	}
	return text
}

func bare(wire, _ string) string { return host(wire) }

// masked is host, of a prefix without the bits of a host in it.
func masked(text string) string {
	if p, err := netip.ParsePrefix(text); err == nil && !p.IsSingleIP() {
		return p.Masked().String()
	}
	return host(text)
}

func network(wire, _ string) string {
	if a, err := netip.ParseAddr(wire); err == nil {
		return netip.PrefixFrom(a.WithZone(""), a.BitLen()).String()
	}
	return wire
}

func eitherForm(property, value string) []string {
	var words []string
	for _, form := range slices.Compact([]string{host(value), masked(value), network(masked(value), "")}) {
		if words = append(words, "?"+property+"="+form); len(words) > 1 {
			words = append(words, "?#|")
		}
	}
	return words
}

// untold is of values that only we can tell.
func untold(string, string) []string { return nil }

func first(list, _ string) string {
	head, _, _ := strings.Cut(list, ",")
	return head
}
