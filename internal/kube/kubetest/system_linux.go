package kubetest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"

	"golang.org/x/sys/unix"
)

// networkNamespace names the network namespace that the program is in.
func networkNamespace() (string, error) { return os.Readlink("/proc/self/ns/net") }

// runIsolated runs this program again in new network and mount namespaces, waits for it and gives its exit code.
func runIsolated(env []string) (code int, err error) {
	runtime.LockOSThread() // The child dies with the thread that starts it: this one, which stays here until then.
	defer runtime.UnlockOSThread()
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Args[0] = os.Args[0]
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("%w: %w (it takes root, or user namespaces that anyone may make)", errors.ErrUnsupported, err)
	}
	go func() {
		for s := range signals {
			if s == syscall.SIGTERM || !inForeground() {
				_ = cmd.Process.Signal(s)
			}
		}
	}()
	err = cmd.Wait()
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		return 0, err
	}
	if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return failed.ExitCode(), nil
}

// inForeground tells whether the terminal sends what is typed there (^C) to this process and so to its child as well.
func inForeground() bool {
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer func() { _ = terminal.Close() }()
	group, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// setUpLoopback brings lo up and adds the addresses, in a network namespace that has nothing else.
func setUpLoopback(addresses []string) error {
	interfaces, err := net.Interfaces()
	if err != nil {
		return err
	}
	for _, i := range interfaces {
		if i.Flags&(net.FlagLoopback|net.FlagUp) == net.FlagUp {
			return fmt.Errorf("the namespace has another interface, %s", i.Name)
		}
	}
	var program *netns.Namespace
	if err := program.Up("lo"); err != nil {
		return err
	}
	for _, address := range addresses {
		if err := program.Address("lo", address); err != nil && !errors.Is(err, unix.EEXIST) {
			return err
		}
	}
	return nil
}

// childAttributes makes a process die with the thread that starts it and, apart, keeps the terminal's signals from it.
func childAttributes(apart bool) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: apart}
}

// serviceAccount gives the calling thread, which must be locked, and the processes it starts a mount namespace in
// which the given files are found where a Pod finds those of its service account.
func serviceAccount(files map[string][]byte) error {
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("making a mount namespace: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	if err := unix.Mount("tmpfs", "/var/run", "tmpfs", 0, "mode=0755"); err != nil {
		return fmt.Errorf("mounting on /var/run: %w", err)
	}
	dir := "/var/run/secrets/kubernetes.io/serviceaccount"
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
