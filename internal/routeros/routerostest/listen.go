package routerostest

import (
	"context"
	"maps"
	"slices"
)

// listener is a /x/listen, or a print that follows, until it is cancelled (routeros-api.md §5).
type listener struct {
	look  func() []item
	seen  map[string]item
	queue [][]pair      // sentences that are not sent yet
	wake  chan struct{} // says that there are some
}

// item is a row as a listener sees it.
type item struct {
	id    string
	shown []pair
}

// listen streams what changes in a menu, all of a row that has changed, or that it is dead. Of queries the manual says
// that only print and getall take them: they have no effect here.
func (c *call) listen() (reply, error) {
	c.sentence.query = nil
	if _, _, err := c.look(); err != nil {
		return reply{}, err
	}
	return c.follow(false), nil
}

// follow answers with a stream, with the rows as they are first or without.
func (c *call) follow(first bool) reply {
	l := &listener{wake: make(chan struct{}, 1), seen: map[string]item{}, look: func() []item {
		items, _, _ := c.look() // fails when a row that the sentence names is gone
		return items
	}}
	if first {
		l.catchUp()
	} else {
		for _, i := range l.look() {
			l.seen[i.id] = i
		}
	}
	return reply{stream: l}
}

// catchUp queues what differs from what was seen before. A change of nothing but an uptime is none.
func (l *listener) catchUp() {
	steady := func(i item) []pair {
		return slices.DeleteFunc(slices.Clone(i.shown), func(p pair) bool { return p.name == "uptime" })
	}
	gone := maps.Clone(l.seen)
	for _, i := range l.look() {
		old, known := l.seen[i.id]
		delete(gone, i.id)
		if known && slices.Equal(steady(old), steady(i)) {
			continue
		}
		l.seen[i.id] = i
		l.queue = append(l.queue, i.shown)
	}
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		delete(l.seen, id)
		l.queue = append(l.queue, []pair{{".id", id}, {".dead", "yes"}})
	}
	if len(l.queue) > 0 {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// publish lets all see what may have changed: the speaker, the forwarder, and who listens. The caller holds the lock.
func (r *Router) publish() {
	r.speak()
	r.forward()
	for l := range r.watching {
		l.catchUp()
	}
}

// stream sends what a listener has to say until it is cancelled. The caller holds the router's lock, so that nothing
// changes before the listener is known.
func (s *session) stream(tag string, l *listener) {
	ctx, cancel := context.WithCancel(s.ctx)
	s.mu.Lock()
	s.pending[tag] = cancel
	s.mu.Unlock()
	r := s.router
	r.watching[l] = struct{}{}
	r.running.Go(func() {
		defer cancel()
		for {
			select {
			case <-l.wake:
				r.mu.Lock()
				rows := l.queue
				l.queue = nil
				r.mu.Unlock()
				_ = s.rows(tag, rows) // the reader meets the same broken connection
				_ = s.flush()
			case <-ctx.Done():
				r.mu.Lock()
				delete(r.watching, l)
				r.mu.Unlock()
				s.mu.Lock()
				delete(s.pending, tag)
				s.mu.Unlock()
				if s.ctx.Err() == nil {
					_ = s.reply(tag, reply{}, &Trap{interrupted, "interrupted"}, false)
				}
				return
			}
		}
	})
}
