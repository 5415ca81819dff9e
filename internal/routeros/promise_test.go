package routeros

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestPromise: we and somebody else add, set, unset, remove and move rows at once, while readers ask by id, by key and for
// all. Each row has its history; what a reader is told of it is not older than what he was promised when he asked.
func TestPromise(t *testing.T) {
	for _, release := range []string{"6.49.15", "7.24"} {
		for range 2 {
			seed := rand.Uint64()
			t.Run(fmt.Sprintf("%s/%d", release, seed), func(t *testing.T) {
				sim := routerostest.StartTest(t, release, routerostest.Latency(300*time.Microsecond))
				w := &witness{t: t, sim: sim, table: dial(t, sim).Table(DstNAT), rows: map[string]*history{}}
				for round := range 4 {
					var running sync.WaitGroup
					for worker := range 10 {
						dice := rand.New(rand.NewPCG(seed, uint64(round*10+worker)))
						running.Go(func() {
							for range 60 {
								w.act(dice)
							}
						})
					}
					running.Wait()
					w.settle()
				}
			})
		}
	}
}

// state is a row at a time; the zero one is a row that is not there.
type state struct {
	there         bool
	comment, list string
}

func (s state) words() Words {
	words := Words{"action": "accept", "comment": s.comment}
	if s.list != "" {
		words["src-address-list"] = s.list
	}
	return words
}

// history is what a row has been, and may be by now.
type history struct {
	writing sync.Mutex
	states  []state // from before it was made to the one that is being written
	is      int     // the state that it surely has reached
	row     int     // that which readers of the row are promised, or a later one
	menu    int     // that which readers of the whole menu are promised
}

// witness keeps the history of each row of a router while it is written and read.
type witness struct {
	t     *testing.T
	sim   *routerostest.Router
	table *Table

	mu   sync.Mutex
	ids  []string
	rows map[string]*history
}

// pick gives a row that is there, locked for writing; nil if there is none.
func (w *witness) pick(dice *rand.Rand) (string, *history) {
	w.mu.Lock()
	ids := slices.Clone(w.ids)
	w.mu.Unlock()
	for range 10 {
		if len(ids) == 0 {
			break
		}
		id := ids[dice.IntN(len(ids))]
		w.mu.Lock()
		h := w.rows[id]
		w.mu.Unlock()
		h.writing.Lock()
		if h.states[len(h.states)-1].there {
			return id, h
		}
		h.writing.Unlock()
	}
	return "", nil
}

// now is what all rows have surely reached.
func (w *witness) now() map[*history]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	reached := map[*history]int{}
	for _, h := range w.rows {
		reached[h] = h.is
	}
	return reached
}

// wrote notes that a row has got the last of its states. Who reads it is promised that if it was us; who reads the whole
// menu then is promised what there was before; so is who reads any row if everything is to be forgotten.
func (w *witness) wrote(h *history, before map[*history]int, ours, forgotten bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h.is = len(h.states) - 1
	if !ours {
		return
	}
	h.row, h.menu = h.is, h.is
	for other, reached := range before {
		other.menu = max(other.menu, reached)
		if forgotten {
			other.row = max(other.row, reached)
		}
	}
}

// begin notes that a row may be so from now on.
func (w *witness) begin(h *history, to state) {
	w.mu.Lock()
	defer w.mu.Unlock()
	h.states = append(h.states, to)
}

// change has a row become so, and notes when that has surely happened.
func (w *witness) change(h *history, to state, ours bool, do func() error) {
	before := w.now()
	w.begin(h, to)
	assert.NoError(w.t, do())
	w.wrote(h, before, ours, false)
}

func (w *witness) run(words ...string) error {
	_, err := w.sim.Run(words...)
	return err
}

// act does one thing, as the dice say: of 20, two add, four set, two remove, one may move, and the others read.
func (w *witness) act(dice *rand.Rand) {
	ctx, ours, do := w.t.Context(), dice.IntN(2) == 0, dice.IntN(20)
	next := state{true, fmt.Sprint("k", dice.IntN(5)), fmt.Sprint("v", dice.IntN(1000))}
	if do < 4 && dice.IntN(4) == 0 {
		next.list = ""
	}
	if do < 2 {
		w.add(next, ours)
		return
	}
	if do < 9 {
		id, h := w.pick(dice)
		if h == nil {
			return
		}
		defer h.writing.Unlock()
		before := h.states[len(h.states)-1]
		switch {
		case do < 6 && ours:
			if next.list == "" { // is unset by a command of its own
				w.begin(h, state{true, next.comment, before.list})
			}
			wrote := next != before // else there is nothing to write, and nothing is promised
			w.change(h, next, wrote, func() error { return w.table.Set(ctx, id, before.words(), next.words()) })
		case do < 6:
			next.list = fmt.Sprint("v", dice.IntN(1000))
			w.change(h, next, false, func() error {
				return w.run("/ip/firewall/nat/set", "=.id="+id, "=comment="+next.comment, "=src-address-list="+next.list)
			})
		case do < 8 && ours:
			w.change(h, state{}, true, func() error { return w.table.Remove(ctx, id, before.words()) })
		case do < 8:
			w.change(h, state{}, false, func() error { return w.run("/ip/firewall/nat/remove", "=.id="+id) })
		case dice.IntN(4) == 0:
			w.move(id, h)
		}
		return
	}
	w.read(dice, next.comment)
}

