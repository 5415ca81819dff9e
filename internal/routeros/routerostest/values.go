package routerostest

import (
	"slices"
	"strconv"
	"strings"
)

// kind is the type of an argument: it turns what a client wrote into what the router stores and prints, or refuses it
// (routeros-api.md §6 and §8).
type kind struct {
	normal func(w *world, arg, value string) (string, error)
	// ref is the menu to whose rows values refer, by name; renaming a row there renames it here.
	ref string
}

// text is any string. Bytes are opaque to the router.
func text() kind {
	return kind{normal: func(_ *world, _, value string) (string, error) { return value, nil }}
}

// textUpTo is a string of limited length, in the versions that limit it.
func textUpTo(n int, in releases) kind {
	return kind{normal: func(w *world, _, value string) (string, error) {
		if len(value) > n && in.has(w.version) {
			return "", failure("contents too long")
		}
		return value, nil
	}}
}

// boolean is written yes, no, true or false and read true or false.
func boolean() kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		switch value {
		case "yes", "true":
			return "true", nil
		case "no", "false":
			return "false", nil
		}
		return "", invalidValue(arg)
	}}
}

// number is an integer from low to high.
func number(low, high int64) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		return canonicalNumber(arg, value, low, high)
	}}
}

func canonicalNumber(arg, value string, low, high int64) (string, error) {
	digits, base := value, 10
	if hex, isHex := strings.CutPrefix(value, "0x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseInt(digits, base, 64)
	if err != nil {
		return "", invalidValue(arg)
	}
	if n < low || n > high {
		return "", outOfRange(arg, strconv.FormatInt(low, 10), strconv.FormatInt(high, 10))
	}
	return strconv.FormatInt(n, 10), nil
}

// numberOrRange is a number from 0 to high, or a range of them.
func numberOrRange(high int64) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		first, last, isRange := strings.Cut(value, "-")
		a, err := canonicalNumber(arg, first, 0, high)
		if err != nil || !isRange {
			return a, err
		}
		b, err := canonicalNumber(arg, last, 0, high)
		if err != nil {
			return "", err
		}
		if len(a) > len(b) || len(a) == len(b) && a > b {
			return "", invalidValue(arg)
		}
		return a + "-" + b, nil
	}}
}

// ports is a list of ports and ranges, kept as written unless TidySets says otherwise.
func ports() kind {
	one := numberOrRange(65535)
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if value == "" { // leaves an empty matcher behind, terraform-routeros issue 995
			return "", nil
		}
		for p := range strings.SplitSeq(value, ",") {
			if _, err := one.normal(w, arg, p); err != nil {
				return "", err
			}
		}
		if w.quirks.tidySets {
			return tidyPorts(value), nil
		}
		return value, nil
	}}
}

// choices are the values of an enumeration in a version: "socksify@7.20-" exists from 7.20 on.
func choices(values []string, v version) []string {
	var out []string
	for _, s := range values {
		if name, in, _ := strings.Cut(s, "@"); releases(in).has(v) {
			out = append(out, name)
		}
	}
	return out
}

// enum is one of several words. An empty one does not match any (terraform-routeros issue 435).
func enum(values ...string) kind {
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if !slices.Contains(choices(values, w.version.described()), value) {
			return "", noMatch(arg)
		}
		return value, nil
	}}
}

// set is a list of words, read back in the order of the enumeration and without repetition.
func set(values ...string) kind {
	return kind{normal: func(w *world, arg, value string) (string, error) {
		if value == "" {
			return "", nil
		}
		all, given := choices(values, w.version.described()), strings.Split(value, ",")
		var out []string
		for _, g := range given {
			if !slices.Contains(all, g) {
				return "", noMatch(arg)
			}
		}
		for _, a := range all {
			if slices.Contains(given, a) {
				out = append(out, a)
			}
		}
		return strings.Join(out, ","), nil
	}}
}

// not allows a leading `!`.
func not(k kind) kind {
	return kind{ref: k.ref, normal: func(w *world, arg, value string) (string, error) {
		rest, negated := strings.CutPrefix(value, "!")
		out, err := k.normal(w, arg, rest)
		if err == nil && negated {
			out = "!" + out
		}
		return out, err
	}}
}

