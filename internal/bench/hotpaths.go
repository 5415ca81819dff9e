package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
)

// hotPackages have benchmarks of what is done once for each object, or for each row of a table.
var hotPackages = []string{"./internal/routeros", "./internal/lifecycle", "./internal/metallb", "./internal/provider"}

// hotPaths is what go test's own benchmarks of this tree say.
func hotPaths(b *bench) (section, error) {
	s := section{title: "Hot paths"}
	if !b.wants("hotpaths") {
		return s, nil
	}
	args := slices.Concat([]string{"test", "-run", "^$", "-bench", b.benchmarks, "-benchmem", "-benchtime", b.benchtime}, hotPackages)
	cmd := exec.CommandContext(b.ctx, "go", args...)
	cmd.Dir = acceptance.Root()
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return s, fmt.Errorf("go %s: %w\n%s%s", strings.Join(args, " "), err, last(out), last(said.Bytes()))
	}
	s.text = "What is done for each object or each row, by `go test -bench`, per operation as the benchmark's comment says. The last column has " +
		"what a benchmark tells besides; where it compares, the figure is how many times longer the other takes.\n\n" +
		"    go test -run '^$' -bench . -benchmem " + strings.Join(hotPackages, " ")
	s.tables = []table{{header: []string{"Package", "Benchmark", "Time", "Bytes", "Allocations", "Besides"}, rows: benchmarkRows(out)}}
	return s, nil
}

var (
	packageLine   = regexp.MustCompile(`^pkg: .*/(\S+)$`)
	benchmarkLine = regexp.MustCompile(`^Benchmark(\S+)\s+\d+\s+(.*)$`)
)

// benchmarkRows are the lines of benchmarks in what go test says.
func benchmarkRows(out []byte) (rows [][]string) {
	within := ""
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		if found := packageLine.FindStringSubmatch(line); found != nil {
			within = found[1]
		}
		found := benchmarkLine.FindStringSubmatch(line)
		if found == nil {
			continue
		}
		row := []string{within, strings.TrimSuffix(found[1], fmt.Sprintf("-%d", runtime.GOMAXPROCS(0))), none, none, none, ""}
		for _, measured := range strings.Split(found[2], "\t") {
			value, unit, _ := strings.Cut(strings.TrimSpace(measured), " ")
			switch unit {
			case "ns/op":
				row[2] = inTime(value)
			case "B/op":
				row[3] = value
			case "allocs/op":
				row[4] = value
			default:
				row[5] = strings.TrimPrefix(row[5]+", "+value+" "+unit, ", ")
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// inTime is nanoseconds in a unit that people can read.
func inTime(nanoseconds string) string {
	n, err := strconv.ParseFloat(nanoseconds, 64)
	switch {
	case err != nil:
		return nanoseconds
	case n < 1e3:
		return fmt.Sprintf("%.0f ns", n)
	case n < 1e6:
		return fmt.Sprintf("%.3g µs", n/1e3)
	}
	return fmt.Sprintf("%.3g ms", n/1e6)
}
