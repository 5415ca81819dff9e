package metallb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// roundTripper is a function as http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(request *http.Request) (*http.Response, error) { return f(request) }

// through gives a MetalLB of the same cluster whose every request passes through wrap.
func (c *realCluster) through(wrap func(next http.RoundTripper, request *http.Request) (*http.Response, error)) *MetalLB {
	c.t.Helper()
	settings := c.Config()
	settings.QPS = -1
	settings.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(request *http.Request) (*http.Response, error) { return wrap(next, request) })
	})
	objects, err := dynamic.NewForConfig(settings)
	check(c.t, err)
	resources, err := discovery.NewDiscoveryClientForConfig(settings)
	check(c.t, err)
	return New(kube.NewFor("test", objects, resources), Config{})
}

// owned are the fields below spec and the labels that a manager has by an operation.
func owned(u *unstructured.Unstructured, manager string, operation metav1.ManagedFieldsOperationType) string {
	for _, entry := range u.GetManagedFields() {
		if entry.Manager == manager && entry.Operation == operation {
			return entry.FieldsV1.GetRawString()
		}
	}
	return ""
}

// TestApply: an object is ours by exactly what is configured; who edits it loses, who declares it is asked.
func TestApply(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	t.Run("fields", c.testOwnFields)
	t.Run("conflicts", c.testConflicts)
	t.Run("import", c.testTakeOver)
	t.Run("two creates", c.testTwoCreates)
	t.Run("lost answers", c.testLostAnswers)
	t.Run("made anew", c.testMadeAnew)
	t.Run("types that come again", c.testTypesComeAgain)
}

func (c *realCluster) patch(name, manager, text string) {
	c.t.Helper()
	_, err := c.in(poolResource).Patch(c.t.Context(), name, types.MergePatchType, []byte(text), metav1.PatchOptions{FieldManager: manager})
	check(c.t, err)
}

func (c *realCluster) testOwnFields(t *testing.T) {
	ctx := t.Context()
	first := pool("own", map[string]any{"addresses": []any{"10.0.0.0/24"}, "autoAssign": false})
	first.Labels = map[string]string{"team": "net"}
	_, err := c.metallb.Create(ctx, first)
	check(t, err)
	c.patch("own", "kubectl-edit", `{"metadata":{"labels":{"theirs":"1"},"annotations":{"note":"2"}},
		"spec":{"autoAssign":true,"serviceAllocation":{"priority":7}}}`)
	second := pool("own", map[string]any{"addresses": []any{"10.0.1.0/24"}, "autoAssign": false, "avoidBuggyIPs": true})
	second.Labels = map[string]string{"team": "web"}
	_, err = c.metallb.Update(ctx, first, second)
	check(t, err)
	u := c.wantSpec(poolResource, "own", map[string]any{"addresses": []any{"10.0.1.0/24"}, "autoAssign": false, "avoidBuggyIPs": true,
		"serviceAllocation": map[string]any{"priority": int64(7)}})
	if !reflect.DeepEqual(u.GetLabels(), map[string]string{"team": "web", "theirs": "1"}) || u.GetAnnotations()["note"] != "2" {
		t.Errorf("labels %v, annotations %v", u.GetLabels(), u.GetAnnotations())
	}
	want := `{"f:metadata":{"f:labels":{"f:team":{}}},"f:spec":{"f:addresses":{},"f:autoAssign":{},"f:avoidBuggyIPs":{}}}`
	if got := owned(u, kube.FieldManager, metav1.ManagedFieldsOperationApply); got != want {
		t.Errorf("ours are %s", got)
	}
	third := pool("own", map[string]any{"addresses": []any{"10.0.1.0/24"}})
	made, err := c.metallb.Update(ctx, second, third)
	check(t, err)
	if made.Spec["autoAssign"] != true || made.Spec["avoidBuggyIPs"] != false || made.Labels["team"] != "" {
		t.Errorf("taken away, and there: %v %v", made.Spec, made.Labels)
	}
	check(t, c.metallb.Delete(ctx, third))
}

