package metallb

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestRequests: a refresh of 200 pools and 200 peers, as many at once as Terraform does, asks for each kind once.
func TestRequests(t *testing.T) {
	c := newReal(t, Config{})
	ctx := t.Context()
	check(t, c.InstallCRDs(ctx))
	const each = 200
	var all []*Object
	for i := range each {
		all = append(all, pool(fmt.Sprintf("pool%d", i), map[string]any{"addresses": []any{fmt.Sprintf("10.0.%d.0/24", i)}, "protocol": "bgp"}))
		peer := storyPeer()
		peer.Name, peer.Spec["peerAddress"] = fmt.Sprintf("peer%d", i), fmt.Sprintf("10.1.%d.1", i)
		all = append(all, peer)
	}
	began := time.Now()
	atOnce(all, func(o *Object) {
		if _, err := c.metallb.Create(ctx, o); err != nil {
			t.Error(err)
		}
	})
	t.Logf("%d creates in %s", len(all), time.Since(began))

	var mutex sync.Mutex
	asked := map[string]int{}
	m := c.through(func(next http.RoundTripper, request *http.Request) (*http.Response, error) {
		mutex.Lock()
		asked[request.Method+" "+path.Base(request.URL.Path)]++
		mutex.Unlock()
		return next.RoundTrip(request)
	})
	began = time.Now()
	atOnce(all, func(o *Object) {
		if found, err := m.Get(ctx, o); err != nil || len(found.Notices) > 0 {
			t.Errorf("%v, %v", found, err)
		}
	})
	refresh := time.Since(began)
	t.Logf("a refresh asks %v", asked)
	for request, count := range asked {
		// Which types there are is asked until one answer is there.
		if most := map[bool]int{true: parallel, false: 1}[strings.HasSuffix(request, "v1beta1")]; count > most {
			t.Errorf("%s: %d times", request, count)
		}
	}
	if len(asked) != len(Kinds)+1 {
		t.Errorf("asked for %v", asked)
	}

	// As a client would that has no limit of its own, and reads each object.
	began = time.Now()
	atOnce(all, func(o *Object) {
		if _, err := c.other.Resource(resourceOf(o.Kind)).Namespace("metallb-system").Get(ctx, o.Name, metav1.GetOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Logf("the refresh took %s, a GET of each %s", refresh, time.Since(began))
}

const parallel = 10 // as Terraform's -parallelism

func atOnce(objects []*Object, do func(*Object)) {
	var group sync.WaitGroup
	turns := make(chan struct{}, parallel)
	for _, o := range objects {
		turns <- struct{}{}
		group.Go(func() {
			do(o)
			<-turns
		})
	}
	group.Wait()
}
