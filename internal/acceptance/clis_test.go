package acceptance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Some features want another CLI than the installed one: import by identity, queries and actions a Terraform from 1.14,
// and what shall also work with OpenTofu that one. Their paths are looked for outside of the network namespace.
const (
	newerVariable = "TF_ACC_NEWER_TERRAFORM"
	tofuVariable  = "TF_ACC_OPENTOFU"
)

const newerVersion = "1.16.4"

// findOthers puts what there is into the two variables, unless they are set; installed is the usual CLI.
func findOthers(installed string) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	cache = filepath.Join(cache, "terraform-provider-routeros")
	if os.Getenv(newerVariable) == "" {
		newer, err := newerTerraform(installed, filepath.Join(cache, "terraform-"+newerVersion))
		if err != nil {
			return err
		}
		_ = os.Setenv(newerVariable, newer)
	}
	if os.Getenv(tofuVariable) == "" {
		tofu, err := exec.LookPath("tofu")
		if built, _ := filepath.Glob(filepath.Join(cache, "bin", "tofu-*")); err != nil && len(built) > 0 {
			tofu = built[len(built)-1]
		}
		_ = os.Setenv(tofuVariable, tofu)
	}
	return nil
}

// newerTerraform is the installed CLI if it is new enough, else one that is built into dir by a script which only the
// maintainers' machines have; "" without either.
func newerTerraform(installed, dir string) (string, error) {
	if out, err := exec.Command(installed, "version").Output(); err == nil {
		if found := regexp.MustCompile(`^Terraform v1\.(\d+)\.`).FindSubmatch(out); found != nil {
			if minor, _ := strconv.Atoi(string(found[1])); minor >= 14 {
				return installed, nil
			}
		}
	}
	script, err := exec.LookPath(filepath.Join(Root(), "..", "shared", "tools", "build-terraform"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if out, err := exec.Command(script, newerVersion, dir).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", script, err, out)
	}
	return filepath.Join(dir, "terraform"), nil
}

// useNewer runs the rest of a test with a Terraform that has import by identity, queries and actions.
func useNewer(t *testing.T) (cli string) {
	t.Helper()
	return use(t, newerVariable, "registry.terraform.io", "Terraform 1.14 or newer")
}

// useTofu runs the rest of a test with OpenTofu.
func useTofu(t *testing.T) { t.Helper(); use(t, tofuVariable, "registry.opentofu.org", "OpenTofu") }

func use(t *testing.T, variable, registry, what string) (cli string) {
	t.Helper()
	cli = os.Getenv(variable)
	if cli == "" {
		t.Skipf("needs %s: name it in %s", what, variable)
	}
	t.Setenv("TF_ACC_TERRAFORM_PATH", cli)
	t.Setenv("TF_ACC_PROVIDER_HOST", registry)
	return cli
}

// program is a CLI with this tree's provider as a program, for what the testing framework has no step for.
type program struct {
	cli      string
	provider string // the folder that it was built into
	config   string // of the CLI
}

func build(t *testing.T, cli string) program {
	t.Helper()
	dir := t.TempDir()
	config, err := Provider(t.Context(), dir)
	require.NoError(t, err)
	return program{cli, dir, config}
}

// command is a command of the CLI in a folder.
func (p program) command(t *testing.T, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), p.cli, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TF_CLI_CONFIG_FILE="+p.config)
	return cmd
}

// in runs the CLI in a folder with those files; it must succeed, and what it says is given.
func (p program) in(t *testing.T, files map[string]string) (dir string, run func(args ...string) string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir, func(args ...string) string {
		t.Helper()
		out, err := p.command(t, dir, args...).CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
}
