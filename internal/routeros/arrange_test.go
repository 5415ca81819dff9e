package routeros

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// fill gives the router a row for each letter, as menuOf has them, and tells their ids.
func fill(t *testing.T, sim *routerostest.Router, letters string) map[string]string {
	t.Helper()
	ids := map[string]string{}
	for _, letter := range letters {
		chain := "=chain=dstnat"
		switch {
		case letter == '#':
			_, err := sim.AddDynamic("/ip/firewall/nat", map[string]string{"chain": "dstnat", "action": "dst-nat", "comment": "#"})
			require.NoError(t, err)
			continue
		case letter <= '9':
			chain = "=chain=srcnat"
		}
		rows, err := sim.Run("/ip/firewall/nat/add", chain, "=action=accept", "=comment="+string(letter))
		require.NoError(t, err)
		ids[string(letter)] = rows[0]["ret"]
	}
	return ids
}

// shown is the router's menu as letters.
func shown(sim *routerostest.Router) string {
	text := ""
	for _, row := range sim.Print("/ip/firewall/nat") {
		text += row["comment"]
	}
	return text
}

func named(ids map[string]string, letters string) []string {
	var named []string
	for _, letter := range letters {
		named = append(named, ids[string(letter)])
	}
	return named
}

// TestArrange on every RouterOS, with dynamic rows on top and at the end.
func TestArrange(t *testing.T) {
	for name, options := range map[string][]routerostest.Option{"on top": nil, "at the end": {routerostest.DynamicAtEnd()}} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
				ids := fill(t, sim, "b1cXadY#2#")
				table := r.Table(DstNAT)
				for _, c := range []struct {
					order  string
					place  Place
					anchor string
					want   string
					moves  int
				}{
					{"abcd", Anywhere, "", "ab1cXdY2", 1},
					{"abcd", First, "", "ab1cdXY2", 1},
					{"dcba", First, "", "1dcbaXY2", 3},
					{"dcba", Last, "", "1XY2dcba", 4},
					{"cb", Before, "X", "1cbXY2da", 2},
					{"ad", After, "X", "1cbXadY2", 2},
					{"bcad", Anywhere, "", "1bXcadY2", 1},
				} {
					wish := Order{Rows: named(ids, c.order), Place: c.place, Anchor: ids[c.anchor]}
					is, err := table.Standing(t.Context(), wish)
					require.NoError(t, err)
					assert.NotEqual(t, wish, is)
					sim.ResetStats()
					require.NoError(t, table.Arrange(t.Context(), wish))
					assert.Equal(t, c.want, strings.ReplaceAll(shown(sim), "#", ""), c.order)
					assert.Equal(t, c.moves, sim.Stats().Commands["/ip/firewall/nat/move"])
					is, err = table.Standing(t.Context(), wish)
					require.NoError(t, err)
					assert.Equal(t, wish, is, "what was written is what is read")
				}
			}, options...)
		})
	}
}

// TestArrangeLost: the connection breaks before or after a move was carried out, more than once.
func TestArrangeLost(t *testing.T) {
	for name, cut := range map[string]func(string, int) routerostest.Option{"before": routerostest.CutBefore, "after": routerostest.CutAfter} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
				ids := fill(t, sim, "abcd")
				sim.Configure(cut("nat/move", 1), cut("nat/move", 3))
				require.NoError(t, r.Table(DstNAT).Arrange(t.Context(), Order{Rows: named(ids, "dcba")}))
				assert.Equal(t, "dcba", shown(sim))
				moves := sim.Stats().Commands["/ip/firewall/nat/move"]
				assert.Equal(t, map[string]int{"before": 5, "after": 3}[name], moves, "what was done is not done again")

				sim.Configure(cut("nat/move", 1))
				require.NoError(t, r.Table(DstNAT).MoveBefore(t.Context(), ids["a"], ids["d"]))
				assert.Equal(t, "adcb", shown(sim))
			})
		})
	}
	sim := routerostest.StartTest(t, "7.24")
	ids := fill(t, sim, "ab")
	for n := range arrangements {
		sim.Configure(routerostest.CutBefore("nat/move", n+1))
	}
	err := dial(t, sim).Table(DstNAT).Arrange(t.Context(), Order{Rows: named(ids, "ba")})
	require.ErrorIs(t, err, ErrConnection, "not for ever")
	assert.Equal(t, arrangements, sim.Stats().Commands["/ip/firewall/nat/move"])
}

// meddled is an order between whose plans and moves somebody else does something.
func meddled(o Order, meddle func()) func([]standing) ([]move, error) {
	return func(rows []standing) ([]move, error) {
		moves, err := o.moves(rows)
		meddle()
		return moves, err
	}
}

