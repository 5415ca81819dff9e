package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBench measures a little of everything, once, and looks at what is the same on every machine.
func TestBench(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	b, err := prepare(t.Context(), settings{
		runs: 1, only: regexp.MustCompile(""), plans: []load{{2, usual}, {3, usual}}, changes: []load{{2, 0}},
		poolPlans: []int{2}, poolChanges: []int{2}, table: 50, tableTurns: 1,
		starts: 1, benchmarks: "Unchanged", benchtime: "1x", patience: 5 * time.Minute, standstill: 5 * time.Minute,
	})
	require.NoError(t, err)
	t.Run("page", b.testPage)
	t.Run("refresh", b.testRefresh)
	t.Run("hangs", b.testHangs)
}

func (b *bench) testPage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "docs")
	r, err := b.report()
	require.NoError(t, err)
	require.NoError(t, r.write(dir))

	text, err := os.ReadFile(filepath.Join(dir, pageName))
	require.NoError(t, err)
	page := string(text)
	targets := 0
	for _, s := range r.sections {
		assert.Contains(t, page, "## "+s.title)
		for _, target := range s.targets {
			targets++
			assert.Contains(t, page, "| "+target.what+" | "+target.wanted+" |")
		}
	}
	assert.Equal(t, 4+4+1+3+1, targets, "of plans, changes, pools, the large table and the start")
	const figure = `\d+(\.\d+)?`
	memory := map[bool]string{true: figure, false: none}[runtime.GOOS == "linux"]
	for _, row := range []string{
		`2 \| 5 ms \| F \| F \| F \| -?F \| – \| – \| – \| –`, // seconds of a plan
		`3 \| 5 ms \| floor \| F \| (M|–) \| – \| – \| – \| – \| – \| – \| – \| – \| – \| –`,
		`2 \| 5 ms \| ours \| F \| M \| M \| 1 \| 1 \| [23] \| 0 \| 0 \| 0 \| 0 \| F \| F`, // of the version, and of the menu
		`3 \| 5 ms \| ours \| F \| M \| M \| 1 \| 1 \| [2-4] \| 0 \| 0 \| 0 \| 0 \| F \| F`,
		`2 \| 0 ms \| ours \| F \| M \| M \| 1 \| 1 \| F \| 2 \| 0 \| 0 \| 0 \| F \| F`, // create
		`2 \| 0 ms \| ours \| F \| M \| M \| 2 \| 2 \| F \| 0 \| 0 \| 2 \| 0 \| F \| F`, // destroy: a process that plans, and one that applies
		`plan \| 2 \| F \| F \| F \| -?F \| F \| F \| M`,                                // pools
		`2 \| F \| F \| F`,                        // to read them
		`plan \| 2 \| 4 \| 0 \| 0 \| 0 \| 0 \| F`, // of the API server: pools, and what announces them
		`create \| 2 \| F \| F \| 2 \| 0 \| 0 \| F`,
		`destroy \| 2 \| F \| 0 \| 0 \| 2 \| 0 \| F`,
		`create \| large \| F \| M \| M \| 1 \| 1 \| F \| 3 \| 0 \| 0 \| 0 \| F \| F`,
		`plan \| F \| F \| F \| -?F`, // beside the small table
		`ours \| F \| F \| F`,        // the start
		`provider \| UnchangedRule/plan/ours \| F (µs|ms) \| F \| F \| `,
	} {
		assert.Regexp(t, `(?m)^\| `+strings.NewReplacer("F", figure, "M", memory).Replace(row)+` \|$`, page)
	}
	well(t, filepath.Join(dir, plotName))
}

// well wants a file to be XML from its beginning to its end, and to draw something.
func well(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	elements := map[string]int{}
	for in := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if element, is := token.(xml.StartElement); is {
			elements[element.Name.Local]++
		}
	}
	assert.Equal(t, 1, elements["svg"])
	assert.Equal(t, 4, elements["polyline"], "floor and ours, over the objects, and beside their names")
	assert.Equal(t, 4, elements["circle"])
	assert.NotContains(t, string(text), "NaN")
}

// A refresh logs in once, reads, and changes nothing.
func (b *bench) testRefresh(t *testing.T) {
	c, err := b.planned(load{3, usual})
	require.NoError(t, err)
	require.Len(t, c.steps[ours], 1)
	s := c.steps[ours][0]
	assert.Equal(t, 1, s.router.Logins)
	// How many reads share a print is a matter of their times.
	assert.Positive(t, s.router.Commands[natMenu+"/print"])
	assert.LessOrEqual(t, s.router.Commands[natMenu+"/print"], 3)
	assert.Positive(t, s.router.Received)
	assert.Greater(t, s.router.Sent, int64(len("rule 0rule 1rule 2")))
	assert.Positive(t, s.cpu)
	for command := range s.router.Commands {
		assert.Equal(t, "Prints", kinds[kindOf(command)].name, command)
	}
}

// What takes longer than it may is ended, and worth nothing.
func (b *bench) testHangs(t *testing.T) {
	b.patience = time.Millisecond
	b.runs = 2
	c, err := b.planned(load{3, usual})
	require.NoError(t, err)
	assert.Equal(t, hung, c.seconds(ours))
	assert.Equal(t, []step{{hung: true}, {hung: true}}, c.steps[ours])
	assert.True(t, math.IsNaN(c.median(ours, wall)))
	assert.Equal(t, none, figure(c.compare(ours, floor, over), "%.2f"))
}

// TestStopped: whoever stops the benchmark finds no file of it.
func TestStopped(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, write(ctx, defaults(), t.TempDir()), context.Canceled)
	left, err := filepath.Glob(filepath.Join(temporary, "routeros-bench-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
