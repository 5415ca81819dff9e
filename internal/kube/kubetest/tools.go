package kubetest

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

const modulePath = "github.com/baremetal-lb/terraform-provider-routeros"

// ReleasesVariable names the environment variable that lists, by commas, the releases of MetalLB that are built before
// the program is isolated ("0.15"), for a program that needs only these; without it, all are.
const ReleasesVariable = "KUBETEST_RELEASES"

// wanted are the programs that the tools build, and the releases of MetalLB whose CRDs they provide.
func wanted() (programs, crds []string) {
	programs, crds = []string{"etcd", "kube-apiserver"}, []string{latest}
	for release := range strings.SplitSeq(cmp.Or(os.Getenv(ReleasesVariable), "0.9,0.13,0.14,0.15,0.16"), ",") {
		programs = append(programs, "metallb-controller-"+release)
		if release != "0.9" {
			programs = append(programs, "metallb-speaker-"+release)
			crds = append(crds, release)
		}
	}
	return programs, crds
}

// latest is the release whose CRDs are installed unless a test wants others. Nobody can build its programs.
const latest = "latest"

// toolsVariable passes the files on to the isolated program, which could not build them: it has no network.
const toolsVariable = "KUBETEST_TOOLS"

// toolFiles gives the file of each program by name, and that of the CRDs by release, building what is missing.
var toolFiles = sync.OnceValues(func() (map[string]string, error) {
	if passed := os.Getenv(toolsVariable); passed != "" {
		files := map[string]string{}
		return files, json.Unmarshal([]byte(passed), &files)
	}
	files := map[string]string{}
	programs, crds := wanted()
	for command, names := range map[string][]string{"build": programs, "crds": crds} {
		lines, err := RunTools(append([]string{command}, names...)...)
		if err != nil {
			return nil, err
		}
		if len(lines) != len(names) {
			return nil, fmt.Errorf("internal/tools named %d files, want %d", len(lines), len(names))
		}
		for i, name := range names {
			files[name] = lines[i]
		}
	}
	return files, nil
})

// tool gives one of toolFiles.
func tool(name string) (string, error) {
	files, err := toolFiles()
	if err != nil {
		return "", err
	}
	if files[name] == "" {
		return "", fmt.Errorf("%s does not name %s", toolsVariable, name)
	}
	return files[name], nil
}

// RunTools runs internal/tools ("build", "tofu") and gives the lines it prints. Its progress goes to the terminal.
func RunTools(args ...string) ([]string, error) {
	root, err := repositoryRoot()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), "go", append([]string{"run", "."}, args...)...)
	cmd.Dir = filepath.Join(root, "internal", "tools")
	cmd.Stderr = os.Stderr
	runtime.LockOSThread() // It dies with the thread that starts it: this one, which stays here until then.
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = childAttributes(false)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("internal/tools %s: %w", args[0], err)
	}
	lines := strings.Fields(string(out))
	if len(lines) == 0 {
		return nil, fmt.Errorf("internal/tools %s printed nothing", args[0])
	}
	return lines, nil
}

// repositoryRoot finds the tree that holds internal/tools: around this source file, or else (when the program was
// built with -trimpath) around the working directory.
func repositoryRoot() (string, error) {
	var starts []string
	if _, source, _, ok := runtime.Caller(0); ok && filepath.IsAbs(source) {
		starts = append(starts, filepath.Dir(source))
	}
	if dir, err := os.Getwd(); err == nil {
		starts = append(starts, dir)
	}
	for _, dir := range starts {
		for {
			if isRepositoryRoot(dir) {
				return dir, nil
			}
			parent := filepath.Dir(dir)
			if parent == dir {
				break
			}
			dir = parent
		}
	}
	return "", errors.New("the repository of " + modulePath + " is not around the working directory")
}

func isRepositoryRoot(dir string) bool {
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return false
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	return strings.TrimSpace(string(first)) == "module "+modulePath
}
