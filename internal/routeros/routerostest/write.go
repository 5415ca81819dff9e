package routerostest

import (
	"fmt"
	"slices"
	"strings"
)

// add makes a row, at the end or before another one, and answers with its id.
func (c *call) add() (reply, error) {
	r := &row{values: map[string]string{}, since: c.now()}
	if id, ok := c.sentence.arg("copy-from"); ok {
		from, err := c.table.find(c.world, id)
		if err != nil {
			return reply{}, err
		}
		r.values = from.clone().values
	}
	at := len(c.table.rows)
	if id, ok := c.sentence.arg("place-before"); ok {
		before, err := c.table.find(c.world, id)
		if err != nil {
			return reply{}, err
		}
		if before.dynamic {
			return reply{}, failure("can not be moved")
		}
		at = c.table.index(before)
	}
	if err := c.assign(r); err != nil {
		return reply{}, err
	}
	var absent []string
	for _, a := range c.table.order {
		if _, ok := r.values[a.name]; !ok && a.required != nil && a.required.has(c.version.described()) {
			absent = append(absent, a.name)
		}
	}
	if absent != nil {
		return reply{}, c.missing(absent...)
	}
	if _, named := r.values[c.table.key]; !named && c.table.autoName != "" {
		r.values[c.table.key] = c.table.freeName()
	}
	if err := c.judge(r, nil); err != nil {
		return reply{}, err
	}
	r.id = c.table.take(c.quirks.reuseIDs)
	c.table.insert(r, at)
	return reply{ret: new(r.ident())}, nil
}

// freeName is the first unused of peer1, peer2 ….
func (t *table) freeName() string {
	for n := 1; ; n++ {
		if name := fmt.Sprintf("%s%d", t.autoName, n); len(t.named(name)) == 0 {
			return name
		}
	}
}

// assign puts the arguments of a sentence into a row.
func (c *call) assign(r *row) error {
	for _, p := range c.sentence.args {
		name, unset := strings.CutPrefix(p.name, "!")
		a := c.table.args[name]
		switch {
		case a == nil: // an argument of the command, not of the row: numbers, place-before …
			continue
		case unset:
			if err := clearArg(r, a); err != nil {
				return err
			}
			continue
		}
		if p.value == "" && c.quirks.refuseEmpty && !a.fixed && !a.drop {
			return invalidValue(name)
		}
		value, err := a.kind.normal(c.world, name, p.value)
		if err != nil {
			return err
		}
		if a.drop && value == "" {
			delete(r.values, name)
		} else {
			r.values[name] = value
		}
	}
	return nil
}

func clearArg(r *row, a *arg) error {
	if a.fixed {
		return noMatch("value-name")
	}
	delete(r.values, a.name)
	return nil
}

// judge applies what concerns a row as a whole. old is the row that it replaces, nil for a new one.
func (c *call) judge(r, old *row) error {
	t := c.table
	if t.key != "" && (old == nil || old.values[t.key] != r.values[t.key]) {
		unique := t.unique || strings.HasPrefix(t.path, "/routing/bgp/") &&
			!c.quirks.or(c.quirks.duplicateNames, c.version[0] > 6)
		if unique && len(t.named(r.values[t.key])) > 0 {
			return duplicate(c.quirks)
		}
	}
	if t.check != nil {
		return t.check(c.world, r)
	}
	return nil
}

// change applies an edit to each row that a command names, one after the other, and stops at the first refusal.
func (c *call) change(edit func(*row) error) (reply, error) {
	rows, err := c.ids()
	if err != nil {
		return reply{}, err
	}
	for _, old := range rows {
		if old.dynamic {
			return reply{}, failure("can not change dynamic item") // text [inf]
		}
		r := old.clone()
		if err := edit(r); err != nil {
			return reply{}, err
		}
		if err := c.judge(r, old); err != nil {
			return reply{}, err
		}
		if c.table.key != "" {
			c.rename(old.values[c.table.key], r.values[c.table.key])
		}
		*old = *r
	}
	return reply{}, nil
}

