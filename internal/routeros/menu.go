package routeros

import (
	"context"
	"fmt"
	"maps"
	"slices"
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
	Lack  string // what it means if a router has no such menu: a package that is missing

	// Inherited: the rows are few, and rows of other menus show what they say. The menu is always read whole, and after a
	// write to it nothing counts any more that was read of the router before.
	Inherited bool

	Remade *Remade // what upgrades of RouterOS make of such objects; nil: nothing
	Copies *Copies // what they leave on such objects; nil: nothing

	// complete, if not nil, adds the words that a release demands and that follow from the others.
	complete func(ctx context.Context, r *Router, version Version, words Words) error
	// implied, if not nil, gives the words that follow from the others and that nobody needs to say, as complete
	// would, or a router that shows what an object inherits.
	implied func(ctx context.Context, r *Router, version Version, words Words) Words
	// split and join, if not nil, are about words that a release spells as several, or several that it spells as one:
	// split turns them, in place, into those which the release has; join is the reverse.
	split func(version Version, words Words)
	join  func(version Version, words, prior Words)
}

// Path is the menu's path in a range of releases.
type Path struct {
	Range
	Path string
}

// Word is one property under the name that the newest RouterOS gives it.
type Word struct {
	Name    string
	Default string           // what its absence means; "" where absence means nothing
	Fixed   bool             // `unset` does not know it: it is cleared by setting Default
	Watched bool             // who leaves it out means its default, or what follows from the rest: another value is a change
	Needs   string           // the word that it goes by: it may be in the way of a new value of that
	Values  map[string]Range // the values, of one or of a list, that only some releases know
	Spelled []Spelling       // nil: all releases call it by its name
}

// Spelling is what a range of releases calls a word, where it is not the word itself, and how they write its value.
type Spelling struct {
	Range
	Word   string
	Fixed  bool                            // as Word.Fixed, in this range
	Sticky bool                            // nothing clears it: the object must be made anew
	Silent bool                            // that it is not read does not mean that it is not there
	Always string                          // these releases have no such property, and behave as with this value
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

// encode turns words into this release's properties.
func (m *Menu) encode(v Version, words Words) (map[string]string, error) {
	words = maps.Clone(words)
	if m.split != nil {
		m.split(v, words)
	}
	wire := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(words)) {
		w, known := m.Word(name)
		if !known {
			return nil, fmt.Errorf("a %s has no %q", m.Noun, name)
		}
		value := words[name]
		if why := w.unsupported(v, value); why != "" {
			return nil, &Error{Kind: ErrNoVersion, Word: name, Message: why}
		}
		s, _ := w.spelling(v)
		if s.Always != "" {
			continue
		}
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
	known := maps.Clone(prior)
	if m.split != nil && known != nil {
		m.split(v, known)
	}
	words := Words{}
	for _, w := range m.Words {
		s, ok := w.spelling(v)
		if !ok {
			continue
		}
		value, present := s.read(row)
		switch {
		case s.Always != "":
			value, present = s.Always, prior[w.Name] == s.Always
		case s.Silent && value == "":
			value, present = known[w.Name], true
		case present && s.Decode != nil:
			value = s.Decode(value, known[w.Name])
		}
		if present && value != "" {
			words[w.Name] = value
		}
	}
	if m.join != nil {
		m.join(v, words, prior)
	}
	return words
}

// wireWords are all properties that are read in this release.
func (m *Menu) wireWords(v Version) []string {
	words := append([]string{".id"}, stateWords...)
	for _, w := range m.Words {
		if s, ok := w.spelling(v); ok && s.Always == "" {
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
		if s, ok := w.spelling(v); ok && s.Word == property && s.Always == "" {
			return w.Name
		}
	}
	return ""
}
