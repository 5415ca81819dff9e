package kube

import (
	"context"
	"errors"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	discovery "k8s.io/client-go/discovery/fake"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"
)

var services = schema.GroupVersionResource{Version: "v1", Resource: "services"}

func service(value string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetAPIVersion("v1")
	u.SetKind("Service")
	u.SetNamespace("default")
	u.SetName("web")
	u.SetLabels(map[string]string{"value": value})
	return u
}

// watched is a fake cluster, the watches on which come over the channel.
func watched(t *testing.T, objects ...runtime.Object) (*Cluster, *fake.FakeDynamicClient, chan *watch.FakeWatcher) {
	t.Helper()
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{services: "ServiceList"}, objects...)
	watches := make(chan *watch.FakeWatcher, 10)
	client.PrependWatchReactor("services", func(clienttesting.Action) (bool, watch.Interface, error) {
		w := watch.NewFake()
		watches <- w
		return true, w, nil
	})
	return NewFor("test", client, &discovery.FakeDiscovery{Fake: &client.Fake}), client, watches
}

// TestAwait: each change is seen, whatever happens to the watch in between.
func TestAwait(t *testing.T) {
	cluster, client, watches := watched(t)
	seen, ended := make(chan string), make(chan error)
	go func() {
		ended <- cluster.Await(t.Context(), services, "default", "web", func(u *unstructured.Unstructured) (bool, error) {
			value := "none"
			if u != nil {
				value = u.GetLabels()["value"]
			}
			seen <- value
			return value == "last", nil
		})
	}()
	want := func(value string) {
		t.Helper()
		select {
		case got := <-seen:
			if got != value {
				t.Fatalf("saw %s, want %s", got, value)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s is not seen", value)
		}
	}
	want("none")
	w := <-watches
	go w.Add(service("first"))
	want("first")
	go w.Delete(service("first"))
	want("none")
	// The watch ends, and what happens until the next one begins is in its list.
	if err := client.Tracker().Add(service("second")); err != nil {
		t.Fatal(err)
	}
	w.Stop()
	want("second")
	w = <-watches
	go w.Error(&metav1.Status{Status: metav1.StatusFailure, Code: 410, Reason: metav1.StatusReasonExpired})
	want("second")
	w = <-watches
	go w.Modify(service("last"))
	want("last")
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestAwaitErrors: the caller's own errors, the end of his patience, and a cluster that says no end it.
func TestAwaitErrors(t *testing.T) {
	never := func(*unstructured.Unstructured) (bool, error) { return false, nil }
	cluster, _, _ := watched(t, service("first"))
	own := errors.New("own")
	if err := cluster.Await(t.Context(), services, "default", "web", func(*unstructured.Unstructured) (bool, error) { return false, own }); !errors.Is(err, own) {
		t.Error(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := cluster.Await(ctx, services, "default", "web", never); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	for _, verb := range []string{"list", "watch"} {
		cluster, client, _ := watched(t)
		no := apierrors.NewForbidden(services.GroupResource(), "web", errors.New("no"))
		if verb == "list" {
			client.PrependReactor(verb, "services", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, no })
		} else {
			client.PrependWatchReactor("services", func(clienttesting.Action) (bool, watch.Interface, error) { return true, nil, no })
		}
		if err := cluster.Await(t.Context(), services, "default", "web", never); !apierrors.IsForbidden(err) {
			t.Errorf("%s: %v", verb, err)
		}
	}
}
