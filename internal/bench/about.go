package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
)

// about begins the page: what was measured how, on what, and how to do it again.
func (b *bench) about() string {
	var subjects []string
	for _, s := range b.subjects {
		subjects = append(subjects, s.describe())
	}
	var text strings.Builder
	fmt.Fprintf(&text, `This page is written by the benchmark in [internal/bench](../internal/bench), which drives the CLI against a simulated router.
%s. In each run they take turns; a figure is the median of %d,
a ratio or a difference the median of those made within one run.

The router has RouterOS %s, and answers each command after the latency that a table names. It is simulated in the benchmark's
own process, on the same machine, and shares its cores. CPU is that of the CLI and of the providers that it started, and
what of it is the CLI's own; memory is the most that one process of the provider had (VmHWM).
`, strings.Join(subjects, ";\n"), b.runs, version)
	if b.peer {
		fmt.Fprintf(&text, `
The peer is left out below %d ms: it misses answers that come sooner, and waits for them for ever, which on a busy machine happens
to it later as well. A command of the CLI of which nothing has used the processor for %.0f s, or that has not ended after %.0f s and %.0f s
more for each 1000 objects, is ended and said to have hung.
`, usual.Milliseconds(), b.standstill.Seconds(), b.patience.Seconds(), (many * b.patienceEach).Seconds())
	}
	fmt.Fprintf(&text, `
| | |
| --- | --- |
| Machine | %d cores, %s |
| Date | %s |
| CLI | %s |
| Provider | %s, %s |

To repeat it, or some of it:

    make bench
    go run ./internal/bench -only '^plan/1000/5ms$' -dir /tmp/bench
`, runtime.NumCPU(), machine(), time.Now().Format(time.DateOnly), b.cliVersion(), b.commit(), runtime.Version())
	if partial := b.only.String(); partial != "" {
		fmt.Fprintf(&text, "\nThis is only what `-only '%s'` measures.\n", partial)
	}
	return text.String()
}

// cliVersion is "terraform 1.11.4".
func (b *bench) cliVersion() string {
	var said struct {
		Version string `json:"terraform_version"` // of OpenTofu, too
	}
	out, err := exec.CommandContext(b.ctx, b.cli, "version", "-json").Output()
	if err != nil || json.Unmarshal(out, &said) != nil {
		return "of unknown version"
	}
	return filepath.Base(b.cli) + " " + said.Version
}

// commit is that of this tree, and whether anything but what the benchmark writes differs from it.
func (b *bench) commit() string {
	commit, err := b.git("describe", "--always", "--tags")
	changed, failed := b.git("status", "--porcelain", "--", ".", ":!docs/"+pageName, ":!docs/"+plotName)
	switch {
	case err != nil || failed != nil:
		return "of unknown commit"
	case changed != "":
		return "commit " + commit + " with uncommitted changes"
	}
	return "commit " + commit
}

func (b *bench) git(args ...string) (string, error) {
	cmd := exec.CommandContext(b.ctx, "git", args...)
	cmd.Dir = acceptance.Root()
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}
