//go:build !linux

package main

import (
	"runtime"
	"syscall"
)

func ownGroup() *syscall.SysProcAttr { return nil }

func dieWithParent() {}

func endGroup(int) {}

// peakBelow is not measured without /proc.
func peakBelow(int) int64 { return 0 }

func machine() string { return runtime.GOOS + "/" + runtime.GOARCH + ", the machine not measured" }
