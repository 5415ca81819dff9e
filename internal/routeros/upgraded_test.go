package routeros

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestRecognise: what an upgrade has made of an instance is it, if there is no doubt. Locate, which is asked before a
// row is removed, does not know it.
func TestRecognise(t *testing.T) {
	const menu = "/routing/bgp/instance/add"
	made := []string{menu, "=name=bgp-instance-1", "=as=65000", "=router-id=192.168.5.1"}
	for name, c := range map[string]struct {
		version string
		rows    [][]string
		id      string
		prior   Words
		want    string
	}{
		"made of it":        {"7.24", [][]string{made}, "*9", privateInstance, "*1"},
		"with another id":   {"7.24", [][]string{{menu, "=name=bgp-instance-2", "=as=1", "=router-id=192.168.5.1"}, made}, "*1", privateInstance, "*2"},
		"called default":    {"7.24", [][]string{{menu, "=name=default", "=as=65000", "=router-id=192.168.5.1"}}, "*9", privateInstance, "*1"},
		"its AS has a dot":  {"7.24", [][]string{{menu, "=name=default", "=as=65546"}}, "*9", Words{"name": "private", "as": "1.10"}, "*1"},
		"two of them":       {"7.24", [][]string{made, {menu, "=name=default", "=as=65000", "=router-id=192.168.5.1"}}, "*1", privateInstance, ""},
		"another AS":        {"7.24", [][]string{{menu, "=name=default", "=as=65001", "=router-id=192.168.5.1"}}, "*1", privateInstance, ""},
		"another router ID": {"7.24", [][]string{{menu, "=name=default", "=as=65000"}}, "*1", privateInstance, ""},
		"named by somebody": {"7.24", [][]string{{menu, "=name=default1", "=as=65000", "=router-id=192.168.5.1"}}, "*9", privateInstance, ""},
		"its name is there": {"7.24", [][]string{made, {menu, "=name=private", "=as=1"}}, "*9", privateInstance, "*2"},
		"no such release": {"7.19.6", [][]string{{"/routing/bgp/template/add", "=name=bgp-instance-1", "=as=65000", "=router-id=192.168.5.1"}},
			"*9", privateInstance, ""},
	} {
		t.Run(name, func(t *testing.T) {
			sim := routerostest.StartTest(t, c.version)
			for _, row := range c.rows {
				_, err := sim.Run(row...)
				require.NoError(t, err)
			}
			table := dial(t, sim).Table(BGPInstance)
			row, there, err := table.Recognise(t.Context(), c.id, c.prior)
			require.NoError(t, err)
			assert.Equal(t, c.want, row.ID)
			assert.Equal(t, c.want != "", there)
			if there && row.Words["name"] != c.prior["name"] {
				_, there, err = table.Locate(t.Context(), c.id, c.prior)
				require.NoError(t, err)
				assert.False(t, there)
			}
		})
	}
}

// TestRecogniseOnce: two instances of one AS and router ID do not both become the one that an upgrade makes of them.
func TestRecogniseOnce(t *testing.T) {
	sim := routerostest.StartTest(t, "7.24")
	_, err := sim.Run("/routing/bgp/instance/add", "=name=bgp-instance-1", "=as=65000", "=router-id=192.168.5.1")
	require.NoError(t, err)
	r := dial(t, sim)
	for _, name := range []string{"private", "other", "private"} {
		_, there, err := r.Table(BGPInstance).Recognise(t.Context(), "", Words{"name": name, "as": "65000", "router-id": "192.168.5.1"})
		require.NoError(t, err)
		assert.Equal(t, name == "private", there, name)
	}
}

// TestCopies: a peer that is pointed at an instance has from there what an upgrade has left on it; what differs was
// meant, and stays.
func TestCopies(t *testing.T) {
	for version, c := range map[string]struct{ add, as []string }{
		"7.19.6": {[]string{"/routing/bgp/connection/add", "=router-id=192.168.5.1"}, []string{"65000", "65009"}},
		"7.24":   {[]string{"/routing/bgp/connection/add", "=instance=other"}, []string{"65000", "65009"}},
	} {
		sim := routerostest.StartTest(t, version)
		r := dial(t, sim)
		for _, name := range []string{"private", "other"} {
			words := Words{"name": name, "as": "65000", "router-id": "192.168.5.1"}
			_, err := r.Table(BGPInstance).Add(t.Context(), words)
			require.NoError(t, err)
		}
		for _, as := range c.as {
			rows, err := sim.Run(append(c.add, "=name="+as, "=as="+as, "=local.role=ebgp", "=remote.address=10.0.0.1")...)
			require.NoError(t, err)
			prior := Words{"name": as, "remote.address": "10.0.0.1", "remote.as": "1"}
			want := Words{"name": as, "remote.address": "10.0.0.1", "remote.as": "1", "instance": "private"}
			require.NoError(t, r.Table(BGPPeer).Set(t.Context(), rows[0]["ret"], prior, want))
		}
		row, there, err := r.Table(BGPInstance).Locate(t.Context(), "", Words{"name": "private"})
		require.NoError(t, err)
		require.True(t, there)
		require.NoError(t, r.Table(BGPInstance).Set(t.Context(), row.ID, row.Words, Words{"name": "private", "as": "65010"}))
		peers := sim.Print("/routing/bgp/connection")
		assert.Equal(t, "65010", peers[0]["as"], "the instance's, in %s", version)
		assert.Empty(t, peers[0]["router-id"])
		assert.Equal(t, "65009", peers[1]["as"], "its own, in %s", version)
	}
}

// TestLeftovers: a template that was an instance once does not hide what the instance says now.
func TestLeftovers(t *testing.T) {
	sim := routerostest.StartTest(t, "7.19.6")
	_, err := dial(t, sim).Table(BGPInstance).Add(t.Context(), privateInstance)
	require.NoError(t, err)
	for _, command := range [][]string{
		{"/routing/bgp/template/set", "=.id=private", "=output.filter-chain=kube"},
		{"/routing/bgp/connection/add", "=name=p", "=templates=private", "=local.role=ebgp", "=remote.address=10.0.0.1"},
	} {
		_, err := sim.Run(command...)
		require.NoError(t, err)
	}
	require.NoError(t, sim.Upgrade("7.20.8"))
	table := dial(t, sim).Table(BGPInstance)
	row, there, err := table.Recognise(t.Context(), "*1", privateInstance)
	require.NoError(t, err)
	require.True(t, there)
	want := Words{"name": "private", "as": "65010"}
	require.NoError(t, table.Set(t.Context(), row.ID, row.Words, want))
	for _, template := range sim.Print("/routing/bgp/template") {
		if template["name"] == "private" {
			assert.Empty(t, template["as"])
			assert.Equal(t, "kube", template["output.filter-chain"], "what the instance does not have stays")
		}
	}
	peer := sim.Print("/routing/bgp/connection")[0]
	assert.Equal(t, "private 65010", peer["instance"]+" "+peer["as"])
}
