package acceptance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestMetalLBArrives: a plan needs no cluster, an apply waits for a MetalLB that is on its way, and one that is gone has
// taken its configuration along.
func TestMetalLBArrives(t *testing.T) {
	cluster := kubetest.StartTest(t)
	ctx := t.Context()
	release := []kubetest.Option{kubetest.Release("0.15"), kubetest.WithoutSpeaker()}
	w := newWorkspace(t)
	kubeconfig := cluster.Kubeconfig()
	nowhere := writeFile(t, `{apiVersion: v1, kind: Config, current-context: nowhere, contexts: [{name: nowhere, context: {cluster: c, user: u}}],
		clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}], users: [{name: u, user: {token: t}}]}`)
	pool := poolBlock("one", `addresses = ["10.0.0.0/24"]
  protocol  = "bgp"`)
	impatient := strings.Replace(clusterResources, `  my_asn `, `  timeouts = { create = "3s" }
  my_asn `, 1)
	require.NotEqual(t, clusterResources, impatient)
	counts := func(pools, peers int) {
		t.Helper()
		store := crds{t, cluster}
		for kind, want := range map[string]int{"ipaddresspools": pools, "bgppeers": peers, "bgpadvertisements": pools} {
			version := "v1beta1"
			if kind == "bgppeers" {
				version = "v1beta2"
			}
			items := store.list(t, version, kind)
			assert.Len(t, items, want, kind)
			for _, item := range items {
				assert.Equal(t, int64(1), item.GetGeneration(), "%s %s was written once", kind, item.GetName())
			}
		}
	}

	// Nobody is asked for a plan of what is not there.
	w.write(nowhere, "", pool)
	w.succeed([]string{"validate"})
	w.succeed(plan, "1 to add")
	w.fail(apply, "cluster nowhere", "Is the API server up")
	w.write(kubeconfig, "", pool)
	w.succeed(plan, "1 to add")

	// No CRDs, and no patience.
	w.write(kubeconfig, "", strings.Replace(pool, "protocol", "timeouts = { create = \"3s\" }\n  protocol", 1))
	w.fail(apply, "no MetalLB found", "serves no ipaddresspools of metallb.io/v1beta1", "(waited 3s for it)")

	// The next apply mends it: it waits for the CRDs, and needs no more than them.
	w.write(kubeconfig, "", pool)
	done := during(w, func() {
		time.Sleep(2 * time.Second)
		require.NoError(t, cluster.InstallCRDs(ctx, release...))
	})
	assert.Contains(t, done, "waiting: ")
	assert.Contains(t, done, "serves no ipaddresspools")
	counts(1, 0)

	// A webhook that nobody answers yet.
	require.NoError(t, cluster.InstallWebhooks(ctx, release...))
	w.write(kubeconfig, "", pool+impatient)
	w.fail([]string{"apply", "-auto-approve", "-target=metallb_bgp_peer.router"}, "failed calling webhook", "(waited 3s for it)",
		"Is MetalLB's controller running and ready?")
	w.write(kubeconfig, "", pool+clusterResources)
	done = during(w, func() {
		time.Sleep(time.Second)
		require.NoError(t, cluster.InstallMetalLB(ctx, release...))
	})
	assert.Contains(t, done, "waiting: MetalLB's webhook")
	counts(2, 1)
	w.succeed(plan, noChanges)
	w.write(nowhere, "", strings.Replace(pool+clusterResources, "10.0.0.0/24", "10.0.0.0/23", 1))
	w.succeed([]string{"plan", "-refresh=false"}, "1 to change")
	w.fail(plan, "cluster nowhere")

	// As helm uninstall does. What an apply does not find again it makes, once all is there again.
	w.write(kubeconfig, "", pool+clusterResources)
	require.NoError(t, cluster.RemoveCRDs(ctx))
	require.NoError(t, cluster.UninstallMetalLB(ctx))
	w.succeed(plan, "3 to add, 0 to change, 0 to destroy")
	during(w, func() {
		time.Sleep(2 * time.Second)
		require.NoError(t, cluster.InstallMetalLB(ctx, release...))
	})
	counts(2, 1)
	w.succeed(plan, noChanges)

	// A destroy finds nothing, whether it looks first or not.
	require.NoError(t, cluster.RemoveCRDs(ctx))
	w.succeed([]string{"apply", "-destroy", "-refresh=false", "-auto-approve"}, "3 destroyed")
	w.succeed(destroy)
}

// during gives what an apply says that runs while something happens.
func during(w workspace, happens func()) string {
	w.t.Helper()
	type result struct {
		said string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		said, err := w.run(apply...)
		done <- result{said, err}
	}()
	happens()
	r := <-done
	require.NoError(w.t, r.err, r.said)
	return r.said
}

func writeFile(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}
