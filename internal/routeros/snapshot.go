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
	// Reads that come within this time of each other share one print; none waits longer than the second for others.
	gather      = 5 * time.Millisecond
	gatherAtAll = 25 * time.Millisecond
	// Up to this many wanted rows are asked for one by one; more are read with the whole menu. RouterOS walks the
	// whole menu either way, but a menu of 30,000 rows of which we own three takes it 20 s to send.
	few = 8
	// A whole menu read this long ago is read again.
	maxAge = 30 * time.Second
)

// match is a wanted row: one whose property has this value.
type match struct{ property, value string }

func (m match) in(row sentence) bool { return row[m.property] == m.value }

// reads answers all readers of one menu from as few prints as can be.
type reads struct {
	mu      sync.Mutex
	writes  int       // own writes so far: a print is worth nothing to readers that come after the next one
	asked   int       // rows asked for one by one since the last write
	pending *batch    // still gathering readers
	whole   *snapshot // the menu as last read whole

	recognised sync.Map // from the id of a row that an upgrade made to the key of the object that it was made of
}

type snapshot struct {
	rows []sentence
	at   time.Time
}

// batch is one print for several readers.
type batch struct {
	readers int
	writes  int
	wanted  []match
	all     bool
	done    chan struct{}
	rows    []sentence
	err     error
}

// wrote makes reads asked for from now on see a print begun from now on.
func (s *reads) wrote() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	s.asked = 0
	s.whole = nil
	s.pending = nil // its print may begin any moment: leave it to its readers
}

// rows gives at least the rows that match, as the router sent them; nil matches mean the whole menu.
func (s *reads) rows(ctx context.Context, print func(context.Context, []match) ([]sentence, error), wanted ...match) ([]sentence, error) {
	s.mu.Lock()
	if s.whole != nil && time.Since(s.whole.at) < maxAge {
		defer s.mu.Unlock()
		return s.whole.rows, nil
	}
	b := s.pending
	if b == nil {
		b = &batch{writes: s.writes, done: make(chan struct{})}
		s.pending = b
		// The print belongs to all its readers: none of them giving up may end it for the others.
		go s.answer(context.WithoutCancel(ctx), b, print)
	}
	b.readers++
	for _, m := range wanted {
		if !slices.Contains(b.wanted, m) {
			b.wanted = append(b.wanted, m)
			s.asked++
		}
	}
	b.all = b.all || len(wanted) == 0 || s.asked > few
	s.mu.Unlock()
	select {
	case <-b.done:
		return b.rows, b.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *reads) answer(ctx context.Context, b *batch, print func(context.Context, []match) ([]sentence, error)) {
	defer close(b.done)
	s.mu.Lock()
	for seen, waited := 0, time.Duration(0); seen < b.readers && waited < gatherAtAll; waited += gather {
		seen = b.readers
		s.mu.Unlock()
		time.Sleep(gather)
		s.mu.Lock()
	}
	if s.pending == b {
		s.pending = nil
	}
	var wanted []match
	if !b.all {
		wanted = b.wanted
	}
	s.mu.Unlock()
	begun := time.Now()
	b.rows, b.err = print(ctx, wanted)
	if b.err != nil || wanted != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes == b.writes {
		s.whole = &snapshot{rows: b.rows, at: begun}
	}
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
