package lab_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/lab"
)

// cliVariable names the CLI, which is looked for outside of the network namespace.
const cliVariable = "LAB_CLI"

func TestMain(m *testing.M) {
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// run isolates the tests, and builds the provider once for all of them.
func run(m *testing.M) (code int, err error) {
	if !kubetest.Isolated() {
		cli, err := acceptance.CLI()
		if err != nil {
			return 0, err
		}
		if err := os.Setenv(cliVariable, cli); err != nil {
			return 0, err
		}
	}
	if noNamespace = kubetest.Isolate(); noNamespace != nil && !errors.Is(noNamespace, errors.ErrUnsupported) {
		return 0, noNamespace
	}
	dir, err := os.MkdirTemp("", "lab-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if cliConfig, err = acceptance.Provider(context.Background(), dir); err != nil {
		return 0, err
	}
	return m.Run(), nil
}

// cliConfig makes the CLI use the provider of this tree.
var cliConfig string

// noNamespace is why this machine has no network namespaces for us, in which case the scenarios say so and are skipped.
var noNamespace error

// scenario is a lab, and a folder with examples/complete in it.
type scenario struct {
	*lab.Lab
	t   *testing.T
	dir string
	env []string
}

func start(t *testing.T, routerOS, metalLB string) *scenario {
	t.Helper()
	needNamespaces(t)
	l, err := lab.Start(t.Context(), routerOS, metalLB)
	require.NoError(t, err)
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(filepath.Join(acceptance.Root(), "examples", "complete"))))
	return &scenario{l, t, dir, append(l.Environment(), "TF_CLI_CONFIG_FILE="+cliConfig)}
}

func needNamespaces(t *testing.T) {
	t.Helper()
	if noNamespace != nil {
		t.Skipf("needs network namespaces: %v", noNamespace)
	}
}

// write adds a file to the configuration, or replaces it; an empty text takes it away.
func (s *scenario) write(name, text string) {
	s.t.Helper()
	path := filepath.Join(s.dir, name)
	if text == "" {
		require.NoError(s.t, os.Remove(path))
		return
	}
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o600))
}

// terraform runs the CLI, which must succeed, and gives what it says, without its line breaks.
func (s *scenario) terraform(ctx context.Context, args ...string) (said string, err error) {
	out, err := s.command(ctx, append(args, "-no-color")...).CombinedOutput()
	if err != nil {
		err = fmt.Errorf("terraform %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return acceptance.Unwrapped(out), err
}

// command is a command of the CLI in the scenario's folder.
func (s *scenario) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := acceptance.Command(ctx, os.Getenv(cliVariable), args...)
	cmd.Dir, cmd.Env = s.dir, s.env
	return cmd
}

// apply applies the configuration with these variables ("workers={}").
func (s *scenario) apply(variables ...string) (said string) {
	s.t.Helper()
	args := []string{"apply", "-auto-approve"}
	for _, v := range variables {
		args = append(args, "-var="+v)
	}
	said, err := s.terraform(s.t.Context(), args...)
	require.NoError(s.t, err)
	return said
}

// output reads an output into a value.
func (s *scenario) output(name string, value any) {
	s.t.Helper()
	out, err := s.command(s.t.Context(), "output", "-json", name).Output()
	require.NoError(s.t, err)
	require.NoError(s.t, json.Unmarshal(out, value), string(out))
}
