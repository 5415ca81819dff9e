package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ownGroup makes a process the first of a group, so that all of it can be ended, and so that a ^C at the terminal reaches
// it but once, by way of this program.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// dieWithParent asks to be told to end when the parent does: a killed `go run` says nothing to the program it runs.
// The thread that asks must be one that lives as long as the program.
func dieWithParent() {
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM), 0)
}

// endGroup kills what is left of the group of a process.
func endGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGKILL) }

var highWater = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB$`)

// used gives the most memory, in bytes, that any of the processes below this one has had so far; the processor time of
// this one alone; and that of all together. It is not ok where that cannot be told.
func used(pid int) (memory int64, own, cpu time.Duration, ok bool) {
	own, cpu, ok = processorTime(pid)
	program, _ := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		children, _ := os.ReadFile(list) // the thread may have ended
		for child := range strings.FieldsSeq(string(children)) {
			id, err := strconv.Atoi(child)
			if err != nil {
				continue
			}
			most, _, more, _ := used(id) // it may have ended, too
			memory = max(memory, most)
			cpu += more
			// Between fork and exec a child is its parent once more, and shows its parent's memory.
			if is, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", id)); err != nil || is == program {
				continue
			}
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", id))
			if found := highWater.FindSubmatch(status); found != nil {
				kilobytes, _ := strconv.ParseInt(string(found[1]), 10, 64)
				memory = max(memory, kilobytes<<10)
			}
		}
	}
	return memory, own, cpu, ok
}

// processorTime is that of a process alone, and together with that of those that it started and that have ended.
func processorTime(pid int) (own, sum time.Duration, ok bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, false
	}
	// The name, in brackets, may have spaces. utime, stime, cutime and cstime are the 14th to the 17th of all fields.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 15 {
		return 0, 0, false
	}
	for i, field := range fields[11:15] {
		ticks, _ := strconv.ParseInt(string(field), 10, 64)
		sum += time.Duration(ticks) * (time.Second / 100) // which is the same on all of Linux
		if i == 1 {
			own = sum
		}
	}
	return own, sum, true
}

// machine says what this is measured on.
func machine() string {
	model := first(`(?m)^model name\s*: (.*)$`, "/proc/cpuinfo", "unknown CPU")
	memory, _ := strconv.Atoi(first(`(?m)^MemTotal:\s+(\d+) kB$`, "/proc/meminfo", "0"))
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	return fmt.Sprintf("%s, %.0f GiB of memory, Linux %s", model, float64(memory)/(1<<20), bytes.TrimSpace(kernel))
}

// first gives what the first group matches in a file.
func first(pattern, file, otherwise string) string {
	text, _ := os.ReadFile(file)
	if found := regexp.MustCompile(pattern).FindSubmatch(text); found != nil {
		return string(found[1])
	}
	return otherwise
}
