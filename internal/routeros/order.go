package routeros

import (
	"fmt"
	"slices"
	"strings"
)

// Order is a wish for an ordered menu: these rows one behind the other, at a place among the others of their kind
// (chain=dstnat) that an administrator made. Dynamic rows, and those of other kinds in the same menu, do not count and
// keep their places; so do, among each other, all rows that are not named.
type Order struct {
	Rows   []string // ids, first to last, none twice
	Place  Place
	Anchor string // the id of the row that Before and After speak of; not one of Rows
}

// Place is where the rows of an order stand.
type Place string

// The places. Between the rows of an order, and between them and what they stand next to, is no other row that counts;
// but for Anywhere, where other rows may stand among them.
const (
	Anywhere Place = ""       // only their order is wished
	First    Place = "first"  // ahead of all others; behind dynamic rows, though, if those are on top
	Last     Place = "last"   // behind all others
	Before   Place = "before" // next to the anchor, ahead of it
	After    Place = "after"  // next to the anchor, behind it
)

// CheckID refuses what is not a row's id in the spelling that RouterOS prints and compares by: *1A. Without the
// asterisk RouterOS takes it for a position, and changes another row.
func CheckID(text string) error {
	digits, ok := strings.CutPrefix(text, "*")
	if ok && digits != "" && strings.Trim(digits, "0123456789ABCDEF") == "" {
		return nil
	}
	if upper := strings.ToUpper(text); upper != text && CheckID(upper) == nil {
		return fmt.Errorf("%q is not how RouterOS spells an id: write %q", text, upper)
	}
	return fmt.Errorf("%q is not a row's id: * and upper-case hexadecimal digits (*1A)", text)
}

// standing is a row where it stands in its menu.
type standing struct {
	id      string
	dynamic bool
	counts  bool // it is of the kind, and not dynamic
}

// move puts a row directly before another, or to the end of the menu.
type move struct{ id, before string }

// moves are the fewest that make the rows stand as wished. What stands in order at its place stays: the longest such
// series, so that every other row has to be moved once, and none twice. Nothing is moved before a dynamic row, which
// RouterOS refuses.
func (o Order) moves(rows []standing) ([]move, error) {
	if err := o.check(rows); err != nil {
		return nil, err
	}
	from, to := o.window(rows)
	stay := o.longest(rows[from:to])
	before := "" // what the row in hand has to come before
	if to < len(rows) {
		before = rows[to].id
	}
	if len(stay) > 0 {
		before = behind(rows, stay[len(stay)-1])
	}
	var moves []move
	for _, id := range slices.Backward(o.Rows) {
		if n := len(stay); n > 0 && stay[n-1] == id {
			stay = stay[:n-1]
		} else {
			moves = append(moves, move{id, before})
		}
		before = id
	}
	return moves, nil
}

// window is where in the menu the rows may stand: the others that count delimit it.
func (o Order) window(rows []standing) (from, to int) {
	ours := o.set()
	from, to = 0, len(rows)
	for i, row := range rows {
		if !row.counts || ours[row.id] {
			continue
		}
		switch o.Place {
		case First:
			return 0, i
		case Last:
			from = i + 1
		case Before:
			if row.id == o.Anchor {
				return from, i
			}
			from = i + 1
		case After:
			if row.id == o.Anchor {
				from = i + 1
			} else if from > 0 {
				return from, i
			}
		case Anywhere:
		}
	}
	return from, to
}

// longest is the longest series of rows that stand in the wished order: a longest increasing subsequence of their
// positions in the wish.
func (o Order) longest(rows []standing) []string {
	wished := map[string]int{}
	for i, id := range o.Rows {
		wished[id] = i
	}
	var ends []int         // by length, the lowest position that a series so long ends with
	ahead := map[int]int{} // the position that a position follows in its series
	for _, row := range rows {
		position, ours := wished[row.id]
		if !ours {
			continue
		}
		length, _ := slices.BinarySearch(ends, position)
		if length > 0 {
			ahead[position] = ends[length-1]
		}
		if length == len(ends) {
			ends = append(ends, position)
		}
		ends[length] = position
	}
	series := make([]string, len(ends))
	for i := len(ends) - 1; i >= 0; i-- {
		series[i] = o.Rows[ends[i]]
		if i > 0 {
			ends[i-1] = ahead[ends[i]]
		}
	}
	return series
}

// stands is how much of the wish is so: those of its rows that are there, as they stand; and their place, if that is
// where they are.
func (o Order) stands(rows []standing) Order {
	ours := o.set()
	is := Order{Place: o.Place, Anchor: o.Anchor}
	for _, row := range rows {
		if row.counts && ours[row.id] {
			is.Rows = append(is.Rows, row.id)
		}
	}
	if moves, err := is.moves(rows); err != nil || len(moves) > 0 {
		return Order{Rows: is.Rows}
	}
	return is
}

// check tells why an order cannot be: the error's IDs are the rows that it is about.
func (o Order) check(rows []standing) error {
	there := map[string]standing{}
	for _, row := range rows {
		there[row.id] = row
	}
	wanted := slices.Clone(o.Rows)
	if o.Place == Before || o.Place == After {
		wanted = append(wanted, o.Anchor)
	}
	var twice, gone, foreign []string
	seen := map[string]bool{}
	for _, id := range wanted {
		row, is := there[id]
		switch {
		case seen[id]:
			twice = append(twice, id)
		case !is:
			gone = append(gone, id)
		case !row.counts:
			foreign = append(foreign, id)
		}
		seen[id] = true
	}
	switch {
	case twice != nil:
		return &Error{Kind: ErrRefused, IDs: twice, Message: "a row cannot stand at two places: " + strings.Join(twice, ", "),
			Advice: "Name each row once, and none of them as what the others stand next to."}
	case gone != nil:
		return &Error{Kind: ErrNotFound, IDs: gone, Message: "there is no row " + strings.Join(gone, ", "),
			Advice: "It was removed since the plan was made, or its id is of another router or of before a restore: plan again."}
	case foreign != nil:
		return &Error{Kind: ErrRefused, IDs: foreign, Message: "dynamic, or of another chain: " + strings.Join(foreign, ", "),
			Advice: "Only what an administrator made in this chain can be put in order, or be stood next to."}
	}
	return nil
}

func (o Order) set() map[string]bool {
	set := map[string]bool{}
	for _, id := range o.Rows {
		set[id] = true
	}
	return set
}

// behind is the next row after this one that something can be moved before; "" if there is none.
func behind(rows []standing, id string) string {
	i := slices.IndexFunc(rows, func(r standing) bool { return r.id == id })
	for _, row := range rows[i+1:] {
		if !row.dynamic {
			return row.id
		}
	}
	return ""
}
