package routeros

import (
	"maps"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestNeverOpenInBetween: a rule that is to match by a list instead of an address keeps the address until it has the
// list, and for good if the router refuses the change.
func TestNeverOpenInBetween(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		table := r.Table(DstNAT)
		prior := maps.Clone(webRule)
		prior["src-address"] = "10.0.0.0/8"
		id, err := table.Add(t.Context(), prior)
		require.NoError(t, err)
		want := maps.Clone(webRule)
		want["src-address-list"], want["in-interface"] = "trusted", "nosuch"
		require.ErrorIs(t, table.Set(t.Context(), id, prior, want), ErrRefused)
		assert.Equal(t, "10.0.0.0/8", sim.Print("/ip/firewall/nat")[0]["src-address"])

		want["in-interface"] = "ether1"
		require.NoError(t, table.Set(t.Context(), id, prior, want))
		row := sim.Print("/ip/firewall/nat")[0]
		assert.NotContains(t, row, "src-address")
		assert.Equal(t, "trusted", row["src-address-list"])
	})
}

// TestPortsGoBeforeTheirProtocol: they would be in the way of one that has none.
func TestPortsGoBeforeTheirProtocol(t *testing.T) {
	each(t, func(t *testing.T, sim *routerostest.Router, r *Router) {
		table := r.Table(DstNAT)
		id, err := table.Add(t.Context(), webRule)
		require.NoError(t, err)
		want := maps.Clone(webRule)
		want["protocol"] = "icmp"
		delete(want, "dst-port")
		require.NoError(t, table.Set(t.Context(), id, webRule, want))
		assert.Equal(t, "icmp", sim.Print("/ip/firewall/nat")[0]["protocol"])
	})
}

// TestReadersShareAnError: who explains it must not write into it; -race tells.
func TestReadersShareAnError(t *testing.T) {
	sim := routerostest.StartTest(t, "6.49.15", routerostest.NoRoutingPackage())
	r := dial(t, sim)
	_, err := r.Version(t.Context())
	require.NoError(t, err)
	var readers sync.WaitGroup
	for range 20 {
		readers.Go(func() {
			_, err := r.Table(BGPPeer).Find(t.Context(), "name", "worker1")
			assert.ErrorContains(t, err, noRoutingPackage)
		})
	}
	readers.Wait()
}

// TestOnlyTheRouterBlamesAWord: what the machine's own network says of a connection is about none.
func TestOnlyTheRouterBlamesAWord(t *testing.T) {
	sim := routerostest.StartTest(t, "7.24")
	r := dial(t, sim)
	table := r.Table(BGPPeer)
	_, version, err := table.at(t.Context())
	require.NoError(t, err)
	connection := r.current()
	require.NoError(t, sim.Close())
	<-connection.ended
	_, err = table.write(t.Context(), version, []string{"/routing/bgp/connection/set", "=.id=*1", "=connect=no"})
	var failed *Error
	require.ErrorAs(t, err, &failed)
	require.ErrorContains(t, err, "connect: connection refused")
	assert.Empty(t, failed.Word)
}
