package metallb

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

// specOf reads YAML as JSON with whole numbers.
func specOf(t *testing.T, text string) map[string]any {
	t.Helper()
	spec := map[string]any{}
	data, err := yaml.YAMLToJSON([]byte(text))
	check(t, err)
	check(t, utiljson.Unmarshal(data, &spec))
	return spec
}

// refusedAs gives the problem that an input is refused with, and all that are found.
func refusedAs(t *testing.T, in metallbtest.BadInput) (*Problem, []Problem) {
	t.Helper()
	spec := specOf(t, in.Spec)
	found := Check(Kind(in.Kind), spec)
	if in.AtApply != "" {
		object := &Object{Kind: Kind(in.Kind), Name: "bad", Spec: spec}
		var others []*Object
		for _, other := range in.Beside {
			others = append(others, &Object{Kind: Kind(other.Kind), Name: other.Name, Spec: specOf(t, other.Spec)})
		}
		if refuses(found) > 0 {
			t.Errorf("refused at plan, though listed as known at apply only: %v", found)
		}
		found = append(found, InMode(object.Kind, spec, Mode(in.Mode))...)
		found = append(found, Conflicts(object, others, Mode(in.Mode))...)
		if len(others) > 0 {
			found = append(found, Missing(object, others)...)
		}
	}
	for _, problem := range found {
		if problem.Field == in.Field && problem.Warning == in.Warning && strings.Contains(problem.Err.Error(), in.Says) {
			return &problem, found
		}
	}
	return nil, found
}

// refuses is how many of the problems are errors.
func refuses(problems []Problem) (errors int) {
	for _, problem := range problems {
		if !problem.Warning {
			errors++
		}
	}
	return errors
}

func TestBadInputs(t *testing.T) {
	seen := map[string]bool{}
	for _, in := range metallbtest.BadInputs {
		t.Run(in.Kind+"/"+in.Name, func(t *testing.T) {
			if seen[t.Name()] {
				t.Error("a name that another has")
			}
			seen[t.Name()] = true
			refused, found := refusedAs(t, in)
			if refused == nil {
				t.Fatalf("no problem at %q that says %q (a warning: %v), but %v", in.Field, in.Says, in.Warning, found)
			}
			if errors := refuses(found); errors > 1 || in.Warning && len(found) > 1 {
				t.Errorf("more than one problem: %v", found)
			}
		})
	}
	if len(seen) < 75 {
		t.Errorf("only %d inputs", len(seen))
	}
}

func TestGoodInputs(t *testing.T) {
	for _, in := range metallbtest.GoodInputs {
		kind, spec := Kind(in.Kind), specOf(t, in.Spec)
		if found := Check(kind, spec); len(found) > 0 {
			t.Errorf("%s %s: %v", in.Kind, in.Name, found)
		}
		if found := InMode(kind, spec, FRR); len(found) > 0 {
			t.Errorf("%s %s in FRR mode: %v", in.Kind, in.Name, found)
		}
		if found := InMode(kind, spec, Native); (len(found) > 0) != in.NotNative && kind != BFDProfile {
			t.Errorf("%s %s in native mode: %v", in.Kind, in.Name, found)
		}
	}
}

// unknowns calls with each value below a specification, and its path, in turn Unknown; the specification itself excepted.
func unknowns(value any, path string, try func(path string)) {
	switch value := value.(type) {
	case map[string]any:
		for field, had := range value {
			below := strings.TrimPrefix(path+"."+field, ".")
			value[field] = Unknown
			try(below)
			value[field] = had
			unknowns(had, below, try)
		}
	case []any:
		for i, had := range value {
			below := fmt.Sprintf("%s[%d]", path, i)
			value[i] = Unknown
			try(below)
			value[i] = had
			unknowns(had, below, try)
		}
	}
}

func TestUnknownIsNotJudged(t *testing.T) {
	for _, in := range metallbtest.GoodInputs {
		spec := specOf(t, in.Spec)
		unknowns(spec, "", func(path string) {
			if found := Check(Kind(in.Kind), spec); len(found) > 0 {
				t.Errorf("%s %s with %s unknown: %v", in.Kind, in.Name, path, found)
			}
		})
	}
	for _, in := range metallbtest.BadInputs {
		if in.AtApply != "" {
			continue
		}
		spec := specOf(t, in.Spec)
		before := Check(Kind(in.Kind), spec)
		unknowns(spec, "", func(path string) {
			for _, problem := range Check(Kind(in.Kind), spec) {
				if path == problem.Field || strings.HasPrefix(problem.Field, path+".") || strings.HasPrefix(problem.Field, path+"[") {
					t.Errorf("%s %s: %s is unknown, and %v", in.Kind, in.Name, path, problem)
				}
				if !slices.ContainsFunc(before, func(p Problem) bool { return p.Field == problem.Field }) {
					t.Errorf("%s %s: with %s unknown there is a new problem, %v", in.Kind, in.Name, path, problem)
				}
			}
		})
	}
}
