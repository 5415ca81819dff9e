package acceptance

import (
	"archive/zip"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// gitops is a copy of examples/gitops as a team has it: its own bucket, its own routers' addresses, and a lock file.
type gitops struct {
	t       *testing.T
	cli     string
	dir     string
	states  *bucket
	said    bytes.Buffer // by all pipelines
	saying  sync.Mutex
	secrets []string // that may be found nowhere but where they belong
}

// newGitOps gives the copy. The token is that of a cluster.
func newGitOps(t *testing.T, cli, token string) *gitops {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(Root(), "examples", "gitops"))))
	states, url := startBucket(t)
	g := &gitops{t: t, cli: cli, dir: dir, states: states, secrets: []string{password, "canary-bgp", "canary-bucket", "canary-plan", token}}
	g.edit("backend.hcl", "https://s3.example.com", url)
	return g
}

// startRegistry lets `init` find this tree's provider as it would find a released one: in a registry, which is a folder here.
func startRegistry(t *testing.T) {
	t.Helper()
	registry := t.TempDir()
	built := filepath.Join(build(t, "").provider, "terraform-provider-routeros")
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(registry, host, "baremetal-lb", "routeros", "0.1.0", runtime.GOOS+"_"+runtime.GOARCH)
		require.NoError(t, os.MkdirAll(folder, 0o700))
		require.NoError(t, os.Link(built, filepath.Join(folder, "terraform-provider-routeros_v0.1.0")))
	}
	configuration := filepath.Join(t.TempDir(), "terraformrc")
	require.NoError(t, os.WriteFile(configuration, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror { path = %q }\n}\n", registry), 0o600))
	t.Setenv("TF_CLI_CONFIG_FILE", configuration)
}

// edit replaces a text of a file.
func (g *gitops) edit(file, old, replacement string) {
	g.t.Helper()
	path := filepath.Join(g.dir, file)
	text, err := os.ReadFile(path)
	require.NoError(g.t, err)
	require.Contains(g.t, string(text), old, file)
	require.NoError(g.t, os.WriteFile(path, bytes.ReplaceAll(text, []byte(old), []byte(replacement)), 0o600))
}

// site is one of the copy's sites, and what its jobs have in their environment.
type site struct {
	*gitops
	name  string
	env   []string
	views []string // more of it where nothing is applied
	sim   *routerostest.Router
}

// site gives the site of that name. Its router speaks TLS with a certificate of its own, and has a user who may only look.
func (g *gitops) site(name, url, version string, env ...string) site {
	g.t.Helper()
	certificate, _, fingerprint, err := routerostest.SelfSigned("127.0.0.1")
	require.NoError(g.t, err)
	sim := routerostest.StartTest(g.t, version, routerostest.User("terraform", password, "api", "read", "write"),
		routerostest.User("viewer", password, "api", "read"), routerostest.TLS(&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}))
	g.edit("sites/"+name+".yaml", url, "apis://"+sim.Addr())
	env = append(env, "ROS_USERNAME=terraform", "ROS_PASSWORD="+password, "ROS_CERTIFICATE_FINGERPRINT=sha256:"+fingerprint,
		"TF_VAR_bgp_password=canary-bgp", "AWS_ACCESS_KEY_ID=pipeline", "AWS_SECRET_ACCESS_KEY=canary-bucket")
	return site{g, name, env, []string{"ROS_USERNAME=viewer", "TF_VAR_bgp_password=unseen", "AWS_ACCESS_KEY_ID=viewer"}, sim}
}

// pipeline runs pipeline.sh and gives what it says and its exit code.
func (g *gitops) pipeline(env []string, args ...string) (said string, code int) {
	g.t.Helper()
	return g.run(env, filepath.Join(g.dir, "pipeline.sh"), args...)
}

func (g *gitops) run(env []string, program string, args ...string) (said string, code int) {
	g.t.Helper()
	cmd := exec.CommandContext(g.t.Context(), program, args...)
	cmd.Dir, cmd.Env = g.dir, append(append(os.Environ(), "TF="+g.cli), env...)
	out, err := cmd.CombinedOutput()
	g.saying.Lock()
	defer g.saying.Unlock()
	g.said.Write(out)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return string(out), exit.ExitCode()
	}
	assert.NoError(g.t, err)
	return string(out), 0
}

// job runs a command for the site, with the rights that it needs.
func (s site) job(command string) (said string, code int) {
	env := s.env
	if command != "apply" {
		env = slices.Concat(env, s.views)
	}
	return s.pipeline(env, command, s.name)
}

// sideBySide runs a command for several sites at once; each must succeed, and say that text.
func sideBySide(command, text string, sites ...site) {
	var jobs sync.WaitGroup
	said, codes := make([]string, len(sites)), make([]int, len(sites))
	for i, s := range sites {
		jobs.Go(func() { said[i], codes[i] = s.job(command) })
	}
	jobs.Wait()
	for i, s := range sites {
		require.Zero(s.t, codes[i], "%s %s: %s", command, s.name, said[i])
		require.Contains(s.t, said[i], text)
	}
}

// destroy gives the site up, by hand.
func (s site) destroy() {
	said, code := s.run(append(s.env, "TF_DATA_DIR=.terraform/"+s.name), s.cli, "destroy", "-auto-approve", "-no-color")
	assert.Zero(s.t, code, said)
}

// do wants a command of pipeline.sh to end with that code, and to say each of the texts.
func (s site) do(command string, code int, texts ...string) {
	s.t.Helper()
	said, got := s.job(command)
	require.Equal(s.t, code, got, "%s %s: %s", command, s.name, said)
	for _, text := range texts {
		require.Contains(s.t, said, text)
	}
}

// plan is the file of the site's plan, where it is kept in the clear.
func (s site) plan() string { return filepath.Join(s.dir, "out", s.name+".tfplan") }

// report is what there is for a comment or an issue, "" if nothing.
func (s site) report() string {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join(s.dir, "out", s.name+".md"))
	if errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	require.NoError(s.t, err)
	return string(text)
}

// mustHideSecrets looks for a secret in every file of the copy, in what is in its plan files, in the states, and in what
// the pipelines said.
func (g *gitops) mustHideSecrets() {
	g.t.Helper()
	texts := map[string]string{"what was said": g.said.String()}
	require.NoError(g.t, filepath.WalkDir(g.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[path] = string(text)
		if filepath.Ext(path) == ".tfplan" {
			texts["in "+path] = unpacked(g.t, path)
		}
		return err
	}))
	require.Contains(g.t, texts["in "+filepath.Join(g.dir, "out", "lisbon.tfplan")], "lisbon-worker1", "that is no way to look into a plan")
	maps.Copy(texts, g.states.all())
	for path, text := range texts {
		for _, secret := range g.secrets {
			if strings.Contains(text, secret) {
				g.t.Errorf("%s: has the secret %s", path, secret)
			}
		}
	}
}

// unpacked is all that is in a plan file.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	require.NoError(t, err)
	defer func() { _ = archive.Close() }()
	var all strings.Builder
	for _, member := range archive.File {
		opened, err := member.Open()
		require.NoError(t, err)
		_, err = io.Copy(&all, opened)
		require.NoError(t, err)
	}
	return all.String()
}
