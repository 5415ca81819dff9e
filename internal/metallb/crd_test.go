package metallb

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

var bgpResource, l2Resource = resourceOf(BGPAdvertisement), resourceOf(L2Advertisement)

func TestCRDs(t *testing.T) {
	c := newReal(t, Config{})
	ctx := t.Context()
	for _, backend := range []string{"auto", "crd"} {
		var heard string
		m := New(c.metallb.cluster, Config{Backend: backend, Waiting: func(_ context.Context, what string) { heard = what }})
		impatient, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		defer cancel()
		if _, err := m.Create(impatient, storyPeer()); !errors.Is(err, ErrNoMetalLB) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("without CRDs: %v", err)
		}
		if heard == "" {
			t.Error("nobody was told what it waited for")
		}
	}
	check(t, c.InstallCRDs(ctx))

	t.Run("peer", c.testPeer)
	t.Run("password of another", c.testPasswordOfAnother)
	t.Run("imported pool", c.testImportedPool)
	t.Run("protocol", c.testProtocol)
	t.Run("foreign advertisement", c.testForeignAdvertisement)
	t.Run("writers", c.testWriters)
	t.Run("refusals", c.testRefusals)
	t.Run("webhook", c.testWebhook)

	definitions := schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}
	check(t, c.other.Resource(definitions).DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}))
	for ctx.Err() == nil { // they go only after their objects
		if list, err := c.other.Resource(definitions).List(ctx, metav1.ListOptions{}); err == nil && len(list.Items) == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	check(t, c.metallb.Delete(ctx, storyPool()))
	if _, err := c.metallb.Get(ctx, storyPool()); !errors.Is(err, ErrNotFound) {
		t.Fatalf("CRDs gone: %v", err)
	}
	c.Close()
	began := time.Now()
	_, err := c.metallb.Create(ctx, storyPool())
	if !errors.Is(err, ErrUnreachable) || time.Since(began) > time.Minute {
		t.Fatalf("API server gone, after %s: %v", time.Since(began), err)
	}
}

// testPasswordOfAnother: a peer that somebody made since the peers were listed keeps its password.
func (c *realCluster) testPasswordOfAnother(t *testing.T) {
	ctx := t.Context()
	peer := func(password string) *Object {
		p := storyPeer()
		p.Name, p.Spec["managedPassword"] = "tor", password
		return p
	}
	_, err := c.metallb.List(ctx, BGPPeer, "")
	check(t, err)
	_, err = New(c.metallb.cluster, Config{}).Create(ctx, peer("theirs"))
	check(t, err)
	if _, err := c.metallb.Create(ctx, peer("ours")); !errors.Is(err, ErrExists) {
		t.Errorf("made twice: %v", err)
	}
	secret, err := c.other.Resource(secretResource).Namespace("metallb-system").Get(ctx, passwordSecret("tor"), metav1.GetOptions{})
	check(t, err)
	kept, _, _ := unstructured.NestedString(secret.Object, "data", "password")
	if password, _ := base64.StdEncoding.DecodeString(kept); string(password) != "theirs" {
		t.Errorf("the password became %q", password)
	}
	check(t, c.metallb.Delete(ctx, peer("theirs")))
}

func (c *realCluster) testPeer(t *testing.T) {
	ctx := t.Context()
	peer := storyPeer()
	peer.Spec["holdTime"], peer.Spec["peerPort"], peer.Spec["ebgpMultiHop"] = "90s", int64(1179), true
	_, err := c.metallb.Create(ctx, peer)
	check(t, err)
	if _, err := c.metallb.Create(ctx, peer); !errors.Is(err, ErrExists) {
		t.Fatalf("created twice: %v", err)
	}
	stored := c.wantSpec(resourceOf(BGPPeer), "router", map[string]any{
		"myASN": int64(65001), "peerASN": int64(65000), "peerAddress": "192.168.5.1", "holdTime": "90s", "peerPort": int64(1179),
		"ebgpMultiHop": true, "disableMP": false, "dualStackAddressFamily": false,
	})
	if manager := stored.GetManagedFields()[0].Manager; manager != kube.FieldManager {
		t.Errorf("written by %s", manager)
	}
	made, err := c.metallb.Update(ctx, peer, storyPeer())
	check(t, err)
	if made.Spec["peerPort"] != int64(179) || made.Spec["holdTime"] != nil || made.Spec["ebgpMultiHop"] != nil {
		t.Fatalf("fields taken away: %v", made.Spec)
	}
	check(t, c.metallb.Delete(ctx, peer))
	check(t, c.metallb.Delete(ctx, peer))
	if _, err := c.metallb.Update(ctx, peer, peer); !errors.Is(err, ErrNotFound) {
		t.Fatalf("updated what is gone: %v", err)
	}
}

