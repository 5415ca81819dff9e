package metallb

import (
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// patch does to a text what makes after of before, which is the same text as this package would write it. Rendering
// all of it anew would take every blank line and every alignment from what others wrote, and with an element the
// comments around it, which are theirs, since none is written here. Where the change cannot be found in the text, the
// result is after.
func patch(text, before, after string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	lines, old, fresh := strings.SplitAfter(text, "\n"), strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	place := make(map[int]int, len(old)) // of a line of before, in the text
	for _, pair := range matches(essences(old), essences(lines)) {
		place[pair[0]] = pair[1]
	}
	var patched strings.Builder
	done := 0 // lines of the text
	copyUpTo := func(end int) {
		for ; done < end; done++ {
			patched.WriteString(lines[done])
		}
	}
	f, t := 0, 0
	for _, pair := range append(matches(old, fresh), [2]int{len(old), len(fresh)}) {
		if at, found := place[f]; found && f < pair[0] {
			copyUpTo(at)
		}
		for ; t < pair[1]; t++ { // comes
			if !isComment(fresh[t]) {
				patched.WriteString(fresh[t])
			}
		}
		for ; f < pair[0]; f++ { // goes
			at, found := place[f]
			if !found {
				return after
			}
			copyUpTo(at)
			if !isComment(lines[at]) {
				done = at + 1
			}
		}
		f, t = pair[0]+1, pair[1]+1
		if at, found := place[pair[0]]; found { // stays
			copyUpTo(at + 1)
			continue
		}
		for next := f; next < len(old); next++ { // stays, though others write it as several lines
			if at, found := place[next]; found {
				copyUpTo(at)
				break
			}
		}
	}
	copyUpTo(len(lines))
	if result := patched.String(); result == after || equal(result, after) {
		return result
	}
	return after
}

// isComment tells a line that is one, or is empty.
func isComment(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#'
}

// essences are lines without what YAML, as far as it is used here, makes nothing of.
func essences(lines []string) []string {
	plain := make([]string, len(lines))
	for i, line := range lines {
		plain[i] = meaningless.Replace(strings.Join(strings.Fields(line), " "))
	}
	return plain
}

var meaningless = strings.NewReplacer(",}", "}", ",]", "]", "{ ", "{", " }", "}", "[ ", "[", " ]", "]")

func equal(a, b string) bool {
	var left, right any
	return yaml.Unmarshal([]byte(a), &left) == nil && yaml.Unmarshal([]byte(b), &right) == nil && reflect.DeepEqual(left, right)
}

// matches pairs the lines that stay in the shortest edit from a to b, as Myers finds it; none if that is a long one.
func matches(a, b []string) (pairs [][2]int) {
	const most = 1000
	reach := []map[int]int{{1: 0}} // by the number of edits, less one: on each diagonal x-y, how far along a they lead
	for edits := 0; edits <= most; edits++ {
		before, now := reach[edits], map[int]int{}
		reach = append(reach, now)
		for k := -edits; k <= edits; k += 2 {
			x := before[from(before, edits, k)]
			if from(before, edits, k) < k {
				x++
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			now[k] = x
			if x >= len(a) && x-k >= len(b) {
				return trace(reach, edits, k)
			}
		}
	}
	return nil
}

// from is the diagonal that a path comes from: the one below, by a line of a that goes, or above, by one of b that comes.
func from(before map[int]int, edits, k int) int {
	if k == -edits || k != edits && before[k-1] < before[k+1] {
		return k + 1
	}
	return k - 1
}

// trace follows a path back to the start.
func trace(reach []map[int]int, edits, k int) (pairs [][2]int) {
	for ; edits >= 0; edits-- {
		before := reach[edits]
		previous := from(before, edits, k)
		start := before[previous]
		if previous < k {
			start++
		}
		for x := reach[edits+1][k]; x > start; x-- {
			pairs = append(pairs, [2]int{x - 1, x - 1 - k})
		}
		k = previous
	}
	slices.Reverse(pairs)
	return pairs
}
