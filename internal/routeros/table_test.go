package routeros

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

var releases = []string{"6.40", "6.49.15", "7.1", "7.9.2", "7.18.2", "7.19.6", "7.20.8", "7.22.3", "7.24"}

var (
	privateInstance = Words{"name": "private", "as": "65000", "router-id": "192.168.5.1", "comment": "kubernetes"}
	worker1         = Words{"name": "worker1", "instance": "private", "remote.address": "192.168.5.253", "remote.as": "65001",
		"multihop": "yes", "hold-time": "90s", "afi": "ip,ipv6"}
	webRule = Words{"action": "dst-nat", "protocol": "tcp", "dst-port": "80", "in-interface": "ether1", "to-addresses": "192.168.128.1",
		"comment": "web"}
)

func each(t *testing.T, test func(t *testing.T, sim *routerostest.Router, r *Router), options ...routerostest.Option) {
	for _, version := range releases {
		t.Run(version, func(t *testing.T) {
			sim := routerostest.StartTest(t, version, options...)
			test(t, sim, dial(t, sim))
		})
	}
}

// TestOneVocabulary: the same words, written and read back, on every RouterOS.
func TestOneVocabulary(t *testing.T) {
	each(t, func(t *testing.T, _ *routerostest.Router, r *Router) {
		ctx := t.Context()
		for _, object := range []struct {
			menu *Menu
			want Words
		}{{BGPInstance, privateInstance}, {BGPPeer, worker1}, {DstNAT, webRule}} {
			table := r.Table(object.menu)
			before, err := table.List(ctx)
			require.NoError(t, err)
			id, err := table.Add(ctx, object.want)
			require.NoError(t, err)
			row, there, err := table.ByID(ctx, id, object.want)
			require.NoError(t, err)
			require.True(t, there)
			for word, value := range object.want {
				switch word {
				case "multihop":
					value = "true"
				case "hold-time":
					value = "1m30s"
				case "remote.address":
					assert.Contains(t, []string{value, value + "/32"}, row.Words[word])
					continue
				}
				assert.Equal(t, value, row.Words[word], word)
			}

			// A word that is wanted no more goes back to what its absence means.
			less := Words{}
			for word, value := range object.want {
				if word != "comment" && word != "multihop" && word != "hold-time" && word != "router-id" && word != "in-interface" {
					less[word] = value
				}
			}
			require.NoError(t, table.Set(ctx, id, object.want, less))
			row, _, err = table.ByID(ctx, id, less)
			require.NoError(t, err)
			for word := range object.want {
				if _, kept := less[word]; kept {
					continue
				}
				w, _ := object.menu.Word(word)
				assert.Contains(t, []string{"", spelled(w.Default)}, spelled(row.Words[word]), "%s is unset", word)
			}

			found, err := table.Find(ctx, object.menu.Key, object.want[object.menu.Key])
			require.NoError(t, err)
			assert.Len(t, found, map[bool]int{true: 0, false: 1}[object.menu.Key == "comment"], "its comment is unset")
			if object.menu == DstNAT {
				require.NoError(t, table.Remove(ctx, id, less))
				require.NoError(t, table.Remove(ctx, id, less), "what is gone is gone")
				after, err := table.List(ctx)
				require.NoError(t, err)
				assert.Len(t, after, len(before))
			}
		}
	})
}

// TestLostAnswers: the connection breaks before or after a write was carried out. Nothing is done twice, nothing not.
func TestLostAnswers(t *testing.T) {
	for name, cut := range map[string]func(string, int) routerostest.Option{"before": routerostest.CutBefore, "after": routerostest.CutAfter} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
				ctx := t.Context()
				table := r.Table(DstNAT)
				sim.Configure(cut("nat/add", 1))
				id, err := table.Add(ctx, webRule)
				require.NoError(t, err)
				rows, err := table.List(ctx)
				require.NoError(t, err)
				require.Len(t, rows, 1, "one rule, not none and not two")
				assert.Equal(t, id, rows[0].ID)

				changed := Words{"action": "dst-nat", "protocol": "tcp", "dst-port": "443", "to-addresses": "192.168.128.1", "comment": "web"}
				sim.Configure(cut("nat/set", 1), cut("nat/unset", 1))
				require.NoError(t, table.Set(ctx, id, webRule, changed))
				row, _, err := table.ByID(ctx, id, changed)
				require.NoError(t, err)
				assert.Equal(t, "443", row.Words["dst-port"])
				assert.Empty(t, row.Words["in-interface"])

				sim.Configure(cut("nat/remove", 1))
				require.NoError(t, table.Remove(ctx, id, changed))
				rows, err = table.List(ctx)
				require.NoError(t, err)
				assert.Empty(t, rows)
			})
		})
	}
}

