package acceptance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	fwresource "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/resources"
)

// coversSchema wants a value, in one of the objects in state, of every attribute of each metallb_* type, however deep.
type coversSchema struct{ t *testing.T }

func (c coversSchema) CheckState(ctx context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	said := map[string]map[string]bool{}
	for _, r := range req.State.Values.RootModule.Resources {
		if said[r.Type] == nil {
			said[r.Type] = map[string]bool{}
		}
		pathsOf(r.AttributeValues, "", said[r.Type])
	}
	var missing []error
	for _, make := range resources.All() {
		served := make()
		var meta fwresource.MetadataResponse
		served.Metadata(ctx, fwresource.MetadataRequest{}, &meta)
		var s fwresource.SchemaResponse
		served.Schema(ctx, fwresource.SchemaRequest{}, &s)
		if paths := said[meta.TypeName]; len(paths) > 0 {
			for _, path := range attributesOf(s.Schema.Attributes, "") {
				if !paths[path] {
					missing = append(missing, fmt.Errorf("no %s has %s", meta.TypeName, path))
				}
			}
		}
	}
	assert.Len(c.t, said, 6)
	resp.Error = errors.Join(missing...)
}

// pathsOf notes the paths of all values that are there; elements of lists are one.
func pathsOf(value any, path string, found map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for name, entry := range v {
			pathsOf(entry, path+"."+name, found)
		}
	case []any:
		for _, element := range v {
			pathsOf(element, path, found)
		}
	}
	if value != nil {
		found[path] = true
	}
}

// attributesOf gives the paths of all attributes that can be seen in state. TestManagedPassword is about those of a
// password that cannot.
func attributesOf[A interface{ IsWriteOnly() bool }](attributes map[string]A, path string) (paths []string) {
	for name, attribute := range attributes {
		if attribute.IsWriteOnly() || name == "password_wo_version" {
			continue
		}
		paths = append(paths, path+"."+name)
		if nested, ok := any(attribute).(schema.NestedAttribute); ok {
			paths = append(paths, attributesOf(nested.GetNestedObject().GetAttributes(), path+"."+name)...)
		}
	}
	return paths
}

// mustCoverCRDs wants a value, in one of the cluster's objects, of every field that the CRDs have.
func (c crds) mustCoverCRDs(t *testing.T, objects []object) {
	t.Helper()
	client, err := dynamic.NewForConfig(c.cluster.Config())
	require.NoError(t, err)
	definitions := client.Resource(apischema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
	kinds := map[string]string{}
	for _, o := range objects {
		kinds[o.kind.plural] = o.kind.version
	}
	for _, plural := range slices.Sorted(maps.Keys(kinds)) {
		found := map[string]bool{}
		for _, u := range c.list(t, kinds[plural], plural) {
			pathsOf(u.Object["spec"], "", found)
		}
		definition, err := definitions.Get(t.Context(), plural+".metallb.io", metav1.GetOptions{})
		require.NoError(t, err)
		versions, _, _ := unstructured.NestedSlice(definition.Object, "spec", "versions")
		checked := 0
		for _, version := range versions {
			version, _ := version.(map[string]any)
			if version["name"] != kinds[plural] {
				continue
			}
			spec, _, _ := unstructured.NestedMap(version, "schema", "openAPIV3Schema", "properties", "spec")
			for _, path := range fieldsOf(spec, "") {
				checked++
				if path != ".passwordSecret.namespace" { // MetalLB does not look at it
					assert.True(t, found[path], "%s: nothing has %s", plural, path)
				}
			}
		}
		assert.Positive(t, checked, plural)
	}
}

// fieldsOf gives the paths of all fields of an OpenAPI schema.
func fieldsOf(of map[string]any, path string) (paths []string) {
	if items, is := of["items"].(map[string]any); is {
		return fieldsOf(items, path)
	}
	properties, _ := of["properties"].(map[string]any)
	for name, property := range properties {
		property, _ := property.(map[string]any)
		paths = append(paths, path+"."+name)
		paths = append(paths, fieldsOf(property, path+"."+name)...)
	}
	return paths
}
