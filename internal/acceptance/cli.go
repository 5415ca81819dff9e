// Package acceptance is whole scenarios through the terraform CLI: the tests beside this file, and the demo.
package acceptance

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// Root is the folder of this repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Unwrapped is what the CLI says without its line breaks, which it makes where it likes.
func Unwrapped(out []byte) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(string(out), "│", " ")), " ")
}

// CLI gives the path of terraform, else of tofu; where the PATH has neither, OpenTofu is built. TF_ACC_TERRAFORM_PATH
// names another.
func CLI() (string, error) {
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	built, err := kubetest.RunTools("build", "tofu")
	if err != nil {
		return "", err
	}
	return built[0], nil
}

// Command is exec.CommandContext for a program that has processes and files of its own, as the CLI has its providers: when
// the context ends it is interrupted, as by ^C, so that it takes them along, and killed half a minute later.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 30 * time.Second
	return cmd
}
