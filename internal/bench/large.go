package main

import (
	"errors"
	"fmt"
)

// The names of the workspaces, by the tables in which three rules of ours are.
const (
	small = "small"
	large = "large"
)

// largeTable measures three rules that are alone on the router, and three among tens of thousands that are not ours.
func largeTable(b *bench) (section, error) {
	l := load{3, usual}
	s := section{title: "Three rules in a large table"}
	works := []*cell{newCell("create", l), newCell("plan", l), newCell("destroy", l)}
	if b.wants("table") {
		if err := b.among(l, works); err != nil {
			return s, err
		}
		s.text = fmt.Sprintf("Three rules that are alone in the router's table (*%s*), and three in a table of %d rows that Terraform "+
			"knows nothing of (*%s*), at %d ms per command, done %d times in turns.", small, b.table, large, usual.Milliseconds(), b.runs*b.tableTurns)
		s.tables = []table{{header: []string{"", small + " s", large + " s", "large ÷ small", "large − small s"}}}
	}
	for _, c := range works {
		ratio := c.compare(large, small, over)
		s.targets = append(s.targets, limit("large table, "+c.work,
			fmt.Sprintf("%s of three rules in a table of %d rows ÷ the same in a table of three", c.work, b.table), ratio, "%.2f", 1.2, false))
		if s.tables != nil {
			s.tables[0].rows = append(s.tables[0].rows, []string{
				c.work, c.seconds(small), c.seconds(large), figure(ratio, "%.2f"), figure(c.compare(large, small, less), "%.2f"),
			})
		}
	}
	if s.tables != nil {
		s.tables = append(s.tables, costs("What it cost the machine and the router:", byWork, works, small, large))
	}
	return s, nil
}

// among does the works in both tables.
func (b *bench) among(l load, works []*cell) (err error) {
	var both []*workspace
	defer func() { err = errors.Join(err, closeAll(both)) }()
	for _, name := range []string{small, large} {
		w, err := b.workspace(b.subject(ours), l)
		both = append(both, w)
		if err != nil {
			return err
		}
		w.name = name
	}
	for i := range b.table - l.objects {
		if _, err := both[1].router.Run(natMenu+"/add", "=chain=dstnat", "=action=dst-nat", "=protocol=tcp",
			fmt.Sprintf("=dst-port=%d", 1+i%firstPort), "=to-addresses=192.168.129.1", fmt.Sprintf("=comment=other %d", i)); err != nil {
			return err
		}
	}
	for range b.runs * b.tableTurns {
		for i, work := range []func(*workspace) (step, error){(*workspace).create, (*workspace).plan, (*workspace).destroy} {
			if err := works[i].turn(both, work); err != nil {
				return err
			}
		}
	}
	return nil
}
