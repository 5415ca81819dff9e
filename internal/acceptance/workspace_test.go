package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// workspace is a folder in which the CLI runs with this tree's provider as a program: what the testing framework has no
// step for, such as warnings, the log, and clusters that change during an apply.
type workspace struct {
	t *testing.T
	program
	dir string
}

func newWorkspace(t *testing.T) workspace {
	t.Helper()
	cli, err := CLI()
	require.NoError(t, err)
	return workspace{t, build(t, cli), t.TempDir()}
}

// write makes this the configuration: further settings of the block metallb, and resources.
func (w workspace) write(kubeconfig, settings, resources string) {
	w.t.Helper()
	text := configure(nil, fmt.Sprintf("kubernetes = { config_path = %q }\n  metallb = { %s }", kubeconfig, settings), resources)
	require.NoError(w.t, os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(text), 0o600))
}

// run gives what the CLI says, without its line breaks.
func (w workspace) run(args ...string) (said string, err error) {
	cmd := w.command(w.t, w.dir, append(args, "-no-color")...)
	cmd.Env = append(cmd.Env, "TF_LOG_PROVIDER=INFO")
	out, err := cmd.CombinedOutput()
	return Unwrapped(out), err
}

// succeed wants the CLI to succeed, and to say each of the texts.
func (w workspace) succeed(args []string, texts ...string) string {
	w.t.Helper()
	said, err := w.run(args...)
	require.NoError(w.t, err, said)
	for _, text := range texts {
		require.Contains(w.t, said, text)
	}
	return said
}

// fail wants the CLI to fail, and to say each of the texts.
func (w workspace) fail(args []string, texts ...string) {
	w.t.Helper()
	said, err := w.run(args...)
	require.Error(w.t, err, said)
	for _, text := range texts {
		require.Contains(w.t, said, text)
	}
}

var (
	apply   = []string{"apply", "-auto-approve"}
	plan    = []string{"plan"}
	destroy = []string{"apply", "-destroy", "-auto-approve"}
)

// noChanges is what a plan says that would change nothing.
const noChanges = "No changes."

// poolBlock is the pool metallb_address_pool.one.
func poolBlock(name, more string) string {
	return fmt.Sprintf("resource \"metallb_address_pool\" \"one\" {\n  provider = routeros\n  name = %q\n  %s\n}\n", name, more)
}
