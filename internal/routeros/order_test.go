package routeros

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// menuOf is a menu as letters, top to bottom: a–f are rules to put in order, capitals other rules of the chain, digits
// rules of other chains, and # a dynamic one.
func menuOf(letters string) []standing {
	var rows []standing
	for i, letter := range letters {
		row := standing{id: string(letter)}
		switch {
		case letter == '#':
			row = standing{id: fmt.Sprint("#", i), dynamic: true}
		case letter > '9':
			row.counts = true
		}
		rows = append(rows, row)
	}
	return rows
}

func letters(rows []standing) string {
	text := ""
	for _, row := range rows {
		text += row.id[:1]
	}
	return text
}

// carriedOut is what a router makes of a move; false if it refuses.
func carriedOut(rows []standing, m move) ([]standing, bool) {
	at := func(id string) int { return slices.IndexFunc(rows, func(r standing) bool { return r.id == id }) }
	if m.before == m.id {
		return rows, true
	}
	row := rows[at(m.id)]
	if row.dynamic || (m.before != "" && rows[at(m.before)].dynamic) {
		return nil, false
	}
	rows = slices.Delete(slices.Clone(rows), at(m.id), at(m.id)+1)
	if m.before == "" {
		return append(rows, row), true
	}
	return slices.Insert(rows, at(m.before), row), true
}

// right judges an arrangement by the words of the documentation, and not as moves does.
func right(o Order, rows []standing) bool {
	var chain []string // what counts
	var order []string
	for _, row := range rows {
		if row.counts {
			chain = append(chain, row.id)
			if slices.Contains(o.Rows, row.id) {
				order = append(order, row.id)
			}
		}
	}
	if !slices.Equal(order, o.Rows) {
		return false
	}
	n := len(o.Rows)
	switch at := slices.Index(chain, o.Anchor); o.Place {
	case First:
		return slices.Equal(chain[:n], o.Rows)
	case Last:
		return slices.Equal(chain[len(chain)-n:], o.Rows)
	case Before:
		return at >= n && slices.Equal(chain[at-n:at], o.Rows)
	case After:
		return at+n < len(chain) && slices.Equal(chain[at+1:at+1+n], o.Rows)
	case Anywhere:
	}
	return true
}

// fewest tries all ways to put rows in order, shortest first.
func fewest(o Order, start []standing) int {
	seen := map[string]bool{letters(start): true}
	for moves, now := 0, [][]standing{start}; ; moves++ {
		var next [][]standing
		for _, rows := range now {
			if right(o, rows) {
				return moves
			}
			for _, id := range o.Rows {
				for _, before := range append([]standing{{}}, rows...) {
					after, ok := carriedOut(rows, move{id, before.id})
					if ok && !seen[letters(after)] {
						seen[letters(after)] = true
						next = append(next, after)
					}
				}
			}
		}
		now = next
	}
}

// others are the rows that are not put in order.
func others(o Order, rows []standing) []standing {
	return slices.DeleteFunc(slices.Clone(rows), func(r standing) bool { return slices.Contains(o.Rows, r.id) })
}

// drawn is a menu and a wish that can be fulfilled, of at most so many rules, foreign rules, and dynamic ones.
func drawn(t *rapid.T, rules, foreign, dynamic int) (Order, []standing) {
	ours := []rune("abcdefghijklmnopqrstuvwxyz")[:rapid.IntRange(0, rules).Draw(t, "rules")]
	chain := []rune("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[:rapid.IntRange(0, foreign).Draw(t, "others")]
	far := []rune("0123456789")[:rapid.IntRange(0, min(foreign, 10)).Draw(t, "other chains")]
	made := slices.Repeat([]rune{'#'}, rapid.IntRange(0, dynamic).Draw(t, "dynamic"))
	static := rapid.Permutation(slices.Concat(ours, chain, far)).Draw(t, "static")
	all := string(made) + string(static)
	switch rapid.SampledFrom([]string{"top", "end", "among"}).Draw(t, "dynamic rows") {
	case "end":
		all = string(static) + string(made)
	case "among":
		all = string(rapid.Permutation([]rune(all)).Draw(t, "menu"))
	}
	o := Order{Place: rapid.SampledFrom([]Place{Anywhere, First, Last, Before, After}).Draw(t, "place")}
	for _, letter := range rapid.Permutation(ours).Draw(t, "wish") {
		o.Rows = append(o.Rows, string(letter))
	}
	if o.Place == Before || o.Place == After {
		if len(chain) == 0 {
			t.Skip("nothing to stand next to")
		}
		o.Anchor = string(rapid.SampledFrom(chain).Draw(t, "anchor"))
	}
	return o, menuOf(all)
}

// TestMoves: what is wished comes true, the others stay in order, and nothing is asked for that a router refuses.
func TestMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, before := drawn(t, 12, 8, 3)
		moves, err := o.moves(before)
		require.NoError(t, err)
		if right(o, before) {
			require.Empty(t, moves)
		}
		require.Equal(t, right(o, before), o.stands(before).Place == o.Place && slices.Equal(o.stands(before).Rows, o.Rows))
		after := before
		moved := map[string]bool{}
		for _, m := range moves {
			var accepted bool
			after, accepted = carriedOut(after, m)
			require.True(t, accepted, "%v", m)
			require.False(t, moved[m.id], "%s is moved once", m.id)
			moved[m.id] = true
		}
		require.True(t, right(o, after), "%s → %s", letters(before), letters(after))
		require.Equal(t, others(o, before), others(o, after))
		if o.Place == Anywhere {
			require.Len(t, moves, len(o.Rows)-longestIncreasing(o, before))
		}
		moves, err = o.moves(after)
		require.NoError(t, err)
		require.Empty(t, moves, "what is right stays")
	})
}