func (c *realCluster) testConflicts(t *testing.T) {
	ctx := t.Context()
	prior := pool("contested", map[string]any{"addresses": []any{"10.0.0.0/24"}, "autoAssign": false})
	_, err := c.metallb.Create(ctx, prior)
	check(t, err)
	c.patch("contested", "argocd-controller", `{"spec":{"addresses":["10.0.9.0/24"]}}`)
	want := pool("contested", map[string]any{"addresses": []any{"10.0.1.0/24"}, "autoAssign": false})
	refused := func(manager string) {
		t.Helper()
		_, err := c.metallb.Update(ctx, prior, want)
		var e *Error
		if !errors.As(err, &e) || e.Field != "addresses" || !strings.Contains(e.Message, "spec.addresses belongs to "+manager) ||
			!strings.Contains(e.Advice, "force_conflicts") {
			t.Errorf("contested with %s: %#v", manager, err)
		}
	}
	refused("argocd-controller")
	u := bare(poolResource, "IPAddressPool", "metallb-system", "contested")
	u.Object["spec"] = map[string]any{"addresses": []any{"10.0.8.0/24"}, "autoAssign": false}
	_, err = c.in(poolResource).Apply(ctx, "contested", u, metav1.ApplyOptions{FieldManager: "kubectl", Force: true})
	check(t, err)
	refused("kubectl")

	// What somebody else declares too, stays when we say it no more.
	made, err := c.metallb.Update(ctx, prior, pool("contested", map[string]any{"addresses": []any{"10.0.8.0/24"}}))
	check(t, err)
	if made.Spec["autoAssign"] != false || !slices.ContainsFunc(made.Notices, func(notice string) bool {
		return strings.Contains(notice, "autoAssign stays as it is, since kubectl declares it")
	}) {
		t.Errorf("%v: %v", made.Spec, made.Notices)
	}
	if u, err = c.in(poolResource).Get(ctx, "contested", metav1.GetOptions{}); err != nil ||
		owned(u, "kubectl", metav1.ManagedFieldsOperationApply) != `{"f:spec":{"f:addresses":{},"f:autoAssign":{}}}` {
		t.Errorf("kubectl has lost its fields: %v %v", u.GetManagedFields(), err)
	}
	_, err = New(c.metallb.cluster, Config{ForceConflicts: true}).Update(ctx, prior, want)
	check(t, err)
	c.wantSpec(poolResource, "contested", map[string]any{"addresses": []any{"10.0.1.0/24"}, "autoAssign": false, "avoidBuggyIPs": false})
	check(t, c.metallb.Delete(ctx, want))
}

// testTakeOver imports what Argo CD keeps, beside what kubectl wrote: only the latter changes hands.
func (c *realCluster) testTakeOver(t *testing.T) {
	ctx := t.Context()
	c.apply(poolResource, `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: kept, namespace: metallb-system}
spec: {addresses: [10.5.0.0/24], avoidBuggyIPs: true}
`)
	c.patch("kept", "argocd-controller", `{"spec":{"autoAssign":false}}`)
	prior := pool("kept", map[string]any{"addresses": []any{"10.5.0.0/24"}, "avoidBuggyIPs": true, "autoAssign": false})
	_, err := c.metallb.Update(ctx, prior, pool("kept", map[string]any{"addresses": []any{"10.5.0.0/24"}, "autoAssign": true}))
	if err == nil || !strings.Contains(err.Error(), "spec.autoAssign belongs to argocd-controller") {
		t.Fatalf("taken from Argo CD: %v", err)
	}
	_, err = c.metallb.Update(ctx, prior, pool("kept", map[string]any{"addresses": []any{"10.5.1.0/24"}, "autoAssign": false}))
	check(t, err)
	u := c.wantSpec(poolResource, "kept", map[string]any{"addresses": []any{"10.5.1.0/24"}, "avoidBuggyIPs": false, "autoAssign": false})
	if got := owned(u, "kubectl", metav1.ManagedFieldsOperationApply); got != "" {
		t.Errorf("kubectl still has %s", got)
	}
	check(t, c.metallb.Delete(ctx, prior))
}

// testTwoCreates has ten runs create one object at once: one does, the others learn of it, and none changes it.
func (c *realCluster) testTwoCreates(t *testing.T) {
	var group sync.WaitGroup
	var made, there atomic.Int32
	for i := range 10 {
		group.Go(func() {
			one := pool("only", map[string]any{"addresses": []any{fmt.Sprintf("10.6.%d.0/24", i)}})
			stored, err := New(c.metallb.cluster, Config{}).Create(t.Context(), one)
			switch {
			case err == nil && reflect.DeepEqual(stored.Spec["addresses"], one.Spec["addresses"]):
				made.Add(1)
			case errors.Is(err, ErrExists) && stored == nil:
				there.Add(1)
			default:
				t.Errorf("%v, %v", stored, err)
			}
		})
	}
	group.Wait()
	if made.Load() != 1 || there.Load() != 9 {
		t.Errorf("made %d times, there %d times", made.Load(), there.Load())
	}
	u, err := c.in(poolResource).Get(t.Context(), "only", metav1.GetOptions{})
	check(t, err)
	if u.GetGeneration() != 1 {
		t.Errorf("changed %d times", u.GetGeneration()-1)
	}
	check(t, c.metallb.Delete(t.Context(), pool("only", nil)))
}

