// Command bench measures what the provider costs, beside what Terraform itself costs and what the provider
// terraform-routeros costs, against a simulated router in this process, and writes docs/performance.md and its plot.
//
//	go run ./internal/bench                                           measures all
//	go run ./internal/bench -only '^plan/1000/5ms$' -dir /tmp/bench   measures the cells whose names match
//
// Nothing leaves this machine. A subject is what does the same work as another: "floor" is terraform_data, which is what any
// resource costs, "ours" this tree's provider, "peer" terraform-routeros. A cell is one piece of work under one load; its
// name is plan/OBJECTS/LATENCY, change/OBJECTS/LATENCY, pools/plan/OBJECTS, pools/change/OBJECTS, table, start or hotpaths. In
// each run the subjects take turns, so that what else the machine does meets all alike.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"syscall"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
)

// parts are what the page has, in its order.
var parts = []func(*bench) (section, error){plans, changes, clusters, largeTable, starts, hotPaths}

func main() {
	runtime.LockOSThread()
	dieWithParent()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := measureAll(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func measureAll(ctx context.Context) error {
	s := defaults()
	flag.IntVar(&s.runs, "runs", s.runs, "how often each cell is measured; the page has the medians")
	only := flag.String("only", "", "a regular expression of the names of the cells to measure (plan/1000/5ms, change/100/50ms, table, start …); all without it")
	docs := filepath.Join(acceptance.Root(), "docs")
	dir := flag.String("dir", docs, "the folder to write to")
	flag.BoolVar(&s.peer, "peer", s.peer, "whether terraform-routeros is measured as well")
	flag.Parse()
	if s.runs < 1 || flag.NArg() > 0 {
		return errors.New("-runs is at least 1, and all that is said is said by flags: see -help")
	}
	if *only != "" && *dir == docs {
		return errors.New("-only needs a -dir: what is in docs/ is the page of all cells")
	}
	var err error
	if s.only, err = regexp.Compile(*only); err != nil {
		return fmt.Errorf("-only: %w", err)
	}
	return write(ctx, s, *dir)
}

// write measures, and writes the page and its plot into a folder.
func write(ctx context.Context, s settings, dir string) (err error) {
	b, err := prepare(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	r, err := b.report()
	if err != nil {
		return err
	}
	return r.write(dir)
}

// report has what each part measures.
func (b *bench) report() (report, error) {
	r := report{about: b.about()}
	for _, part := range parts {
		s, err := part(b)
		if err != nil {
			return report{}, err
		}
		r.sections = append(r.sections, s)
	}
	return r, nil
}
