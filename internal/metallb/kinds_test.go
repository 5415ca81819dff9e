package metallb

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// published are the releases whose CRDs are at hand, and their versions.
var published = map[string]string{"0.13": "0.13.12", "0.14": "0.14.9", "0.15": "0.15.3", "0.16": "0.16.1", "latest": "0.16.2"}

// has tells whether a release of that version has a field.
func (k Kind) has(field, release string) bool {
	since := k.Since(field)
	return since == "" || version.MustParseGeneric(release).AtLeast(version.MustParseGeneric(since))
}

// schemasOf are the fields of each kind in a release's CRDs.
func schemasOf(t *testing.T, release string) map[Kind]map[string]any {
	t.Helper()
	definitions, err := kubetest.Definitions(release)
	check(t, err)
	schemas := map[Kind]map[string]any{}
	for _, definition := range definitions {
		name, _, _ := unstructured.NestedString(definition, "spec", "names", "kind")
		versions, _, _ := unstructured.NestedSlice(definition, "spec", "versions")
		for _, v := range versions {
			v, _ := v.(map[string]any)
			if v["name"] == resourceOf(Kind(name)).Version {
				schemas[Kind(name)], _, err = unstructured.NestedMap(v, "schema", "openAPIV3Schema", "properties", "spec", "properties")
				check(t, err)
			}
		}
	}
	return schemas
}

// TestFields: the table of kinds has the fields that the releases' CRDs have, since when they have them, and with the
// defaults that they give them.
func TestFields(t *testing.T) {
	compared := 0
	for release, version := range published {
		schemas := schemasOf(t, release)
		for _, kind := range Kinds {
			for field := range kinds[kind].fields {
				if len(ownSpec(map[string]any{field: nil})) == 0 {
					continue
				}
				compared++
				if _, has := schemas[kind][field]; has != kind.has(field, version) {
					t.Errorf("%s.%s: MetalLB %s has it: %v, and by our table it is there since %q", kind, field, version, has, kind.Since(field))
				}
			}
			for _, field := range slices.Sorted(maps.Keys(schemas[kind])) {
				if _, known := kinds[kind].fields[field]; !known {
					t.Errorf("%s.%s of MetalLB %s is not in our table", kind, field, version)
				}
				theirs, has, _ := unstructured.NestedFieldNoCopy(schemas[kind], field, "default")
				if ours, _ := kind.Default(field); has && !reflect.DeepEqual(normal(theirs), ours) {
					t.Errorf("%s.%s: MetalLB %s has the default %v, our table %v", kind, field, version, theirs, ours)
				}
			}
		}
	}
	if compared < 200 {
		t.Errorf("only %d fields were compared", compared)
	}
}

// normal is a number as a Spec has it.
func normal(value any) any {
	if number, ok := value.(float64); ok {
		return int64(number)
	}
	return value
}
