package metallb

import (
	"reflect"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

func TestMain(m *testing.M) { kubetest.Main(m, "192.168.5.1/32") }

// realCluster is an API server, and a second client beside the package's own: somebody else.
type realCluster struct {
	*kubetest.Cluster
	t       *testing.T
	other   dynamic.Interface
	metallb *MetalLB
}

func newReal(t *testing.T, config Config) *realCluster {
	t.Helper()
	c := kubetest.StartTest(t)
	cluster, err := kube.New(kube.Config{ConfigPaths: []string{c.Kubeconfig()}})
	check(t, err)
	other, err := dynamic.NewForConfig(c.Config())
	check(t, err)
	return &realCluster{Cluster: c, t: t, other: other, metallb: New(cluster, config)}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *realCluster) in(resource schema.GroupVersionResource) dynamic.ResourceInterface {
	return c.other.Resource(resource).Namespace("metallb-system")
}

// apply writes a manifest as "kubectl apply --server-side" does.
func (c *realCluster) apply(resource schema.GroupVersionResource, manifest string) {
	c.t.Helper()
	u := &unstructured.Unstructured{}
	check(c.t, yaml.Unmarshal([]byte(manifest), &u.Object))
	_, err := c.in(resource).Apply(c.t.Context(), u.GetName(), u, metav1.ApplyOptions{FieldManager: "kubectl", Force: true})
	check(c.t, err)
}

func (c *realCluster) wantSpec(resource schema.GroupVersionResource, name string, want map[string]any) *unstructured.Unstructured {
	c.t.Helper()
	u, err := c.in(resource).Get(c.t.Context(), name, metav1.GetOptions{})
	check(c.t, err)
	if spec, _, _ := unstructured.NestedMap(u.Object, "spec"); !reflect.DeepEqual(spec, want) {
		c.t.Fatalf("%s %s has the spec %v, want %v", resource.Resource, name, spec, want)
	}
	return u
}

func (c *realCluster) wantGone(resource schema.GroupVersionResource, name string) {
	c.t.Helper()
	if u, err := c.in(resource).Get(c.t.Context(), name, metav1.GetOptions{}); err == nil {
		c.t.Fatalf("%s is still there", u.GetName())
	}
}

func (c *realCluster) wantProtocol(pool *Object, want string) {
	c.t.Helper()
	// As a new plan would, which has read nothing yet.
	found, err := New(c.metallb.cluster, c.metallb.config).Get(c.t.Context(), pool)
	check(c.t, err)
	if got := found.text("protocol"); got != want {
		c.t.Fatalf("protocol %q, want %q", got, want)
	}
}

func pool(name string, fields map[string]any) *Object {
	return &Object{Kind: AddressPool, Name: name, Spec: fields}
}
