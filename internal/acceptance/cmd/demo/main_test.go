package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The demo is this program, when it is told to be.
const demoVariable = "DEMO_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(demoVariable) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Who is interrupted while the provider is built leaves no folder behind.
func TestInterruptedWhileBuilding(t *testing.T) {
	temporary := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), demoVariable+"=1", "TMPDIR="+temporary)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	if _, err := lines.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, lines)
	if err := cmd.Wait(); err == nil {
		t.Error("the demo has ended well, although it was interrupted")
	}
	left, err := filepath.Glob(filepath.Join(temporary, "routeros-demo-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}
