package routerostest

import "time"

// The BGP neighbours of a router. There are none, so all of them answer at once, unless told otherwise: all by
// [NoSessions], or each by its address.

// neighbour is one that does not answer at once.
type neighbour struct {
	never   bool
	after   time.Duration // it answers this long after its peer was added or enabled
	dropped bool          // it answered once
}

// Silent is a neighbour that never answered.
func Silent(address string) Option {
	return func(c *config) { c.neighbours[address] = neighbour{never: true} }
}

// AnswersAfter is a neighbour that takes its time after its peer was added or enabled.
func AnswersAfter(address string, d time.Duration) Option {
	return func(c *config) { c.neighbours[address] = neighbour{after: d} }
}

// Dropped is a neighbour that answered and is gone: v7 keeps the row of such a session.
func Dropped(address string) Option {
	return func(c *config) { c.neighbours[address] = neighbour{never: true, dropped: true} }
}

// Answers makes a neighbour answer at once, as they do by default.
func Answers(address string) Option {
	return func(c *config) { delete(c.neighbours, address) }
}

// fate is what became of the session of a peer or connection: when it came up, 0 if it is not; and whether it ever was.
func (w *world) fate(r *row, address string) (up int64, was bool) {
	n := w.neighbours[hostOf(address)]
	up = r.since + int64(n.after)
	if w.quirks.noSessions || n.never || w.now() < up {
		return 0, n.dropped && !w.quirks.noSessions
	}
	return up, true
}
