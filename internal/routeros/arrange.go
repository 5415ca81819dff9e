package routeros

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// How often an order is planned anew: after an answer was lost, or while somebody else moves rows too.
const arrangements = 5

// Arrange makes the rows stand as wished, with the fewest moves, and looks whether they do. Rows that are not there, or
// that cannot be moved, are the IDs of its *Error.
func (t *Table) Arrange(ctx context.Context, wish Order) error {
	return t.rearrange(ctx, nil, wish.moves)
}

// placeBefore is add's word for what MoveBefore does later on; errors about either name it.
const placeBefore = "place-before"

// AddBefore is Add, directly before another row of the menu, unless next is "".
func (t *Table) AddBefore(ctx context.Context, next string, words Words) (id string, err error) {
	id, err = t.add(ctx, next, words)
	var refused *Error
	if next != "" && errors.As(err, &refused) && (errors.Is(err, ErrNotFound) || strings.Contains(refused.Message, "can not be moved")) {
		refused.Word, refused.IDs = placeBefore, []string{next}
		refused.Advice = "Nothing can stand before a row that is not there, or that the router made itself: name another."
	}
	return id, err
}

// MoveBefore makes a row stand somewhere before another row of the menu; a row that does stays where it is.
func (t *Table) MoveBefore(ctx context.Context, id, next string) error {
	return t.rearrange(ctx, matches(id, next), func(rows []standing) ([]move, error) {
		// Rows of any chain will do, as for the router's own place-before.
		for i := range rows {
			rows[i].counts = !rows[i].dynamic
		}
		err := Order{Rows: []string{id}, Place: Before, Anchor: next}.check(rows)
		if refused := (*Error)(nil); errors.As(err, &refused) {
			refused.Word = placeBefore
		}
		if err != nil || precedes(rows, id, next) {
			return nil, err
		}
		return []move{{id, next}}, nil
	})
}

// Standing tells how much of a wish is so: those of its rows that are there, as they stand, and the place, if that is
// where they are.
func (t *Table) Standing(ctx context.Context, wish Order) (Order, error) {
	var wanted []match
	if wish.Place == Anywhere { // else it takes the whole menu to know what stands between
		wanted = matches(wish.Rows...)
	}
	rows, err := t.standing(ctx, wanted...)
	if err != nil {
		return Order{}, err
	}
	return wish.stands(rows), nil
}

// Precedes tells whether both rows are there, the one somewhere before the other.
func (t *Table) Precedes(ctx context.Context, id, next string) (bool, error) {
	rows, err := t.standing(ctx, matches(id, next)...)
	return precedes(rows, id, next), err
}

func precedes(rows []standing, id, next string) bool {
	at := func(id string) int { return slices.IndexFunc(rows, func(r standing) bool { return r.id == id }) }
	return at(id) >= 0 && at(id) < at(next)
}

func matches(ids ...string) []match {
	var wanted []match
	for _, id := range ids {
		wanted = append(wanted, match{".id", id})
	}
	return wanted
}

// standing gives the rows that match any, of whatever kind, in the router's order; no matches mean all.
func (t *Table) standing(ctx context.Context, wanted ...match) ([]standing, error) {
	_, rows, err := t.read(ctx, wanted...)
	return t.standings(rows), err
}

func (t *Table) standings(rows []sentence) []standing {
	all := make([]standing, len(rows))
	for i, row := range rows {
		dynamic := row["dynamic"] == "true"
		all[i] = standing{id: row[".id"], dynamic: dynamic, counts: !dynamic && t.ours(row)}
	}
	return all
}

// rearrange carries out what is planned on those rows as the router has them just now (nil means all), until a plan has
// nothing to move.
func (t *Table) rearrange(ctx context.Context, wanted []match, plan func([]standing) ([]move, error)) error {
	path, v, err := t.at(ctx)
	if err != nil {
		return err
	}
	properties := []string{".id", "dynamic"}
	for property := range t.menu.Fixed {
		properties = append(properties, property)
	}
	var before error
	for range arrangements {
		// Others write too: what is moved relies on a print of its own, not on the shared one.
		rows, err := t.router.print(ctx, path, properties, wanted)
		if err != nil {
			return err
		}
		moves, err := plan(t.standings(rows))
		if refused := (*Error)(nil); errors.As(err, &refused) {
			refused.Router, refused.Version, refused.Message = t.router.Address(), v.String(), path+": "+refused.Message
		}
		if err != nil || len(moves) == 0 {
			return err
		}
		before = t.carryOut(ctx, v, path, moves)
		if before != nil && !lost(before) && !errors.Is(before, ErrNotFound) {
			return before
		}
	}
	if before == nil {
		before = &Error{Kind: ErrRefused, Router: t.router.Address(), Version: v.String(),
			Message: path + ": the rows do not stay where they are put",
			Advice:  "Somebody else moves them at the same time, perhaps another order of the same rows."}
	}
	return before
}

func (t *Table) carryOut(ctx context.Context, v Version, path string, moves []move) error {
	for _, m := range moves {
		command := []string{path + "/move", "=numbers=" + m.id}
		if m.before != "" {
			command = append(command, "=destination="+m.before)
		}
		if _, err := t.write(ctx, v, command); err != nil {
			return err
		}
	}
	return nil
}
