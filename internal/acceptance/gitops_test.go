package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestGitOpsClusters lets pipeline.sh of examples/gitops run two sites as their pipelines do: a router of version 7 and
// a cluster with MetalLB, where who applies has no more than the documented rights, and who plans may change nothing; and
// a router of version 6 and a cluster that has only MetalLB's CRDs, reached by host and token.
func TestGitOpsClusters(t *testing.T) {
	startRegistry(t)
	one, two := kubetest.StartTest(t), kubetest.StartTest(t)
	require.NoError(t, one.InstallMetalLB(t.Context(), kubetest.WithoutSpeaker()))
	require.NoError(t, two.InstallCRDs(t.Context()))
	role, err := os.ReadFile(filepath.Join(Root(), "examples", "kubernetes", "role.yaml"))
	require.NoError(t, err)
	changes, err := one.UserKubeconfig(t.Context(), "changes", string(role))
	require.NoError(t, err)
	viewing := regexp.MustCompile(`, (create|patch|update|delete)\b`).ReplaceAllString(string(role), "")
	viewing = strings.Replace(viewing, "resources: [secrets]", "resources: [none]", 1)
	views, err := one.UserKubeconfig(t.Context(), "views", strings.ReplaceAll(viewing, "name: terraform", "name: views-terraform"))
	require.NoError(t, err)

	tell := func(t *testing.T, more func(t *testing.T, berlin, lisbon site)) {
		cli, err := CLI()
		require.NoError(t, err)
		g := newGitOps(t, cli, two.Config().BearerToken)
		said, code := g.run(nil, cli, "init", "-backend=false", "-no-color") // once, by whoever copies the folder
		require.Zero(t, code, said)
		berlin := g.site("berlin", "apis://192.168.5.1", "7.24", "KUBE_CONFIG_PATH="+changes, "PLAN_KEY=canary-plan")
		berlin.views = append(berlin.views, "KUBE_CONFIG_PATH="+views)
		lisbon := g.site("lisbon", "apis://192.168.6.1", "6.49.15", "KUBE_HOST="+two.Config().Host, "KUBE_TOKEN="+two.Config().BearerToken,
			"KUBE_CLUSTER_CA_CERT_DATA="+string(two.Config().CAData))
		defer berlin.destroy()
		defer lisbon.destroy()
		planAndApply(t, berlin, lisbon)
		repairDrift(t, berlin, lisbon)
		warnOfMisfit(t, berlin)
		lockOut(t, berlin)
		more(t, berlin, lisbon)
		g.mustHideSecrets()
	}
	t.Run("installed", func(t *testing.T) {
		tell(t, func(t *testing.T, _, lisbon site) {
			waitForLock(lisbon)
			cutLongPlan(t, lisbon)
		})
	})
	t.Run("OpenTofu", func(t *testing.T) {
		useTofu(t)
		tell(t, func(_ *testing.T, _, lisbon site) { lisbon.do("plan", 0, noChanges) })
	})
}

// planAndApply is a pull request for both sites, whose jobs run side by side.
func planAndApply(t *testing.T, berlin, lisbon site) {
	said, code := berlin.pipeline(nil, "check")
	require.Zero(t, code, said)
	for _, s := range []site{berlin, lisbon} { // makes the site's state too, as who only plans may not
		s.do("apply", 1, "plan "+s.name+" first")
	}
	sideBySide("plan", "Plan: ", berlin, lisbon)
	assert.True(t, strings.HasPrefix(lisbon.report(), "<!-- Plan for lisbon -->\n"), lisbon.report())
	assert.Contains(t, berlin.report(), "\nPlan: 7 to add, 0 to change, 0 to destroy.\n")
	assert.Contains(t, lisbon.report(), "\nPlan: 6 to add, 0 to change, 0 to destroy.\n")
	assert.FileExists(t, berlin.plan()+".enc")
	assert.NoFileExists(t, berlin.plan(), "a plan that is encrypted is kept in the clear too")
	berlin.mustHideSecrets()
	reviewed, err := os.ReadFile(berlin.plan() + ".enc")
	require.NoError(t, err)
	sideBySide("apply", "Apply complete!", berlin, lisbon)
	for _, s := range []site{berlin, lisbon} {
		assert.Equal(t, "canary-bgp", key(s.sim))
	}
	sideBySide("drift", noChanges, berlin, lisbon)
	assert.Empty(t, berlin.report())

	// That plan once more: it was made before somebody's apply.
	require.NoError(t, os.WriteFile(berlin.plan()+".enc", reviewed, 0o600))
	before := tables(berlin.sim)
	berlin.do("apply", 1, "Saved plan is stale", "plan it anew and review that plan")
	assert.NoFileExists(t, berlin.plan(), "the plan is left decrypted")
	assert.Equal(t, before, tables(berlin.sim))
}