// testImportedPool takes over what kubectl wrote, by apply and by patch, and leaves alone what is not ours.
func (c *realCluster) testImportedPool(t *testing.T) {
	c.apply(poolResource, `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: imported, namespace: metallb-system, labels: {team: net}, annotations: {note: mine}}
spec: {addresses: [10.0.0.0/24], avoidBuggyIPs: true, serviceAllocation: {priority: 50, namespaces: [a]}}
`)
	_, err := c.in(poolResource).Patch(t.Context(), "imported", types.MergePatchType, []byte(`{"spec":{"autoAssign":false}}`),
		metav1.PatchOptions{FieldManager: "kubectl-patch"})
	check(t, err)
	imported, err := New(c.metallb.cluster, Config{}).Get(t.Context(), pool("imported", nil))
	check(t, err)
	if _, known := imported.Spec["protocol"]; known || imported.Spec["avoidBuggyIPs"] != true || imported.Spec["autoAssign"] != false {
		t.Fatalf("imported %v", imported.Spec)
	}
	prior := pool("imported", map[string]any{"addresses": []any{"10.0.0.0/24"}, "avoidBuggyIPs": true, "autoAssign": false})
	_, err = c.metallb.Update(t.Context(), prior, pool("imported", map[string]any{"addresses": []any{"10.0.1.0/24"}}))
	check(t, err)
	u := c.wantSpec(poolResource, "imported", map[string]any{
		"addresses": []any{"10.0.1.0/24"}, "avoidBuggyIPs": false, "autoAssign": true,
		"serviceAllocation": map[string]any{"priority": int64(50), "namespaces": []any{"a"}},
	})
	if u.GetLabels()["team"] != "net" || u.GetAnnotations()["note"] != "mine" {
		t.Fatalf("metadata %v", u.Object["metadata"])
	}
	check(t, c.metallb.Delete(t.Context(), pool("imported", nil)))
}

func (c *realCluster) testProtocol(t *testing.T) {
	ctx := t.Context()
	bgp := storyPool()
	_, err := c.metallb.Create(ctx, bgp)
	check(t, err)
	c.wantSpec(poolResource, bgp.Name, map[string]any{"addresses": bgp.Spec["addresses"], "avoidBuggyIPs": true, "autoAssign": true})
	u := c.wantSpec(bgpResource, bgp.Name, map[string]any{
		"ipAddressPools": []any{bgp.Name}, "aggregationLength": int64(32), "aggregationLengthV6": int64(128),
	})
	if u.GetLabels()[managedBy] != kube.FieldManager {
		t.Fatalf("labels %v", u.GetLabels())
	}
	c.wantProtocol(bgp, "bgp")

	// Somebody points it elsewhere, or removes it: that shows, and the next update mends it.
	_, err = c.in(bgpResource).Patch(ctx, bgp.Name, types.MergePatchType, []byte(`{"spec":{"ipAddressPools":["x"]}}`), metav1.PatchOptions{})
	check(t, err)
	c.wantProtocol(bgp, "")
	_, err = c.metallb.Update(ctx, bgp, bgp)
	check(t, err)
	check(t, c.in(bgpResource).Delete(ctx, bgp.Name, metav1.DeleteOptions{}))
	c.wantProtocol(bgp, "")
	_, err = c.metallb.Update(ctx, bgp, bgp)
	check(t, err)
	c.wantProtocol(bgp, "bgp")

	layer2 := storyPool()
	layer2.Spec["protocol"] = "layer2"
	_, err = c.metallb.Update(ctx, bgp, layer2)
	check(t, err)
	c.wantGone(bgpResource, bgp.Name)
	c.wantProtocol(layer2, "layer2")
	none := storyPool()
	delete(none.Spec, "protocol")
	_, err = c.metallb.Update(ctx, layer2, none)
	check(t, err)
	c.wantGone(l2Resource, bgp.Name)
	_, err = c.metallb.Update(ctx, none, layer2)
	check(t, err)
	check(t, c.metallb.Delete(ctx, layer2))
	c.wantGone(l2Resource, bgp.Name)
	c.wantGone(poolResource, bgp.Name)
}

