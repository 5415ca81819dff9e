// Package acceptance is whole scenarios through the terraform CLI: the tests beside this file, and the demo.
package acceptance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// Root is the folder of this repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// CLI gives the path of terraform, else of tofu; where the PATH has neither, OpenTofu is built. TF_ACC_TERRAFORM_PATH
// names another.
func CLI(ctx context.Context) (string, error) {
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	build := exec.CommandContext(ctx, "go", "run", "-C", filepath.Join(Root(), "internal", "tools"), ".", "build", "tofu")
	build.Stderr = os.Stderr
	out, err := build.Output()
	if err != nil {
		return "", fmt.Errorf("building OpenTofu: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}
