package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestCachedMakesOnce(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var made atomic.Int32
	var runs sync.WaitGroup
	for range 4 {
		runs.Go(func() {
			file, err := cached(t.Context(), "program-v1", func(file, _ string) error {
				made.Add(1)
				time.Sleep(50 * time.Millisecond)
				return os.WriteFile(file, []byte("done"), 0o755)
			})
			if err != nil {
				t.Error(err)
				return
			}
			if text, err := os.ReadFile(file); err != nil || string(text) != "done" {
				t.Errorf("the file holds %q (%v)", text, err)
			}
		})
	}
	runs.Wait()
	if got := made.Load(); got != 1 {
		t.Errorf("made %d times", got)
	}
}

func TestCachedLeavesNothingHalfMade(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, err := cacheDir()
	if err != nil {
		t.Fatal(err)
	}
	killed := filepath.Join(dir, workPrefix+"killed")
	if err := os.MkdirAll(killed, 0o755); err != nil {
		t.Fatal(err)
	}
	failure := errors.New("does not compile")
	_, err = cached(t.Context(), "program-v1", func(file, _ string) error {
		return errors.Join(os.WriteFile(file, []byte("half"), 0o755), failure)
	})
	if !errors.Is(err, failure) {
		t.Errorf("got the error %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(left) != 1 || left[0].Name() != ".lock" {
		t.Errorf("left in the cache: %v", left)
	}
}

func TestWaitingForTheLockCanBeInterrupted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := lock(ctx, file); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got the error %v", err)
	}
}
