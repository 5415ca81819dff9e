package value

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Flags are words with commas between them, in any order; a leading `!` means none of them: `unicast,local`, `!local`.
type Flags = Value[flags]

// FlagsType is Flags' attribute type.
type FlagsType = Type[flags]

type flags struct{}

// Conditions are words with commas between them, in any order, that all have to hold; a `!` before one means that it
// must not: `from-client,!auth`.
type Conditions = Value[conditions]

// ConditionsType is Conditions' attribute type.
type ConditionsType = Type[conditions]

type conditions struct{}

var (
	flagForm      = regexp.MustCompile(`^[a-z0-9-]+$`)
	conditionForm = regexp.MustCompile(`^!?[a-z0-9-]+$`)
)

func (flags) Name() string      { return "list of words" }
func (conditions) Name() string { return "list of conditions" }

func (flags) Canonical(text string) (string, error) {
	not, rest := negation(text)
	list, ok := unordered(rest, flagForm)
	if !ok {
		return "", fmt.Errorf("%q is no list of words: give them with commas and without blanks, as in unicast,local", text)
	}
	return not + list, nil
}

func (conditions) Canonical(text string) (string, error) {
	list, ok := unordered(text, conditionForm)
	if !ok {
		return "", fmt.Errorf("%q is no list of conditions: give them with commas and without blanks, as in from-client,!auth", text)
	}
	return list, nil
}

// unordered sorts the items of a list and drops what is there twice.
func unordered(text string, item *regexp.Regexp) (string, bool) {
	list := strings.Split(text, ",")
	for _, one := range list {
		if !item.MatchString(one) {
			return "", false
		}
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ","), true
}

// WordsOf refuses, in Flags and in Conditions, words that are not among these.
func WordsOf(words ...string) validator.String {
	known := strings.Join(words, ", ")
	return Rule("made of "+known, func(text string) error {
		for one := range strings.SplitSeq(text, ",") {
			if _, plain := negation(one); flagForm.MatchString(plain) && !slices.Contains(words, plain) {
				return fmt.Errorf("%q has an unknown word, %q: give one or more of %s", text, plain, known)
			}
		}
		return nil // what is no list at all is the type's to say
	})
}
