package routerostest

import (
	"encoding/hex"
	"strings"
	"time"
)

// The BGP neighbours of a router. There are none, so all of them answer at once, unless told otherwise: all by
// [NoSessions], or each by its address.

// neighbour is one that does not answer at once.
type neighbour struct {
	never   bool
	after   time.Duration // it answers this long after its peer was added or enabled
	dropped bool          // it answered once
	shows   []pair        // what v7 shows of the session that is gone
}

// Silent is a neighbour that never answered.
func Silent(address string) Option {
	return func(c *config) { c.neighbours[address] = neighbour{never: true} }
}

// AnswersAfter is a neighbour that takes its time after its peer was added or enabled.
func AnswersAfter(address string, d time.Duration) Option {
	return func(c *config) { c.neighbours[address] = neighbour{after: d} }
}

// Dropped is a neighbour that answered and is gone: v7 keeps the row of such a session, and with it these switches,
// `stopped` or `limit-exceeded`.
func Dropped(address string, switches ...string) Option {
	gone := neighbour{never: true, dropped: true}
	for _, name := range switches {
		gone.shows = append(gone.shows, pair{name, ""})
	}
	return func(c *config) { c.neighbours[address] = gone }
}

// Refuses is a neighbour that ends each session with this notification, whose codes are those of RFC 4271: 2 and 2 for a
// wrong AS number. RouterOS 6 forgets it at once.
func Refuses(address string, code, subcode byte, data ...byte) Option {
	return notified(address, "input.last-notification", code, subcode, data)
}

// Refused is a neighbour whose sessions the router ends so.
func Refused(address string, code, subcode byte, data ...byte) Option {
	return notified(address, "output.last-notification", code, subcode, data)
}

func notified(address, property string, code, subcode byte, data []byte) Option {
	length := 21 + len(data)
	message := strings.Repeat("ff", 16) + hex.EncodeToString([]byte{byte(length >> 8), byte(length), 3, code, subcode}) + hex.EncodeToString(data)
	return func(c *config) {
		c.neighbours[address] = neighbour{never: true, dropped: true, shows: []pair{{property, message}}}
	}
}

// Answers makes a neighbour answer at once, as they do by default.
func Answers(address string) Option {
	return func(c *config) { delete(c.neighbours, address) }
}

// fate is what became of the session of a peer or connection: when it came up, 0 if it is not; and whether it ever was.
func (w *world) fate(r *row, address string) (up int64, was bool) {
	n := w.neighbours[hostOf(address)]
	up = r.since + int64(n.after)
	if w.quirks.noSessions || n.never || w.now() < up || !w.reaches(r, address) {
		return 0, n.dropped && !w.quirks.noSessions
	}
	return up, true
}

// reaches tells whether packets for a neighbour live long enough: an external one has to be on a network of the router,
// unless multihop is set.
func (w *world) reaches(r *row, address string) bool {
	multihop, internal := r.values["multihop"], false
	if w.version[0] > 6 {
		multihop, internal = inherited(w, r, "multihop"), strings.HasPrefix(r.values["local.role"], "ibgp")
	} else {
		for _, i := range w.tables[instanceMenu].named(valueOr(r, "instance", "default")) {
			internal = i.values["as"] == r.values["remote-as"]
		}
	}
	return multihop == "true" || internal || w.near(address)
}
