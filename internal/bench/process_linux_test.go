package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStandstill: a command that waits for ever is ended, and with it what it has started.
func TestStandstill(t *testing.T) {
	dir := t.TempDir()
	cli, pid := filepath.Join(dir, "cli"), filepath.Join(dir, "pid")
	require.NoError(t, os.WriteFile(cli, []byte("#!/bin/sh\nsleep 600 &\necho $! >"+pid+"\nwait\n"), 0o700))
	b := &bench{ctx: t.Context(), cli: cli, settings: settings{patience: 5 * time.Minute, standstill: time.Second}}
	w := &workspace{bench: b, name: peer, dir: dir}
	s, _, err := w.terraform("plan")
	require.NoError(t, err)
	assert.Equal(t, step{hung: true}, s)
	assert.True(t, w.lost)
	child, err := os.ReadFile(pid)
	require.NoError(t, err)
	assert.Eventually(t, func() bool { // a zombie, until somebody asks for it, has no command line
		line, err := os.ReadFile("/proc/" + strings.TrimSpace(string(child)) + "/cmdline")
		return err != nil || len(line) == 0
	}, time.Minute, 10*time.Millisecond)
}
