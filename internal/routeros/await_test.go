package routeros

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestAwaitRoutes: waiting ends when a route is in use, or tells what there is instead.
func TestAwaitRoutes(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.12.2", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := routerostest.StartTest(t, version)
			r := dial(t, sim)
			menu, on := "/routing/route", ""
			if version[0] == '6' {
				menu, on = "/ip/route", "true"
			}
			learn := func(words map[string]string) {
				words["dst-address"], words["bgp"], words["gateway"] = "192.168.128.1/32", on, "192.168.5.253"
				_, err := sim.AddDynamic(menu, words)
				assert.NoError(t, err)
			}
			web := is("dst-address", "192.168.128.1")
			_, err := r.AwaitRoutes(t.Context(), 300*time.Millisecond, web)
			require.ErrorIs(t, err, ErrNotYet)
			assert.NotErrorIs(t, err, ErrTimeout, "the router did answer")
			assert.ErrorContains(t, err, "no such route is active within 300ms (dst-address=192.168.128.1)")
			assert.Less(t, len(sim.Stats().Log), 12, "gently")
			learn(map[string]string{})
			routes, err := r.AwaitRoutes(t.Context(), 100*time.Millisecond, web)
			assert.ErrorContains(t, err, "there are such routes (1), but none is active")
			assert.Len(t, routes, 1, "which one may still want to see")

			late := time.AfterFunc(500*time.Millisecond, func() { learn(map[string]string{"active": on}) })
			defer late.Stop()
			routes, err = r.AwaitRoutes(t.Context(), 20*time.Second, web)
			require.NoError(t, err)
			assert.Len(t, routes, 2)
			assert.True(t, anyActive(routes))

			idle, err := r.AwaitRoutes(t.Context(), 20*time.Second, web, is("active", "no"))
			require.NoError(t, err, "what is not in use is asked for, not waited for")
			assert.Len(t, idle, 1)
			assert.False(t, anyActive(idle))

			sim.Configure(routerostest.Stall(menu + "/print"))
			hasty := dial(t, sim, func(c *Config) { c.Timeout = 100 * time.Millisecond })
			_, err = hasty.AwaitRoutes(t.Context(), 20*time.Second, web)
			require.ErrorIs(t, err, ErrTimeout)
			assert.NotErrorIs(t, err, ErrNotYet, "a router that does not answer has not said that there is no route")
		})
	}
}
