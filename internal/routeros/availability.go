package routeros

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What a release lacks: asked for before anything is sent, and told in the documentation.

// ranges are those in which the word exists; none if it always does.
func (w Word) ranges() []Range {
	var all []Range
	for _, s := range w.Spelled {
		all = append(all, s.Range)
	}
	return all
}

// Unsupported names the words that this release does not have, or not with that value, each with what it has instead.
func (m *Menu) Unsupported(v Version, words Words) map[string]string {
	missing := map[string]string{}
	for name, value := range words {
		w, known := m.Word(name)
		if !known {
			continue
		}
		if why := w.unsupported(v, value); why != "" {
			missing[name] = why
		}
	}
	return missing
}

// unsupported says why the release does not take the word with that value, "" if it does.
func (w Word) unsupported(v Version, value string) string {
	s, ok := w.spelling(v)
	switch {
	case !ok:
		return fmt.Sprintf("%s exists %s only", w.Name, either(w.ranges()))
	case s.Always != "" && value != s.Always:
		return fmt.Sprintf("%s cannot be other than %s there", w.Name, s.Always)
	}
	for one := range strings.SplitSeq(value, ",") {
		if in, some := w.Values[one]; some && !in.Contains(v) {
			return fmt.Sprintf("%s=%s exists %s only", w.Name, one, in)
		}
	}
	return ""
}

// VersionMatters tells whether there is a release that does not take these words.
func (m *Menu) VersionMatters(words Words) bool {
	for name, value := range words {
		w, known := m.Word(name)
		if known && slices.ContainsFunc(m.landmarks(), func(v Version) bool { return w.unsupported(v, value) != "" }) {
			return true
		}
	}
	return false
}

// landmarks are releases of which each has its own set of words: those at which something begins or ends.
func (m *Menu) landmarks() []Version {
	all := []Version{V(6, 0)}
	add := func(ranges ...Range) {
		for _, r := range ranges {
			all = append(all, r.From, r.Before)
		}
	}
	for _, w := range m.Words {
		add(w.ranges()...)
		add(slices.Collect(maps.Values(w.Values))...)
	}
	return slices.DeleteFunc(all, func(v Version) bool { return v == Version{} })
}

// Availability says which releases have the word, and which know those of its values that not all know; "" if all do.
func (m *Menu) Availability(name string) string {
	w, _ := m.Word(name)
	var notes []string
	if ranges := merged(w.ranges()); len(ranges) > 0 {
		notes = append(notes, "RouterOS "+either(ranges))
	}
	for _, value := range slices.Sorted(maps.Keys(w.Values)) {
		notes = append(notes, fmt.Sprintf("`%s` %s", value, w.Values[value]))
	}
	return strings.Join(notes, "; ")
}

// merged joins ranges, which stand in their order, where one begins as the other ends; nil if they leave nothing out.
func merged(ranges []Range) []Range {
	var out []Range
	for _, r := range ranges {
		if last := len(out) - 1; last >= 0 && out[last].Before == r.From {
			out[last].Before = r.Before
			continue
		}
		out = append(out, r)
	}
	return slices.DeleteFunc(out, func(r Range) bool { return r == Range{} })
}

func either(ranges []Range) string {
	texts := make([]string, len(ranges))
	for i, r := range ranges {
		texts[i] = r.String()
	}
	return strings.Join(texts, ", or ")
}

// Replaces tells whether the change from prior to want can only be had by a new object, and names a word that is why:
// one that this release can neither unset nor set to a default.
func (m *Menu) Replaces(v Version, prior, want Words) (word string, must bool) {
	for _, w := range m.Words {
		_, had := prior[w.Name]
		_, wanted := want[w.Name]
		if s, _ := w.spelling(v); s.Sticky && had && !wanted {
			return w.Name, true
		}
	}
	return "", false
}
