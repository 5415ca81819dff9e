package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cacheDir is where programs are kept, outside of the tree: a fresh clone finds what an earlier one has built.
func cacheDir() (string, error) {
	base, err := os.UserCacheDir()
	return filepath.Join(base, "terraform-provider-routeros", "bin"), err
}

// buildAll prints the path of each named program, in the order asked, after building those that are missing.
func buildAll(ctx context.Context, names []string) error {
	for _, name := range names {
		file, err := build(ctx, name)
		if err != nil {
			return err
		}
		fmt.Println(file)
	}
	return nil
}

// build gives the file of the program of that name, building it the first time.
func build(ctx context.Context, name string) (string, error) {
	i := slices.IndexFunc(programs, func(p program) bool { return p.name == name })
	if i < 0 {
		return "", fmt.Errorf("no program is called %q", name)
	}
	file, err := programs[i].get(ctx)
	if err != nil {
		return "", fmt.Errorf("building %s: %w", name, err)
	}
	return file, nil
}

// get gives the program's file, building it the first time.
func (p program) get(ctx context.Context) (string, error) {
	return cached(ctx, p.name+"-"+p.version, func(file, workDir string) error {
		done := announce(fmt.Sprintf("building %s %s (once; %s on two cores)", p.name, p.version, p.slow))
		err := p.build(ctx, file, workDir)
		done(err)
		return err
	})
}

// cached gives the file of that name in the cache, made by make if it is not there. Two processes that want the same
// wait for each other; a half-made file is never seen.
func cached(ctx context.Context, name string, make func(file, workDir string) error) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, name)
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	unlock, err := lock(ctx, filepath.Join(dir, ".lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	if err := removeAbandoned(dir); err != nil {
		return "", err
	}
	workDir, err := os.MkdirTemp(dir, workPrefix)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(workDir) }()
	made := filepath.Join(workDir, name)
	if err := make(made, workDir); err != nil {
		return "", err
	}
	return file, os.Rename(made, file)
}

const workPrefix = ".build-"

// removeAbandoned removes the work directories of runs that were killed; who holds the lock knows that no other is used.
func removeAbandoned(dir string) error {
	abandoned, err := filepath.Glob(filepath.Join(dir, workPrefix+"*"))
	for _, workDir := range abandoned {
		err = errors.Join(err, os.RemoveAll(workDir))
	}
	return err
}

// lock takes the lock, waiting for as long as another process has it. The kernel frees it when the process ends.
func lock(ctx context.Context, file string) (unlock func(), err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	unlock = func() { _ = f.Close() }
	for said := false; ; said = true {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return unlock, nil
		case !errors.Is(err, syscall.EWOULDBLOCK):
			unlock()
			return nil, err
		case !said:
			fmt.Fprintln(os.Stderr, "waiting for another run that is building …")
		}
		select {
		case <-ctx.Done():
			unlock()
			return nil, ctx.Err()
		case <-time.After(200 * time.Millisecond): // A call that just waits could not be interrupted.
		}
	}
}

// announce says on the terminal what takes long, that it is still alive, and when it is done.
func announce(what string) (done func(error)) {
	begun, stop := time.Now(), make(chan struct{})
	fmt.Fprintf(os.Stderr, "%s …\n", what)
	go func() {
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprintf(os.Stderr, "  … still at it after %s\n", time.Since(begun).Round(time.Second))
			case <-stop:
				return
			}
		}
	}()
	return func(err error) {
		close(stop)
		if err == nil {
			fmt.Fprintf(os.Stderr, "  done in %s\n", time.Since(begun).Round(time.Second))
		}
	}
}

// build compiles the program in a module made for it: unlike `go install`, that also works for modules with replaces.
func (p program) build(ctx context.Context, file, workDir string) error {
	replaces := p.replace
	if p.staging != "" {
		staged, err := p.stagingReplaces(ctx, workDir)
		if err != nil {
			return err
		}
		replaces = append(replaces, staged...)
	}
	mod := fmt.Sprintf("module build\n\ngo 1.26.0\n\nrequire %s %s\n", p.module, p.version)
	for _, line := range replaces {
		mod += "\nreplace " + line
	}
	if err := os.WriteFile(filepath.Join(workDir, "go.mod"), []byte(mod+"\n"), 0o600); err != nil {
		return err
	}
	target := path.Join(p.module, p.pkg)
	if p.source != "" {
		target = "main.go"
		if err := os.WriteFile(filepath.Join(workDir, target), []byte(p.source), 0o600); err != nil {
			return err
		}
	}
	_, err := golang(ctx, workDir, "build", "-trimpath", "-ldflags", strings.TrimSpace("-s -w "+p.ldflags), "-o", file, target)
	return err
}

var stagingLine = regexp.MustCompile(`(?m)^\s*(\S+) => \./staging/src/\S+$`)

// stagingReplaces gives, for each module that p's go.mod replaces by a directory of its own, the published one.
func (p program) stagingReplaces(ctx context.Context, workDir string) ([]string, error) {
	var downloaded struct{ GoMod string }
	if err := download(ctx, workDir, p.module, p.version, &downloaded); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(downloaded.GoMod)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, found := range stagingLine.FindAllSubmatch(text, -1) {
		lines = append(lines, fmt.Sprintf("%s => %s %s", found[1], found[1], p.staging))
	}
	if lines == nil {
		return nil, errors.New("its go.mod replaces nothing by ./staging")
	}
	return lines, nil
}

// download fetches a module and fills what `go mod download -json` says of it.
func download(ctx context.Context, workDir, module, version string, info any) error {
	out, err := golang(ctx, workDir, "mod", "download", "-json", module+"@"+version)
	if err != nil {
		return err
	}
	return json.Unmarshal(out, info)
}

func golang(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOWORK=off")
	cmd.SysProcAttr = childAttributes()
	// Its compilers are in its process group, and are to end with it.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, tail(said.String(), 3000))
	}
	return out, nil
}

func tail(text string, most int) string { return text[max(0, len(text)-most):] }
