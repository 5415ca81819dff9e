package metallb

import (
	"reflect"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"
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
	place := map[int]int{len(old) - 1: len(lines) - 1} // of a line of before, in the text: first the empty one behind the last
	ours, ourLines := essences(old)
	theirs, theirLines := essences(lines)
	for _, pair := range matches(ours, theirs) {
		place[ourLines[pair[0]]] = theirLines[pair[1]]
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
			if !found && strings.TrimSpace(old[f]) == "" {
				continue
			}
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

// essences are lines without what YAML, as far as it is used here, makes nothing of, and where each is. Empty ones are left
// out: of those others write so many that they would be most of the differences.
func essences(lines []string) (plain []string, at []int) {
	for i, line := range lines {
		if text := meaningless.Replace(strings.Join(strings.Fields(line), " ")); text != "" {
			plain, at = append(plain, text), append(at, i)
		}
	}
	return plain, at
}

var meaningless = strings.NewReplacer(",}", "}", ",]", "]", "{ ", "{", " }", "}", "[ ", "[", " ]", "]")

func equal(a, b string) bool {
	var left, right any
	return yaml.Unmarshal([]byte(a), &left) == nil && yaml.Unmarshal([]byte(b), &right) == nil && reflect.DeepEqual(left, right)
}

// matches pairs the lines that stay in a short edit from a to b.
func matches(a, b []string) (pairs [][2]int) {
	x, y := 0, 0
	for _, edit := range append(lcs.DiffLines(a, b), lcs.Diff{Start: len(a), End: len(a), ReplStart: len(b), ReplEnd: len(b)}) {
		for ; x < edit.Start; x, y = x+1, y+1 {
			pairs = append(pairs, [2]int{x, y})
		}
		x, y = edit.End, edit.ReplEnd
	}
	return pairs
}
