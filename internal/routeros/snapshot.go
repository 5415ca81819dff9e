package routeros

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// Reads that come within this time of each other share one print; none waits longer than the second for others. Who
	// reads back what he wrote waits the third: ten workers' read-backs come together, as their writes were answered.
	gather       = 5 * time.Millisecond
	gatherAtAll  = 25 * time.Millisecond
	gatherWrites = time.Millisecond
	// Up to this many wanted rows are asked for one by one; more are read with the whole menu. RouterOS walks the
	// whole menu either way, but a menu of 30,000 rows of which we own three takes it 20 s to send.
	few = 8
	// A whole menu read this long ago is read again.
	maxAge = 30 * time.Second
)

// match is a wanted row: one whose property has this value.
type match struct{ property, value string }

// reads answers all readers of one menu from as few prints as can be. What a reader gets is of one print, and that began
// after every own write which ended before he asked and may have changed what he asks for.
type reads struct {
	always bool // read the whole menu, whatever is asked for

	mu    sync.Mutex
	next  *reading       // its print is still to begin: any reader may share it
	whole *reading       // the latest of the whole menu, answered or not; if there is none, one that never began
	asked map[match]bool // row by row, since there was no whole one that is young enough

	recognised sync.Map // from the id of a row that an upgrade made to the key of the object that it was made of
}

// reading is a print of some rows or all, and what the router answered.
type reading struct {
	readers int
	wanted  []match
	all     bool
	written bool // all that is wanted are rows that we wrote to: nothing that was read before tells them

	begun time.Time
	done  chan struct{} // closed when it is answered
	rows  []sentence
	err   error
	index map[string]map[string][]int // by property and value, the places of the rows; made when first needed

	// What we did since it began, if it is the latest of the whole menu.
	touched map[string]bool // the rows that we wrote to, by id
	removed map[string]bool // those of them that are gone
	keyed   bool            // whether others of them are new, or were set: they may have another key now
}

func newReads(always bool) *reads {
	s := &reads{always: always}
	s.begin(&reading{})
	return s
}

// begin makes a reading the latest of the whole menu, before its print does.
func (s *reads) begin(r *reading) {
	r.touched, r.removed = map[string]bool{}, map[string]bool{}
	s.whole, s.asked = r, map[match]bool{}
}

// wrote takes note that we wrote to the row with that id, and that no other has changed; "" if any may have.
func (s *reads) wrote(id string, removed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" {
		s.begin(&reading{})
		return
	}
	s.whole.touched[id], s.whole.removed[id] = true, removed
	s.whole.keyed = s.whole.keyed || !removed
}

// tells whether our writes leave true what a print of the whole menu has told of the rows that a reader wants.
func (r *reading) tells(wanted []match) bool {
	if len(wanted) == 0 {
		return len(r.touched) == 0
	}
	return !slices.ContainsFunc(wanted, func(m match) bool {
		if m.property == ".id" {
			return r.touched[m.value]
		}
		return r.keyed
	})
}

// rows gives the rows that match any, in the router's order; no matches mean the whole menu.
func (s *reads) rows(ctx context.Context, print func(context.Context, []match) ([]sentence, error), wanted ...match) ([]sentence, error) {
	s.mu.Lock()
	r := s.whole
	if tells := r.tells(wanted); !tells || time.Since(r.begun) > maxAge {
		if r = s.next; r == nil {
			r = &reading{written: true, done: make(chan struct{})}
			s.next = r
			// The print belongs to all its readers: none of them giving up may end it for the others.
			go s.answer(context.WithoutCancel(ctx), r, print)
		}
		s.join(r, wanted, !tells)
	}
	s.mu.Unlock()
	select {
	case <-r.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if r.err != nil || len(wanted) == 0 {
		return r.rows, r.err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return r.pick(wanted), nil
}

// join adds what a reader wants to a print. What a whole menu could not tell, since we wrote to it, is no reason to read
// one: it would be so again after the next write.
func (s *reads) join(r *reading, wanted []match, written bool) {
	r.readers++
	r.written = r.written && written
	for _, m := range wanted {
		if !slices.Contains(r.wanted, m) {
			r.wanted = append(r.wanted, m)
		}
		if !written {
			s.asked[m] = true
		}
	}
	r.all = r.all || s.always || len(wanted) == 0 || max(len(wanted), len(s.asked)) > few
}

func (s *reads) answer(ctx context.Context, r *reading, print func(context.Context, []match) ([]sentence, error)) {
	defer close(r.done)
	s.mu.Lock()
	s.await(r)
	s.next, r.begun = nil, time.Now()
	if r.all {
		r.wanted = nil
		s.begin(r)
	}
	s.mu.Unlock()
	r.rows, r.err = print(ctx, r.wanted)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.err != nil && s.whole == r {
		s.begin(&reading{})
	}
}

// await waits for more readers, unlocked.
func (s *reads) await(r *reading) {
	pause, patience := gather, gatherAtAll
	if r.written {
		pause, patience = gatherWrites, gatherWrites
	}
	for seen, waited := 0, time.Duration(0); !r.all && seen < r.readers && waited < patience; waited += pause {
		seen = r.readers
		s.mu.Unlock()
		time.Sleep(pause)
		s.mu.Lock()
	}
}

// pick gives the rows that match any, in the router's order, without those that we removed since.
func (r *reading) pick(wanted []match) []sentence {
	var places []int
	for _, m := range wanted {
		places = append(places, r.having(m.property)[m.value]...)
	}
	slices.Sort(places)
	var rows []sentence
	for _, i := range slices.Compact(places) {
		if !r.removed[r.rows[i][".id"]] {
			rows = append(rows, r.rows[i])
		}
	}
	return rows
}

// having gives the places of the rows by what the property is.
func (r *reading) having(property string) map[string][]int {
	if places, made := r.index[property]; made {
		return places
	}
	places := map[string][]int{}
	for i, row := range r.rows {
		places[row[property]] = append(places[row[property]], i)
	}
	if r.index == nil {
		r.index = map[string]map[string][]int{}
	}
	r.index[property] = places
	return places
}

// print asks for the rows that match, or for all.
func (r *Router) print(ctx context.Context, path string, properties []string, wanted []match) ([]sentence, error) {
	words := []string{path + "/print", "=.proplist=" + strings.Join(properties, ",")}
	for i, m := range wanted {
		words = append(words, "?"+m.property+"="+m.value)
		if i > 0 {
			words = append(words, "?#|")
		}
	}
	return r.look(ctx, words)
}

// look sends a command that changes nothing: once more, if the connection was lost.
func (r *Router) look(ctx context.Context, words []string) ([]sentence, error) {
	answer, err := r.run(ctx, words...)
	if errors.Is(err, ErrConnection) {
		answer, err = r.run(ctx, words...)
	}
	return answer.rows, err
}
