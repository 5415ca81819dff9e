package compat

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// cli is the terraform CLI with the provider terraform-routeros.
type cli struct {
	program string
	config  string // the CLI's own configuration
}

// newCLI finds both, building what is missing. The provider needs no `init`, and so no registry.
func newCLI(t *testing.T) cli {
	t.Helper()
	program, err := acceptance.CLI()
	require.NoError(t, err)
	built, err := kubetest.RunTools("build", "terraform-routeros")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Symlink(built[0], filepath.Join(dir, "terraform-provider-routeros")))
	config := filepath.Join(dir, "terraformrc")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil,
		"provider_installation {\n  dev_overrides {\n    \"terraform-routeros/routeros\" = %q\n  }\n}\n", dir), 0o600))
	return cli{program, config}
}

// workspace is a folder with a configuration of one resource, called `judge`, and its state.
type workspace struct {
	cli
	t      *testing.T
	dir    string
	router *routerostest.Router
	kind   string // the resource's type
}

func (c cli) workspace(t *testing.T, router *routerostest.Router, kind string) *workspace {
	return &workspace{cli: c, t: t, dir: t.TempDir(), router: router, kind: kind}
}

func (w *workspace) address() string { return w.kind + ".judge" }

// write replaces the resource's arguments.
func (w *workspace) write(arguments string) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.Join(w.dir, "main.tf"), fmt.Appendf(nil, `terraform {
  required_providers {
    routeros = { source = "terraform-routeros/routeros" }
  }
}
provider "routeros" {
  hosturl  = "api://%s"
  username = "admin"
  password = ""
}
resource %q "judge" {
%s
}
`, w.router.Addr(), w.kind, arguments), 0o600))
}

// terraform runs a command and gives its output and, of JSON output, the texts of its errors.
func (w *workspace) terraform(args ...string) (out []byte, refusal string) {
	w.t.Helper()
	out, said, err := run(w.t, w.dir, []string{"TF_CLI_CONFIG_FILE=" + w.config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"},
		w.program, args...)
	if err == nil {
		return out, ""
	}
	var texts []string
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var line struct {
			Diagnostic struct{ Severity, Summary, Detail string }
		}
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Diagnostic.Severity == "error" {
			texts = append(texts, line.Diagnostic.Summary+" "+line.Diagnostic.Detail)
		}
	}
	if texts == nil {
		return out, fmt.Sprintf("%v: %s%s", err, out, said)
	}
	return out, strings.Join(texts, "\n")
}

// apply applies and gives the refusal, "" for none.
func (w *workspace) apply() string {
	w.t.Helper()
	_, refusal := w.terraform("apply", "-auto-approve", "-json")
	return refusal
}

// pending plans and gives what would change: the attributes of an update, otherwise the action.
func (w *workspace) pending() []string {
	w.t.Helper()
	_, refusal := w.terraform("plan", "-out=plan", "-json")
	require.Empty(w.t, refusal)
	out, refusal := w.terraform("show", "-json", "plan")
	require.Empty(w.t, refusal)
	var plan struct {
		Changes []struct {
			Change struct {
				Actions       []string
				Before, After map[string]any
				Unknown       map[string]any `json:"after_unknown"`
			}
		} `json:"resource_changes"`
	}
	require.NoError(w.t, json.Unmarshal(out, &plan))
	require.Len(w.t, plan.Changes, 1)
	change := plan.Changes[0].Change
	switch {
	case slices.Equal(change.Actions, []string{"no-op"}):
		return nil
	case !slices.Equal(change.Actions, []string{"update"}):
		return change.Actions
	}
	before, after := flat("", change.Before), flat("", change.After)
	var names []string
	for name, value := range after {
		if !reflect.DeepEqual(before[name], value) {
			names = append(names, name)
		}
	}
	for name := range before {
		if _, still := after[name]; !still && change.Unknown[name] == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// flat gives the attributes with those of nested blocks, as "remote.address". What is null is not there.
func flat(prefix string, attributes map[string]any) map[string]any {
	all := map[string]any{}
	for name, value := range attributes {
		blocks, _ := value.([]any)
		for _, block := range blocks {
			if inner, is := block.(map[string]any); is {
				for n, v := range flat(name+".", inner) {
					all[n] = v
				}
				value = nil
			}
		}
		if value != nil {
			all[prefix+name] = value
		}
	}
	return all
}

// imports takes the row over into an empty state, with the provider's notion of an id.
func (w *workspace) imports(id string) string {
	w.t.Helper()
	out, said, err := run(w.t, w.dir, []string{"TF_CLI_CONFIG_FILE=" + w.config, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"},
		w.program, "import", "-no-color", w.address(), id)
	if err != nil {
		return string(out) + said
	}
	return ""
}

// destroy destroys and gives the refusal.
func (w *workspace) destroy() string {
	w.t.Helper()
	_, refusal := w.terraform("destroy", "-auto-approve", "-json")
	return refusal
}
