package routeros

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Words are the properties of one object under the names of the newest RouterOS, with values as RouterOS writes them:
// "remote.address" → "192.168.5.253".
type Words map[string]string

// Menu is one kind of object: where each RouterOS keeps it and what each calls its properties. It is the only place
// that knows versions.
type Menu struct {
	Noun  string            // for people: "BGP peer"
	Key   string            // the word by which an object is known when its id is not
	Fixed map[string]string // what every object of this kind has, e.g. chain=dstnat; rows without it are not seen
	Paths []Path
	Words []Word

	// complete, if not nil, adds the words that a release demands and that follow from the others: those in implied.
	complete func(ctx context.Context, r *Router, version Version, words Words) error
	implied  []string
}

// Path is the menu's path in a range of releases.
type Path struct {
	Range
	Path string
}

// Word is one property under the name that the newest RouterOS gives it.
type Word struct {
	Name    string
	Default string // what its absence means; "" where absence means nothing
	Fixed   bool   // `unset` does not know it: it is cleared by setting Default
	Spelled []Spelling
}

// Spelling is what a range of releases calls a word, where it is not the word itself, and how they write its value.
type Spelling struct {
	Range
	Word   string
	Fixed  bool                            // as Word.Fixed, in this range
	Encode func(value string) string       // to this release's value; nil: the same
	Decode func(wire, prior string) string // back; prior is what was last known, for values that this release cannot tell apart

	Switches map[string]string                     // where there is no such property, but for each of its values a switch
	Query    func(property, value string) []string // the query words that find the value; nil: `?property=value`
}

// path is where this release has the menu.
func (m *Menu) path(v Version) (string, error) {
	i := slices.IndexFunc(m.Paths, func(p Path) bool { return p.Contains(v) })
	if i < 0 {
		return "", fmt.Errorf("RouterOS %s has no %s: %w", v, m.Noun, ErrNoVersion)
	}
	return m.Paths[i].Path, nil
}

// spelling is how this release spells the word; false if it has no such word.
func (w Word) spelling(v Version) (Spelling, bool) {
	if w.Spelled == nil {
		return Spelling{Word: w.Name, Fixed: w.Fixed}, true
	}
	i := slices.IndexFunc(w.Spelled, func(s Spelling) bool { return s.Contains(v) })
	if i < 0 {
		return Spelling{}, false
	}
	s := w.Spelled[i]
	if s.Word == "" {
		s.Word = w.Name
	}
	s.Fixed = s.Fixed || w.Fixed
	return s, true
}

// Word finds a word of the menu by its newest name.
func (m *Menu) Word(name string) (Word, bool) {
	i := slices.IndexFunc(m.Words, func(w Word) bool { return w.Name == name })
	if i < 0 {
		return Word{}, false
	}
	return m.Words[i], true
}

// Unsupported names the words that this release does not have, each with the releases that do.
func (m *Menu) Unsupported(v Version, words Words) map[string]string {
	missing := map[string]string{}
	for name := range words {
		w, known := m.Word(name)
		if !known {
			continue
		}
		if _, ok := w.spelling(v); !ok {
			var ranges []string
			for _, s := range w.Spelled {
				ranges = append(ranges, s.String())
			}
			missing[name] = strings.Join(ranges, ", or ")
		}
	}
	return missing
}

// encode turns words into this release's properties.
func (m *Menu) encode(v Version, words Words) (map[string]string, error) {
	wire := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(words)) {
		w, known := m.Word(name)
		if !known {
			return nil, fmt.Errorf("a %s has no %q", m.Noun, name)
		}
		s, ok := w.spelling(v)
		if !ok {
			return nil, &Error{Kind: ErrNoVersion, Word: name,
				Message: fmt.Sprintf("%s exists %s only", name, m.Unsupported(v, Words{name: ""})[name])}
		}
		value := words[name]
		if s.Encode != nil {
			value = s.Encode(value)
		}
		wire[s.Word] = value
	}
	return wire, nil
}

// decode turns a row of this release into words. Properties that the menu does not know are ignored: every release
// brings new ones. What a release spells like its absence takes the prior value.
func (m *Menu) decode(v Version, row, prior map[string]string) Words {
	words := Words{}
	for _, w := range m.Words {
		s, ok := w.spelling(v)
		if !ok {
			continue
		}
		value, present := s.read(row)
		if present && s.Decode != nil {
			value = s.Decode(value, prior[w.Name])
		}
		if present && value != "" {
			words[w.Name] = value
		}
	}
	return words
}

// wireWords are all properties that are read in this release.
func (m *Menu) wireWords(v Version) []string {
	words := []string{".id", "dynamic", "default"}
	for _, w := range m.Words {
		if s, ok := w.spelling(v); ok {
			words = append(words, s.properties()...)
		}
	}
	for key := range m.Fixed {
		words = append(words, key)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// canonical is the word behind this release's property; "" if the menu has none.
func (m *Menu) canonical(v Version, property string) string {
	for _, w := range m.Words {
		if s, ok := w.spelling(v); ok && s.Word == property {
			return w.Name
		}
	}
	return ""
}