// TestFoundAgain: ids are where a row is, not who it is.
func TestFoundAgain(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8")
	table := dial(t, sim).Table(DstNAT)
	ctx := t.Context()
	id, err := table.Add(ctx, webRule)
	require.NoError(t, err)
	_, err = table.Add(ctx, Words{"action": "accept", "comment": "other"})
	require.NoError(t, err)

	row, there, err := table.Locate(ctx, "*FF", webRule)
	require.NoError(t, err)
	require.True(t, there, "found by its comment")
	assert.Equal(t, id, row.ID)

	rows, err := table.Find(ctx, "comment", "other")
	require.NoError(t, err)
	row, there, err = table.Locate(ctx, rows[0].ID, webRule)
	require.NoError(t, err)
	require.True(t, there)
	assert.Equal(t, id, row.ID, "what stands at the id is another rule")

	_, there, err = table.Locate(ctx, "*FF", Words{"comment": "gone"})
	require.NoError(t, err)
	assert.False(t, there)
}

// TestSharedReads: what a refresh costs the router.
func TestSharedReads(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8")
	r := dial(t, sim)
	table := r.Table(DstNAT)
	var ids []string
	for i := range 100 {
		id, err := table.Add(t.Context(), Words{"action": "dst-nat", "to-addresses": "10.0.0.1", "comment": fmt.Sprint(i)})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	refresh := func(ids []string) routerostest.Stats {
		sim.ResetStats()
		r := dial(t, sim)
		for batch := range len(ids)/10 + 1 {
			var running sync.WaitGroup
			for _, id := range ids[min(len(ids), batch*10):min(len(ids), batch*10+10)] {
				running.Go(func() {
					_, there, err := r.Table(DstNAT).ByID(t.Context(), id, nil)
					assert.NoError(t, err)
					assert.True(t, there)
				})
			}
			running.Wait()
		}
		return sim.Stats()
	}
	stats := refresh(ids)
	assert.Equal(t, 1, stats.Connections)
	// How many share a print depends on how close they come; on a slow machine a few prints may precede the whole one.
	assert.LessOrEqual(t, stats.Commands["/ip/firewall/nat/print"], few+1)
	stats = refresh(ids[:3])
	assert.LessOrEqual(t, stats.Commands["/ip/firewall/nat/print"], 3)
}

// TestReadAfterWrite: a read asked for after a write sees it, also while others read.
func TestReadAfterWrite(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.Latency(time.Millisecond))
	table := dial(t, sim).Table(DstNAT)
	var running sync.WaitGroup
	for worker := range 10 {
		running.Go(func() {
			for i := range 20 {
				want := Words{"action": "dst-nat", "to-addresses": "10.0.0.1", "comment": fmt.Sprintf("%d/%d", worker, i)}
				id, err := table.Add(t.Context(), want)
				if !assert.NoError(t, err) {
					return
				}
				_, there, err := table.ByID(t.Context(), id, want)
				assert.NoError(t, err)
				assert.True(t, there)
			}
		})
	}
	running.Wait()
}

// TestBlame: a refusal names the word that it is about.
func TestBlame(t *testing.T) {
	each(t, func(t *testing.T, _ *routerostest.Router, r *Router) {
		_, err := r.Table(DstNAT).Add(t.Context(), Words{"action": "dst-nat", "in-interface": "ether99", "to-addresses": "10.0.0.1"})
		var answered *Error
		require.ErrorAs(t, err, &answered)
		assert.Equal(t, "in-interface", answered.Word, answered.Message)
		_, err = r.Table(BGPPeer).Add(t.Context(), Words{"name": "p", "instance": "nowhere", "remote.address": "10.0.0.1", "remote.as": "1"})
		require.ErrorAs(t, err, &answered)
		assert.Equal(t, "instance", answered.Word, answered.Message)
	})
}

func TestDeriveRole(t *testing.T) {
	role, err := DeriveRole("65000", "65001")
	require.NoError(t, err)
	assert.Equal(t, "ebgp", role)
	role, err = DeriveRole("65000", "65000")
	require.NoError(t, err)
	assert.Equal(t, "ibgp", role)
	_, err = DeriveRole("65000/1", "65001")
	require.Error(t, err)
	_, err = DeriveRole("", "65001")
	require.Error(t, err)
}

// TestWithTwins gives a row, and those that nobody can tell from it by their key.
func TestWithTwins(t *testing.T) {
	each(t, func(t *testing.T, _ *routerostest.Router, r *Router) {
		table := r.Table(DstNAT)
		var ids []string
		for range 2 {
			id, err := table.Add(t.Context(), webRule)
			require.NoError(t, err)
			ids = append(ids, id)
		}
		row, there, twins, err := table.WithTwins(t.Context(), ids[1], webRule)
		require.NoError(t, err)
		assert.True(t, there)
		assert.Equal(t, ids[1], row.ID)
		require.Len(t, twins, 1)
		assert.Equal(t, ids[0], twins[0].ID)
	})
}
