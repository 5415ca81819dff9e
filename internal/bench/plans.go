package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// plans measures plans that change nothing: what a refresh costs.
func plans(b *bench) (section, error) {
	var cells []*cell
	for _, l := range b.plans {
		if !b.wants(fmt.Sprintf("plan/%d/%s", l.objects, inMilliseconds(l.latency))) {
			continue
		}
		c, err := b.planned(l)
		if err != nil {
			return section{}, err
		}
		cells = append(cells, c)
	}
	s := section{title: "A plan that changes nothing", targets: planTargets(cells)}
	if cells == nil {
		return s, nil
	}
	s.text = "`terraform plan` of objects that are all as they should be. They were not created by apply: the router was given its rows, " +
		"and the state that of one object, many times; that the plan finds nothing to change shows that both are right."
	s.tables = []table{
		times("Seconds, and how they compare with Terraform's own:", cells),
		costs("What it cost the machine and the router:", byLoad, cells, floor, ours, peer),
	}
	s.plots = planPlots(cells)
	return s, nil
}

func (b *bench) planned(l load) (c *cell, err error) {
	var all []*workspace
	defer func() { err = errors.Join(err, closeAll(all)) }()
	for _, s := range b.subjectsAt(l.latency) {
		w, err := b.workspace(s, l)
		all = append(all, w)
		if err == nil {
			err = w.fill()
		}
		if err != nil {
			return nil, err
		}
	}
	c = newCell("plan", l)
	for range b.runs {
		for _, w := range all { // a plan leaves the state as it is, also when it hangs
			w.lost = false
		}
		if err := c.turn(all, (*workspace).plan); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func planTargets(cells []*cell) []target {
	c, most := find(cells, many, usual), find(cells, 5*many, usual)
	return []target{
		refreshTarget(c.steps[ours]),
		limit("plan", "plan of 1000 rules at 5 ms ÷ floor", c.compare(ours, floor, over), "%.2f", 1.15, false),
		limit("plan beside the peer", "the peer's plan of 1000 rules at 5 ms ÷ ours", c.compare(peer, ours, over), "%.1f", 5, true),
		limit("memory", "peak memory of the provider, plan of 5000 rules", most.median(ours, megabytes), "%.0f MB", 150, false),
	}
}

// refreshTarget is that a refresh prints each menu once, after one login, in every run.
func refreshTarget(steps []step) target {
	t := target{name: "refresh", what: "what a refresh of 1000 rules asks the router", wanted: "1 login, 1 print per menu", met: true}
	for _, s := range steps {
		if !t.met {
			break
		}
		said := []string{fmt.Sprintf("%d login", s.router.Logins)}
		t.met = t.met && s.router.Logins == 1
		for _, command := range slices.Sorted(maps.Keys(s.router.Commands)) {
			said = append(said, fmt.Sprintf("%d `%s`", s.router.Commands[command], command))
			t.met = t.met && s.router.Commands[command] == 1
		}
		t.measured = strings.Join(said, ", ")
	}
	return t
}

// planPlots are seconds over objects, and seconds over latency.
func planPlots(cells []*cell) []panel {
	const y = "seconds of a plan"
	panels := []panel{
		{title: "at 5 ms per command", x: "objects", y: y},
		{title: "with 1000 objects", x: "latency of a command, ms (not to scale)", y: y, even: true},
	}
	for _, name := range []string{floor, ours, peer} {
		lines := [2]line{{name: name}, {name: name}}
		for _, c := range cells {
			seconds := c.median(name, wall)
			if c.latency == usual {
				lines[0].add(float64(c.objects), seconds)
			}
			if c.objects == many {
				lines[1].add(float64(c.latency.Milliseconds()), seconds)
			}
		}
		for i := range panels {
			panels[i].lines = append(panels[i].lines, lines[i])
		}
	}
	return slices.DeleteFunc(panels, func(p panel) bool {
		return !slices.ContainsFunc(p.lines, func(l line) bool { return len(l.points) > 0 })
	})
}

func inMilliseconds(d time.Duration) string { return fmt.Sprintf("%dms", d.Milliseconds()) }
