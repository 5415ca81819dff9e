package metallb

import (
	"errors"
	"reflect"
	"strconv"
	"sync"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	discovery "k8s.io/client-go/discovery/fake"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

const story = `peers:
- my-asn: 65001
  peer-asn: 65000
  peer-address: 192.168.5.1
address-pools:
- name: avoid-buggy-ips
  protocol: bgp
  addresses:
  - 192.168.128.0/24
  avoid-buggy-ips: true
`

func storyPool() *Object {
	return &Object{Kind: AddressPool, Name: "avoid-buggy-ips", Spec: map[string]any{
		"protocol": "bgp", "addresses": []any{"192.168.128.0/24"}, "avoidBuggyIPs": true,
	}}
}

func storyPeer() *Object {
	return &Object{Kind: BGPPeer, Name: "router", Spec: map[string]any{
		"myASN": int64(65001), "peerASN": int64(65000), "peerAddress": "192.168.5.1",
	}}
}

// fakeCluster is a cluster without CRDs that, unlike client-go's fake alone, refuses writes to what has changed since.
type fakeCluster struct {
	t       *testing.T
	objects *fake.FakeDynamicClient
	metallb *MetalLB
}

func newFake(t *testing.T, config Config, objects ...runtime.Object) *fakeCluster {
	t.Helper()
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(),
		map[schema.GroupVersionResource]string{serviceResource: "ServiceList"}, objects...)
	var mutex sync.Mutex
	client.PrependReactor("update", "configmaps", func(action clienttesting.Action) (bool, runtime.Object, error) {
		mutex.Lock()
		defer mutex.Unlock()
		want := action.(clienttesting.UpdateAction).GetObject().(*unstructured.Unstructured)
		had, err := client.Tracker().Get(configMapResource, want.GetNamespace(), want.GetName())
		if err != nil {
			return true, nil, err
		}
		version := had.(*unstructured.Unstructured).GetResourceVersion()
		if want.GetResourceVersion() != version {
			return true, nil, apierrors.NewConflict(configMapResource.GroupResource(), want.GetName(), errors.New("changed"))
		}
		number, _ := strconv.Atoi(version)
		want.SetResourceVersion(strconv.Itoa(number + 1))
		return true, want, client.Tracker().Update(configMapResource, want, want.GetNamespace())
	})
	none := &discovery.FakeDiscovery{Fake: &client.Fake}
	return &fakeCluster{t: t, objects: client, metallb: New(kube.NewFor("test", client, none), config)}
}

func configMap(text string) *unstructured.Unstructured {
	u := bare(configMapResource, "ConfigMap", "metallb-system", "config")
	u.SetResourceVersion("1")
	u.Object["data"] = map[string]any{"config": text}
	return u
}

func controller(image string) *unstructured.Unstructured {
	u := bare(deploymentResource, "Deployment", "metallb-system", "controller")
	_ = unstructured.SetNestedSlice(u.Object, []any{map[string]any{"image": image}}, "spec", "template", "spec", "containers")
	return u
}

// speaker is the DaemonSet of MetalLB's speakers in a mode of BGP.
func speaker(mode string) *unstructured.Unstructured {
	u := bare(daemonSetResource, "DaemonSet", "metallb-system", "speaker")
	container := map[string]any{"name": "speaker"}
	if mode != "" {
		container["env"] = []any{map[string]any{"name": "METALLB_BGP_TYPE", "value": mode}}
	}
	_ = unstructured.SetNestedSlice(u.Object, []any{container}, "spec", "template", "spec", "containers")
	return u
}

// text is the ConfigMap's; "" if there is none.
func (f *fakeCluster) text() string {
	f.t.Helper()
	u, err := f.objects.Resource(configMapResource).Namespace("metallb-system").Get(f.t.Context(), "config", metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return ""
	}
	if err != nil {
		f.t.Fatal(err)
	}
	text, _, _ := unstructured.NestedString(u.Object, "data", "config")
	return text
}

func (f *fakeCluster) wantText(want string) {
	f.t.Helper()
	if got := f.text(); got != want {
		f.t.Fatalf("the ConfigMap has\n%s\nwant\n%s", got, want)
	}
}

func (f *fakeCluster) create(objects ...*Object) {
	f.t.Helper()
	for _, o := range objects {
		made, err := f.metallb.Create(f.t.Context(), o)
		if err != nil {
			f.t.Fatal(err)
		}
		if !reflect.DeepEqual(made.Spec, o.Spec) {
			f.t.Fatalf("made %v, want %v", made.Spec, o.Spec)
		}
		f.wantBack(o)
	}
}

func (f *fakeCluster) wantBack(o *Object) {
	f.t.Helper()
	found, err := f.metallb.Get(f.t.Context(), o)
	if err != nil {
		f.t.Fatal(err)
	}
	if !reflect.DeepEqual(found.Spec, o.Spec) || found.Namespace != "metallb-system" || found.Name != o.Name {
		f.t.Fatalf("read back %+v, want %+v", found, o)
	}
}
