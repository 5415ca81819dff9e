package routerostest

import (
	"slices"
	"strconv"
	"strings"
)

// property gives what a row shows under a name, and whether it shows it.
type property func(name string) (value string, ok bool)

// matches runs query words, each without its `?`, over a row. They are a program for a stack of booleans: a test pushes
// its result, `#` operates on what is there, and in the end all that is left has to be true (routeros-api.md §5).
func matches(query []string, of property) (bool, error) {
	var stack []bool
	for _, word := range query {
		if ops, ok := strings.CutPrefix(word, "#"); ok {
			if stack, ok = operate(stack, ops); !ok {
				return false, &Trap{badArgument, "invalid query: ?" + word} // text [inf]
			}
			continue
		}
		stack = append(stack, test(word, of))
	}
	return !slices.Contains(stack, false), nil
}

// test evaluates one word: `name`, `-name`, `name=x`, `=name=x`, `<name=x`, `>name=x`.
func test(word string, of property) bool {
	if word == "" {
		return false
	}
	op, rest := word[0], word[1:]
	if !strings.ContainsRune("-=<>", rune(op)) {
		op, rest = '=', word
	}
	name, want, compares := strings.Cut(rest, "=")
	have, ok := of(name)
	switch {
	case op == '-':
		return !ok
	case !compares || !ok:
		return ok
	case op == '<':
		return compare(have, want) < 0
	case op == '>':
		return compare(have, want) > 0
	}
	return have == want
}

// compare orders numbers and durations by size and everything else as text.
func compare(a, b string) int {
	x, err1 := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err1 == nil && err2 == nil {
		return int(min(max(x-y, -1), 1))
	}
	d, ok1 := parseDuration(a)
	e, ok2 := parseDuration(b)
	if ok1 && ok2 {
		return int(min(max(d-e, -1), 1))
	}
	return strings.Compare(a, b)
}

// operate applies `!`, `&`, `|`, `.` and stack indexes, 0 being the top. An index before something pushes a copy of
// that value, an index at the end leaves nothing but that value; `.` copies the top, or only ends an index.
func operate(stack []bool, ops string) ([]bool, bool) {
	for i := 0; i < len(ops); {
		digits := i
		for digits < len(ops) && ops[digits] >= '0' && ops[digits] <= '9' {
			digits++
		}
		if digits > i {
			n, err := strconv.Atoi(ops[i:digits])
			if err != nil || n >= len(stack) {
				return nil, false
			}
			value := stack[len(stack)-1-n]
			if digits == len(ops) {
				return []bool{value}, true
			}
			stack = append(stack, value)
			if i = digits; ops[i] == '.' {
				i++
			}
			continue
		}
		op, top := ops[i], len(stack)-1
		i++
		if top < 0 || (op == '&' || op == '|') && top < 1 {
			return nil, false
		}
		switch op {
		case '!':
			stack[top] = !stack[top]
		case '.':
			stack = append(stack, stack[top])
		case '&':
			stack = append(stack[:top-1], stack[top-1] && stack[top])
		case '|':
			stack = append(stack[:top-1], stack[top-1] || stack[top])
		default:
			return nil, false
		}
	}
	return stack, true
}
