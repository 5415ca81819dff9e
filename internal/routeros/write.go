package routeros

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Add creates an object and gives its id. ErrUnsure if it is not known whether it did.
func (t *Table) Add(ctx context.Context, words Words) (id string, err error) {
	return t.add(ctx, "", words)
}

// add is Add, in an ordered menu directly before the row next, unless that is "".
func (t *Table) add(ctx context.Context, next string, words Words) (id string, err error) {
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
	if next != "" {
		command = append(command, "=place-before="+next)
	}
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
		Advice:  "Apply again: if it has it, it is found and made anew."}
}

// lookUp finds the one row that an add whose answer was lost has made; "" if it made none. A name is enough, since none
// other had it; but many rows can have a comment.
func (t *Table) lookUp(ctx context.Context, words Words) (id string, err error) {
	rows, err := t.List(ctx)
	if err != nil {
		return "", err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		same, known := t.alike(r.Words, words)
		return r.Words[t.menu.Key] != words[t.menu.Key] || (t.menu.Key != "name" && same < known)
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
	if word, must := t.menu.Replaces(v, prior, want); must {
		return &Error{Kind: ErrNoVersion, Router: t.router.Address(), Version: v.String(), Word: word,
			Message: fmt.Sprintf("%s of a %s cannot be taken back once it is set", word, t.menu.Noun),
			Advice:  "Plan again, with a refresh: the plan then replaces it."}
	}
	wire, err := t.prepare(ctx, v, want)
	if err != nil {
		return err
	}
	before, err := t.menu.encode(v, prior)
	if err != nil {
		return err
	}
	unset := t.cleared(v, before, wire)
	for property, value := range before {
		if wire[property] == value {
			delete(wire, property)
		}
	}
	copies, err := t.copies(ctx, v, id, prior, want)
	if err != nil {
		return err
	}
	leftovers, err := t.leftovers(ctx, v, prior, want)
	if err != nil {
		return err
	}
	// What is new is set before what is old goes: a rule or a filter that changes its form must not stand open in between,
	// or for good if the router refuses what is new.
	obstacles, rest := t.obstacles(v, unset, wire)
	commands := unsetting(path, id, obstacles)
	if len(wire) > 0 {
		commands = append(commands, append([]string{path + "/set", "=.id=" + id}, t.assignments(v, wire)...))
	}
	commands = append(commands, unsetting(path, id, append(rest, copies...))...)
	commands = append(commands, leftovers...)
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
func (t *Table) cleared(v Version, before, wire map[string]string) (unset []string) {
	for _, w := range slices.Backward(t.menu.Words) {
		s, exists := w.spelling(v)
		_, had := before[s.Word]
		_, wanted := wire[s.Word]
		if !exists || !had || wanted || slices.Contains(unset, s.Word) {
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

// obstacles are the properties to unset that are in the way of what is set: a port, if its protocol changes.
func (t *Table) obstacles(v Version, unset []string, wire map[string]string) (obstacles, rest []string) {
	for _, property := range unset {
		w, _ := t.menu.Word(t.menu.canonical(v, property))
		if _, changes := wire[w.Needs]; changes {
			obstacles = append(obstacles, property)
		} else {
			rest = append(rest, property)
		}
	}
	return obstacles, rest
}

func unsetting(path, id string, properties []string) (commands [][]string) {
	for _, property := range properties {
		commands = append(commands, []string{path + "/unset", "=.id=" + id, "=value-name=" + property})
	}
	return commands
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
	answer, err := t.router.run(ctx, command...)
	t.wrote(v, command, answer, err)
	var refused *Error
	if errors.As(err, &refused) && errors.As(err, new(*trap)) { // "connect: connection refused" speaks of no word
		refused.Word = t.blamed(v, command, refused.Message)
	}
	return answer, t.lacking(err)
}

// wrote tells the readers what a write has changed: of an add, a set, an unset or a remove that the router has answered
// it is one row, and that only; of all else it is not known.
func (t *Table) wrote(v Version, command []string, answer reply, err error) {
	if t.menu.Inherited {
		t.router.forget()
		return
	}
	path, _ := t.menu.path(v)
	id, removed := "", false
	if err == nil || errors.As(err, new(*trap)) {
		switch command[0] {
		case path + "/add":
			id = answer.done["ret"]
		case path + "/set", path + "/unset":
			id = strings.TrimPrefix(command[1], "=.id=")
		case path + "/remove":
			id, removed = strings.TrimPrefix(command[1], "=.id="), err == nil
		}
	}
	t.reads.wrote(id, removed)
}

// lacking adds what it means that the router does not have the menu, to a copy: all readers of a print share its error.
func (t *Table) lacking(err error) error {
	var refused *Error
	if !errors.As(err, &refused) || !errors.Is(refused.Kind, ErrNoMenu) || t.menu.Lack == "" {
		return err
	}
	explained := *refused
	explained.Advice = t.menu.Lack + "."
	return &explained
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
