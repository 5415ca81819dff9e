package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// version is the RouterOS that is simulated.
const version = "7.20.8"

// workspace is a folder with a configuration of a subject's objects and its state, and the router that it is for.
type workspace struct {
	*bench
	subject *subject
	name    string // of what is measured here: the subject's, unless one subject is measured in two places
	load
	dir    string
	router *routerostest.Router // nil for a subject that needs none
	lost   bool                 // it was ended, and nobody knows what the state is worth
}

// workspace makes one, whose state is empty, as is the router's table. It is to be closed, even if that failed.
func (b *bench) workspace(s *subject, l load) (*workspace, error) {
	w := &workspace{bench: b, subject: s, name: s.name, load: l}
	return w, w.renew()
}

// renew begins anew, with an empty state and another router.
func (w *workspace) renew() (err error) {
	if err := w.close(); err != nil {
		return err
	}
	if w.dir, err = os.MkdirTemp(w.bench.dir, w.name+"-"); err != nil {
		return err
	}
	address := ""
	if w.subject.source != "" {
		if w.router, err = routerostest.Start(version, routerostest.Latency(w.latency)); err != nil {
			return err
		}
		address = w.router.Addr()
	}
	w.lost = false
	return os.WriteFile(filepath.Join(w.dir, "main.tf"), w.subject.configuration(address, w.objects), 0o600)
}

func (w *workspace) close() error {
	if w.router == nil {
		return nil
	}
	router := w.router
	w.router = nil
	return router.Close()
}

// closeAll ends the routers of workspaces.
func closeAll(all []*workspace) (err error) {
	for _, w := range all {
		err = errors.Join(err, w.close())
	}
	return err
}

// The commands of the CLI, each of which fails unless it does just that.
func (w *workspace) plan() (step, error) {
	s, said, err := w.terraform("plan", "-detailed-exitcode")
	// Of drift that changes nothing in the plan the CLI says that the infrastructure "still" matches.
	if want := "Your infrastructure matches the configuration"; err == nil && s.ended && !bytes.Contains(said, []byte(want)) {
		err = fmt.Errorf("%s, plan of %d: it does not say %q:\n%s", w.name, w.objects, want, last(said))
	}
	return s, err
}

func (w *workspace) create() (step, error) {
	s, _, err := w.terraform("apply", "-auto-approve")
	if err == nil {
		err = w.has(s, w.objects)
	}
	return s, err
}

func (w *workspace) destroy() (step, error) {
	s, _, err := w.terraform("apply", "-destroy", "-auto-approve")
	if err == nil {
		err = w.has(s, 0)
	}
	return s, err
}

// has compares the number of our rows on the router.
func (w *workspace) has(s step, want int) error {
	if w.router == nil || !s.ended {
		return nil
	}
	rows := 0
	for _, row := range w.router.Print(natMenu) {
		if strings.HasPrefix(row["comment"], "rule ") {
			rows++
		}
	}
	if rows != want {
		return fmt.Errorf("%s: the router has %d rules, not %d", w.name, rows, want)
	}
	return nil
}

// fill puts the objects on the router and into the state as if they had been applied, which for thousands of them takes
// Terraform too long. That a plan finds nothing to change proves that they are as an apply would have left them.
func (w *workspace) fill() error {
	if err := w.makeTemplate(); err != nil {
		return err
	}
	ids := make([]string, w.objects)
	for i := range ids {
		ids[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
		if w.router == nil {
			continue
		}
		answer, err := w.router.Run(row(i)...)
		if err != nil {
			return err
		}
		ids[i] = answer[0]["ret"]
	}
	return w.assume(ids)
}

// assume makes the state that of objects with these ids.
func (w *workspace) assume(ids []string) error {
	state, err := multiply(w.subject, ids)
	if err != nil {
		return err
	}
	return os.WriteFile(w.state(), state, 0o600)
}

func (w *workspace) state() string { return filepath.Join(w.dir, "terraform.tfstate") }

// makeTemplate applies one object, once for each subject.
func (w *workspace) makeTemplate() (err error) {
	if w.subject.template != nil {
		return nil
	}
	one, err := w.workspace(w.subject, load{1, usual})
	defer func() { err = errors.Join(err, one.close()) }()
	if err != nil {
		return err
	}
	return one.asTemplate()
}

// asTemplate applies the workspace's only object, and keeps its state.
func (w *workspace) asTemplate() error {
	s, err := w.create()
	if err != nil {
		return err
	}
	if !s.ended {
		return fmt.Errorf("%s does not apply one %s in %s", w.name, w.subject.kind, w.timeout())
	}
	w.subject.template, err = os.ReadFile(w.state())
	return err
}

// multiply makes the state of one object that of one for each id.
func multiply(s *subject, ids []string) ([]byte, error) {
	var state map[string]any
	var first struct {
		Resources []struct{ Instances []json.RawMessage }
	}
	if err := json.Unmarshal(s.template, &state); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(s.template, &first); err != nil {
		return nil, err
	}
	resources, _ := state["resources"].([]any)
	if len(resources) != 1 || len(first.Resources[0].Instances) != 1 {
		return nil, fmt.Errorf("%s: a state of one object was wanted:\n%s", s.name, s.template)
	}
	instances := make([]map[string]any, len(ids))
	for i, id := range ids {
		if err := json.Unmarshal(first.Resources[0].Instances[0], &instances[i]); err != nil {
			return nil, err
		}
		instances[i]["index_key"] = i
		for _, part := range []string{"attributes", "identity"} { // newer CLIs keep the identity beside the attributes
			values, _ := instances[i][part].(map[string]any)
			for name, value := range s.varies(i, id) {
				if _, has := values[name]; has {
					values[name] = value
				}
			}
		}
	}
	if resource, is := resources[0].(map[string]any); is {
		resource["instances"] = instances
	}
	return json.Marshal(state)
}
