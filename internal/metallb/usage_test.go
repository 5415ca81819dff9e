package metallb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// held are addresses of a pool of which a Service has one.
func held(addresses ...any) *Object {
	return pool("held", map[string]any{"addresses": addresses, "protocol": "layer2"})
}

// wantInUse wants a refusal that names the Service and its address, after a sibling had its time to remove it.
func wantInUse(t *testing.T, began time.Time, err error, address string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != ErrRefused || !strings.Contains(e.Message, "shop/web ("+address+")") || !strings.Contains(e.Advice, "force_destroy") {
		t.Errorf("in use: %v", err)
	}
	if took := time.Since(began); took < grace || took > 3*grace {
		t.Errorf("refused after %s", took)
	}
}

// TestPoolInUse: a real Service has an address of the pool, from MetalLB with CRDs.
func TestPoolInUse(t *testing.T) {
	c := newReal(t, Config{})
	ctx := t.Context()
	check(t, c.InstallMetalLB(ctx, kubetest.Release("0.15"), kubetest.WithoutSpeaker()))
	whole := held("10.0.0.0/25", "10.0.1.0-10.0.1.9")
	_, err := c.metallb.Create(ctx, whole)
	check(t, err)
	check(t, c.CreateLoadBalancerService(ctx, "shop", "web"))
	address, err := c.LoadBalancerAddress(ctx, "shop", "web")
	check(t, err)

	// Said otherwise, and less, but with the address that is used.
	fewer := held("10.0.0.0-10.0.0.63")
	began := time.Now()
	_, err = c.metallb.Update(ctx, whole, fewer)
	check(t, err)
	if took := time.Since(began); took > grace {
		t.Errorf("took %s", took)
	}
	began = time.Now()
	wantInUse(t, began, c.metallb.Delete(ctx, fewer), address)
	began = time.Now()
	_, err = c.metallb.Update(ctx, fewer, held("10.0.0.32/27"))
	wantInUse(t, began, err, address)
	c.wantSpec(poolResource, "held", map[string]any{"addresses": []any{"10.0.0.0-10.0.0.63"}, "autoAssign": true, "avoidBuggyIPs": false})

	forced := held("10.0.2.0/24")
	forced.Force = true
	_, err = c.metallb.Update(ctx, fewer, forced)
	check(t, err)
	deadline := time.Now().Add(10 * time.Second)
	for ; time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if address, err = c.LoadBalancerAddress(ctx, "shop", "web"); err == nil && strings.HasPrefix(address, "10.0.2.") {
			break
		}
	}

	// As one destroy of Service and pool, of which the Service takes longer.
	forced.Force = false
	done := make(chan error)
	go func() { done <- c.metallb.Delete(ctx, forced) }()
	time.Sleep(2 * time.Second)
	check(t, c.DeleteService(ctx, "shop", "web"))
	check(t, <-done)
	c.wantGone(poolResource, "held")
	c.wantGone(l2Resource, "held")
}

// TestPoolInUseInConfigMap is the same with the real MetalLB 0.9, which would go on with its old configuration.
func TestPoolInUseInConfigMap(t *testing.T) {
	c := newReal(t, Config{Backend: "configmap"})
	ctx := t.Context()
	check(t, c.InstallMetalLB09(ctx))
	whole := held("10.0.0.0/25")
	_, err := c.metallb.Create(ctx, whole)
	check(t, err)
	check(t, c.CreateLoadBalancerService(ctx, "shop", "web"))
	address, err := c.LoadBalancerAddress(ctx, "shop", "web")
	check(t, err)
	fewer := held("10.0.0.0/26")
	_, err = c.metallb.Update(ctx, whole, fewer)
	check(t, err)
	impatient, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if err := c.metallb.Delete(impatient, fewer); err == nil || !strings.Contains(err.Error(), "shop/web ("+address+")") {
		t.Errorf("deleted in use: %v", err)
	}
	impatient, cancel = context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err = c.metallb.Update(impatient, fewer, held("10.0.0.32/27"))
	if err == nil || !strings.Contains(err.Error(), "shop/web ("+address+")") {
		t.Errorf("shrunk in use: %v", err)
	}
	check(t, c.DeleteService(ctx, "shop", "web"))
	check(t, c.metallb.Delete(ctx, fewer))
}

// TestManyHolders: who holds addresses is named, up to a number.
func TestManyHolders(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	_, err := c.metallb.Create(t.Context(), held("10.0.0.0/24"))
	check(t, err)
	for _, name := range strings.Split("abcdefghijkl", "") {
		check(t, c.CreateLoadBalancerService(t.Context(), "shop", name))
		_, err := c.other.Resource(serviceResource).Namespace("shop").Patch(t.Context(), name, types.MergePatchType,
			[]byte(`{"status":{"loadBalancer":{"ingress":[{"ip":"10.0.0.7"}]}}}`), metav1.PatchOptions{}, "status")
		check(t, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	err = c.metallb.Delete(ctx, held("10.0.0.0/24"))
	if err == nil || !strings.Contains(err.Error(), "shop/j (10.0.0.7) and 2 more") || strings.Contains(err.Error(), "shop/k") {
		t.Errorf("%v", err)
	}
}
