package routerostest

import (
	"slices"
	"strings"
)

// verb is a command of a menu.
type verb struct {
	name  string
	in    releases
	args  []word
	reads bool // needs the policy `read`, not `write`
	run   func(*call) (reply, error)
	known map[string]bool // the arguments that this version takes
}

// word is the name of an argument and where it exists.
type word struct {
	name string
	in   releases
}

// spec reads names of arguments: "numbers afi@7.19-".
func spec(s string) []word {
	var words []word
	for _, f := range strings.Fields(s) {
		name, in, _ := strings.Cut(f, "@")
		words = append(words, word{name, releases(in)})
	}
	return words
}

// The arguments of print beside those that a menu adds (routeros-versions.md, last section).
const (
	printArgs = `append as-value count-only detail file follow follow-only follow-strict@-7.15 group-by@7.17- interval
		proplist show-ids terse value-list where without-paging comments@7.22- on-event@7.22- timestamp@7.22- order-by@7.24- `
	printOneArgs = "as-value file interval oid without-paging comments@7.22-"
	getArgs      = "value-name as-string@7.10- as-string-value@7.10-"
)

// standardVerb is one of the commands that work alike in all menus.
func standardVerb(t *table, name string, v version) *verb {
	own := func() (words []word) {
		for _, a := range t.order {
			words = append(words, word{a.name, a.in})
		}
		return words
	}
	x := &verb{name: name}
	switch name {
	case "print":
		x.reads, x.run = true, (*call).print
		if x.args = append(spec(printArgs+t.print), word{"from", t.from}); t.single {
			x.args = spec(printOneArgs)
		}
	case "get":
		x.reads, x.run = true, (*call).get
		if x.args = spec(getArgs + " number"); t.single {
			x.args = spec(getArgs)
		}
	case "find":
		x.reads, x.run, x.args = true, (*call).find, spec("where")
	case "add":
		x.run, x.args = (*call).add, append(own(), word{name: "copy-from"})
		if t.ordered {
			x.args = append(x.args, word{name: "place-before"})
		}
	case "set":
		x.run, x.args = (*call).set, own()
		if !t.single {
			x.args = append(x.args, word{name: "numbers"})
		}
	case "unset":
		x.run, x.args = (*call).unset, spec("numbers value-name")
	case "remove":
		x.run, x.args = (*call).remove, spec("numbers")
	case "enable":
		x.run, x.args = (*call).enable, spec("numbers")
	case "disable":
		x.run, x.args = (*call).disable, spec("numbers")
	case "comment":
		x.run, x.args = (*call).set, spec("numbers comment")
	case "move":
		x.run, x.args = (*call).move, spec("numbers destination")
	default:
		panic("routerostest: no standard command " + name)
	}
	x.resolve(v)
	return x
}

// resolve reduces the arguments to those of a version.
func (x *verb) resolve(v version) {
	x.known = map[string]bool{}
	for _, a := range x.args {
		if a.in.has(v) {
			x.known[a.name] = true
		}
	}
}

// call is a command while it is carried out.
type call struct {
	*world
	table     *table
	verb      *verb
	sentence  sentence
	sensitive bool // the user may see secrets
}

// reply is what a command answers.
type reply struct {
	rows     [][]pair
	ret      *string // `=ret=` of `!done`
	printed  bool    // a print, which says so when it has no rows
	examined int     // rows that the router looked at
	stream   *listener
}

// do carries out a sentence for a user.
func (w *world) do(s sentence, u account) (reply, error) {
	path := ""
	if i := strings.LastIndexByte(s.command, '/'); i >= 0 {
		path = s.command[:i]
	} else {
		return reply{}, noSuchCommand()
	}
	t := w.menu(path)
	if t == nil {
		if w.folders[path] && !w.missing(path) {
			return reply{}, noSuchCommand()
		}
		return reply{}, noSuchPrefix()
	}
	x := t.does[s.command[len(path)+1:]]
	if x == nil {
		return reply{}, noSuchCommand()
	}
	if policy := map[bool]string{true: "read", false: "write"}[x.reads]; !u.may(policy) {
		return reply{}, notPermitted()
	}
	if !x.reads && w.version[0] > 6 && slices.Contains(w.quirks.forbidden, path) {
		return reply{}, failure("not allowed by device-mode")
	}
	for _, a := range s.args {
		if !w.takes(t, x, a.name) {
			return reply{}, unknownParameter(a.name)
		}
	}
	return x.run(&call{world: w, table: t, verb: x, sentence: s, sensitive: u.may("sensitive")})
}

// menu is the table at a path; nil if this router has none there.
func (w *world) menu(path string) *table {
	if w.missing(path) {
		return nil
	}
	return w.tables[path]
}

// missing says whether a path belongs to a package that is disabled.
func (w *world) missing(path string) bool {
	return w.quirks.noRouting && w.version[0] == 6 && strings.HasPrefix(path+"/", "/routing/")
}

// takes says whether a command has an argument: its own ones, and what the API adds to those of the console.
func (w *world) takes(t *table, x *verb, name string) bool {
	switch name {
	case ".proplist":
		return x.reads
	case ".id":
		if x.known["from"] {
			return !w.quirks.refusePrintByID
		}
		return x.known["numbers"] || x.known["number"]
	}
	if unset, ok := strings.CutPrefix(name, "!"); ok && (x.name == "set" || x.name == "add") {
		name = unset
	}
	if w.quirks.noNATLog && w.version[0] == 6 && t.path == natMenu &&
		slices.Contains([]string{"log", "log-prefix", "address-list-timeout"}, name) {
		return false
	}
	return x.known[name]
}

// ids returns the rows that a command names. Without any, a sentence with query words does nothing, as clients found
// out the hard way (routeros-api.md §5): such a sentence is an empty selection, no error.
func (c *call) ids() ([]*row, error) {
	if c.table.single {
		return c.table.rows, nil
	}
	list, ok := c.sentence.arg(".id", "numbers", "number")
	if !ok {
		if len(c.sentence.query) > 0 {
			return nil, nil
		}
		return nil, c.missing(".id")
	}
	return c.lookup(list)
}

// lookup finds the rows of a comma-separated list of ids or names.
func (c *call) lookup(list string) ([]*row, error) {
	var rows []*row
	for id := range strings.SplitSeq(list, ",") {
		r, err := c.table.find(c.world, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(rows, r) {
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// missing refuses a sentence that lacks arguments. The API was seen to name one, the console names all.
func (c *call) missing(names ...string) error {
	if c.quirks.longMissing {
		return &Trap{noCategory, "missing value(s) of argument(s) " + strings.Join(names, " ")}
	}
	return &Trap{noCategory, "missing =" + names[0] + "="}
}

// touch is a command whose effect nothing here can show: it only looks whether the rows exist.
func (c *call) touch() (reply, error) {
	_, err := c.ids()
	return reply{}, err
}

// nothing is a command without effect.
func (c *call) nothing() (reply, error) { return reply{}, nil }

// logout ends the connections of users.
func (c *call) logout() (reply, error) {
	rows, err := c.ids()
	for _, r := range rows {
		c.kick(r.id)
	}
	return reply{}, err
}
