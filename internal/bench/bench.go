package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// settings are what is measured, and how often.
type settings struct {
	runs    int
	only    *regexp.Regexp // of cells' names
	peer    bool
	plans   []load // each is planned without a change
	changes []load // each is created and destroyed
	// So many pools are planned without a change, or created and destroyed.
	poolPlans, poolChanges []int

	table int // rows of the large table
	// Three rules are measured this often in a run: they take little time, of which much is chance.
	tableTurns int
	starts     int    // of each provider
	benchmarks string // which of go test's, and how long or how often each
	benchtime  string
	// A command of the CLI that takes longer than patience, and so much more for each object, is said to hang.
	patience, patienceEach time.Duration
	// So is one that has used no processor for so long: somebody waits for an answer that will not come.
	standstill time.Duration
}

// load is how many objects there are, and how long the router takes for each command.
type load struct {
	objects int
	latency time.Duration
}

// usual is the latency of what is compared with a target: a router in the next room, and no less than the peer needs.
const usual = 5 * time.Millisecond

// many is the number of objects of what is compared with a target.
const many = 1000

func defaults() settings {
	return settings{
		runs: 3,
		only: regexp.MustCompile(""),
		peer: true,
		plans: []load{
			{10, usual}, {100, usual}, {many, usual}, {5 * many, usual},
			{many, 0}, {many, 2 * time.Millisecond}, {many, 50 * time.Millisecond},
		},
		changes: []load{
			{10, usual}, {100, usual}, {many, usual},
			{100, 0}, {100, 2 * time.Millisecond}, {100, 50 * time.Millisecond},
		},
		poolPlans: []int{100, many}, poolChanges: []int{100},
		table: 30_000, tableTurns: 3,
		starts: 20, benchmarks: ".", benchtime: "0.5s",
		patience: time.Minute, patienceEach: 240 * time.Millisecond, standstill: 20 * time.Second,
	}
}

// bench is what all parts share.
type bench struct {
	settings
	ctx       context.Context
	dir       string // of all that is written on the way
	cli       string
	cliConfig string
	subjects  []*subject // in the order in which they take turns
	begun     time.Time
}

// prepare builds the providers; the folder is for the caller to remove.
func prepare(ctx context.Context, s settings) (b *bench, err error) {
	b = &bench{settings: s, ctx: ctx, begun: time.Now()}
	if b.cli, err = acceptance.CLI(); err != nil {
		return nil, err
	}
	if b.dir, err = os.MkdirTemp("", "routeros-bench-"); err != nil {
		return nil, err
	}
	if err = b.build(); err == nil {
		err = ctx.Err() // what is built without the context does not end with it
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(b.dir))
	}
	return b, nil
}

// build gives the CLI the providers, without `init`.
func (b *bench) build() error {
	const program = "terraform-provider-routeros"
	oursDir, peerDir := filepath.Join(b.dir, ours), filepath.Join(b.dir, peer)
	for _, dir := range []string{oursDir, peerDir} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	if _, err := acceptance.Provider(b.ctx, oursDir); err != nil {
		return err
	}
	b.subjects = []*subject{newFloor(), newOurs(filepath.Join(oursDir, program))}
	if b.peer {
		built, err := kubetest.RunTools("build", "terraform-routeros")
		if err != nil {
			return err
		}
		if err := os.Symlink(built[0], filepath.Join(peerDir, program)); err != nil {
			return err
		}
		b.subjects = append(b.subjects, newPeer(built[0]))
	}
	b.cliConfig = filepath.Join(b.dir, "terraformrc")
	return os.WriteFile(b.cliConfig, fmt.Appendf(nil,
		"provider_installation {\n  dev_overrides {\n    %q = %q\n    %q = %q\n  }\n  direct {}\n}\n",
		oursSource, oursDir, peerSource, peerDir), 0o600)
}

// wants tells whether a cell is to be measured; if so, the terminal learns that it is its turn.
func (b *bench) wants(cell string) bool {
	if !b.only.MatchString(cell) {
		return false
	}
	b.say("%s", cell)
	return true
}

// say tells the terminal how it goes.
func (b *bench) say(format string, a ...any) {
	fmt.Fprintf(os.Stderr, "[%6.1fs] %s\n", time.Since(b.begun).Seconds(), fmt.Sprintf(format, a...))
}

// subjectsAt are the subjects that work at a latency: the peer misses answers that come sooner than it expects, and hangs.
func (b *bench) subjectsAt(latency time.Duration) []*subject {
	var all []*subject
	for _, s := range b.subjects {
		if s.name != peer || latency >= usual {
			all = append(all, s)
		}
	}
	return all
}

func (b *bench) subject(name string) *subject {
	return b.subjects[slices.IndexFunc(b.subjects, func(s *subject) bool { return s.name == name })]
}
