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

// TestRunningMetalLB has the webhooks of a real MetalLB answer.
func TestRunningMetalLB(t *testing.T) {
	c := newReal(t, Config{})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	check(t, c.InstallMetalLB(ctx))
	for _, o := range []*Object{storyPool(), storyPeer()} {
		_, err := c.metallb.Create(ctx, o)
		check(t, err)
	}
	check(t, c.CreateLoadBalancerService(ctx, "default", "web"))
	address, err := c.LoadBalancerAddress(ctx, "default", "web")
	check(t, err)
	if address != "192.168.128.1" { // not .0, a buggy one
		t.Errorf("the Service got %s", address)
	}

	peer := func(field string, value any) *Object {
		o := storyPeer()
		o.Name, o.Spec[field] = "wrong", value
		return o
	}
	began := time.Now()
	for field, o := range map[string]*Object{
		"addresses":     pool("wrong", map[string]any{"addresses": []any{"10.0.0.9-10.0.0.1"}}),
		"myASN":         peer("myASN", int64(0)),
		"peerASN":       peer("peerASN", int64(0)),
		"peerAddress":   peer("peerAddress", "router.lan"),
		"holdTime":      peer("holdTime", "1s"),
		"routerID":      peer("routerID", "one"),
		"sourceAddress": peer("sourceAddress", "eth0"),
		"keepaliveTime": peer("keepaliveTime", "30s"), // native mode
	} {
		_, err := c.metallb.Create(ctx, o)
		var refused *Error
		if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) || refused.Field != field {
			t.Errorf("%s: %#v", field, err)
		}
	}
	if took := time.Since(began); took > 3*grace {
		t.Errorf("final answers took %s", took)
	}

	// Two pools of one run: the second takes what the first gives up.
	second := pool("second", map[string]any{"addresses": []any{"192.168.128.128/25"}, "protocol": "bgp"})
	var refused *Error
	began = time.Now()
	if _, err := c.metallb.Create(ctx, second); !errors.As(err, &refused) || !strings.HasPrefix(refused.Field, "addresses") || time.Since(began) < grace {
		t.Errorf("an overlap, after %s: %v", time.Since(began), err)
	}
	shrunk := storyPool()
	shrunk.Spec["addresses"] = []any{"192.168.128.0/25"}
	time.AfterFunc(time.Second, func() {
		if _, err := c.metallb.Update(ctx, storyPool(), shrunk); err != nil {
			t.Error(err)
		}
	})
	_, err = c.metallb.Create(ctx, second)
	check(t, err)
	c.wantProtocol(second, "bgp")
}

// TestRunningMetalLB09 has the text that is written here loaded by the MetalLB that it is for.
func TestRunningMetalLB09(t *testing.T) {
	c := newReal(t, Config{Backend: "configmap"})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	if _, err := c.metallb.Create(ctx, storyPool()); !errors.Is(err, ErrRefused) {
		t.Fatalf("without a namespace: %v", err)
	}
	check(t, c.metallb.Delete(ctx, storyPool()))
	check(t, c.InstallMetalLB09(ctx))
	peer := storyPeer()
	peer.Spec["holdTime"], peer.Spec["peerPort"], peer.Spec["routerID"] = "1m30s", int64(179), "192.168.5.10"
	second := pool("second", map[string]any{"addresses": []any{"10.0.0.1-10.0.0.9", "2001:db8::/120"}, "protocol": "layer2", "autoAssign": false})
	for _, o := range []*Object{storyPool(), peer, second} {
		_, err := c.metallb.Create(ctx, o)
		check(t, err)
	}
	u, err := c.in(configMapResource).Get(ctx, "config", metav1.GetOptions{})
	check(t, err)
	text, _, _ := unstructured.NestedString(u.Object, "data", "config")
	t.Log(text)
	check(t, c.CreateLoadBalancerService(ctx, "default", "web"))
	address, err := c.LoadBalancerAddress(ctx, "default", "web")
	check(t, err)
	if address != "192.168.128.1" {
		t.Errorf("the Service got %s", address)
	}
	// Once the Service is gone, which MetalLB 0.9 would not take an address from, and then the pools, there is nothing to give.
	services := c.other.Resource(schema.GroupVersionResource{Version: "v1", Resource: "services"}).Namespace("default")
	check(t, services.Delete(ctx, "web", metav1.DeleteOptions{}))
	time.Sleep(2 * time.Second)
	for _, o := range []*Object{storyPool(), peer, second} {
		check(t, c.metallb.Delete(ctx, o))
	}
	time.Sleep(2 * time.Second)
	check(t, c.CreateLoadBalancerService(ctx, "default", "late"))
	soon, cancelSoon := context.WithTimeout(ctx, 3*time.Second)
	defer cancelSoon()
	if address, err := c.LoadBalancerAddress(soon, "default", "late"); err == nil {
		t.Errorf("MetalLB still gives out %s", address)
	}
}