func (w *witness) add(first state, ours bool) {
	before := w.now()
	var id string
	var err error
	if ours {
		id, err = w.table.Add(w.t.Context(), first.words())
	} else {
		words := []string{"/ip/firewall/nat/add", "=chain=dstnat", "=action=accept", "=comment=" + first.comment}
		if first.list != "" {
			words = append(words, "=src-address-list="+first.list)
		}
		var rows []map[string]string
		if rows, err = w.sim.Run(words...); err == nil {
			id = rows[0]["ret"]
		}
	}
	if !assert.NoError(w.t, err) {
		return
	}
	h := &history{states: []state{{}, first}}
	w.mu.Lock()
	w.ids, w.rows[id] = append(w.ids, id), h
	w.mu.Unlock()
	w.wrote(h, before, ours, false)
}

// move puts a row behind all others, and so has everything forgotten.
func (w *witness) move(id string, h *history) {
	before := w.now()
	path, v, err := w.table.at(w.t.Context())
	assert.NoError(w.t, err)
	assert.NoError(w.t, w.table.carryOut(w.t.Context(), v, path, []move{{id: id}}))
	w.wrote(h, before, true, true)
}

// promised are the rows as they were when somebody asked.
func (w *witness) promised(menu bool) map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	since := map[string]int{}
	for id, h := range w.rows {
		since[id] = h.row
		if menu {
			since[id] = h.menu
		}
	}
	return since
}

// read asks in some way, and compares.
func (w *witness) read(dice *rand.Rand, comment string) {
	ctx := w.t.Context()
	switch dice.IntN(8) {
	case 0:
		since := w.promised(true)
		rows, err := w.table.List(ctx)
		w.compare(err, rows, since, func(string, state) bool { return true })
	case 1, 2:
		since := w.promised(false)
		rows, err := w.table.Find(ctx, "comment", comment)
		w.compare(err, rows, since, func(_ string, s state) bool { return s.comment == comment })
	default:
		since := w.promised(false)
		for id := range since {
			row, there, twins, err := w.table.WithTwins(ctx, id, Words{"comment": comment})
			if dice.IntN(2) == 0 {
				since, twins = w.promised(false), nil
				row, there, err = w.table.ByID(ctx, id, nil)
				comment = "none"
			}
			if there {
				twins = append(twins, row)
			}
			w.compare(err, twins, since, func(other string, s state) bool { return other == id || s.comment == comment })
			return
		}
	}
}

// compare fails unless each row, if it has been promised or is among those told, has been so since.
func (w *witness) compare(err error, told []Row, since map[string]int, wanted func(id string, s state) bool) {
	if !assert.NoError(w.t, err) {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, h := range w.rows {
		may := h.states[since[id]:]
		at := slices.IndexFunc(told, func(r Row) bool { return r.ID == id })
		if at < 0 {
			assert.True(w.t, slices.ContainsFunc(may, func(s state) bool { return !s.there || !wanted(id, s) }), "%s is missing: %v", id, may)
			continue
		}
		is := state{true, told[at].Words["comment"], told[at].Words["src-address-list"]}
		assert.True(w.t, wanted(id, is), "%s was not asked for: %v", id, is)
		assert.Contains(w.t, may, is, id)
	}
}

// settle compares all rows, and their order, with the router's, after a write of ours and while nobody writes.
func (w *witness) settle() {
	w.add(state{true, "last", ""}, true)
	rows, err := w.table.List(w.t.Context())
	require.NoError(w.t, err)
	real := w.sim.Print("/ip/firewall/nat")
	require.Len(w.t, rows, len(real))
	for i, row := range rows {
		assert.Equal(w.t, state{true, real[i]["comment"], real[i]["src-address-list"]}, state{true, row.Words["comment"], row.Words["src-address-list"]})
		assert.Equal(w.t, real[i][".id"], row.ID)
	}
}
