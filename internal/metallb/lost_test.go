package metallb

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/rest"
	clienttesting "k8s.io/client-go/testing"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// TestLostAnswer puts a proxy before the API server that lets one write through and loses its answer: what we made
// ourselves is not taken for somebody else's.
func TestLostAnswer(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	target, err := url.Parse(c.Config().Host)
	check(t, err)
	transport, err := rest.TransportFor(c.Config())
	check(t, err)
	proxy := &httputil.ReverseProxy{Transport: transport, Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }}
	for name, lose := range map[string]func(w http.ResponseWriter){
		"timeout": func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusGatewayTimeout)
			_ = json.NewEncoder(w).Encode(apierrors.NewTimeoutError("request did not complete within requested timeout", 0).Status())
		},
		"cut": func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
	} {
		for _, backend := range []string{"crd", "configmap"} {
			t.Run(name+"/"+backend, func(t *testing.T) {
				var armed atomic.Bool
				armed.Store(true)
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
					if q.Method == http.MethodGet || !armed.CompareAndSwap(true, false) {
						proxy.ServeHTTP(w, q)
						return
					}
					proxy.ServeHTTP(httptest.NewRecorder(), q)
					lose(w)
				}))
				defer server.Close()
				cluster, err := kube.New(kube.Config{Host: server.URL})
				check(t, err)
				m := New(cluster, Config{Backend: backend})
				_, err = m.Create(t.Context(), storyPool())
				check(t, err)
				if armed.Load() {
					t.Error("no answer was lost")
				}
				check(t, m.Delete(t.Context(), storyPool()))
			})
		}
	}
}

// TestLostNewAddress: a peer of the ConfigMap that got another address, in a write whose answer was lost, is found there.
func TestLostNewAddress(t *testing.T) {
	f := newFake(t, Config{Backend: "configmap"})
	f.create(storyPeer())
	moved := storyPeer()
	moved.Spec["peerAddress"] = "192.168.5.2"
	lost := false
	f.objects.PrependReactor("update", "configmaps", func(action clienttesting.Action) (bool, runtime.Object, error) {
		if lost {
			return false, nil, nil
		}
		lost = true
		err := f.objects.Tracker().Update(configMapResource, action.(clienttesting.UpdateAction).GetObject(), action.GetNamespace())
		return true, nil, errors.Join(err, apierrors.NewTimeoutError("no answer", 0))
	})
	_, err := f.metallb.Update(t.Context(), storyPeer(), moved)
	check(t, err)
	f.wantBack(moved)
}

// TestTakenAddress: a peer that is there already can be imported as the error says, though it has no name.
func TestTakenAddress(t *testing.T) {
	f := newFake(t, Config{Backend: "configmap"})
	f.create(storyPeer())
	_, err := f.metallb.Create(t.Context(), storyPeer())
	if taken, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, ErrExists) || taken.Key != "router@192.168.5.1" {
		t.Errorf("a second peer at the address: %#v", err)
	}
}
