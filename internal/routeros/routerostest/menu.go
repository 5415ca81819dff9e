package routerostest

import (
	"fmt"
	"strings"
)

// A menu is described once, as data, for all versions; a table is a menu as one router has it.

// menu describes a menu of the router.
type menu struct {
	path   string // "/ip/firewall/nat"
	in     releases
	verbs  string   // the standard commands it has, "print get find add …"
	extra  []verb   // commands of its own
	print  string   // further arguments of print, as in printArgs
	from   releases // the versions whose print can be told the rows
	args   []arg    // what add and set accept, in the order of printing
	key    string   // the argument by which a row can be called instead of by its id
	unique bool     // the key cannot occur twice, whatever the quirks say
	// single is a menu without rows, like /system/identity: its one record has no id.
	single  bool
	ordered bool // order means something: move and place-before exist
	firstID int

	// autoName names a row that was added without a name, "peer" giving peer1; "" for none.
	autoName string
	// seed gives the rows that a new router has.
	seed func(*world) []*row
	// live computes what is shown of a menu that does not show just what it stores.
	live func(*world) []*row
	// computed gives a row's read-only properties.
	computed func(*world, *row) []pair
	// check judges a whole row after add and set.
	check func(*world, *row) error
	// keep says why a row cannot be removed, nil if it can.
	keep func(*world, *row) error
}

// arg is an argument of add and set, and a property of print.
type arg struct {
	name  string
	in    releases // the versions whose add and set know it
	kind  kind
	def   *string // what print shows while it is not set; nil shows nothing
	fixed bool    // unset refuses it
	// required says in which versions add refuses to go without it; nil for none.
	required *releases
	secret   bool // masked from users without the policy `sensitive`
	// drop makes an empty value the same as none.
	drop bool
	// read turns the stored value into the printed one; nil leaves it.
	read func(w *world, stored string) string
}

// row is an item of a menu.
type row struct {
	id      int
	values  map[string]string // what was set, normalised
	fixed   []pair            // read-only properties that never change
	dynamic bool              // made by the router itself
	builtin bool              // there from the start
	since   int64             // unix nanoseconds, for uptimes
}

func (r *row) clone() *row {
	c := *r
	c.values = make(map[string]string, len(r.values))
	for k, v := range r.values {
		c.values[k] = v
	}
	return &c
}

func (r *row) ident() string { return fmt.Sprintf("*%X", r.id) }

// world is the router's configuration. Whoever touches it holds the router's lock.
type world struct {
	version    version
	quirks     quirks
	neighbours map[string]neighbour // the router's own, by address
	speaker    Speaker              // nil for invented neighbours
	identity   string
	board      string
	tables     map[string]*table
	folders    map[string]bool // the paths on the way to a table
	clients    func() []client // who is connected
	kick       func(id int)    // ends a client's connection
	now        func() int64
	booted     int64
}

// table is a menu on one router.
type table struct {
	*menu
	args  map[string]*arg // of this version
	order []*arg
	does  map[string]*verb // its commands in this version
	rows  []*row
	next  int
}

// newTable reduces a menu to what a version has of it.
func newTable(m *menu, v version) *table {
	t := &table{menu: m, args: map[string]*arg{}, does: map[string]*verb{}, next: m.firstID}
	for i := range m.args {
		if a := &m.args[i]; a.in.has(v) {
			t.args[a.name] = a
			t.order = append(t.order, a)
		}
	}
	for _, name := range strings.Fields(m.verbs) {
		t.does[name] = standardVerb(t, name, v)
	}
	for i := range m.extra {
		if x := m.extra[i]; x.in.has(v) {
			x.resolve(v)
			t.does[x.name] = &x
		}
	}
	if t.does["print"] != nil {
		t.does["getall"] = t.does["print"]
		listen := *t.does["print"]
		listen.name, listen.run = "listen", (*call).listen
		t.does["listen"] = &listen
	}
	return t
}

// items returns the rows in router order.
func (t *table) items(w *world) []*row {
	if t.live != nil {
		return t.live(w)
	}
	return t.rows
}

