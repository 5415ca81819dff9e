package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestGitOpsClusters lets pipeline.sh of examples/gitops run two sites as their pipelines do: a router of version 7 and
// a cluster with MetalLB, whose user has no more than the documented rights; and a router of version 6 and a cluster
// that has only MetalLB's CRDs, reached by host and token.
func TestGitOpsClusters(t *testing.T) {
	one, two := kubetest.StartTest(t), kubetest.StartTest(t)
	require.NoError(t, one.InstallMetalLB(t.Context(), kubetest.WithoutSpeaker()))
	require.NoError(t, two.InstallCRDs(t.Context()))
	role, err := os.ReadFile(filepath.Join(Root(), "examples", "kubernetes", "role.yaml"))
	require.NoError(t, err)
	kubeconfig, err := one.UserKubeconfig(t.Context(), "pipeline", string(role))
	require.NoError(t, err)

	tell := func(t *testing.T, more func(t *testing.T, berlin, lisbon site)) {
		cli, err := CLI()
		require.NoError(t, err)
		g := newGitOps(t, cli, two.Config().BearerToken)
		said, code := g.run(nil, cli, "init", "-backend=false", "-no-color") // once, by whoever copies the folder
		require.Zero(t, code, said)
		berlin := g.site("berlin", "apis://192.168.5.1", "7.24", "KUBE_CONFIG_PATH="+kubeconfig, "PLAN_KEY=canary-plan")
		lisbon := g.site("lisbon", "apis://192.168.6.1", "6.49.15", "KUBE_HOST="+two.Config().Host, "KUBE_TOKEN="+two.Config().BearerToken,
			"KUBE_CLUSTER_CA_CERT_DATA="+string(two.Config().CAData))
		defer berlin.destroy()
		defer lisbon.destroy()
		planAndApply(t, berlin, lisbon)
		repairDrift(t, berlin, lisbon)
		more(t, berlin, lisbon)
		g.mustHideSecrets()
	}
	t.Run("installed", func(t *testing.T) { tell(t, refuseAndCut) })
	t.Run("OpenTofu", func(t *testing.T) {
		useTofu(t)
		tell(t, func(*testing.T, site, site) {})
	})
}

func tellGitOps(t *testing.T, berlin, lisbon site) {
	said, code := berlin.pipeline(nil, "check")
	require.Zero(t, code, said)

	// Planned, reviewed, applied.
	berlin.do("apply", 1, "plan berlin first")
	for _, s := range []site{berlin, lisbon} {
		s.do("plan", 0)
		assert.True(t, strings.HasPrefix(s.report(), "<!-- Plan for "+s.name+" -->"), s.report())
	}
	assert.Contains(t, berlin.report(), "\nPlan: 7 to add, 0 to change, 0 to destroy.\n")
	assert.Contains(t, lisbon.report(), "\nPlan: 6 to add, 0 to change, 0 to destroy.\n")
	encrypted := filepath.Join(berlin.dir, "out", "berlin.tfplan.enc")
	reviewed, err := os.ReadFile(encrypted)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(berlin.dir, "out", "berlin.tfplan"), "a plan that is encrypted is kept in the clear too")
	for _, s := range []site{berlin, lisbon} {
		s.do("apply", 0, "Apply complete!")
		assert.Equal(t, "canary-bgp", key(s.sim))
	}

	// Changed by hand, seen, planned and repaired; the other site has nothing to do with it.
	berlin.do("drift", 0, noChanges)
	assert.Empty(t, berlin.report())
	for _, peer := range berlin.sim.Print("/routing/bgp/connection") {
		if peer["name"] == "berlin-worker1" {
			_, err := berlin.sim.Run("/routing/bgp/connection/set", "=.id="+peer[".id"], "=remote.address=192.168.5.66")
			require.NoError(t, err)
		}
	}
	berlin.do("drift", 2)
	assert.Contains(t, berlin.report(), `routeros_bgp_peer.node["berlin-worker1"] will be updated in-place`)
	assert.Contains(t, berlin.report(), "192.168.5.66")
	lisbon.do("drift", 0, noChanges)
	berlin.do("plan", 0)
	berlin.do("apply", 0, "0 added, 1 changed, 0 destroyed")

	// A plan that was made before somebody else's apply.
	require.NoError(t, os.WriteFile(encrypted, reviewed, 0o600))
	before := tables(berlin.sim)
	berlin.do("apply", 1, "Saved plan is stale", "plan it anew and review that plan")
	assert.Equal(t, before, tables(berlin.sim))

	// Nobody plans while somebody has the lock, and that is no drift.
	const lock = "/terraform-states/sites/lisbon/routeros.tfstate.tflock"
	lisbon.states.put(lock, `{"ID": "0", "Who": "a colleague"}`)
	patient := lisbon.env
	lisbon.env = append(lisbon.env, "LOCK_TIMEOUT=0s")
	lisbon.do("drift", 1, "a colleague", "could not be told")
	lisbon.states.remove(lock)
	lisbon.env = patient

	// A plan that is too long for a comment.
	var ports strings.Builder
	for port := range 300 {
		fmt.Fprintf(&ports, "  port%d: %d\n", port, 1000+port)
	}
	lisbon.edit("sites/lisbon.yaml", "  https: 443\n", ports.String())
	lisbon.do("plan", 0)
	report := lisbon.report()
	assert.Contains(t, report[:200], "Plan: 300 to add, 0 to change, 1 to destroy.")
	assert.Contains(t, report[len(report)-200:], "</details>\n\nIt is too long for a comment and was cut here")
	assert.LessOrEqual(t, utf8.RuneCountInString(report), 65536)
	assert.Equal(t, 2, strings.Count(report, "```"), "the block does not end")
}

// destroy gives the site up, by hand.
func (s site) destroy() {
	said, code := s.run(append(s.env, "TF_DATA_DIR=.terraform/"+s.name), s.cli, "destroy", "-auto-approve", "-no-color")
	assert.Zero(s.t, code, said)
}
