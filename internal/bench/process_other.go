//go:build !linux

package main

import (
	"runtime"
	"syscall"
	"time"
)

func ownGroup() *syscall.SysProcAttr { return nil }

func dieWithParent() {}

func endGroup(int) {}

// used is not measured without /proc.
func used(int) (memory int64, own, cpu time.Duration, ok bool) { return 0, 0, 0, false }

func machine() string { return runtime.GOOS + "/" + runtime.GOARCH + ", the machine not measured" }
