package routeros

import (
	"cmp"
	"context"
	"maps"
	"strconv"
	"strings"
)

// Table is a menu of one router. All tables of a menu share their reads.
type Table struct {
	router *Router
	menu   *Menu
	reads  *reads
	means  func(word, a, b string) bool // nil: only the same text means the same
}

// Row is one object of a menu.
type Row struct {
	ID      string // where it is: "*1A"
	Words   Words  // what it is
	BuiltIn bool   // it comes with RouterOS and cannot be removed
	Dynamic bool   // RouterOS made it and takes it away again; it cannot be changed
	Trouble string // why RouterOS does not use it, "" if it does, or is not meant to

	wire sentence
}

// Table gives the router's menu.
func (r *Router) Table(m *Menu) *Table {
	shared, _ := r.menus.LoadOrStore(m, newReads(m.Inherited))
	return &Table{router: r, menu: m, reads: shared.(*reads)} //nolint:forcetypeassert // only reads are stored
}

// Comparing is the table with a comparison of a word's values by what they mean (`90s` is `1m30s`), by which a row is
// told to be the one that was known.
func (t *Table) Comparing(means func(word, a, b string) bool) *Table {
	return &Table{router: t.router, menu: t.menu, reads: t.reads, means: means}
}

// at is the menu's path and properties on this router.
func (t *Table) at(ctx context.Context) (path string, v Version, err error) {
	v, err = t.router.Version(ctx)
	if err != nil {
		return "", v, err
	}
	path, err = t.menu.path(v)
	if err != nil {
		return "", v, &Error{Kind: ErrNoVersion, Router: t.router.Address(), Version: v.String(), Message: err.Error(), err: err}
	}
	return path, v, nil
}

// List gives all rows of the kind, in the router's order.
func (t *Table) List(ctx context.Context) ([]Row, error) { return t.rows(ctx, nil) }

// Find gives the rows of the kind whose word has the value.
func (t *Table) Find(ctx context.Context, word, value string) ([]Row, error) {
	_, v, err := t.at(ctx)
	if err != nil {
		return nil, err
	}
	w, _ := t.menu.Word(word)
	spelled, ok := w.spelling(v)
	if !ok {
		return nil, nil
	}
	return t.rows(ctx, nil, match{spelled.Word, value})
}

// ByID gives the row with that id; false if there is none. prior is what was last known of it.
func (t *Table) ByID(ctx context.Context, id string, prior Words) (Row, bool, error) {
	rows, err := t.rows(ctx, prior, match{".id", id})
	if err != nil || len(rows) == 0 {
		return Row{}, false, err
	}
	return rows[0], true, nil
}

// WithTwins is ByID, and gives the other rows of the same key besides: RouterOS lets comments, and on RouterOS 7 names,
// occur twice.
func (t *Table) WithTwins(ctx context.Context, id string, prior Words) (row Row, there bool, twins []Row, err error) {
	wanted := []match{{".id", id}}
	if key := prior[t.menu.Key]; key != "" {
		wanted = append(wanted, match{t.menu.Key, key})
	}
	rows, err := t.rows(ctx, prior, wanted...)
	for _, r := range rows {
		if r.ID == id {
			row, there = r, true
		} else {
			twins = append(twins, r)
		}
	}
	return row, there, twins, err
}

// Locate finds a row again: where it was, if what is there is still it; else by its key. An id alone is no proof: a
// restored or upgraded router numbers its rows anew. Of a row without a key, at least half of the rest has to be as known.
func (t *Table) Locate(ctx context.Context, id string, prior Words) (Row, bool, error) {
	key := prior[t.menu.Key]
	if id == "" && key == "" { // it is not known whether it was made
		made, err := t.lookUp(ctx, prior)
		if err != nil || made == "" {
			return Row{}, false, err
		}
		id = made
	}
	var row Row
	var there bool
	var err error
	if id != "" {
		row, there, err = t.ByID(ctx, id, prior)
	}
	if err != nil || (there && key != "" && row.Words[t.menu.Key] == key) {
		return row, there, err
	}
	if key != "" {
		others, err := t.Find(ctx, t.menu.Key, key)
		if err != nil {
			return Row{}, false, err
		}
		if len(others) == 1 {
			return others[0], true, nil
		}
	}
	_, v, err := t.at(ctx)
	// Its key was changed by hand, unless an upgrade gave that name, or what stands there resembles it as little as any
	// other row would.
	same, known := t.alike(row.Words, prior)
	return row, there && !t.menu.remade(v, row.Words) && 2*same >= known, err
}

