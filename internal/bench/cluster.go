package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// clusterCell is a cell of pools, with what the API server counted, and what it takes to read the pools without Terraform.
type clusterCell struct {
	*cell
	served  []served        // by us, run by run
	lists   []time.Duration // of all pools, as the provider reads them
	singles []time.Duration // of all pools, each by a request of its own
}

// clusters measures the half of the provider that configures MetalLB.
func clusters(b *bench) (section, error) {
	var server *apiServer
	defer func() {
		if server != nil {
			server.Close()
		}
	}()
	measure := func(work string, sizes []int, cells func(*apiServer, int) ([]*clusterCell, error)) (all []*clusterCell, err error) {
		for _, objects := range sizes {
			if !b.wants(fmt.Sprintf("pools/%s/%d", work, objects)) {
				continue
			}
			if server == nil {
				if server, err = startServer(b.ctx); err != nil {
					return nil, err
				}
			}
			measured, err := cells(server, objects)
			if err != nil {
				return nil, err
			}
			all = append(all, measured...)
		}
		return all, nil
	}
	plans, err := measure("plan", b.poolPlans, b.plannedPools)
	if err != nil {
		return section{}, err
	}
	changes, err := measure("change", b.poolChanges, b.changedPools)
	if err != nil {
		return section{}, err
	}
	s := section{title: "MetalLB's pools", targets: []target{poolsTarget(plans)}}
	if plans == nil && changes == nil {
		return s, nil
	}
	s.text = "`metallb_address_pool`, against a real kube-apiserver with MetalLB's custom resource definitions, on the same machine and without " +
		"MetalLB. Requests and bytes are those that the API server counted: the bytes only of what is read, and no discovery, which the " +
		"provider asks once.\n\n" +
		"The Kubernetes providers read each object by a GET of its own. What that costs is measured beside it, with client-go, without a limit " +
		"of its own and ten at once, and without Terraform: what such a provider needs for a plan is the floor and more than that."
	s.tables = []table{poolTimes(slices.Concat(plans, changes)), poolReads(plans), poolRequests(slices.Concat(plans, changes))}
	return s, nil
}

func poolName(i int) string      { return fmt.Sprintf("pool-%d", i) }
func poolAddresses(i int) string { return fmt.Sprintf("10.%d.%d.0/24", i/256, i%256) }

// newPools is the subject of our pools.
func (b *bench) newPools() *subject {
	return &subject{
		name: ours, program: b.subject(ours).program, source: oursSource, protocol: 6, kind: "metallb_address_pool",
		arguments: `
  provider  = routeros
  name      = "pool-${count.index}"
  addresses = ["10.${floor(count.index / 256)}.${count.index % 256}.0/24"]`,
		varies: func(index int, id string) map[string]any {
			return map[string]any{"id": id, "name": poolName(index), "addresses": []string{poolAddresses(index)}}
		},
	}
}

// inCluster is a workspace of pools, whose state is empty.
func (b *bench) inCluster(server *apiServer, s *subject, objects int) (w *workspace, err error) {
	w = &workspace{bench: b, subject: s, name: s.name, load: load{objects: objects}}
	if w.dir, err = os.MkdirTemp(b.dir, "pools-"); err != nil {
		return nil, err
	}
	return w, os.WriteFile(filepath.Join(w.dir, "main.tf"), fmt.Appendf(nil, `terraform {
  required_providers {
    routeros = { source = %q }
  }
}

provider "routeros" {
  kubernetes = { config_path = %q }
}

resource %q "pool" {
  count = %d%s
}
`, s.source, server.Kubeconfig(), s.kind, objects, s.arguments), 0o600)
}

// filledPools is a workspace whose pools are in the cluster and in its state, as if they had been applied.
func (b *bench) filledPools(server *apiServer, objects int) (*workspace, error) {
	s := b.newPools()
	one, err := b.inCluster(server, s, 1)
	if err != nil {
		return nil, err
	}
	if err := one.asTemplate(); err != nil {
		return nil, err
	}
	if err := errors.Join(server.empty(b.ctx), server.fill(b.ctx, objects)); err != nil {
		return nil, err
	}
	pools, err := b.inCluster(server, s, objects)
	if err != nil {
		return nil, err
	}
	ids := make([]string, objects)
	for i := range ids {
		ids[i] = "metallb-system/" + poolName(i)
	}
	return pools, pools.assume(ids)
}

// plannedPools measures plans that change nothing.
func (b *bench) plannedPools(server *apiServer, objects int) ([]*clusterCell, error) {
	pools, err := b.filledPools(server, objects)
	if err != nil {
		return nil, err
	}
	bare, err := b.workspace(b.subject(floor), load{objects: objects})
	if err != nil {
		return nil, err
	}
	if err := bare.fill(); err != nil {
		return nil, err
	}
	c := &clusterCell{cell: newCell("plan", load{objects: objects})}
	for range b.runs {
		if err := c.turn([]*workspace{bare, pools}, c.counted(server, (*workspace).plan)); err != nil {
			return nil, err
		}
		lists, err := server.readAll(b.ctx, objects)
		singles, getErr := server.getAll(b.ctx, objects)
		if err := errors.Join(err, getErr); err != nil {
			return nil, err
		}
		c.lists, c.singles = append(c.lists, lists), append(c.singles, singles)
	}
	return []*clusterCell{c}, server.empty(b.ctx)
}