// show gives the properties of a row as an administrator sees them.
func (t *table) show(w *world, r *row) []pair {
	out := make([]pair, 0, len(r.values)+len(r.fixed)+8)
	if !t.single {
		out = append(out, pair{".id", r.ident()})
	}
	for _, a := range t.order {
		if value, ok := t.stored(w, r, a); ok {
			out = append(out, pair{a.name, value})
		}
	}
	out = append(out, r.fixed...)
	if r.dynamic {
		out = append(out, pair{"dynamic", "true"})
	}
	if t.computed != nil {
		out = append(out, t.computed(w, r)...)
	}
	return out
}

// stored gives what a row shows of an argument, and whether it shows it.
func (t *table) stored(w *world, r *row, a *arg) (string, bool) {
	value, ok := r.values[a.name]
	switch {
	case ok && a.read != nil:
		return a.read(w, value), true
	case ok:
		return value, true
	case a.def != nil:
		return *a.def, true
	}
	return "", a.name == "comment" && w.quirks.emptyComments
}

// find returns the row that an id or, where rows have names, a name stands for (routeros-api.md §5 and §6).
func (t *table) find(w *world, id string) (*row, error) {
	if hex, ok := strings.CutPrefix(id, "*"); ok {
		var n int
		if _, err := fmt.Sscanf(hex, "%x", &n); err != nil {
			return nil, badItemNumber()
		}
		for _, r := range t.items(w) {
			if r.id == n {
				return r, nil
			}
		}
		return nil, noSuchItem(w.quirks)
	}
	found := t.named(id)
	switch {
	case t.key == "" || len(found) == 0:
		return nil, badItemNumber()
	case len(found) > 1:
		return nil, ambiguous("numbers")
	}
	return found[0], nil
}

// named returns the rows of that name.
func (t *table) named(name string) []*row {
	var found []*row
	for _, r := range t.rows {
		if t.key != "" && r.values[t.key] == name {
			found = append(found, r)
		}
	}
	return found
}

func (t *table) index(r *row) int {
	for i, x := range t.rows {
		if x.id == r.id {
			return i
		}
	}
	return -1
}

// take returns the id for a new row.
func (t *table) take(reuse bool) int {
	if !reuse {
		t.next++
		return t.next - 1
	}
	id := t.firstID
	for _, r := range t.rows {
		id = max(id, r.id+1)
	}
	return id
}

// dynamicRow is a row of the router's own making, which shows these properties.
func (t *table) dynamicRow(id int, shown []pair) *row {
	r := &row{id: id, values: map[string]string{}, dynamic: true}
	for _, p := range shown {
		if t.args[p.name] != nil {
			r.values[p.name] = p.value
		} else {
			r.fixed = append(r.fixed, p)
		}
	}
	return r
}

// insert puts a row before position at.
func (t *table) insert(r *row, at int) {
	t.rows = append(t.rows, nil)
	copy(t.rows[at+1:], t.rows[at:])
	t.rows[at] = r
}

// newWorld builds the tables of a version and what a new router has in them.
func newWorld(v version, c config) *world {
	w := &world{
		version: v, quirks: c.quirks, neighbours: c.neighbours, speaker: c.speaker, identity: c.identity, board: c.board,
		tables: map[string]*table{}, folders: map[string]bool{"": true},
	}
	for _, m := range menus() {
		if !m.in.has(v.described()) {
			continue
		}
		t := newTable(m, v.described())
		w.tables[m.path] = t
		for i, c := range m.path {
			if c == '/' {
				w.folders[m.path[:i]] = true
			}
		}
	}
	for _, t := range w.tables {
		if t.seed == nil {
			continue
		}
		for _, r := range t.seed(w) {
			t.rows = append(t.rows, r)
			if r.id >= t.next && r.id < 1<<20 { // ids above belong to built-in rows only
				t.next = r.id + 1
			}
		}
	}
	return w
}

// menus lists everything that the simulator serves, over all versions.
func menus() []*menu {
	var all []*menu
	for _, group := range [][]*menu{
		systemMenus(), interfaceMenus(), addressMenus(), routingMenus(), bgp6Menus(), bgp7Menus(), routeMenus(), natMenus(),
	} {
		all = append(all, group...)
	}
	return all
}
