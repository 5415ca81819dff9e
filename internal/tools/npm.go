package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
)

// npmPackages are other people's clients, for `make compat`.
var npmPackages = []string{"node-routeros@1.6.9", "routeros-client@1.1.2"}

// npm gives a folder whose node_modules hold npmPackages. None of their scripts is run.
func npm(ctx context.Context) (string, error) {
	return cached(ctx, "npm-"+strings.ReplaceAll(strings.Join(npmPackages, "-"), "@", "-"), func(dir, workDir string) error {
		cmd := exec.CommandContext(ctx, "npm", append([]string{"install", "--ignore-scripts", "--no-audit", "--no-fund",
			"--no-update-notifier", "--prefix", dir}, npmPackages...)...)
		cmd.Dir = workDir
		cmd.SysProcAttr = childAttributes()
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("npm install %s: %w\n%s", strings.Join(npmPackages, " "), err, tail(said.String(), 3000))
		}
		return nil
	})
}