// alike counts what is known of a row, its key apart, and how much of that is so.
func (t *Table) alike(words, prior Words) (same, known int) {
	for word, value := range prior {
		if word == t.menu.Key {
			continue
		}
		known++
		w, _ := t.menu.Word(word)
		is := cmp.Or(words[word], w.Default)
		if spelled(is) == spelled(value) || (t.means != nil && is != "" && t.means(word, is, value)) {
			same++
		}
	}
	return same, known
}

// spelled gives yes, no and AS numbers with a dot the form in which RouterOS prints them.
func spelled(value string) string {
	switch value {
	case "yes":
		return "true"
	case "no":
		return "false"
	}
	high, low, _ := strings.Cut(value, ".")
	h, errHigh := strconv.ParseUint(high, 10, 16)
	l, errLow := strconv.ParseUint(low, 10, 16)
	if errHigh == nil && errLow == nil {
		return strconv.FormatUint(h<<16|l, 10)
	}
	return value
}

func (t *Table) rows(ctx context.Context, prior Words, wanted ...match) ([]Row, error) {
	v, all, err := t.read(ctx, wanted...)
	if err != nil {
		return nil, t.lacking(err)
	}
	var rows []Row
	for _, row := range all {
		if !t.ours(row) {
			continue
		}
		rows = append(rows, Row{
			ID:      row[".id"],
			Words:   t.menu.decode(v, row, prior),
			BuiltIn: row["default"] == "true",
			Dynamic: row["dynamic"] == "true",
			Trouble: trouble(row),
			wire:    row,
		})
	}
	return rows, nil
}

// read gives the rows of the menu that match any, of whatever kind, in the router's order; no matches mean all.
func (t *Table) read(ctx context.Context, wanted ...match) (Version, []sentence, error) {
	path, v, err := t.at(ctx)
	if err != nil {
		return v, nil, err
	}
	print := func(ctx context.Context, wanted []match) ([]sentence, error) {
		return t.router.print(ctx, path, t.menu.wireWords(v), wanted)
	}
	rows, err := t.reads.rows(ctx, print, wanted...)
	return v, rows, err
}

func (t *Table) ours(row sentence) bool {
	for property, value := range t.menu.Fixed {
		if row[property] != value {
			return false
		}
	}
	return row[".id"] != ""
}

// Plain gives a row's words without those that follow from the others and that nobody needs to say.
func (t *Table) Plain(ctx context.Context, row Row) (Words, error) {
	_, v, err := t.at(ctx)
	if err != nil || t.menu.implied == nil {
		return row.Words, err
	}
	plain := maps.Clone(row.Words)
	for word, value := range t.menu.implied(ctx, t.router, v, row.Words) {
		if spelled(plain[word]) == spelled(value) {
			delete(plain, word)
		}
	}
	return plain, nil
}

// Strays are the watched words that nobody has said and that the router has otherwise than their absence means.
func (t *Table) Strays(ctx context.Context, row Row, said Words) (Words, error) {
	_, v, err := t.at(ctx)
	if err != nil {
		return nil, err
	}
	strays, follow := Words{}, Words(nil)
	for _, w := range t.menu.Words {
		if _, is := said[w.Name]; is || !w.Watched {
			continue
		}
		if w.Default == "" && follow == nil && t.menu.implied != nil {
			follow = t.menu.implied(ctx, t.router, v, row.Words)
		}
		meant := cmp.Or(w.Default, follow[w.Name])
		if is := row.Words[w.Name]; is != "" && meant != "" && spelled(is) != spelled(meant) {
			strays[w.Name] = is
		}
	}
	return strays, nil
}

// stateWords are what RouterOS says of a row besides its words.
var stateWords = []string{"dynamic", "default", "inactive", "invalid", ".about", "about", "disabled"}

// trouble is why a row is not in use although it is not disabled: RouterOS 7 takes what it cannot use and says so here.
func trouble(row sentence) string {
	idle := ""
	switch {
	case row["disabled"] == "true":
	case row["invalid"] == "true":
		idle = "invalid"
	case row["inactive"] == "true":
		idle = "inactive"
	}
	if about := cmp.Or(row[".about"], row["about"]); idle != "" && about != "" {
		return idle + ": " + about
	}
	return idle
}
