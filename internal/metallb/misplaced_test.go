package metallb

import (
	"encoding/base64"
	"errors"
	"reflect"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestMisplaced: what is in the ConfigMap when the cluster gets CRDs is found there, becomes custom resources by an
// update, and is destroyed there if nobody has updated it. Otherwise the ConfigMap stays as it is.
func TestMisplaced(t *testing.T) {
	c := newReal(t, Config{})
	ctx := t.Context()
	check(t, c.InstallMetalLB09(ctx)) // which shall look like a 0.12 that may have BFD profiles
	check(t, c.in(daemonSetResource).Delete(ctx, "speaker", metav1.DeleteOptions{}))
	_, err := c.in(deploymentResource).Patch(ctx, "controller", "application/merge-patch+json",
		[]byte(`{"spec":{"template":{"spec":{"containers":[{"name":"controller","image":"quay.io/metallb/controller:v0.12.1"}]}}}}`), metav1.PatchOptions{})
	check(t, err)
	peer, open := storyPeer(), storyPeer()
	peer.Spec["managedPassword"] = "canary"
	open.Name, open.Spec["peerAddress"], open.Spec["password"] = "open", "192.168.5.2", "plain"
	tuned := pool("tuned", map[string]any{"addresses": []any{"10.1.0.0/24"}, "protocol": "bgp", "bgpAdvertisements": []any{
		map[string]any{"aggregationLength": int64(32), "aggregationLengthV6": int64(128), "localPref": int64(100)},
		map[string]any{"aggregationLength": int64(24), "aggregationLengthV6": int64(128), "communities": []any{"65000:1"}},
	}})
	profile := &Object{Kind: BFDProfile, Name: "fast", Spec: map[string]any{"receiveInterval": int64(100), "echoMode": true}}
	aliases := &Object{Kind: Community, Name: "communities", Spec: map[string]any{"communities": []any{
		map[string]any{"name": "no-export", "value": "65535:65281"},
	}}}
	left := pool("left", map[string]any{"addresses": []any{"10.2.0.0/24"}, "protocol": "layer2"})
	old := New(c.metallb.cluster, Config{Backend: "configmap"})
	moving := []*Object{storyPool(), peer, open, tuned, profile, aliases}
	for _, o := range append(moving, left) {
		made, err := old.Create(ctx, o)
		check(t, err)
		if made.Backend != ConfigMap {
			t.Errorf("%s is made in %q", o.Name, made.Backend)
		}
	}
	text := c.text()
	check(t, c.InstallCRDs(ctx, kubetest.Release("0.15")))

	for _, o := range moving {
		known := o.copy()
		if o == peer {
			known.Spec["managedPassword"] = ManagedPasswordSet
		}
		found, err := c.metallb.Get(ctx, known)
		check(t, err)
		if found.Backend != Misplaced || len(found.Notices) == 0 || !reflect.DeepEqual(found.Spec, known.Spec) {
			t.Errorf("%s is found in %q, as %v: %v", o.Name, found.Backend, found.Spec, found.Notices)
		}
		made, err := c.metallb.Update(ctx, known, known)
		check(t, err)
		again, err := New(c.metallb.cluster, Config{}).Get(ctx, known)
		check(t, err)
		if made.Backend != CRD || again.Backend != CRD {
			t.Errorf("%s is moved to %q, and found in %q", o.Name, made.Backend, again.Backend)
		}
		for field, want := range known.Spec {
			if !says(again.Spec[field], want) {
				t.Errorf("%s: %s is %v, not %v", o.Name, field, again.Spec[field], want)
			}
		}
	}
	secret, err := c.in(secretResource).Get(ctx, passwordSecret(peer.Name), metav1.GetOptions{})
	check(t, err)
	if has, _, _ := unstructured.NestedString(secret.Object, "data", "password"); has != base64.StdEncoding.EncodeToString([]byte("canary")) {
		t.Errorf("the password is %q", has)
	}
	if now := c.text(); now != text {
		t.Errorf("the ConfigMap was\n%s\nand is\n%s", text, now)
	}

	found, err := c.metallb.Get(ctx, left)
	check(t, err)
	check(t, c.metallb.Delete(ctx, found))
	if _, err := c.metallb.Get(ctx, left); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted where it was: %v", err)
	}
	check(t, c.metallb.Delete(ctx, storyPool()))
	if found, err := c.metallb.Get(ctx, storyPool()); err != nil || found.Backend != Misplaced {
		t.Errorf("a pool that was moved, deleted: %v, %v", found, err)
	}
}

func (c *realCluster) text() string {
	c.t.Helper()
	u, err := c.in(configMapResource).Get(c.t.Context(), "config", metav1.GetOptions{})
	check(c.t, err)
	text, _, _ := unstructured.NestedString(u.Object, "data", textKey)
	return text
}

// says tells whether a value has all that another one says, beside MetalLB's defaults.
func says(value, wanted any) bool {
	switch wanted := wanted.(type) {
	case []any:
		list, _ := value.([]any)
		same := len(list) == len(wanted)
		for i := range wanted {
			same = same && says(list[i], wanted[i])
		}
		return same
	case map[string]any:
		fields, _ := value.(map[string]any)
		for field, want := range wanted {
			if !says(fields[field], want) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(value, wanted)
}
