package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// step is what one command of the CLI cost.
type step struct {
	wall   time.Duration
	cpu    time.Duration // of the CLI and the providers that it started
	cli    time.Duration // of the CLI alone, as last seen; 0 if it was not
	memory int64         // bytes, the most that a provider ever had; 0 if none was seen
	router routerostest.Stats
	ended  bool // by itself: otherwise the rest is worth nothing
	hung   bool // it did not end in time, and was ended
}

// timeout is how long a command may take before it is said to hang.
func (w *workspace) timeout() time.Duration {
	return w.patience + time.Duration(w.objects)*w.patienceEach
}

// terraform runs the CLI in the workspace, and gives what it says. What it started ends with it.
func (w *workspace) terraform(args ...string) (s step, said []byte, err error) {
	ctx, cancel := context.WithTimeout(w.ctx, w.timeout())
	defer cancel()
	cmd := acceptance.Command(ctx, w.cli, append(args, "-no-color", "-input=false")...)
	cmd.Dir = w.dir
	cmd.Env = w.environment()
	cmd.SysProcAttr = ownGroup()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if w.router != nil {
		w.router.ResetStats()
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return s, nil, err
	}
	stop := make(chan struct{})
	watched := make(chan bool)
	go func() { watched <- s.watch(cmd.Process.Pid, w.standstill, stop) }()
	err = cmd.Wait()
	s.wall = time.Since(begun)
	close(stop)
	stands := <-watched
	endGroup(cmd.Process.Pid) // a CLI that had to be killed leaves its providers behind
	s.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if w.router != nil {
		s.router = w.router.Stats()
		s.router.Log = nil // up to 50,000 lines that nobody reads
	}
	if w.ctx.Err() != nil {
		return s, nil, w.ctx.Err()
	}
	if stands || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		w.say("  %s hangs", w.name)
		w.lost = true
		return step{hung: true}, nil, nil
	}
	if err != nil {
		return s, nil, fmt.Errorf("%s, %s of %d: %w:\n%s", w.name, args[0], w.objects, err, last(out.Bytes()))
	}
	w.say("  %s %s: %.2f s", w.name, strings.Join(args, " "), s.wall.Seconds())
	s.ended = true
	return s, out.Bytes(), nil
}

// environment is this program's, but for what would change what the CLI and the providers do.
func (w *workspace) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(s string) bool {
		return strings.HasPrefix(s, "TF_") || strings.HasPrefix(s, "ROS_") || strings.HasPrefix(s, "KUBE_")
	})
	return append(env, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+w.cliConfig)
}

// idle is the processor time that is used while all only wait: no more is a standstill.
const idle = 200 * time.Millisecond

// watch polls how much memory a provider had at most, and the CLI's own processor time, until it is stopped. It kills what
// has come to a standstill, and then gives true.
func (s *step) watch(pid int, standstill time.Duration, stop <-chan struct{}) bool {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	moved, then := time.Now(), time.Duration(0)
	for {
		select {
		case <-stop:
			return false
		case <-tick.C:
			memory, own, cpu, ok := used(pid)
			s.memory, s.cli = max(s.memory, memory), max(s.cli, own)
			if !ok || cpu > then+idle {
				moved, then = time.Now(), cpu
			}
			if time.Since(moved) > standstill {
				endGroup(pid)
				return true
			}
		}
	}
}

// last is the end of what the CLI says, where errors are.
func last(said []byte) []byte { return said[max(0, len(said)-3000):] }
