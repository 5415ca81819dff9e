package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// cell is one piece of work under one load, done by several in turns.
type cell struct {
	load
	work  string            // plan, create or destroy
	steps map[string][]step // by who did it, run by run
}

func newCell(work string, l load) *cell { return &cell{l, work, map[string][]step{}} }

// turn lets each workspace do the work once, those that are lost excepted.
func (c *cell) turn(all []*workspace, work func(*workspace) (step, error)) (err error) {
	for _, w := range all {
		var s step
		if !w.lost {
			if s, err = work(w); err != nil {
				return err
			}
		}
		c.steps[w.name] = append(c.steps[w.name], s)
	}
	return nil
}

// median of one figure of somebody's steps; not a number if there are none.
func (c *cell) median(name string, figure func(step) float64) float64 {
	var all []float64
	for _, s := range c.steps[name] {
		if s.ended {
			all = append(all, figure(s))
		}
	}
	return median(all)
}

// compare gives the median, over the runs that both ended, of a ratio or a difference of the seconds of two in the same run.
func (c *cell) compare(one, other string, of func(x, y float64) float64) float64 {
	var all []float64
	for run := range min(len(c.steps[one]), len(c.steps[other])) {
		x, y := c.steps[one][run], c.steps[other][run]
		if x.ended && y.ended {
			all = append(all, of(wall(x), wall(y)))
		}
	}
	return median(all)
}

func median(all []float64) float64 {
	if len(all) == 0 {
		return math.NaN()
	}
	all = slices.Sorted(slices.Values(all))
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

func wall(s step) float64       { return s.wall.Seconds() }
func cpu(s step) float64        { return s.cpu.Seconds() }
func over(x, y float64) float64 { return x / y }
func less(x, y float64) float64 { return x - y }

// cliCPU is not a number if nobody could see it.
func cliCPU(s step) float64 {
	if s.cli == 0 {
		return math.NaN()
	}
	return s.cli.Seconds()
}

// megabytes are not a number if there was no provider, or nobody to see it.
func megabytes(s step) float64 {
	if s.memory == 0 {
		return math.NaN()
	}
	return float64(s.memory) / 1e6
}

// What the page has for a figure that there is not, and for that of a command that always hung.
const (
	none = "–"
	hung = "hung"
)

// figure formats a figure; what is not a number is none.
func figure(value float64, format string) string {
	if math.IsNaN(value) {
		return none
	}
	return fmt.Sprintf(format, value)
}

// seconds formats somebody's seconds, and says how often the CLI hung.
func (c *cell) seconds(name string) string {
	hangs, tried := 0, 0
	for _, s := range c.steps[name] {
		if s.hung {
			hangs++
		}
		if s.hung || s.ended {
			tried++
		}
	}
	took := figure(c.median(name, wall), "%.2f")
	switch hangs {
	case 0:
		return took
	case tried:
		return hung
	}
	return fmt.Sprintf("%s (hung %d of %d)", took, hangs, tried)
}

// lead is how the row of a cell begins in a table.
type lead struct {
	header []string
	of     func(*cell) []string
}

var (
	byLoad = lead{[]string{"Objects", "Latency"}, func(c *cell) []string {
		return []string{fmt.Sprint(c.objects), fmt.Sprintf("%d ms", c.latency.Milliseconds())}
	}}
	byWork = lead{[]string{""}, func(c *cell) []string { return []string{c.work} }}
)

// times is the table of the seconds of the cells, a row each.
func times(caption string, cells []*cell) table {
	t := table{caption: caption, header: []string{
		"Objects", "Latency", "floor s", "ours s", "ours ÷ floor", "ours − floor s", "peer s", "peer ÷ floor", "peer − floor s", "peer ÷ ours",
	}}
	for _, c := range cells {
		t.rows = append(t.rows, append(byLoad.of(c),
			c.seconds(floor),
			c.seconds(ours), figure(c.compare(ours, floor, over), "%.2f"), figure(c.compare(ours, floor, less), "%.2f"),
			c.seconds(peer), figure(c.compare(peer, floor, over), "%.2f"), figure(c.compare(peer, floor, less), "%.2f"),
			figure(c.compare(peer, ours, over), "%.2f"),
		))
	}
	return t
}

// kinds are the columns of a table for commands, and how the commands of each end; what ends otherwise is of the last.
var kinds = []struct {
	name string
	ends []string
}{
	{"Prints", []string{"/print", "/getall"}},
	{"Adds", []string{"/add"}},
	{"Sets", []string{"/set", "/unset"}},
	{"Removes", []string{"/remove"}},
	{"Others", nil},
}

// kindOf is the index of a command's kind.
func kindOf(command string) int {
	for i, kind := range kinds {
		if slices.ContainsFunc(kind.ends, func(end string) bool { return strings.HasSuffix(command, end) }) {
			return i
		}
	}
	return len(kinds) - 1
}

// costs is the table of what the cells cost the machine and the router, a row for each who did it.
func costs(caption string, by lead, cells []*cell, names ...string) table {
	t := table{caption: caption, header: append(slices.Clone(by.header), "", "CPU s", "of the CLI", "Memory MB", "Logins", "Connections")}
	for _, kind := range kinds {
		t.header = append(t.header, kind.name)
	}
	t.header = append(t.header, "kB to the router", "kB from it")
	for _, c := range cells {
		for _, name := range names {
			if slices.ContainsFunc(c.steps[name], func(s step) bool { return s.ended }) {
				t.rows = append(t.rows, append(append(by.of(c), name), c.costColumns(name)...))
			}
		}
	}
	return t
}

func (c *cell) costColumns(name string) []string {
	columns := []string{figure(c.median(name, cpu), "%.2f"), figure(c.median(name, cliCPU), "%.2f"), figure(c.median(name, megabytes), "%.0f")}
	count := func(format string, of func(step) float64) {
		if name == floor {
			of = func(step) float64 { return math.NaN() }
		}
		columns = append(columns, figure(c.median(name, of), format))
	}
	count("%.0f", func(s step) float64 { return float64(s.router.Logins) })
	count("%.0f", func(s step) float64 { return float64(s.router.Connections) })
	for i := range kinds {
		count("%.0f", func(s step) (sum float64) {
			for command, times := range s.router.Commands {
				if kindOf(command) == i {
					sum += float64(times)
				}
			}
			return sum
		})
	}
	count("%.1f", func(s step) float64 { return float64(s.router.Received) / 1e3 })
	count("%.1f", func(s step) float64 { return float64(s.router.Sent) / 1e3 })
	return columns
}

// find gives the cell of a load; one without steps if it was not measured.
func find(cells []*cell, objects int, latency time.Duration) *cell {
	for _, c := range cells {
		if c.load == (load{objects, latency}) {
			return c
		}
	}
	return newCell("", load{})
}
