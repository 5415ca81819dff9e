package routerostest

import (
	"slices"
	"strconv"
	"strings"
)

// print answers with rows, those that the query keeps, reduced to .proplist.
func (c *call) print() (reply, error) {
	items, examined, err := c.look()
	if err != nil {
		return reply{}, err
	}
	_, follows := c.sentence.arg("follow")
	if _, only := c.sentence.arg("follow-only"); follows || only {
		return c.follow(!only), nil
	}
	out := reply{printed: true, examined: examined}
	for _, i := range items {
		out.rows = append(out.rows, i.shown)
	}
	if _, ok := c.sentence.arg("count-only"); ok {
		return reply{ret: new(strconv.Itoa(len(out.rows))), examined: examined}, nil
	}
	return out, nil
}

// look gives the rows that a print shows, and how many the router looked at.
func (c *call) look() (items []item, examined int, err error) {
	rows, err := c.printed()
	if err != nil {
		return nil, 0, err
	}
	columns, some := c.sentence.arg(".proplist", "proplist")
	wanted := strings.Split(columns, ",")
	for _, r := range rows {
		ok, err := matches(c.sentence.query, c.peek(r))
		if err != nil {
			return nil, 0, err
		}
		if !ok {
			continue
		}
		shown := c.masked(r)
		if some { // a row without any of the properties is an empty sentence
			shown = slices.DeleteFunc(shown, func(p pair) bool { return !slices.Contains(wanted, p.name) })
		}
		items = append(items, item{r.ident(), shown})
	}
	return items, len(rows), nil
}

// peek looks at single properties of a row. To make all of them for a query that drops the row would, in a menu of
// 30,000 rows, take longer than what is measured against this router.
func (c *call) peek(r *row) property {
	return func(name string) (string, bool) {
		if name == ".id" && !c.table.single {
			return r.ident(), true
		}
		if a := c.table.args[name]; a != nil && !a.secret {
			if value, ok := c.table.stored(c.world, r, a); ok {
				return value, true
			}
		}
		return in(c.masked(r))(name)
	}
}

// in looks among properties.
func in(shown []pair) property {
	return func(name string) (string, bool) {
		for _, p := range shown {
			if p.name == name {
				return p.value, true
			}
		}
		return "", false
	}
}

// printed returns the rows that the arguments of print leave.
func (c *call) printed() ([]*row, error) {
	rows := c.table.items(c.world)
	if list, ok := c.sentence.arg(".id", "from"); ok {
		return c.lookup(list)
	}
	if c.table.path != natMenu {
		return rows, nil
	}
	chain, oneChain := c.sentence.arg("chain")
	_, dynamic := c.sentence.arg("dynamic")
	_, static := c.sentence.arg("static")
	var kept []*row
	for _, r := range rows {
		if oneChain && r.values["chain"] != chain || dynamic && !r.dynamic || static && r.dynamic {
			continue
		}
		kept = append(kept, r)
	}
	return kept, nil
}

// masked gives a row's properties as this user sees them. A secret that is not empty reads as five stars without the
// policy `sensitive`, and from 7.21 in any print that does not ask for it (routeros-api.md §10).
func (c *call) masked(r *row) []pair {
	shown := c.table.show(c.world, r)
	_, asked := c.sentence.arg("show-sensitive")
	hidden := c.verb.name != "get" && c.version.atLeast(7, 21) && !c.quirks.showSensitive && !asked
	if c.sensitive && !hidden {
		return shown
	}
	secret := func(p pair) bool { a := c.table.args[p.name]; return a != nil && a.secret && p.value != "" }
	if hidden && c.quirks.omitSecrets {
		return slices.DeleteFunc(shown, secret)
	}
	for i, p := range shown {
		if secret(p) {
			shown[i].value = "*****"
		}
	}
	return shown
}

// get answers with one property of a row, or with all of them.
func (c *call) get() (reply, error) {
	rows := c.table.items(c.world)
	if !c.table.single {
		var err error
		if rows, err = c.ids(); err != nil {
			return reply{}, err
		}
	}
	if len(rows) == 0 {
		return reply{}, nil
	}
	shown := c.masked(rows[0])
	name, one := c.sentence.arg("value-name")
	if !one {
		var all []string
		for _, p := range shown {
			all = append(all, p.name+"="+p.value)
		}
		return reply{ret: new(strings.Join(all, ";")), examined: 1}, nil
	}
	for _, p := range shown {
		if p.name == name {
			return reply{ret: &p.value, examined: 1}, nil
		}
	}
	if c.table.args[name] == nil {
		return reply{}, noMatch("value-name")
	}
	return reply{ret: new(""), examined: 1}, nil
}

// find answers with the ids of all rows; it takes no queries (routeros-api.md §5).
func (c *call) find() (reply, error) {
	var ids []string
	rows := c.table.items(c.world)
	for _, r := range rows {
		ids = append(ids, r.ident())
	}
	return reply{ret: new(strings.Join(ids, ";")), examined: len(rows)}, nil
}
