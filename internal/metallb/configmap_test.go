package metallb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
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
	client := fake.NewSimpleDynamicClient(runtime.NewScheme(), objects...)
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

func TestStoryInEitherOrder(t *testing.T) {
	for _, objects := range [][]*Object{{storyPool(), storyPeer()}, {storyPeer(), storyPool()}} {
		f := newFake(t, Config{Backend: "configmap"})
		f.create(objects...)
		f.wantText(story)
		for _, o := range objects {
			if _, err := f.metallb.Create(t.Context(), o); !errors.Is(err, ErrExists) {
				t.Fatalf("created twice: %v", err)
			}
		}
		if err := f.metallb.Delete(t.Context(), objects[0]); err != nil {
			t.Fatal(err)
		}
		if _, err := f.metallb.Get(t.Context(), objects[0]); !errors.Is(err, ErrNotFound) {
			t.Fatalf("still there: %v", err)
		}
		if _, err := f.metallb.Update(t.Context(), objects[0], objects[0]); !errors.Is(err, ErrNotFound) {
			t.Fatalf("updated what is gone: %v", err)
		}
		f.wantBack(objects[1])
		for range 2 {
			if err := f.metallb.Delete(t.Context(), objects[1]); err != nil {
				t.Fatal(err)
			}
		}
		f.wantText("") // ours, and empty: gone
	}
}

const foreign = `# kept by hand
peers: # the routers
  # rack 1
  - my-asn: 64500
    peer-asn: 64501
    peer-address: 10.0.0.1 # left
    node-selectors:
      - match-labels: {rack: "1"}
  # rack 2
  - peer-address: 10.0.0.2
    my-asn: 0xfc00
    peer-asn: 64501
bgp-communities: {vpn: '1:2'}
address-pools:
  # the old one
  - name: My_Pool
    protocol: layer2 # for now
    addresses: ["10.1.0.0/24"]
# the end
`