// repairDrift is somebody with WinBox, and the night after: one site has drifted, and is put right; the other has not.
func repairDrift(t *testing.T, berlin, lisbon site) {
	for _, peer := range berlin.sim.Print("/routing/bgp/connection") {
		if peer["name"] == "berlin-worker1" {
			_, err := berlin.sim.Run("/routing/bgp/connection/set", "=.id="+peer[".id"], "=remote.address=192.168.5.66")
			require.NoError(t, err)
		}
	}
	berlin.do("drift", 2)
	assert.Contains(t, berlin.report(), `routeros_bgp_peer.node["berlin-worker1"] will be updated in-place`)
	assert.Contains(t, berlin.report(), "192.168.5.66")
	assert.NoFileExists(t, berlin.plan(), "a plan that nobody reviewed is kept")
	berlin.do("plan", 0)
	berlin.do("apply", 0, "0 added, 1 changed, 0 destroyed")
	sideBySide("drift", noChanges, berlin, lisbon)
}

// warnOfMisfit is a change that router and cluster would take, though nothing comes of it: the report says so, above the plan.
func warnOfMisfit(t *testing.T, s site) {
	file := "sites/" + s.name + ".yaml"
	s.edit(file, "ingress: 192.168.128.1", "ingress: 192.168.99.1")
	s.do("plan", 0, "Warning: ", "Plan: 0 to add, 2 to change, 0 to destroy.")
	above, _, _ := strings.Cut(s.report(), "<details>")
	assert.Contains(t, above, `routeros_dstnat "kubernetes https" has to_addresses = "192.168.99.1"`)
	s.edit(file, "ingress: 192.168.99.1", "ingress: 192.168.128.1")
}

// lockOut is a wrong password. Terraform keeps the plan that failed, with the state in it; here none is left.
func lockOut(t *testing.T, s site) {
	s.env = append(s.env, "ROS_PASSWORD=wrong")
	s.do("plan", 1, "invalid user name or password", "could not be planned")
	assert.NoFileExists(t, s.plan())
	assert.Empty(t, s.report())
}

// waitForLock is a colleague who has the state locked: nothing can be told then, which is no drift.
func waitForLock(s site) {
	lock := "/terraform-states/sites/" + s.name + "/routeros.tfstate.tflock"
	s.states.change(lock, `{"ID": "0", "Who": "a colleague"}`)
	s.env = append(s.env, "LOCK_TIMEOUT=0s")
	s.do("drift", 1, "a colleague", "could not be told")
	s.states.change(lock, "")
}

// cutLongPlan is a plan that has no room in a comment.
func cutLongPlan(t *testing.T, s site) {
	var ports strings.Builder
	for port := range 70 {
		fmt.Fprintf(&ports, "  %s%d: %d\n", strings.Repeat("long-", 150), port, 1000+port)
	}
	s.edit("sites/"+s.name+".yaml", "  https: 443\n", ports.String())
	s.do("plan", 0)
	report := s.report()
	assert.Contains(t, report[:200], "Plan: 70 to add, 0 to change, 1 to destroy.")
	assert.Contains(t, report[len(report)-200:], "\n```\n\nIt is too long for a comment and was cut here")
	assert.LessOrEqual(t, utf8.RuneCountInString(report), 65536)
	assert.Equal(t, 2, strings.Count(report, "```"), "the block does not end")
}

// TestGitOpsSites asks pipeline.sh which sites a pull request concerns.
func TestGitOpsSites(t *testing.T) {
	g := newGitOps(t, "", "")
	git := func(args ...string) {
		t.Helper()
		said, code := g.run(nil, "git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgSign=false"}, args...)...)
		require.Zero(t, code, said)
	}
	sites := func(args ...string) string {
		t.Helper()
		said, code := g.pipeline(nil, append([]string{"sites"}, args...)...)
		require.Zero(t, code, said)
		return said
	}
	assert.JSONEq(t, `["berlin", "lisbon"]`, sites())
	git("init", "--quiet", "--initial-branch=main")
	git("add", "--all")
	git("commit", "--quiet", "--message=sites")
	for name, c := range map[string]struct {
		change func()
		want   string
	}{
		"nothing":           {func() {}, `[]`},
		"text":              {func() { g.edit("README.md", "#", "##") }, `[]`},
		"a site":            {func() { g.edit("sites/lisbon.yaml", "443", "8443") }, `["lisbon"]`},
		"a site and text":   {func() { g.edit("sites/lisbon.yaml", "443", "8443"); g.edit("README.md", "#", "##") }, `["lisbon"]`},
		"a new site":        {func() { git("mv", "sites/lisbon.yaml", "sites/paris.yaml") }, `["paris"]`},
		"the configuration": {func() { g.edit("main.tf", "multihop", "multihop ") }, `["berlin", "lisbon"]`},
	} {
		t.Run(name, func(t *testing.T) {
			git("checkout", "--quiet", "-B", "change", "main")
			c.change()
			git("commit", "--quiet", "--all", "--allow-empty", "--message="+name)
			assert.JSONEq(t, c.want, sites("main"))
		})
	}
}