// testLostAnswers cuts the connection after the API server has carried a write out.
func (c *realCluster) testLostAnswers(t *testing.T) {
	cuts := 0
	cut := func(next http.RoundTripper, request *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(request)
		if err == nil && request.Method == http.MethodPatch && cuts > 0 {
			cuts--
			_ = response.Body.Close()
			return nil, io.ErrUnexpectedEOF
		}
		return response, err
	}
	m := c.through(cut)
	cuts = 2
	one := pool("lost", map[string]any{"addresses": []any{"10.7.0.0/24"}})
	stored, err := m.Create(t.Context(), one)
	check(t, err)
	u, err := c.in(poolResource).Get(t.Context(), "lost", metav1.GetOptions{})
	check(t, err)
	if u.GetGeneration() != 1 || stored.Name != "lost" || cuts != 0 {
		t.Errorf("changed %d times", u.GetGeneration()-1)
	}
	// Where it never ends, the state has what may be there.
	cuts = 1000
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	other := pool("lost-too", map[string]any{"addresses": []any{"10.7.1.0/24"}})
	if stored, err := m.Create(ctx, other); err == nil || stored == nil {
		t.Errorf("%v, %v", stored, err)
	}
	// So it has where the last word was another one.
	first := true
	refusing := c.through(func(next http.RoundTripper, request *http.Request) (*http.Response, error) {
		if request.Method != http.MethodPatch || first {
			first = first && request.Method != http.MethodPatch
			cuts = 1
			return cut(next, request)
		}
		return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Request: request,
			Body: io.NopCloser(strings.NewReader(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}`))}, nil
	})
	third := pool("lost-three", map[string]any{"addresses": []any{"10.7.2.0/24"}})
	if stored, err := refusing.Create(t.Context(), third); err == nil || stored == nil {
		t.Errorf("%v, %v", stored, err)
	}
	cuts = 0
	check(t, m.Delete(t.Context(), third))
	check(t, m.Delete(t.Context(), one))
	check(t, m.Delete(t.Context(), other))
}

// testMadeAnew updates an object that is another one by now, and one that is gone: at once, and without making one.
func (c *realCluster) testMadeAnew(t *testing.T) {
	ctx := t.Context()
	one := pool("anew", map[string]any{"addresses": []any{"10.8.0.0/24"}})
	_, err := c.metallb.Create(ctx, one)
	check(t, err)
	for _, meanwhile := range []func(){
		func() {
			check(t, c.in(poolResource).Delete(ctx, "anew", metav1.DeleteOptions{}))
			c.apply(poolResource, "{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {name: anew}, spec: {addresses: [10.8.0.0/24]}}")
		},
		func() { check(t, c.in(poolResource).Delete(ctx, "anew", metav1.DeleteOptions{})) },
	} {
		done := false
		m := c.through(func(next http.RoundTripper, request *http.Request) (*http.Response, error) {
			if request.Header.Get("Content-Type") == string(types.ApplyPatchType) && !done {
				done = true
				meanwhile()
			}
			return next.RoundTrip(request)
		})
		began := time.Now()
		_, err = m.Update(ctx, one, one)
		if !errors.Is(err, ErrNotFound) || time.Since(began) > time.Minute {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	}
	c.wantGone(poolResource, "anew")
}

// testTypesComeAgain has the CRDs go and come while the provider runs: it had seen them, and waits for them all the same.
func (c *realCluster) testTypesComeAgain(t *testing.T) {
	ctx := t.Context()
	one := pool("again", map[string]any{"addresses": []any{"10.10.0.0/24"}})
	_, err := c.metallb.Create(ctx, one)
	check(t, err)
	check(t, c.RemoveCRDs(ctx))
	// As a later plan of the same process, whose list is another.
	if _, err := New(c.metallb.cluster, Config{}).Get(ctx, one); !errors.Is(err, ErrNotFound) {
		t.Errorf("gone with its type: %v", err)
	}
	if _, err := c.metallb.Update(ctx, one, one); !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrNoMetalLB) {
		t.Errorf("updated without a type: %v", err)
	}
	check(t, c.metallb.Delete(ctx, one))
	done := make(chan error)
	go func() {
		_, err := c.metallb.Create(ctx, one)
		done <- err
	}()
	time.Sleep(300 * time.Millisecond)
	check(t, c.InstallCRDs(ctx))
	check(t, <-done)
}