func TestForeignTextSurvives(t *testing.T) {
	f := newFake(t, Config{}, configMap(foreign))
	f.create(storyPeer(), storyPool())
	added := strings.Replace(foreign, "bgp-communities", `  - my-asn: 65001
    peer-asn: 65000
    peer-address: 192.168.5.1
bgp-communities`, 1)
	added = strings.Replace(added, "# the end", `  - name: avoid-buggy-ips
    protocol: bgp
    addresses:
      - 192.168.128.0/24
    avoid-buggy-ips: true
# the end`, 1)
	f.wantText(added)

	changed := storyPool()
	changed.Spec = map[string]any{"protocol": "layer2", "addresses": []any{"192.168.129.0/24"}, "autoAssign": false}
	if _, err := f.metallb.Update(t.Context(), storyPool(), changed); err != nil {
		t.Fatal(err)
	}
	f.wantBack(changed)
	for _, o := range []*Object{changed, storyPeer()} {
		if err := f.metallb.Delete(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	f.wantText(foreign)
}

func TestLastElementLeavesEmptyLists(t *testing.T) {
	f := newFake(t, Config{}, configMap(story))
	for _, o := range []*Object{storyPeer(), storyPool()} {
		if err := f.metallb.Delete(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	f.wantText("peers: []\naddress-pools: []\n")
	f.create(storyPool(), storyPeer())
	f.wantText(story)
}

func TestPeerIdentity(t *testing.T) {
	f := newFake(t, Config{}, configMap(foreign))
	imported, err := f.metallb.Get(t.Context(), &Object{Kind: BGPPeer, Name: "two@10.0.0.2"})
	if err != nil {
		t.Fatal(err)
	}
	want := &Object{Kind: BGPPeer, Namespace: "metallb-system", Name: "two", Spec: map[string]any{
		"myASN": int64(64512), "peerASN": int64(64501), "peerAddress": "10.0.0.2",
	}}
	if !reflect.DeepEqual(imported, want) {
		t.Fatalf("imported %+v, want %+v", imported, want)
	}
	for name, kind := range map[string]error{
		"one@10.0.0.1":      ErrNotFound, // for some nodes only: another peer than any of ours
		"two@10.0.0.2:1179": ErrNotFound,
		"two":               ErrRefused,
	} {
		if _, err := f.metallb.Get(t.Context(), &Object{Kind: BGPPeer, Name: name}); !errors.Is(err, kind) {
			t.Errorf("%s: %v, want %v", name, err, kind)
		}
	}
	moved := want.copy()
	moved.Spec["peerAddress"], moved.Spec["peerPort"] = "10.0.0.3", int64(1179)
	if _, err := f.metallb.Update(t.Context(), want, moved); err != nil {
		t.Fatal(err)
	}
	f.wantBack(moved)
	if _, err := f.metallb.Get(t.Context(), want); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func TestWordsNewerThanMetalLB(t *testing.T) {
	for _, tt := range []struct {
		image, field string
		value        any
		written      string // "" is refused, "-" left out
	}{
		{"metallb/controller:v0.9.3", "sourceAddress", "10.0.0.9", ""},
		{"quay.io/metallb/controller:v0.11.0", "sourceAddress", "10.0.0.9", "source-address: 10.0.0.9"},
		{"", "sourceAddress", "10.0.0.9", ""},
		{"quay.io/metallb/controller:v0.11.0", "keepaliveTime", "30s", ""},
		{"quay.io/metallb/controller:v0.12.1@sha256:00", "keepaliveTime", "30s", "keepalive-time: 30s"},
		{"metallb/controller:v0.9.3", "ebgpMultiHop", true, "-"},
		{"quay.io/metallb/controller:v0.12.1", "ebgpMultiHop", true, "ebgp-multihop: true"},
		{"quay.io/metallb/controller:main", "ebgpMultiHop", true, ""},
	} {
		f := newFake(t, Config{Backend: "configmap"}, controller(tt.image))
		peer := storyPeer()
		peer.Spec[tt.field] = tt.value
		_, err := f.metallb.Create(t.Context(), peer)
		var refused *Error
		switch {
		case tt.written == "":
			if !errors.As(err, &refused) || refused.Field != tt.field || refused.Kind != ErrRefused || f.text() != "" {
				t.Errorf("%s, %s: %v", tt.image, tt.field, err)
			}
			continue
		case err != nil:
			t.Errorf("%s, %s: %v", tt.image, tt.field, err)
			continue
		case tt.written == "-":
			f.wantText(strings.Split(story, "address-pools")[0])
		case !strings.Contains(f.text(), tt.written):
			t.Errorf("%s, %s: wrote %s", tt.image, tt.field, f.text())
		}
		f.wantBack(peer)
	}
}

func TestRefusals(t *testing.T) {
	pool := func(protocol string, addresses ...any) *Object {
		return &Object{Kind: AddressPool, Name: "p", Spec: map[string]any{"protocol": protocol, "addresses": addresses}}
	}
	for _, tt := range []struct {
		text   string
		object *Object
		field  string
	}{
		{story, &Object{Kind: AddressPool, Name: "p", Spec: map[string]any{"addresses": []any{"10.0.0.0/24"}}}, "protocol"},
		{"peers: {}\naddress-pools: 7\n", pool("bgp", "10.0.0.0/24"), ""},
		{"a: b: c", pool("bgp", "10.0.0.0/24"), ""},
		{"- a\n", pool("bgp", "10.0.0.0/24"), ""},
	} {
		f := newFake(t, Config{}, configMap(tt.text))
		_, err := f.metallb.Create(t.Context(), tt.object)
		var refused *Error
		if !errors.As(err, &refused) || refused.Kind != ErrRefused || refused.Field != tt.field {
			t.Errorf("%q: %v", tt.text, err)
		}
		f.wantText(tt.text)
	}
}

func TestOverlapWaitsForTheOther(t *testing.T) {
	f := newFake(t, Config{}, configMap(story))
	second := &Object{Kind: AddressPool, Name: "second", Spec: map[string]any{"protocol": "bgp", "addresses": []any{"192.168.128.128/25"}}}
	ctx, cancel := context.WithTimeout(t.Context(), 1)
	defer cancel()
	var refused *Error
	if _, err := f.metallb.Create(ctx, second); !errors.As(err, &refused) || refused.Field != "addresses" {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := f.metallb.Create(t.Context(), second)
		done <- err
	}()
	shrunk := storyPool()
	shrunk.Spec["addresses"] = []any{"192.168.128.0/25"}
	if _, err := f.metallb.Update(t.Context(), storyPool(), shrunk); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestConcurrentWriters(t *testing.T) {
	f := newFake(t, Config{}, configMap(foreign))
	other := New(f.metallb.cluster, Config{}) // a second provider block: does not share the mutex
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			writer := []*MetalLB{f.metallb, other}[i%2]
			o := &Object{Kind: AddressPool, Name: fmt.Sprintf("p%d", i), Spec: map[string]any{
				"protocol": "bgp", "addresses": []any{fmt.Sprintf("10.9.%d.0/24", i)},
			}}
			if _, err := writer.Create(t.Context(), o); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := strings.Count(f.text(), "  - name: "); n != 21 {
		t.Fatalf("%d pools, want 21:\n%s", n, f.text())
	}
}

func TestNoMetalLB(t *testing.T) {
	f := newFake(t, Config{Namespace: "lb"})
	_, err := f.metallb.Create(t.Context(), storyPool())
	if !errors.Is(err, ErrNoMetalLB) {
		t.Fatal(err)
	}
	for _, part := range []string{"cluster test", "namespace lb", "ipaddresspools", "ConfigMap config", `metallb.backend = "configmap"`} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
	if _, err := f.metallb.Get(t.Context(), storyPool()); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	if err := f.metallb.Delete(t.Context(), storyPool()); err != nil {
		t.Fatal(err)
	}
}