// longestIncreasing is the textbook's: for each row the longest series that ends with it.
func longestIncreasing(o Order, rows []standing) int {
	var positions, lengths []int
	for _, row := range rows {
		if at := slices.Index(o.Rows, row.id); at >= 0 {
			length := 1
			for i, position := range positions {
				if position < at {
					length = max(length, lengths[i]+1)
				}
			}
			positions, lengths = append(positions, at), append(lengths, length)
		}
	}
	return slices.Max(append(lengths, 0))
}

// TestFewestMoves: no way with fewer moves exists, at whichever place.
func TestFewestMoves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, rows := drawn(t, 4, 2, 1)
		moves, err := o.moves(rows)
		require.NoError(t, err)
		require.Len(t, moves, fewest(o, rows), "%s", letters(rows))
	})
}

// TestMovesRead are what a reader would do by hand.
func TestMovesRead(t *testing.T) {
	for name, c := range map[string]struct {
		wish       Order
		rows, want string
		moves      []move
	}{
		"in order":             {Order{Rows: []string{"a", "b"}}, "aXb", "aXb", nil},
		"the last to the top":  {Order{Rows: []string{"d", "a", "b", "c"}}, "abcXd", "dabcX", []move{{"d", "a"}}},
		"the first to the end": {Order{Rows: []string{"b", "c", "a"}}, "abXcY", "bXcaY", []move{{"a", "Y"}}},
		"first":                {Order{Rows: []string{"a", "b"}, Place: First}, "##1XabY", "##1abXY", []move{{"b", "X"}, {"a", "b"}}},
		"last":                 {Order{Rows: []string{"a"}, Place: Last}, "aX1##", "X1##a", []move{{"a", ""}}},
		"before":               {Order{Rows: []string{"a", "b"}, Place: Before, Anchor: "X"}, "aWXb", "WabX", []move{{"b", "X"}, {"a", "b"}}},
		"after":                {Order{Rows: []string{"a", "b"}, Place: After, Anchor: "X"}, "Xa#YbZ", "Xa#bYZ", []move{{"b", "Y"}}},
	} {
		t.Run(name, func(t *testing.T) {
			rows := menuOf(c.rows)
			moves, err := c.wish.moves(rows)
			require.NoError(t, err)
			assert.Equal(t, c.moves, moves)
			for _, m := range moves {
				rows, _ = carriedOut(rows, m)
			}
			assert.Equal(t, c.want, letters(rows))
		})
	}
}

// TestStands: what is seen of an order that somebody disturbed.
func TestStands(t *testing.T) {
	first := Order{Rows: []string{"a", "b", "c"}, Place: First}
	assert.Equal(t, Order{Rows: []string{"b", "a", "c"}, Place: First}, first.stands(menuOf("bacX")), "only the order is another")
	assert.Equal(t, Order{Rows: []string{"a", "b", "c"}}, first.stands(menuOf("aXbc")), "only the place is another")
	assert.Equal(t, Order{Rows: []string{"a", "c"}, Place: First}, first.stands(menuOf("acX")), "what is gone is not there")
	next := Order{Rows: []string{"a"}, Place: After, Anchor: "X"}
	assert.Equal(t, next, next.stands(menuOf("X1#aY")))
	assert.Equal(t, Order{Rows: []string{"a"}}, next.stands(menuOf("aY")), "nothing stands next to what is gone")
}

func TestOrderRefused(t *testing.T) {
	for name, c := range map[string]struct {
		wish Order
		kind error
		ids  []string
	}{
		"gone":                {Order{Rows: []string{"a", "y", "z"}}, ErrNotFound, []string{"y", "z"}},
		"gone anchor":         {Order{Rows: []string{"a"}, Place: Before, Anchor: "Z"}, ErrNotFound, []string{"Z"}},
		"twice":               {Order{Rows: []string{"a", "b", "a"}}, ErrRefused, []string{"a"}},
		"its own anchor":      {Order{Rows: []string{"a", "b"}, Place: After, Anchor: "b"}, ErrRefused, []string{"b"}},
		"another chain":       {Order{Rows: []string{"a", "1"}}, ErrRefused, []string{"1"}},
		"dynamic":             {Order{Rows: []string{"#0", "a"}}, ErrRefused, []string{"#0"}},
		"anchor is dynamic":   {Order{Rows: []string{"a"}, Place: After, Anchor: "#0"}, ErrRefused, []string{"#0"}},
		"unused anchor is no": {Order{Rows: []string{"b", "a"}, Anchor: "Z"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.wish.moves(menuOf("#1abX"))
			if c.kind == nil {
				require.NoError(t, err)
				return
			}
			var refused *Error
			require.ErrorAs(t, err, &refused)
			require.ErrorIs(t, err, c.kind)
			assert.Equal(t, c.ids, refused.IDs)
		})
	}
}

func TestCheckID(t *testing.T) {
	require.NoError(t, CheckID("*1A"))
	for text, want := range map[string]string{"*1a": `write "*1A"`, "1A": "*1A", "*": "hexadecimal", "": "hexadecimal", "*1G": "hexadecimal", "web": "hexadecimal"} {
		require.ErrorContains(t, CheckID(text), want, text)
	}
}
