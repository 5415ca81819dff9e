package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const gitopsExample = "../../examples/gitops"

// sites are the names of the sites of the example, which every pipeline has to know.
func sites(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(gitopsExample, "sites", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no sites: %v", err)
	}
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".yaml"))
	}
	return names
}

// TestWorkflows lets actionlint judge the workflows, with shellcheck where it is installed.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(gitopsExample, ".github", "workflows", "*.yml"))
	if err != nil || len(files) != 4 {
		t.Fatalf("found the workflows %v (%v)", files, err)
	}
	judge(t, "actionlint", append([]string{"-config-file", filepath.Join(gitopsExample, ".github", "actionlint.yaml")}, files...)...)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			_, action, uses := strings.Cut(line, "uses: ")
			if _, pin, _ := strings.Cut(action, "@"); uses && !strings.HasPrefix(action, "./") && len(strings.Fields(pin + " -")[0]) != 40 {
				t.Errorf("%s: not pinned to a commit: %s", file, line)
			}
		}
	}
}

// TestShellcheck judges the pipelines' script; actionlint does not look into it.
func TestShellcheck(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("needs shellcheck, which Debian has as a package")
	}
	if out, err := exec.Command(shellcheck, filepath.Join(gitopsExample, "pipeline.sh")).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestAtlantis lets Atlantis' own parser judge its configuration, which has a project for each site.
func TestAtlantis(t *testing.T) {
	said := judge(t, "atlantis-config", filepath.Join(gitopsExample, "atlantis", "repos.yaml"), "github.com/example/sites",
		filepath.Join(gitopsExample, "atlantis.yaml"))
	if got := strings.Fields(said); !slices.Equal(got, sites(t)) {
		t.Errorf("its projects are %v, the sites %v", got, sites(t))
	}
}

// judge wants one of our programs to succeed.
func judge(t *testing.T, program string, args ...string) (said string) {
	t.Helper()
	file, err := build(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(file, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}
