package value

import (
	"fmt"
	"regexp"
	"strings"
)

// form is the grammar of a text that is made of parts, such as `21,3s,3,1`. Its canonical spelling has every part, those
// too that the text left out.
type form struct {
	pattern *regexp.Regexp
	parts   []part
	give    string // the accepted form, for the error
}

// part is one piece of a form.
type part struct {
	before string // the separator that it stands behind
	absent string // what it means to leave it out, with its separator; "" where it has to be there
	term
}

// term reads a piece of text and spells it canonically, or says that it is none of its kind.
type term struct {
	pattern string // where the piece ends
	read    func(text string) (canonical string, ok bool)
}

func formOf(give string, parts ...part) form {
	var pattern strings.Builder
	for _, p := range parts {
		piece := fmt.Sprintf("%s(%s)", regexp.QuoteMeta(p.before), p.pattern)
		if p.absent != "" {
			piece = fmt.Sprintf("(?:%s)?", piece)
		}
		pattern.WriteString(piece)
	}
	return form{regexp.MustCompile("^" + pattern.String() + "$"), parts, give}
}

func (f form) canonical(kind Kind, text string) (string, error) {
	canonical, ok := f.read(text)
	if !ok {
		return "", fmt.Errorf("%q is no %s: give %s", text, kind.Name(), f.give)
	}
	return canonical, nil
}

// canonicalNot is canonical of a text that may begin with a `!`.
func (f form) canonicalNot(kind Kind, text string) (string, error) {
	not, rest := negation(text)
	canonical, ok := f.read(rest)
	if !ok {
		return "", fmt.Errorf("%q is no %s: give %s", text, kind.Name(), f.give)
	}
	return not + canonical, nil
}

func (f form) read(text string) (string, bool) {
	found := f.pattern.FindStringSubmatch(text)
	if found == nil {
		return "", false
	}
	var canonical strings.Builder
	for i, p := range f.parts {
		piece := found[i+1]
		if piece == "" {
			canonical.WriteString(p.absent)
			continue
		}
		spelling, ok := p.read(piece)
		if !ok {
			return "", false
		}
		canonical.WriteString(p.before + spelling)
	}
	return canonical.String(), true
}

func negation(text string) (not, rest string) {
	if rest, negated := strings.CutPrefix(text, "!"); negated {
		return "!", rest
	}
	return "", text
}

// word is one of a few words.
func word(words ...string) term {
	return term{strings.Join(words, "|"), func(text string) (string, bool) { return text, true }}
}
