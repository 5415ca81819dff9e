package routerostest

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// node is a path, command or argument of a command tree.
type node map[string]any

func (n node) kind() string { s, _ := n["_type"].(string); return s }

func (n node) child(name string) node {
	c, _ := n[name].(map[string]any)
	return c
}

// names lists the children of a kind.
func (n node) names(kind string) []string {
	var out []string
	for name := range n {
		if c := n.child(name); c != nil && c.kind() == kind {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// TestTrees holds every menu, command and argument of the simulator against the command trees of real routers, in both
// directions.
func TestTrees(t *testing.T) {
	dir := os.Getenv("ROUTEROS_TREES")
	if dir == "" {
		t.Skip("ROUTEROS_TREES names no folder of command trees (VERSION.json): the tables were not held against real routers")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no trees in %s (%v)", dir, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			v, err := parseVersion(name)
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var tree node
			if err := json.Unmarshal(b, &tree); err != nil {
				t.Fatal(err)
			}
			compareTree(t, newWorld(v, defaults()), tree)
		})
	}
}

func compareTree(t *testing.T, w *world, tree node) {
	ours := map[string]bool{} // commands that the simulator knows in any menu
	for _, table := range w.tables {
		for name := range table.does {
			ours[name] = true
		}
	}
	delete(ours, "getall") // the API's own
	delete(ours, "listen")
	compared := 0
	for _, m := range menus() {
		if m.path == listMenu || m.path == address6Menu {
			continue // the trees are extracts and lack them
		}
		real, table := tree, w.tables[m.path]
		for _, part := range strings.Split(m.path[1:], "/") {
			real = real.child(part)
		}
		if served := w.tables[m.path] != nil; served != (real != nil) {
			if !served && m.in.has(w.version) || served {
				t.Errorf("%s: served %v, on a real router %v", m.path, served, real != nil)
			}
			continue
		}
		if real == nil || !m.in.has(w.version) {
			continue
		}
		for _, name := range real.names("cmd") {
			if ours[name] && table.does[name] == nil {
				t.Errorf("%s: lacks the command %s", m.path, name)
			}
		}
		for name, x := range table.does {
			command := real.child(name)
			if name == "getall" || name == "listen" {
				continue
			}
			if command == nil || command.kind() != "cmd" {
				t.Errorf("%s: has the command %s, which a real router lacks", m.path, name)
				continue
			}
			compared++
			got := slices.Sorted(maps.Keys(x.known))
			if want := command.names("arg"); !slices.Equal(got, want) {
				t.Errorf("%s/%s: arguments differ\nonly simulated: %v\nonly real: %v", m.path, name, minus(got, want), minus(want, got))
			}
		}
	}
	t.Logf("compared the arguments of %d commands", compared)
}

func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

// TestServedMenus holds the menus of each version against routeros-versions.md and routeros-v6.md, where no tree is at
// hand.
func TestServedMenus(t *testing.T) {
	for version, want := range map[string]string{
		"6.40": "peer v6instance", "6.49.15": "peer v6instance",
		"7.1": "template connection session", "7.9.2": "template connection session", "7.19.6": "template connection session",
		"7.20": "instance template connection session", "7.24": "instance template connection session",
	} {
		v, err := parseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(v, defaults())
		var got []string
		for name, m := range map[string]string{"peer": peerMenu, "instance": instanceMenu, "template": templateMenu,
			"connection": connectionMenu, "session": sessionMenu} {
			if t := w.tables[m]; t != nil {
				if name == "instance" && t.args["redistribute-static"] != nil {
					name = "v6instance"
				}
				got = append(got, name)
			}
		}
		slices.Sort(got)
		expected := strings.Fields(want)
		slices.Sort(expected)
		if !slices.Equal(got, expected) {
			t.Errorf("%s serves %v, want %v", version, got, expected)
		}
	}
	for _, v := range Versions() {
		if _, err := parseVersion(v); err != nil {
			t.Error(err)
		}
	}
	for _, v := range []string{"", "7", "7.x", "8.0", "7.25", "6.39", "7.20.8.1", "-7.1"} {
		if _, err := Start(v); err == nil {
			t.Errorf("version %q starts", v)
		}
	}
}

// TestReleases is about presence that is not monotone: input.attr-error-handling came in 7.20.8, was absent from 7.21
// and 7.21.1, and came back.
func TestReleases(t *testing.T) {
	r := releases("7.20.8-7.20 7.21.2-")
	for version, want := range map[string]bool{"7.20.7": false, "7.20.8": true, "7.20.9": true, "7.21": false,
		"7.21.1": false, "7.21.2": true, "7.24": true, "6.49.15": false} {
		v, err := parseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		if r.has(v) != want {
			t.Errorf("%s has %s: %v", r, version, !want)
		}
	}
}