// set changes properties. It also is the command `comment`.
func (c *call) set() (reply, error) { return c.change(c.assign) }

func (c *call) enable() (reply, error)  { return c.change(c.switchTo("false")) }
func (c *call) disable() (reply, error) { return c.change(c.switchTo("true")) }

func (c *call) switchTo(disabled string) func(*row) error {
	return func(r *row) error {
		if r.values["disabled"] != disabled {
			r.since = c.now()
		}
		r.values["disabled"] = disabled
		return nil
	}
}

// unset takes a property away, where the menu knows how.
func (c *call) unset() (reply, error) {
	name, ok := c.sentence.arg("value-name")
	if !ok {
		return reply{}, c.missing("value-name")
	}
	a := c.table.args[name]
	if a == nil {
		return reply{}, noMatch("value-name")
	}
	return c.change(func(r *row) error { return clearArg(r, a) })
}

// referrers calls visit for each stored value that refers to a name in this menu; what it returns is stored.
func (c *call) referrers(name string, visit func(value string) string) {
	for _, t := range c.tables {
		for _, a := range t.order {
			if a.kind.ref != c.table.path {
				continue
			}
			for _, r := range t.rows {
				value, set := r.values[a.name]
				if !set && a.def != nil {
					value = *a.def
				}
				if _, refers := replaceRef(value, name, name); refers && value != "" {
					r.values[a.name] = visit(value)
				}
			}
		}
	}
}

// rename makes references follow a row's name; the router stores them by id.
func (c *call) rename(old, name string) {
	if old != name && len(c.table.named(old)) == 1 {
		c.referrers(old, func(value string) string {
			value, _ = replaceRef(value, old, name)
			return value
		})
	}
}

// remove deletes rows. What referred to one keeps its id instead of its name, as dangling references read on a router
// [inf], unless the quirk refuses.
func (c *call) remove() (reply, error) {
	rows, err := c.ids()
	if err != nil {
		return reply{}, err
	}
	for _, r := range rows {
		if r.dynamic {
			return reply{}, failure("can not remove dynamic item") // text [inf]
		}
		if c.table.keep != nil {
			if err := c.table.keep(c.world, r); err != nil {
				return reply{}, err
			}
		}
		if name := r.values[c.table.key]; c.quirks.refuseInUse && c.table.key != "" && len(c.table.named(name)) == 1 {
			used := false
			if c.referrers(name, func(value string) string { used = true; return value }); used {
				return reply{}, failure("item is in use") // text [inf]
			}
		}
		c.delete(r)
	}
	return reply{}, nil
}

// delete takes a row away.
func (c *call) delete(r *row) {
	if name := r.values[c.table.key]; c.table.key != "" && len(c.table.named(name)) == 1 {
		c.referrers(name, func(value string) string {
			value, _ = replaceRef(value, name, r.ident())
			return value
		})
	}
	if i := c.table.index(r); i >= 0 {
		c.table.rows = slices.Delete(c.table.rows, i, i+1)
	}
}

// move puts rows before another one, in the order given, or at the end.
func (c *call) move() (reply, error) {
	rows, err := c.ids()
	if err != nil || len(rows) == 0 {
		return reply{}, err
	}
	var before *row
	if id, ok := c.sentence.arg("destination"); ok {
		if before, err = c.table.find(c.world, id); err != nil {
			return reply{}, err
		}
	}
	if before != nil && before.dynamic || slices.ContainsFunc(rows, func(r *row) bool { return r.dynamic }) {
		return reply{}, failure("can not be moved")
	}
	// A row that is moved before itself stays where it is: the next one that stays is the landmark.
	at := len(c.table.rows)
	if before != nil {
		at = c.table.index(before)
	}
	var left, right []*row
	for i, r := range c.table.rows {
		switch {
		case slices.Contains(rows, r):
		case i < at:
			left = append(left, r)
		default:
			right = append(right, r)
		}
	}
	c.table.rows = slices.Concat(left, rows, right)
	return reply{}, nil
}
