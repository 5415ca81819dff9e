package metallb

import (
	"fmt"
	"slices"
)

// The rules are what MetalLB, in all versions from 0.9, accepts and does something useful with. They ask nobody, so
// that a plan can apply them. Each error states the accepted form. Of a value that is Unknown nothing is said: neither that
// it is missing, nor that it is there, since it may turn out to be left out.

// Problem is what is wrong with a specification.
type Problem struct {
	Field   string // the path to it, in the CRD's names: "nodeSelectors[0].matchExpressions[1].operator"; "" is the whole
	Err     error  // states the accepted form
	Warning bool   // MetalLB accepts it, though it is almost surely a mistake
}

// Mode is how MetalLB speaks BGP; "" is not known.
type Mode string

// The modes.
const (
	Native Mode = "native"
	FRR    Mode = "frr"
	FRRK8s Mode = "frr-k8s"
)

// Check applies the rules that need nothing but the specification.
func Check(kind Kind, spec map[string]any) []Problem {
	var found []Problem
	checks[kind](part{value: spec, found: &found})
	return found
}

var checks = map[Kind]func(part){
	AddressPool:      checkPool,
	BGPPeer:          checkPeer,
	BGPAdvertisement: checkBGPAdvertisement,
	L2Advertisement:  checkL2Advertisement,
	BFDProfile:       checkBFDProfile,
	Community:        checkCommunity,
}

// part is a value in a specification.
type part struct {
	path  string
	value any
	found *[]Problem
}

// at is a field of a part: absent if the part has none, Unknown if the part is.
func (p part) at(field string) part {
	path := field
	if p.path != "" {
		path = p.path + "." + field
	}
	if p.unknown() {
		return part{path, Unknown, p.found}
	}
	fields, _ := p.value.(map[string]any)
	return part{path, fields[field], p.found}
}

// elements are those of a list.
func (p part) elements() []part {
	list, _ := p.value.([]any)
	elements := make([]part, len(list))
	for i, value := range list {
		elements[i] = part{fmt.Sprintf("%s[%d]", p.path, i), value, p.found}
	}
	return elements
}

func (p part) absent() bool { return p.value == nil }

func (p part) unknown() bool { return p.value == Unknown }

// given tells a part that is certainly there.
func (p part) given() bool { return !p.absent() && !p.unknown() }

// empty tells a part that is absent, or a list without elements.
func (p part) empty() bool {
	list, isList := p.value.([]any)
	return p.absent() || isList && len(list) == 0
}

// known tells a part that is there, and all of it.
func (p part) known() bool { return !p.absent() && !holdsUnknown(p.value) }

func holdsUnknown(value any) bool {
	switch value := value.(type) {
	case unknown:
		return true
	case []any:
		return slices.ContainsFunc(value, holdsUnknown)
	case map[string]any:
		for _, element := range value {
			if holdsUnknown(element) {
				return true
			}
		}
	}
	return false
}

// wrong is what is refused. A field is refused once: what else is wrong with it shows when that is corrected.
func (p part) wrong(format string, args ...any) {
	if !slices.ContainsFunc(*p.found, func(before Problem) bool { return before.Field == p.path && !before.Warning }) {
		*p.found = append(*p.found, Problem{Field: p.path, Err: fmt.Errorf(format, args...)})
	}
}

// doubtful is what MetalLB accepts.
func (p part) doubtful(format string, args ...any) {
	*p.found = append(*p.found, Problem{Field: p.path, Err: fmt.Errorf(format, args...), Warning: true})
}

// judge applies a check to a value that is there, known, and of the check's type.
func judge[T any](p part, check func(T) error) {
	if value, ok := p.value.(T); ok {
		if err := check(value); err != nil {
			p.wrong("%w", err)
		}
	}
}

// within refuses a number outside of a range.
func (p part) within(least, most int64, what string) {
	judge(p, func(n int64) error {
		if n < least || n > most {
			return fmt.Errorf("%d is not %s: %d to %d", n, what, least, most)
		}
		return nil
	})
}

// filled refuses an empty text.
func (p part) filled() {
	if p.value == "" {
		p.wrong("it is empty: leave it out, or give it a value")
	}
}

// distinct refuses a text that a list has already.
func (p part) distinct() {
	for _, twin := range p.twins() {
		twin.wrong("%q is there already: each is named once", twin.value)
	}
}

// twins are the elements of a list with a text that an earlier one has.
func (p part) twins() (twins []part) {
	seen := map[string]bool{}
	for _, element := range p.elements() {
		if text, ok := element.value.(string); ok {
			if seen[text] {
				twins = append(twins, element)
			}
			seen[text] = true
		}
	}
	return twins
}

// names refuses names that are there twice, and doubts those that no object can have.
func (p part) names() {
	p.distinct()
	for _, element := range p.elements() {
		if name, ok := element.value.(string); ok {
			if err := CheckObjectName(name); err != nil {
				element.doubtful("%w", err)
			}
		}
	}
}
