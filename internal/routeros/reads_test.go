package routeros

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

const natPrint = "/ip/firewall/nat/print"

// ten workers, as Terraform has, do something for each of n.
func tenWorkers(n int, do func(i int)) {
	left := make(chan int, n)
	for i := range n {
		left <- i
	}
	close(left)
	var running sync.WaitGroup
	for range 10 {
		running.Go(func() {
			for i := range left {
				do(i)
			}
		})
	}
	running.Wait()
}

// rules are the words and ids of n rules that the router has.
func rules(t testing.TB, sim *routerostest.Router, n int) (ids []string, words []Words) {
	t.Helper()
	for i := range n {
		comment := fmt.Sprint("rule ", i)
		rows, err := sim.Run("/ip/firewall/nat/add", "=chain=dstnat", "=action=accept", "=comment="+comment)
		require.NoError(t, err)
		ids = append(ids, rows[0]["ret"])
		words = append(words, Words{"action": "accept", "comment": comment})
	}
	return ids, words
}

// wholePrints counts the prints that asked for no rows in particular.
func wholePrints(sim *routerostest.Router) (n int) {
	for _, sentence := range sim.Stats().Log {
		if strings.HasPrefix(sentence, natPrint) && !strings.Contains(sentence, " ?") {
			n++
		}
	}
	return n
}

// TestDestroyReadsOnce: who removes all rules one by one looks at each before, and reads the menu once.
func TestDestroyReadsOnce(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.Latency(time.Millisecond))
	ids, words := rules(t, sim, 200)
	table := dial(t, sim).Table(DstNAT)
	tenWorkers(len(ids), func(i int) {
		row, there, err := table.Locate(t.Context(), ids[i], words[i])
		if assert.NoError(t, err) && assert.True(t, there) {
			assert.NoError(t, table.Remove(t.Context(), row.ID, words[i]))
		}
	})
	assert.Empty(t, sim.Print("/ip/firewall/nat"))
	assert.LessOrEqual(t, sim.Stats().Commands[natPrint], 2)
}

// TestUpdateReadsBackWhatChanged: each row is looked at before and after; before, in a print of all.
func TestUpdateReadsBackWhatChanged(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.Latency(time.Millisecond))
	ids, words := rules(t, sim, 200)
	table := dial(t, sim).Table(DstNAT)
	tenWorkers(len(ids), func(i int) {
		_, there, err := table.Locate(t.Context(), ids[i], words[i])
		assert.NoError(t, err)
		assert.True(t, there)
		want := Words{"action": "accept", "comment": words[i]["comment"], "protocol": "tcp"}
		assert.NoError(t, table.Set(t.Context(), ids[i], words[i], want))
		row, _, err := table.ByID(t.Context(), ids[i], want)
		assert.NoError(t, err)
		assert.Equal(t, "tcp", row.Words["protocol"])
	})
	assert.Equal(t, 1, wholePrints(sim))
	assert.LessOrEqual(t, sim.Stats().Rows, 1+2*len(ids)+few, "and the router's version")
}

// TestCreateReadsBackWhatItMade: each new row is read once, whatever else there is.
func TestCreateReadsBackWhatItMade(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.Latency(time.Millisecond))
	rules(t, sim, 1000)
	table := dial(t, sim).Table(DstNAT)
	tenWorkers(200, func(i int) {
		want := Words{"action": "accept", "comment": fmt.Sprint("new ", i)}
		id, err := table.Add(t.Context(), want)
		assert.NoError(t, err)
		_, there, twins, err := table.WithTwins(t.Context(), id, want)
		assert.NoError(t, err)
		assert.True(t, there)
		assert.Empty(t, twins)
	})
	assert.Equal(t, 1+200, sim.Stats().Rows, "and the router's version")
}

// TestFewAmongMany: three rules in a menu of 30,000 are read, changed, made and removed without the others.
func TestFewAmongMany(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8")
	ids, words := rules(t, sim, 30_000)
	for range 3 {
		table := dial(t, sim).Table(DstNAT)
		tenWorkers(3, func(i int) {
			_, there, err := table.Locate(t.Context(), ids[i], words[i])
			assert.NoError(t, err)
			assert.True(t, there)
			assert.NoError(t, table.Remove(t.Context(), ids[i], words[i]))
			ids[i], err = table.Add(t.Context(), words[i])
			assert.NoError(t, err)
			_, there, _, err = table.WithTwins(t.Context(), ids[i], words[i])
			assert.NoError(t, err)
			assert.True(t, there)
		})
	}
	assert.LessOrEqual(t, sim.Stats().Rows, 3*(1+3+3))
}

// TestInheritedReadsOnce: the instances that a thousand peers refer to are read once, and whatever was read of them or of
// peers is read again after a change to one.
func TestInheritedReadsOnce(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		v, err := r.Version(t.Context())
		require.NoError(t, err)
		menu, err := BGPInstance.path(v)
		require.NoError(t, err)
		id, err := r.Table(BGPInstance).Add(t.Context(), privateInstance)
		require.NoError(t, err)
		peer, err := r.Table(BGPPeer).Add(t.Context(), worker1)
		require.NoError(t, err)
		sim.ResetStats()
		refresh := func(instance Words) Row {
			_, _, err := r.Table(BGPInstance).Recognise(t.Context(), id, instance)
			require.NoError(t, err)
			row, _, err := r.Table(BGPPeer).Recognise(t.Context(), peer, worker1)
			require.NoError(t, err)
			_, err = r.Table(BGPPeer).Strays(t.Context(), row, worker1)
			require.NoError(t, err)
			return row
		}
		refresh(privateInstance)
		assert.LessOrEqual(t, sim.Stats().Commands[menu+"/print"], 1)
		_, err = r.Table(BGPPeer).List(t.Context())
		require.NoError(t, err)
		renamed := Words{"name": "public", "as": "65000", "router-id": "192.168.5.1", "comment": "kubernetes"}
		require.NoError(t, r.Table(BGPInstance).Set(t.Context(), id, privateInstance, renamed))
		assert.Equal(t, "public", refresh(renamed).Words["instance"], "a reference is to the row, not to its name")
	})
}

// TestReadAnewOnceReconnected: ids are of one run of the router. What was read before it was restored tells nothing of the
// rows that have them now.
func TestReadAnewOnceReconnected(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8")
	ids, words := rules(t, sim, 1)
	table := dial(t, sim).Table(DstNAT)
	_, err := table.List(t.Context())
	require.NoError(t, err)
	require.NoError(t, sim.Close())
	restored := routerostest.StartTest(t, "7.20.8", routerostest.Listen(sim.Addr()))
	others, err := restored.Run("/ip/firewall/nat/add", "=chain=dstnat", "=action=redirect", "=comment=of somebody else")
	require.NoError(t, err)
	require.Equal(t, ids[0], others[0]["ret"], "the same id")
	require.Eventually(t, func() bool { return table.router.current() == nil }, 5*time.Second, time.Millisecond)
	_, there, err := table.Locate(t.Context(), ids[0], words[0])
	require.NoError(t, err)
	assert.False(t, there)
}
