package metallb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// TestMetalLB09ReadsEveryWord has the real controller load all that is written here. It loads a text whole or not at
// all: a Service that gets an address from the pool that was written last is the proof that all of it is loaded.
func TestMetalLB09ReadsEveryWord(t *testing.T) {
	c := newReal(t, Config{Backend: "configmap"})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	check(t, c.InstallMetalLB09(ctx))

	aliases := communities("no-export", "65535:65281", "yes", "0:0", "1e3", "65000:17")
	whole, peer, other := wholePool(), wholePeer(), wholePeer()
	whole.Spec["bgpAdvertisements"].([]any)[1].(map[string]any)["communities"] = []any{"yes", "1e3"}
	other.Spec["nodeSelectors"] = []any{map[string]any{"matchLabels": map[string]any{"true": "null", "a/b": "0x1"}}}
	other.Spec["managedPassword"] = "~"
	for _, o := range []*Object{aliases, peer, other, whole} {
		_, err := c.metallb.Create(ctx, o)
		check(t, err)
	}
	if got := c.addressFrom(ctx, "whole"); got != "10.1.0.1" {
		t.Errorf("the Service of pool whole got %s", got)
	}
	last := pool("last", map[string]any{"protocol": "layer2", "addresses": []any{"10.3.0.7/32"}, "autoAssign": false})
	_, err := c.metallb.Create(ctx, last)
	check(t, err)
	if got := c.addressFrom(ctx, "last"); got != "10.3.0.7" {
		t.Errorf("the Service of pool last got %s", got)
	}

	// What 0.9 would drop all for is not written.
	for field, value := range map[string]any{"sourceAddress": "10.0.0.9", "keepaliveTime": "30s", "bfdProfile": "fast"} {
		newer := storyPeer()
		newer.Spec[field] = value
		var refused *Error
		if _, err := c.metallb.Create(ctx, newer); !errors.As(err, &refused) || refused.Field != field || !strings.Contains(err.Error(), "0.9.6") {
			t.Errorf("%s: %v", field, err)
		}
	}
	// A text that others spoiled is not written to, and read with a warning.
	u, err := c.in(configMapResource).Get(ctx, "config", metav1.GetOptions{})
	check(t, err)
	text, _, _ := unstructured.NestedString(u.Object, "data", textKey)
	t.Log(text)
	u.Object["data"] = map[string]any{textKey: text + "address-pool: []\n"}
	_, err = c.in(configMapResource).Update(ctx, u, metav1.UpdateOptions{})
	check(t, err)
	if _, err := c.metallb.Create(ctx, storyPool()); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "ignores the whole ConfigMap config already") {
		t.Errorf("into a text that MetalLB ignores: %v", err)
	}
	found, err := c.metallb.Get(ctx, last)
	check(t, err)
	if len(found.Notices) != 1 || !strings.Contains(found.Notices[0], "address-pool") {
		t.Errorf("notices: %q", found.Notices)
	}
}

// addressFrom is the address that MetalLB gives a new Service that asks for a pool by its name.
func (c *realCluster) addressFrom(ctx context.Context, pool string) string {
	c.t.Helper()
	services := c.other.Resource(schema.GroupVersionResource{Version: "v1", Resource: "services"}).Namespace("metallb-system")
	service := bare(schema.GroupVersionResource{Version: "v1"}, "Service", "metallb-system", "of-"+pool)
	service.SetAnnotations(map[string]string{"metallb.universe.tf/address-pool": pool})
	service.Object["spec"] = map[string]any{"type": "LoadBalancer", "ports": []any{map[string]any{"port": int64(80)}}}
	_, err := services.Create(ctx, service, metav1.CreateOptions{})
	check(c.t, err)
	address, err := c.LoadBalancerAddress(ctx, "metallb-system", "of-"+pool)
	check(c.t, err)
	return address
}
