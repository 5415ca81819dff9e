package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// object is an object of a kind as a test wants it: each attribute as a configuration has it, and what then stands in the
// cluster. {n} in either is the object's number, which keeps it apart from its siblings.
type object struct {
	kind    *kindOfObject
	name    string
	n       int
	without string // an attribute
}

// config is the object's block.
func (o object) config() string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(o.kind.attributes)) {
		if name != o.without {
			lines = append(lines, fmt.Sprintf("  %s = %s\n", name, o.kind.attributes[name].hcl))
		}
	}
	return o.numbered(fmt.Sprintf("resource %q %q {\n  provider = routeros\n  name = %q\n%s}\n", o.kind.typeName, o.name, o.name,
		strings.Join(lines, "")))
}

// spec is what the cluster has of it.
func (o object) spec(t *testing.T) map[string]any {
	t.Helper()
	spec := maps.Clone(o.kind.standard)
	for name, given := range o.kind.attributes {
		if name == o.without || given.field == "" {
			continue
		}
		var value any
		require.NoError(t, json.Unmarshal([]byte(o.numbered(given.json)), &value), name)
		spec[given.field] = value
	}
	return spec
}

func (o object) numbered(text string) string {
	return strings.ReplaceAll(text, "{n}", strconv.Itoa(o.n))
}

func (o object) address() string { return o.kind.typeName + "." + o.name }

// mustBe compares the cluster's objects of the kinds with those, to the field.
func (c crds) mustBe(t *testing.T, objects []object) {
	t.Helper()
	want, have := map[string]map[string]any{}, map[string]map[string]any{}
	for _, o := range objects {
		want[o.address()] = o.spec(t)
		for _, u := range c.list(t, o.kind.version, o.kind.plural) {
			if u.GetName() == o.name {
				have[o.address()] = plainSpec(t, u)
				assert.Equal(t, "a", u.GetLabels()["team"], o.name)
			}
		}
	}
	assert.Equal(t, want, have)
}

// plainSpec is a spec as JSON has it: all numbers are alike.
func plainSpec(t *testing.T, u unstructured.Unstructured) (spec map[string]any) {
	t.Helper()
	text, err := json.Marshal(u.Object["spec"])
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &spec))
	return spec
}

// everything is an object of each kind with all its attributes.
func everything() []object {
	var all []object
	for i, kind := range kindsOfObjects {
		all = append(all, object{kind: kind, name: "all-" + strconv.Itoa(i), n: 200 + i})
	}
	return all
}

func configOf(objects []object) (text string) {
	for _, o := range objects {
		text += o.config()
	}
	return text
}

// profileOfOthers is a BFDProfile that is there already.
const profileOfOthers = "given"

// frrCluster is a cluster whose webhooks let through what the native mode does not, with what the objects refer to.
func frrCluster(t *testing.T) (c crds, settings string) {
	t.Helper()
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallMetalLB(t.Context(), kubetest.BGPType("frr-k8s")))
	client, err := kubernetes.NewForConfig(cluster.Config())
	require.NoError(t, err)
	_, err = client.CoreV1().Secrets(namespace).Create(t.Context(), &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Name: "router-password"},
		Type:       corev1.SecretTypeBasicAuth, Data: map[string][]byte{"password": []byte("secret")},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	profile := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "metallb.io/v1beta1", "kind": "BFDProfile", "metadata": map[string]any{"name": profileOfOthers},
	}}
	others, err := dynamic.NewForConfig(cluster.Config())
	require.NoError(t, err)
	_, err = others.Resource(schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: "bfdprofiles"}).Namespace(namespace).
		Create(t.Context(), profile, metav1.CreateOptions{})
	require.NoError(t, err)
	return crds{t, cluster}, fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())
}

// TestEveryField applies, of each type, all attributes at once, which the schema and the CRD hold against what the test
// knows of; plans them in other words; imports them; and destroys them.
func TestEveryField(t *testing.T) {
	c, settings := frrCluster(t)
	objects := everything()
	whole := configure(nil, settings, configOf(objects))
	reworded := strings.NewReplacer(`"90s"`, `"1m30s"`, `"30s"`, `"0h0m30s"`, `"12s"`, `"0m12s"`).Replace(whole)
	require.NotEqual(t, whole, reworded)
	steps := []resource.TestStep{
		{Config: whole, ConfigStateChecks: []statecheck.StateCheck{coversSchema{t}}},
		{
			PreConfig: func() {
				c.mustBe(t, objects)
				c.mustCoverCRDs(t, objects)
			},
			Config: reworded, PlanOnly: true,
		},
	}
	for _, o := range objects {
		steps = append(steps, resource.TestStep{
			Config: whole, ResourceName: o.address(), ImportState: true, ImportStateId: o.name, ImportStateVerify: true,
			ImportStateVerifyIgnore: []string{"timeouts", "labels", "force_destroy"}, // Terraform's own, or what only a configuration claims
		})
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
	c.mustHaveNone(t)
}

// TestEveryFieldGoes takes from an object of its own each attribute that can be left out: what it set is gone from the
// cluster, and the next plan is empty.
func TestEveryFieldGoes(t *testing.T) {
	c, settings := frrCluster(t)
	for _, kind := range kindsOfObjects {
		t.Run(kind.label, func(t *testing.T) {
			var before, after, alone []object
			for _, name := range slices.Sorted(maps.Keys(kind.attributes)) {
				if slices.Contains(kind.needed, name) {
					continue
				}
				o := object{kind: kind, name: strings.ReplaceAll(name, "_", "-"), n: len(before) + 1}
				without := o
				without.without = name
				if slices.Contains(kind.alone, name) {
					alone = append(alone, o)
				} else {
					before, after = append(before, o), append(after, without)
				}
			}
			steps := []resource.TestStep{
				{Config: configure(nil, settings, configOf(before))},
				{Config: configure(nil, settings, configOf(after)), PreConfig: func() { c.mustBe(t, before) }},
				{Config: configure(nil, settings, configOf(after)), PreConfig: func() { c.mustBe(t, after) }, PlanOnly: true},
			}
			for _, o := range alone {
				without := o
				without.without = strings.ReplaceAll(o.name, "-", "_")
				steps = append(steps,
					resource.TestStep{Config: configure(nil, settings, "")},
					resource.TestStep{Config: configure(nil, settings, configOf([]object{o}))},
					resource.TestStep{Config: configure(nil, settings, configOf([]object{without}))},
					resource.TestStep{
						Config: configure(nil, settings, configOf([]object{without})), PlanOnly: true,
						PreConfig: func() { c.mustBe(t, []object{without}) },
					})
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
			c.mustHaveNone(t)
		})
	}
}

// mustHaveNone wants nothing left of any kind.
func (c crds) mustHaveNone(t *testing.T) {
	t.Helper()
	for _, kind := range kindsOfObjects {
		left := slices.DeleteFunc(c.list(t, kind.version, kind.plural), func(u unstructured.Unstructured) bool { return u.GetName() == profileOfOthers })
		assert.Empty(t, left, kind.plural)
	}
}