// TestArrangeMeddled: others write too.
func TestArrangeMeddled(t *testing.T) {
	remove := func(t *testing.T, sim *routerostest.Router, id string) func() {
		return func() {
			for _, row := range sim.Print("/ip/firewall/nat") {
				if row[".id"] == id {
					_, err := sim.Run("/ip/firewall/nat/remove", "=.id="+id)
					require.NoError(t, err)
				}
			}
		}
	}
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		table := r.Table(DstNAT)
		ids := fill(t, sim, "Xab")
		order := Order{Rows: named(ids, "ba"), Place: First}
		require.NoError(t, table.rearrange(t.Context(), nil, meddled(order, remove(t, sim, ids["X"]))), "what a rule was to come before is gone")
		assert.Equal(t, "ba", shown(sim))

		order.Rows = named(ids, "ab")
		err := table.rearrange(t.Context(), nil, meddled(order, remove(t, sim, ids["b"])))
		var refused *Error
		require.ErrorAs(t, err, &refused)
		require.ErrorIs(t, err, ErrNotFound)
		assert.Equal(t, []string{ids["b"]}, refused.IDs)
		assert.Contains(t, err.Error(), fmt.Sprintf("/ip/firewall/nat: there is no row %s", ids["b"]))
		assert.Contains(t, err.Error(), sim.Addr())

		// Somebody turns the order round each time before we look again.
		order = Order{Rows: named(fill(t, sim, "cd"), "dc")}
		sim.ResetStats()
		err = table.rearrange(t.Context(), matches(order.Rows...), func(rows []standing) ([]move, error) {
			if rows[0].id == order.Rows[0] {
				slices.Reverse(rows)
			}
			return order.moves(rows)
		})
		require.ErrorContains(t, err, "do not stay where they are put")
		assert.Equal(t, arrangements, sim.Stats().Commands["/ip/firewall/nat/move"], "not for ever")
	})
}

// TestPlaceBefore: a row somewhere before another.
func TestPlaceBefore(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		table := r.Table(DstNAT)
		ctx := t.Context()
		ids := fill(t, sim, "1XY#")
		add := func(comment, next string) string {
			id, err := table.AddBefore(ctx, next, Words{"action": "accept", "comment": comment})
			require.NoError(t, err)
			return id
		}
		a, b := add("a", ids["X"]), add("b", ids["X"])
		c := add("c", "")
		assert.Equal(t, "#1abXYc", shown(sim))
		for _, id := range []string{a, b} {
			before, err := table.Precedes(ctx, id, ids["X"])
			require.NoError(t, err)
			assert.True(t, before, "neither drives the other away")
		}
		before, err := table.Precedes(ctx, c, ids["X"])
		require.NoError(t, err)
		assert.False(t, before)

		sim.ResetStats()
		require.NoError(t, table.MoveBefore(ctx, a, ids["Y"]))
		assert.Zero(t, sim.Stats().Commands["/ip/firewall/nat/move"], "it is already")
		require.NoError(t, table.MoveBefore(ctx, c, ids["1"]))
		assert.Equal(t, "#c1abXY", shown(sim))
		before, err = table.Precedes(ctx, c, ids["X"])
		require.NoError(t, err)
		assert.True(t, before, "a read after a write")

		dynamic := sim.Print("/ip/firewall/nat")[0][".id"]
		_, gone := table.AddBefore(ctx, "*FF", Words{"action": "accept"})
		_, made := table.AddBefore(ctx, dynamic, Words{"action": "accept"})
		for next, err := range map[string]error{"*FF": gone, dynamic: made, "*FE": table.MoveBefore(ctx, a, "*FE"), a: table.MoveBefore(ctx, a, a)} {
			var refused *Error
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, "place-before", refused.Word)
			assert.Equal(t, []string{next}, refused.IDs)
		}
		before, err = table.Precedes(ctx, a, "*FF")
		require.NoError(t, err)
		assert.False(t, before, "nothing stands before what is gone")
	})
}

// TestOrderCosts: to look at three rules of many does not take the whole menu, unless it matters what is between them.
func TestOrderCosts(t *testing.T) {
	sim := routerostest.StartTest(t, "7.24")
	ids := fill(t, sim, strings.Repeat("X", 50)+"abc")
	table := dial(t, sim).Table(DstNAT)
	wish := Order{Rows: named(ids, "abc")}
	is, err := table.Standing(t.Context(), wish)
	require.NoError(t, err)
	assert.Equal(t, wish, is)
	log := sim.Stats().Log
	assert.Contains(t, log[len(log)-1], "?.id="+ids["a"])
}
