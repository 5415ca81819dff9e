package metallb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

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
		// MetalLB takes a missing ConfigMap for a mistake and goes on with what it had.
		if text := f.text(); !strings.Contains(text, "peers: []\n") || !strings.Contains(text, "address-pools: []\n") {
			t.Fatalf("empty lists stay, but there is %q", text)
		}
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

func TestOtherTexts(t *testing.T) {
	peers, rest, _ := strings.Cut(story, "address-pools")
	pools := "address-pools" + rest
	for _, tt := range []struct{ before, after string }{
		{"", story},
		{"# by hand\n", "# by hand\n\n" + story},
		{"{}\n", story},
		{"null\n", story},
		{"peers:\naddress-pools: # none yet\n", strings.Replace(story, "pools:", "pools: # none yet", 1)},
		{"address-pools: []\npeers: []\n", pools + peers},
		{"bfd-profiles: []\n", "bfd-profiles: []\n" + story},
		{"bgp-communities: {}", peers + "bgp-communities: {}\n" + pools},
	} {
		f := newFake(t, Config{}, configMap(tt.before))
		f.create(storyPool(), storyPeer())
		f.wantText(tt.after)
	}
}

func TestPeerIdentity(t *testing.T) {
	f := newFake(t, Config{}, configMap(foreign))
	imported, err := f.metallb.Get(t.Context(), &Object{Kind: BGPPeer, Name: "two@10.0.0.2"})
	if err != nil {
		t.Fatal(err)
	}
	want := &Object{Kind: BGPPeer, Namespace: "metallb-system", Name: "two", Spec: map[string]any{
		"myASN": int64(64512), "peerASN": int64(64501), "peerAddress": "10.0.0.2",
	}, Key: "two@10.0.0.2", Backend: ConfigMap}
	if !reflect.DeepEqual(imported, want) {
		t.Fatalf("imported %+v, want %+v", imported, want)
	}
	for name, kind := range map[string]error{
		"one@10.0.0.1#beef": ErrNotFound,
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

func TestSharedPartsOfYAML(t *testing.T) {
	const text = `address-pools:
- &one
  name: one
  protocol: 'bgp'
  addresses: [10.0.0.0/24]
- <<: *one
  name: two
  addresses: ["10.0.1.0/24"]
`
	f := newFake(t, Config{}, configMap(text))
	two := &Object{Kind: AddressPool, Name: "two", Spec: map[string]any{"protocol": "bgp", "addresses": []any{"10.0.1.0/24"}}}
	f.wantBack(two)
	if err := f.metallb.Delete(t.Context(), &Object{Kind: AddressPool, Name: "one"}); !errors.Is(err, ErrRefused) {
		t.Fatalf("removed what another one uses: %v", err)
	}
	more := two.copy()
	more.Spec["addresses"] = []any{"10.0.1.0/24", "10.0.2.0/24"}
	if _, err := f.metallb.Update(t.Context(), two, more); err != nil {
		t.Fatal(err)
	}
	f.wantBack(more)
	f.wantText(strings.Replace(text, `["10.0.1.0/24"]`, `["10.0.1.0/24", 10.0.2.0/24]`, 1) + "  protocol: bgp\n")
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
	impatient, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := f.metallb.Create(impatient, storyPool())
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
