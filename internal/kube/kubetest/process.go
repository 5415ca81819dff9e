package kubetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
)

// starter starts processes from a thread of its own. They are to die with this program however it ends, and what the
// kernel takes for its end is the end of the thread that started them.
type starter struct {
	work chan func()
	end  func()
}

// newStarter makes a starter; prepare, if any, runs on its thread first.
func newStarter(prepare func() error) (*starter, error) {
	s := &starter{work: make(chan func())}
	s.end = sync.OnceFunc(func() { close(s.work) })
	prepared := make(chan error)
	go func() {
		runtime.LockOSThread() // Never unlocked: the thread ends with the goroutine, its mount namespace with it.
		if prepare != nil {
			if err := prepare(); err != nil {
				prepared <- err
				return
			}
		}
		close(prepared)
		for do := range s.work {
			do()
		}
	}()
	if err := <-prepared; err != nil {
		return nil, err
	}
	return s, nil
}

// process is a running program whose output goes to a file.
type process struct {
	name  string
	cmd   *exec.Cmd
	dir   string        // holds its log
	ended chan struct{} // closed when it has
}

// start runs a program; dir is its home and its folder for temporary files, and holds its log.
func (s *starter) start(
	ctx context.Context, dir, name, program string, env []string, args ...string,
) (*process, error) {
	p := &process{name: name, dir: dir, ended: make(chan struct{})}
	log, err := os.Create(logOf(dir, name))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), program, args...)
	p.cmd.Dir = dir
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Env = append([]string{"HOME=" + dir, "TMPDIR=" + dir, "PATH=" + os.Getenv("PATH")}, env...)
	p.cmd.SysProcAttr = childAttributes(true)
	begun := make(chan error)
	s.work <- func() { begun <- p.cmd.Start() }
	if err := <-begun; err != nil {
		return nil, fmt.Errorf("starting %s: %w", name, err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	return p, nil
}

// stop ends the process: politely, and after five seconds not.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(5 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// forever is a limit for until that leaves it to the context.
const forever = 24 * time.Hour

// until waits until ready says so, and fails when one of the processes that it takes ends or time is over. The error
// then tells what was missing and what the process, or else the last of them, said last.
func until(
	ctx context.Context, limit time.Duration, what string, ready func(context.Context) error, takes ...*process,
) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		missing := ready(ctx)
		if missing == nil {
			return nil
		}
		for _, p := range takes {
			if p.hasEnded() {
				return fmt.Errorf("waiting for %s: %s ended (%s)\n%s", what, p.name, p.cmd.ProcessState, p.tail())
			}
		}
		select {
		case <-ctx.Done():
			err := fmt.Errorf("waiting for %s: %w: %w", what, ctx.Err(), missing)
			if len(takes) > 0 {
				err = fmt.Errorf("%w\n%s", err, takes[len(takes)-1].tail())
			}
			return err
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (p *process) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// answers is for until: something listens on that port of the namespace's loopback.
func answers(namespace *netns.Namespace, port int) func(context.Context) error {
	return func(ctx context.Context) error {
		conn, err := namespace.Dial(ctx, loopback(port))
		if err == nil {
			err = conn.Close()
		}
		return err
	}
}

func (p *process) tail() string { return tail(p.dir, p.name) }

// chatter is what MetalLB says whenever it looks at its configuration, and where in its code it says so: all else would
// drown in it.
var chatter = regexp.MustCompile(`(?m)^.*("level":"debug"|"(start|end) reconcile":).*\n|,"stacktrace":"[^"]*"`)

// tail gives the last of a process's output.
func tail(dir, name string) string {
	text, err := os.ReadFile(logOf(dir, name))
	if err != nil {
		return err.Error()
	}
	text = chatter.ReplaceAll(text, nil)
	const most = 6000
	return fmt.Sprintf("--- the end of what %s said ---\n%s", name, text[max(0, len(text)-most):])
}

func logOf(dir, name string) string { return filepath.Join(dir, name+".log") }

// freePorts finds ports on loopback that nothing listens on.
func freePorts(ctx context.Context, n int) (ports []int, err error) {
	for range n {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", loopback(0))
		if err != nil {
			return nil, err
		}
		defer func() { _ = listener.Close() }()
		address, ok := listener.Addr().(*net.TCPAddr)
		if !ok {
			return nil, errors.New("a TCP listener without a TCP address")
		}
		ports = append(ports, address.Port)
	}
	return ports, nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
