package lab_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/lab"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

func TestMain(m *testing.M) { kubetest.Main(m) }

func TestX(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	begun := time.Now()
	l, err := lab.Start(ctx, "7.20.8", "0.15", routerostest.User("terraform", "x"))
	require.NoError(t, err)
	t.Log("started", time.Since(begun))
	defer func() { assert.NoError(t, l.Close()); t.Log("closed", time.Since(begun)) }()
	require.NoError(t, l.Serve(ctx))
	_, err = l.Get(ctx, "http://"+lab.Outside)
	t.Log(err)
	for _, c := range [][]string{
		{"/routing/bgp/instance/add", "=name=private", "=as=65000", "=router-id=192.168.5.1"},
		{"/routing/bgp/connection/add", "=name=up", "=instance=private", "=remote.address=203.0.113.2", "=local.role=ebgp", "=remote.as=64500"},
		{"/routing/bgp/connection/add", "=name=w", "=instance=private", "=remote.address=192.168.5.253", "=local.role=ebgp", "=remote.as=65001"},
	} {
		_, err := l.Router.Run(c...)
		require.NoError(t, err)
	}
	took, err := lab.Await(ctx, func() error {
		rows := l.Router.Print("/routing/bgp/session")
		if len(rows) != 1 {
			return errors.New("none")
		}
		return nil
	})
	t.Log(took, err, l.Router.Print("/routing/bgp/session"))
}
