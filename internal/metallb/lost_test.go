package metallb

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

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