// changedPools measures applies that create all pools, and applies that destroy them.
func (b *bench) changedPools(server *apiServer, objects int) ([]*clusterCell, error) {
	pools, err := b.inCluster(server, b.newPools(), objects)
	if err != nil {
		return nil, err
	}
	bare, err := b.workspace(b.subject(floor), load{objects: objects})
	if err != nil {
		return nil, err
	}
	create := &clusterCell{cell: newCell("create", load{objects: objects})}
	destroy := &clusterCell{cell: newCell("destroy", load{objects: objects})}
	for range b.runs {
		for _, c := range []*clusterCell{create, destroy} {
			work, want := (*workspace).create, objects
			if c == destroy {
				work, want = (*workspace).destroy, 0
			}
			if err := c.turn([]*workspace{bare, pools}, c.counted(server, work)); err != nil {
				return nil, err
			}
			if err := server.has(b.ctx, want); err != nil && !pools.lost {
				return nil, err
			}
		}
	}
	return []*clusterCell{create, destroy}, nil
}

// counted does the work, and keeps what the API server counted of ours meanwhile.
func (c *clusterCell) counted(server *apiServer, work func(*workspace) (step, error)) func(*workspace) (step, error) {
	return func(w *workspace) (step, error) {
		if w.name != ours {
			return work(w)
		}
		before, err := server.served(w.ctx)
		if err != nil {
			return step{}, err
		}
		s, err := work(w)
		if err != nil {
			return s, err
		}
		after, err := server.served(w.ctx)
		c.served = append(c.served, after.since(before))
		return s, err
	}
}

func poolTimes(cells []*clusterCell) table {
	t := table{caption: "Seconds, and how they compare with Terraform's own:", header: []string{
		"", "Objects", "floor s", "ours s", "ours ÷ floor", "ours − floor s", "floor CPU s", "ours CPU s", "Memory MB",
	}}
	for _, c := range cells {
		t.rows = append(t.rows, []string{
			c.work, fmt.Sprint(c.objects), c.seconds(floor), c.seconds(ours),
			figure(c.compare(ours, floor, over), "%.2f"), figure(c.compare(ours, floor, less), "%.2f"),
			figure(c.median(floor, cpu), "%.2f"), figure(c.median(ours, cpu), "%.2f"), figure(c.median(ours, megabytes), "%.0f"),
		})
	}
	return t
}

func poolReads(cells []*clusterCell) table {
	t := table{caption: "Seconds to read all pools, without Terraform:", header: []string{"Objects", "ours s", "a GET of each s", "a GET of each ÷ ours"}}
	for _, c := range cells {
		var lists, singles, ratios []float64
		for run := range c.lists {
			list, single := c.lists[run].Seconds(), c.singles[run].Seconds()
			lists, singles, ratios = append(lists, list), append(singles, single), append(ratios, single/list)
		}
		t.rows = append(t.rows, []string{
			fmt.Sprint(c.objects), figure(median(lists), "%.3f"), figure(median(singles), "%.3f"), figure(median(ratios), "%.1f"),
		})
	}
	return t
}

// verbs are the columns of a table for requests; the last is that of all others.
var verbs = []string{"LIST", "GET", "APPLY", "DELETE", "others"}

func poolRequests(cells []*clusterCell) table {
	t := table{caption: "What the API server was asked:", header: []string{"", "Objects", "LISTs", "GETs", "Applies", "Deletes", "Others", "kB read"}}
	for _, c := range cells {
		row := []string{c.work, fmt.Sprint(c.objects)}
		count := func(of func(served) float64, format string) {
			var all []float64
			for _, run := range c.served {
				all = append(all, of(run))
			}
			row = append(row, figure(median(all), format))
		}
		for i := range verbs {
			count(func(s served) (sum float64) {
				for request, times := range s.requests {
					if verbOf(request) == i {
						sum += float64(times)
					}
				}
				return sum
			}, "%.0f")
		}
		count(func(s served) float64 { return s.sent / 1e3 }, "%.1f")
		t.rows = append(t.rows, row)
	}
	return t
}

// verbOf is the index of a request's verb.
func verbOf(request string) int {
	verb, _, _ := strings.Cut(request, " ")
	if i := slices.Index(verbs, verb); i >= 0 {
		return i
	}
	return len(verbs) - 1
}

// poolsTarget is that a refresh lists each kind once, and asks for nothing else.
func poolsTarget(plans []*clusterCell) target {
	t := target{name: "pools", what: "what a refresh of 1000 pools asks the API server", wanted: "1 LIST per kind", met: true}
	for _, c := range plans {
		if c.objects != many {
			continue
		}
		for _, run := range c.served {
			var said []string
			for _, request := range slices.Sorted(maps.Keys(run.requests)) {
				said = append(said, fmt.Sprintf("%d %s", run.requests[request], request))
				t.met = t.met && run.requests[request] == 1 && strings.HasPrefix(request, "LIST ")
			}
			if t.measured = strings.Join(said, ", "); !t.met {
				return t
			}
		}
	}
	return t
}
