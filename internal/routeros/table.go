package routeros

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Table is a menu of one router. All tables of a menu share their reads.
type Table struct {
	router *Router
	menu   *Menu
	reads  *reads
}

// Row is one object of a menu.
type Row struct {
	ID      string // where it is: "*1A"
	Words   Words  // what it is
	BuiltIn bool   // it comes with RouterOS and cannot be removed
	Dynamic bool   // RouterOS made it and takes it away again; it cannot be changed

	wire sentence
}

// Table gives the router's menu.
func (r *Router) Table(m *Menu) *Table {
	shared, _ := r.menus.LoadOrStore(m, &reads{})
	return &Table{router: r, menu: m, reads: shared.(*reads)} //nolint:forcetypeassert // only reads are stored
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

// Locate finds a row again: where it was, if what is there is still it; else by its key. An id alone is no proof: a
// restored or upgraded router numbers its rows anew.
func (t *Table) Locate(ctx context.Context, id string, prior Words) (Row, bool, error) {
	var row Row
	var there bool
	var err error
	if id != "" {
		row, there, err = t.ByID(ctx, id, prior)
	}
	key := prior[t.menu.Key]
	if err != nil || (there && row.Words[t.menu.Key] == key) {
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
	// Its key was changed by hand, unless what stands there resembles it as little as any other row would.
	return row, there && resembles(row.Words, prior, t.menu.Key), nil
}

// resembles tells whether at least half of what is known of a row, its key apart, is still so.
func resembles(words, prior Words, key string) bool {
	same, known := 0, 0
	for word, value := range prior {
		if word == key {
			continue
		}
		known++
		if spelled(words[word]) == spelled(value) {
			same++
		}
	}
	return 2*same >= known
}

// spelled gives yes and no the form in which RouterOS prints them.
func spelled(value string) string {
	switch value {
	case "yes":
		return "true"
	case "no":
		return "false"
	}
	return value
}

func (t *Table) rows(ctx context.Context, prior Words, wanted ...match) ([]Row, error) {
	path, v, err := t.at(ctx)
	if err != nil {
		return nil, err
	}
	print := func(ctx context.Context, wanted []match) ([]sentence, error) {
		return t.router.print(ctx, path, t.menu.wireWords(v), wanted)
	}
	all, err := t.reads.rows(ctx, print, wanted...)
	if err != nil {
		return nil, err
	}
	var rows []Row
	for _, row := range all {
		if !t.ours(row) || (len(wanted) > 0 && !slices.ContainsFunc(wanted, func(m match) bool { return m.in(row) })) {
			continue
		}
		rows = append(rows, Row{
			ID:      row[".id"],
			Words:   t.menu.decode(v, row, prior),
			BuiltIn: row["default"] == "true",
			Dynamic: row["dynamic"] == "true",
			wire:    row,
		})
	}
	return rows, nil
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
	if err != nil || t.menu.complete == nil {
		return row.Words, err
	}
	plain := maps.Clone(row.Words)
	for _, word := range t.menu.implied {
		delete(plain, word)
	}
	again := maps.Clone(plain)
	if err := t.menu.complete(ctx, t.router, v, again); err != nil || !maps.Equal(again, row.Words) {
		return row.Words, nil //nolint:nilerr // what does not follow stays
	}
	return plain, nil
}

// Add creates an object and gives its id. ErrUnsure if it is not known whether it did.
func (t *Table) Add(ctx context.Context, words Words) (id string, err error) {
	path, v, err := t.at(ctx)
	if err != nil {
		return "", err
	}
	wire, err := t.prepare(ctx, v, words)
	if err != nil {
		return "", err
	}
	maps.Copy(wire, t.menu.Fixed)
	command := append([]string{path + "/add"}, t.assignments(v, wire)...)
	answer, err := t.write(ctx, v, command)
	if err != nil && ctx.Err() != nil {
		return "", t.unsure(err)
	}
	if !lost(err) {
		return answer.done["ret"], err
	}
	// It may have been carried out: look before asking again.
	before := err
	made, err := t.lookUp(ctx, words)
	switch {
	case errors.Is(err, ErrDuplicate):
		return "", err
	case err != nil:
		return "", t.unsure(errors.Join(before, err))
	case made != "":
		return made, nil
	}
	answer, err = t.write(ctx, v, command)
	switch {
	case lost(err):
		return "", t.unsure(errors.Join(before, err))
	case err != nil:
		return "", fmt.Errorf("%w\n(asked a second time; the first time: %w)", err, before)
	}
	return answer.done["ret"], nil
}

func (t *Table) unsure(err error) error {
	return &Error{Kind: ErrUnsure, Router: t.router.Address(), err: err,
		Message: fmt.Sprintf("whether it has the new %s is not known, since its answer was lost: %v", t.menu.Noun, err),
		Advice:  fmt.Sprintf("Apply again: if it has it, it is found by its %s and made anew.", t.menu.Key)}
}

// lookUp finds the one row that an add whose answer was lost has made; "" if it made none.
func (t *Table) lookUp(ctx context.Context, words Words) (id string, err error) {
	rows, err := t.List(ctx)
	if err != nil {
		return "", err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		if key := words[t.menu.Key]; key != "" {
			return r.Words[t.menu.Key] != key
		}
		return !resembles(r.Words, words, "")
	})
	switch len(rows) {
	case 0:
		return "", nil
	case 1:
		return rows[0].ID, nil
	}
	return "", &Error{Kind: ErrDuplicate, Router: t.router.Address(),
		Message: fmt.Sprintf("the answer to creating a %s was lost, and %d rows look like it", t.menu.Noun, len(rows)),
		Advice:  "Import the right one, or remove it and apply again. A comment that no other row has makes rows easy to tell apart."}
}

// Set makes the row with that id have the words of want and no longer those that only prior has.
func (t *Table) Set(ctx context.Context, id string, prior, want Words) error {
	path, v, err := t.at(ctx)
	if err != nil {
		return err
	}
	wire, err := t.prepare(ctx, v, want)
	if err != nil {
		return err
	}
	unset := t.cleared(v, prior, want, wire)
	before, err := t.menu.encode(v, prior)
	if err != nil {
		return err
	}
	for property, value := range before {
		if wire[property] == value {
			delete(wire, property)
		}
	}
	var commands [][]string
	for _, property := range unset {
		commands = append(commands, []string{path + "/unset", "=.id=" + id, "=value-name=" + property})
	}
	if len(wire) > 0 {
		commands = append(commands, append([]string{path + "/set", "=.id=" + id}, t.assignments(v, wire)...))
	}
	for _, command := range commands {
		_, err := t.write(ctx, v, command)
		if lost(err) {
			// To set the same twice does no harm, if the row is still the one that we mean.
			if _, there, lookErr := t.Locate(ctx, id, prior); lookErr == nil && there {
				_, err = t.write(ctx, v, command)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cleared are the properties to unset, in the opposite order of the menu's words; what this release cannot unset is
// added to wire with its default.
func (t *Table) cleared(v Version, prior, want Words, wire map[string]string) (unset []string) {
	for _, w := range slices.Backward(t.menu.Words) {
		_, had := prior[w.Name]
		_, wanted := want[w.Name]
		s, exists := w.spelling(v)
		if !had || wanted || !exists {
			continue
		}
		if _, completed := wire[s.Word]; completed {
			continue
		}
		if !s.Fixed {
			unset = append(unset, s.Word)
			continue
		}
		value := w.Default
		if s.Encode != nil {
			value = s.Encode(value)
		}
		wire[s.Word] = value
	}
	return unset
}

// Remove deletes the row. It is no error if it is gone already.
func (t *Table) Remove(ctx context.Context, id string, prior Words) error {
	path, v, err := t.at(ctx)
	if err != nil {
		return err
	}
	command := []string{path + "/remove", "=.id=" + id}
	_, err = t.write(ctx, v, command)
	if lost(err) {
		row, there, lookErr := t.Locate(ctx, id, prior)
		switch {
		case lookErr != nil:
			return lookErr
		case !there:
			return nil
		}
		_, err = t.write(ctx, v, []string{path + "/remove", "=.id=" + row.ID})
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// prepare turns words into this release's properties, with those that the release demands besides.
func (t *Table) prepare(ctx context.Context, v Version, words Words) (map[string]string, error) {
	full := maps.Clone(words)
	if t.menu.complete != nil {
		if err := t.menu.complete(ctx, t.router, v, full); err != nil {
			return nil, err
		}
	}
	wire, err := t.menu.encode(v, full)
	if e := (*Error)(nil); errors.As(err, &e) {
		e.Router, e.Version = t.router.Address(), v.String()
	}
	return wire, err
}

// assignments are attribute words in the order of the menu, so that the same change is always the same sentence.
func (t *Table) assignments(v Version, wire map[string]string) []string {
	var words []string
	order := []string{}
	for _, w := range t.menu.Words {
		if s, ok := w.spelling(v); ok {
			order = append(order, s.Word)
		}
	}
	rank := func(p string) int { return slices.Index(order, p) }
	for _, property := range slices.SortedFunc(maps.Keys(wire), func(a, b string) int { return rank(a) - rank(b) }) {
		words = append(words, "="+property+"="+wire[property])
	}
	return words
}

// write sends a command that changes the menu, and says which word a refusal is about.
func (t *Table) write(ctx context.Context, v Version, command []string) (reply, error) {
	defer t.reads.wrote()
	answer, err := t.router.run(ctx, command...)
	var refused *Error
	if errors.As(err, &refused) {
		refused.Word = t.blamed(v, command, refused.Message)
	}
	return answer, err
}

// blamed is the word of the command that the router's message names; or, since RouterOS also speaks of the kind of
// value ("… any value of interface"), the only one that ends so (in-interface).
func (t *Table) blamed(v Version, command []string, message string) string {
	said := strings.FieldsFunc(message, isSeparator)
	var exact string
	var ending []string
	for _, word := range command[1:] {
		property, _, _ := strings.Cut(strings.TrimPrefix(word, "="), "=")
		if slices.Contains(said, property) && len(property) > len(exact) {
			exact = property
		}
		if slices.ContainsFunc(said, func(kind string) bool { return strings.HasSuffix(property, "-"+kind) }) {
			ending = append(ending, property)
		}
	}
	if exact == "" && len(ending) == 1 {
		exact = ending[0]
	}
	return t.menu.canonical(v, exact)
}

// RouterOS' names are of letters, digits, dots and dashes.
func isSeparator(r rune) bool {
	return r != '-' && r != '.' && (r < 'a' || r > 'z') && (r < '0' || r > '9')
}
