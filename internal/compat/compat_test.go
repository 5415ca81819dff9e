package compat

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// slow skips what starts other people's programs, unless `make compat` asks for it.
func slow(t *testing.T) {
	t.Helper()
	if os.Getenv("COMPAT") == "" {
		t.Skip("starts other people's programs: make compat")
	}
}

// run runs a program to its end, a minute at most, and gives what it prints. It ends with this one.
func run(t *testing.T, dir string, env []string, program string, args ...string) (stdout []byte, stderr string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	runtime.LockOSThread() // It dies with the thread that starts it: this one, which stays here until then.
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = childAttributes()
	stdout, err = cmd.Output()
	return stdout, said.String(), err
}
