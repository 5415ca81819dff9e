package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The names of what is written.
const (
	pageName = "performance.md"
	plotName = "performance.svg"
)

// report is the page.
type report struct {
	about    string // what was measured how, on what
	sections []section
}

// section is what one part measured; without tables, because of -only, it is left out, and its targets are told as not measured.
type section struct {
	title   string
	text    string // Markdown, before the tables
	tables  []table
	targets []target
	plots   []panel
}

type table struct {
	caption string
	header  []string
	rows    [][]string
}

// target is what was wanted, and what came of it.
type target struct {
	name     string // by which reasons knows it
	what     string
	wanted   string
	measured string // "" for not
	met      bool
}

// limit is a target that a figure is at most what is wanted, or, if least is set, at least that. What is not a number was not
// measured.
func limit(name, what string, measured float64, format string, wanted float64, least bool) target {
	t := target{name: name, what: what, wanted: "at most " + fmt.Sprintf(format, wanted), met: measured <= wanted}
	if least {
		t.wanted, t.met = "at least "+fmt.Sprintf(format, wanted), measured >= wanted
	}
	if !math.IsNaN(measured) {
		t.measured = fmt.Sprintf(format, measured)
	}
	return t
}

// write writes the page, and the plot if anything was plotted.
func (r report) write(dir string) error {
	var plots []panel
	for _, s := range r.sections {
		plots = append(plots, s.plots...)
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, "# Performance\n\n%s\n## Targets\n\n", r.about)
	r.writeTargets(&page)
	if plots != nil {
		fmt.Fprintf(&page, "\n![%s](%s)\n", "Seconds of a plan that changes nothing", plotName)
	}
	for _, s := range r.sections {
		s.write(&page)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, pageName), page.Bytes(), 0o644); err != nil {
		return err
	}
	if plots == nil {
		return nil
	}
	return os.WriteFile(filepath.Join(dir, plotName), plot(plots), 0o644)
}

func (r report) writeTargets(page *bytes.Buffer) {
	var rows [][]string
	var why []string
	for _, s := range r.sections {
		for _, t := range s.targets {
			met := "yes"
			switch {
			case t.measured == "":
				t.measured, met = "not measured", none
			case !t.met:
				met = "no"
				if reasons[t.name] != "" {
					why = append(why, fmt.Sprintf("- %s: %s\n", t.what, reasons[t.name]))
				}
			}
			rows = append(rows, []string{t.what, t.wanted, t.measured, met})
		}
	}
	table{header: []string{"What", "Wanted", "Measured", "Met"}, rows: rows}.write(page)
	if why != nil {
		fmt.Fprintf(page, "\nWhy not:\n\n%s", strings.Join(why, ""))
	}
}

func (s section) write(page *bytes.Buffer) {
	if s.tables == nil {
		return
	}
	fmt.Fprintf(page, "\n## %s\n\n%s\n", s.title, s.text)
	for _, t := range s.tables {
		if t.rows != nil {
			page.WriteByte('\n')
			t.write(page)
		}
	}
}

// write writes a Markdown table, with the columns of figures set to the right.
func (t table) write(page *bytes.Buffer) {
	if t.caption != "" {
		fmt.Fprintf(page, "%s\n\n", t.caption)
	}
	fmt.Fprintf(page, "| %s |\n|", strings.Join(t.header, " | "))
	for i := range t.header {
		mark := " --- |"
		if t.numeric(i) {
			mark = " --: |"
		}
		page.WriteString(mark)
	}
	page.WriteByte('\n')
	for _, row := range t.rows {
		fmt.Fprintf(page, "| %s |\n", strings.Join(row, " | "))
	}
}

// numeric says whether a column is one of figures, be it with their unit.
func (t table) numeric(column int) bool {
	figures := 0
	for _, row := range t.rows {
		first, _, _ := strings.Cut(row[column], " ")
		if _, err := strconv.ParseFloat(first, 64); err == nil {
			figures++
		} else if row[column] != none && row[column] != hung {
			return false
		}
	}
	return figures > 0
}
