package value

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// rangeList reads numbers and ranges of them, comma-separated, and spells the set that they make up: in rising order,
// without overlaps, neighbours joined. fail is the error for what is no number.
func rangeList(text string, number func(string) (uint64, error), fail error) (string, error) {
	type span struct{ first, last uint64 }
	var all []span
	for item := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(item, "-")
		if !isRange {
			to = from
		}
		first, errFirst := number(from)
		last, errLast := number(to)
		switch {
		case errFirst != nil || errLast != nil:
			return "", fail
		case last < first:
			return "", fmt.Errorf("the range %q ends before it begins: give %s-%s", item, to, from)
		}
		all = append(all, span{first, last})
	}
	slices.SortFunc(all, func(a, b span) int { return cmp.Compare(a.first, b.first) })
	joined := all[:1]
	for _, next := range all[1:] {
		if end := &joined[len(joined)-1]; next.first <= end.last+1 {
			end.last = max(end.last, next.last)
		} else {
			joined = append(joined, next)
		}
	}
	texts := make([]string, len(joined))
	for i, s := range joined {
		texts[i] = spellRange(s.first, s.last)
	}
	return strings.Join(texts, ","), nil
}
