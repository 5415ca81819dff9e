package routeros

import (
	"context"
	"regexp"
	"slices"
)

// Remade is what an upgrade of RouterOS makes of objects: new ones in another menu, under names of its own.
type Remade struct {
	Range                // the releases in which they are
	Names *regexp.Regexp // the names that it gives
	Words []string       // the words in which what it made is the same as before
	Left  string         // the menu that the old ones stay in; what they still say would hide what the new ones say
}

// Copies is what an upgrade of RouterOS may leave on an object: words of its own that another object gives it as well,
// and which hide that from then on.
type Copies struct {
	Of    *Menu    // what the other object is
	By    string   // the word that names it
	Words []string // which may be copies
}

// Recognise is Locate; besides, it finds what an upgrade of RouterOS has made of the object: the only row with a name
// that upgrades give and the same words. That is good enough for a plan, which people see before anything happens; what
// acts without one uses Locate.
func (t *Table) Recognise(ctx context.Context, id string, prior Words) (Row, bool, error) {
	row, there, err := t.Locate(ctx, id, prior)
	if err != nil || there || t.menu.Remade == nil {
		return row, there, err
	}
	_, v, err := t.at(ctx)
	if err != nil {
		return Row{}, false, err
	}
	rows, err := t.rows(ctx, prior)
	if err != nil {
		return Row{}, false, err
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		return !t.menu.remade(v, r.Words) || slices.ContainsFunc(t.menu.Remade.Words, func(word string) bool {
			return spelled(r.Words[word]) != spelled(prior[word])
		})
	})
	if len(rows) != 1 {
		return Row{}, false, nil
	}
	// Of two objects that differ in their key only, an upgrade makes one: it is the first one's that asks.
	if owner, _ := t.reads.recognised.LoadOrStore(rows[0].ID, prior[t.menu.Key]); owner != prior[t.menu.Key] {
		return Row{}, false, nil
	}
	return rows[0], true, nil
}

// remade tells whether an upgrade may have made this object.
func (m *Menu) remade(v Version, words Words) bool {
	return m.Remade != nil && m.Remade.Contains(v) && m.Remade.Names.MatchString(words[m.Key])
}

// leftovers are the commands that make what an upgrade left behind no more hide the object, once that is called again as
// before: they unset what both say alike.
func (t *Table) leftovers(ctx context.Context, v Version, prior, want Words) (commands [][]string, err error) {
	if !t.menu.remade(v, prior) || want[t.menu.Key] == prior[t.menu.Key] {
		return nil, nil
	}
	left := t.menu.Remade.Left
	rows, err := t.router.print(ctx, left, t.menu.wireWords(v), []match{{t.menu.Key, want[t.menu.Key]}})
	for _, row := range rows {
		for _, w := range t.menu.Words {
			s, exists := w.spelling(v)
			value := row[s.Word]
			if exists && !s.Fixed && value != "" && (value == spelled(prior[w.Name]) || value == spelled(want[w.Name])) {
				commands = append(commands, []string{left + "/unset", "=.id=" + row[".id"], "=value-name=" + s.Word})
			}
		}
	}
	return commands, err
}

// copies are the properties to unset when an object is pointed at another one, so that it has them from there.
func (t *Table) copies(ctx context.Context, v Version, id string, prior, want Words) (unset []string, err error) {
	c := t.menu.Copies
	if c == nil || want[c.By] == prior[c.By] {
		return nil, nil
	}
	others, err := t.router.Table(c.Of).Find(ctx, c.Of.Key, want[c.By])
	if err != nil || len(others) != 1 {
		return nil, err
	}
	row, _, err := t.ByID(ctx, id, prior)
	for _, name := range c.Words {
		w, _ := t.menu.Word(name)
		s, exists := w.spelling(v)
		_, wanted := want[name]
		if value := row.Words[name]; exists && !wanted && value != "" && value == others[0].Words[name] {
			unset = append(unset, s.Word)
		}
	}
	return unset, err
}
