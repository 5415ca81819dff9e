package peering_test

import (
	"net/netip"
	"testing"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/peering"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What neighbours announce shows in the menus, one route of two as the active one, and is told to others; all of it
// goes with the announcement and with the peer.
func TestRoutesComeAndGo(t *testing.T) {
	each(t, func(t *testing.T, r router) {
		near, far, other := plug(t), plug(t), plug(t)
		one := near.upstream(t, nil)
		two := far.upstream(t, nil)
		three := other.upstream(t, func(u *peering.Upstream) { u.AS = 65020 })
		r.peer("near", near)
		r.peer("far", far)
		r.peer("other", other, "=remote.as=65020")
		r.up("near")
		r.up("far")
		r.up("other")

		prefix := netip.MustParsePrefix("192.168.128.1/32")
		require.NoError(t, one.Announce(routerostest.BGPAttributes{MED: new(uint32(7)), Communities: []string{"65010:100"}}, prefix))
		require.NoError(t, two.Announce(routerostest.BGPAttributes{ASPath: []uint32{65011}, Origin: "incomplete"}, prefix))
		prefixes := map[bool]string{true: "bgp-", false: "bgp."}[r.six()]
		soon(t, func(t *assert.CollectT) {
			rows := r.routes(prefix.String())
			if !assert.Len(t, rows, 2) {
				return
			}
			_, active := rows[0]["active"]
			_, second := rows[1]["active"]
			assert.True(t, active && !second, "%v", rows)
			assert.Equal(t, near.there.String(), rows[0]["gateway"])
			assert.Equal(t, far.there.String(), rows[1]["gateway"])
			assert.Equal(t, "65010", rows[0][prefixes+"as-path"])
			assert.Equal(t, "65010,65011", rows[1][prefixes+"as-path"])
			assert.Equal(t, "7", rows[0][prefixes+"med"])
			assert.Equal(t, "65010:100", rows[0][prefixes+"communities"])
			assert.Equal(t, "incomplete", rows[1][prefixes+"origin"])
			assert.Equal(t, "1", r.session("near")["prefix-count"])
			assert.Equal(t, []netip.Prefix{prefix}, three.Heard())
		})
		if !r.six() {
			assert.Empty(t, r.Print("/routing/bgp/advertisements"))
			r.change("/routing/bgp/connection/set", "=.id=other", "=output.keep-sent-attributes=yes")
		}
		soon(t, func(t *assert.CollectT) {
			rows := r.Print("/routing/bgp/advertisements")
			if assert.Len(t, rows, 1) {
				assert.Contains(t, rows[0]["peer"], "other")
				assert.Equal(t, prefix.String(), rows[0]["dst"]+rows[0]["prefix"])
				assert.Equal(t, other.here.String(), rows[0]["nexthop"])
				assert.Equal(t, "65000,65010", rows[0]["as-path"])
			}
		})

		require.NoError(t, one.Withdraw(prefix))
		soon(t, func(t *assert.CollectT) {
			rows := r.routes(prefix.String())
			if assert.Len(t, rows, 1) {
				_, active := rows[0]["active"]
				assert.True(t, active)
				assert.Equal(t, far.there.String(), rows[0]["gateway"])
			}
		})
		r.run(r.menu()+"/remove", "=.id=far")
		assert.Empty(t, r.routes(prefix.String()))
		soon(t, func(t *assert.CollectT) { assert.Empty(t, three.Heard()) })
	})
}