func (c *realCluster) testForeignAdvertisement(t *testing.T) {
	ctx := t.Context()
	c.apply(bgpResource, `
apiVersion: metallb.io/v1beta1
kind: BGPAdvertisement
metadata: {name: taken, namespace: metallb-system}
spec: {ipAddressPools: [taken], communities: ["1:2"]}
`)
	bgp := pool("taken", map[string]any{"addresses": []any{"10.2.0.0/24"}, "protocol": "bgp"})
	var refused *Error
	if _, err := c.metallb.Create(ctx, bgp); !errors.As(err, &refused) || !errors.Is(err, ErrExists) || refused.Field != "protocol" {
		t.Fatal(err)
	}
	c.wantGone(poolResource, "taken")
	plain := pool("taken", map[string]any{"addresses": []any{"10.2.0.0/24"}})
	_, err := c.metallb.Create(ctx, plain)
	check(t, err)
	c.wantProtocol(plain, "")
	if _, err := c.metallb.Update(ctx, plain, bgp); !errors.Is(err, ErrExists) {
		t.Fatal(err)
	}
	check(t, c.metallb.Delete(ctx, plain))
	c.wantSpec(bgpResource, "taken", map[string]any{
		"ipAddressPools": []any{"taken"}, "communities": []any{"1:2"}, "aggregationLength": int64(32), "aggregationLengthV6": int64(128),
	})
}

// testWriters changes one object from many sides at once: nobody's change is lost.
func (c *realCluster) testWriters(t *testing.T) {
	ctx := t.Context()
	prior := pool("busy", map[string]any{"addresses": []any{"10.3.0.0/24"}})
	_, err := c.metallb.Create(ctx, prior)
	check(t, err)
	want := pool("busy", map[string]any{"addresses": []any{"10.3.0.0/24"}, "autoAssign": false, "avoidBuggyIPs": true})
	var group sync.WaitGroup
	for i := range 10 {
		group.Go(func() {
			patch := fmt.Sprintf(`{"metadata":{"labels":{"writer-%d":"was-here"}}}`, i)
			if _, err := c.in(poolResource).Patch(ctx, "busy", types.MergePatchType, []byte(patch), metav1.PatchOptions{}); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			if _, err := c.metallb.Update(ctx, prior, want); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if u := c.wantSpec(poolResource, "busy", want.Spec); len(u.GetLabels()) != 10 {
		t.Errorf("labels %v", u.GetLabels())
	}
}

func (c *realCluster) testRefusals(t *testing.T) {
	peer := func(field string, value any) *Object {
		o := storyPeer()
		o.Spec[field] = value
		return o
	}
	elsewhere := storyPool()
	elsewhere.Namespace = "nowhere"
	for _, tt := range []struct {
		object        *Object
		field, advice string
	}{
		{peer("peerPort", int64(20000)), "peerPort", ""},
		{peer("myASN", "many"), "myASN", ""},
		{peer("speed", int64(1)), "speed", "upgrade MetalLB"},
		{elsewhere, "", "Create the namespace"},
	} {
		_, err := c.metallb.Create(t.Context(), tt.object)
		var refused *Error
		if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) || refused.Field != tt.field || !strings.Contains(refused.Advice, tt.advice) {
			t.Errorf("%v: %#v", tt.object.Spec, err)
		}
	}
	check(t, c.metallb.Delete(t.Context(), elsewhere))
	if _, err := c.metallb.Get(t.Context(), elsewhere); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// testWebhook has a webhook that nobody listens for, at first.
func (c *realCluster) testWebhook(t *testing.T) {
	webhooks := c.other.Resource(schema.GroupVersionResource{
		Group: "admissionregistration.k8s.io", Version: "v1", Resource: "validatingwebhookconfigurations",
	})
	u := &unstructured.Unstructured{}
	check(t, yaml.Unmarshal([]byte(`
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: down}
webhooks:
- name: ipaddresspoolvalidationwebhook.metallb.io
  admissionReviewVersions: [v1]
  sideEffects: None
  clientConfig: {url: "https://127.0.0.1:1/"}
  rules: [{apiGroups: [metallb.io], apiVersions: ["*"], resources: [ipaddresspools], operations: [CREATE]}]
`), &u.Object))
	_, err := webhooks.Create(t.Context(), u, metav1.CreateOptions{})
	check(t, err)
	late := pool("late", map[string]any{"addresses": []any{"10.4.0.0/24"}})
	for { // until the API server has noticed
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		_, err := c.metallb.Create(ctx, late)
		cancel()
		if errors.Is(err, ErrUnreachable) && errors.Is(err, context.DeadlineExceeded) && strings.Contains(err.Error(), "9443") {
			break
		}
		check(t, err)
		check(t, c.metallb.Delete(t.Context(), late))
	}
	time.AfterFunc(300*time.Millisecond, func() { _ = webhooks.Delete(context.Background(), "down", metav1.DeleteOptions{}) })
	_, err = c.metallb.Create(t.Context(), late)
	check(t, err)
	check(t, c.metallb.Delete(t.Context(), late))
}
