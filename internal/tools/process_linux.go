package main

import "syscall"

// childAttributes makes a process the first of a group of its own and lets it die with the thread that starts it.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// dieWithParent asks to be told to end when the parent does: a killed `go run` says nothing to the program it runs.
// The thread that asks must be one that lives as long as the program.
func dieWithParent() {
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGTERM), 0)
}