// either takes the first kind that accepts; the last one words the refusal.
func either(kinds ...kind) kind {
	e := kind{normal: func(w *world, arg, value string) (out string, err error) {
		for _, k := range kinds {
			if out, err = k.normal(w, arg, value); err == nil {
				break
			}
		}
		return out, err
	}}
	for _, k := range kinds {
		e.ref += k.ref
	}
	return e
}

// between chooses by version: a kind where in holds, another one elsewhere.
func between(in releases, here, elsewhere kind) kind {
	return kind{ref: here.ref, normal: func(w *world, arg, value string) (string, error) {
		if in.has(w.version.described()) {
			return here.normal(w, arg, value)
		}
		return elsewhere.normal(w, arg, value)
	}}
}

// reference is the name of a row of another menu, or one of a few words.
func reference(menu string, words ...string) kind {
	return kind{ref: menu, normal: func(w *world, arg, value string) (string, error) {
		if slices.Contains(words, value) {
			return value, nil
		}
		t := w.tables[menu]
		if t == nil {
			return "", noMatch(arg)
		}
		found := t.named(value)
		if id, isID := strings.CutPrefix(value, "*"); isID && id != "" {
			if r, err := t.find(w, value); err == nil {
				return r.values[t.key], nil
			}
		}
		switch {
		case value == "" || len(found) == 0:
			return "", noMatch(arg)
		case len(found) > 1:
			return "", ambiguous(arg)
		}
		return value, nil
	}}
}

// interfaceName refers to an interface. The refusals speak of `interface` whatever the argument is called, and an
// empty name matches too much instead of nothing (terraform-routeros issue 521).
func interfaceName(words ...string) kind {
	k := reference("/interface", words...)
	return kind{ref: k.ref, normal: func(w *world, _, value string) (string, error) {
		if value == "" {
			return "", ambiguous("interface")
		}
		return k.normal(w, "interface", value)
	}}
}

// references is a list of names of rows of another menu, in the user's order.
func references(menu string) kind {
	one := reference(menu)
	return kind{ref: menu, normal: func(w *world, arg, value string) (string, error) {
		if value == "" {
			return "", nil
		}
		names := strings.Split(value, ",")
		for i, name := range names {
			out, err := one.normal(w, arg, name)
			if err != nil {
				return "", err
			}
			names[i] = out
		}
		return strings.Join(names, ","), nil
	}}
}

// replaceRef replaces a name in a value that refers to rows, and says whether it was there.
func replaceRef(value, old, name string) (string, bool) {
	rest, negated := strings.CutPrefix(value, "!")
	names, found := strings.Split(rest, ","), false
	for i := range names {
		if names[i] == old {
			names[i], found = name, true
		}
	}
	out := strings.Join(names, ",")
	if negated {
		out = "!" + out
	}
	return out, found
}

// asn is an AS number, plain or with a dot, stored plain; with confederation also confederation/number
// (routeros-v6-to-v7.md §2).
func asn(confederation bool) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		outer, inner, isConfederation := strings.Cut(value, "/")
		if isConfederation && !confederation {
			return "", invalidValue(arg)
		}
		out, err := canonicalASN(arg, outer)
		if err != nil || !isConfederation {
			return out, err
		}
		in, err := canonicalASN(arg, inner)
		return out + "/" + in, err
	}}
}

// asnRanges are AS numbers and ranges of them, in the user's order.
func asnRanges() kind {
	one := rangeOf(asn(false), false)
	return kind{normal: func(w *world, arg, value string) (string, error) {
		list := strings.Split(value, ",")
		for i, item := range list {
			normal, err := one.normal(w, arg, item)
			if err != nil {
				return "", err
			}
			list[i] = normal
		}
		return strings.Join(list, ","), nil
	}}
}

func canonicalASN(arg, value string) (string, error) {
	high, low, dotted := strings.Cut(value, ".")
	if !dotted {
		return canonicalNumber(arg, value, 0, 1<<32-1)
	}
	h, err1 := strconv.ParseUint(high, 10, 16)
	l, err2 := strconv.ParseUint(low, 10, 16)
	if err1 != nil || err2 != nil {
		return "", invalidValue(arg)
	}
	return strconv.FormatUint(h<<16|l, 10), nil
}
