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

// TestRequests: of 200 pools and 200 peers, as many at once as Terraform does, each is written by one request, and what is
// read of the others is read once for all: as whole lists, again after a while. Only the first are asked for by themselves.
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
	// Each step is a run of the CLI: it has read nothing yet. want has the requests for one object, and how many of each.
	step := func(name string, want map[string]int, do func(*MetalLB, *Object) error) (took time.Duration) {
		var mutex sync.Mutex
		asked := map[string]int{}
		m := c.through(func(next http.RoundTripper, request *http.Request) (*http.Response, error) {
			mutex.Lock()
			asked[asks(request)]++
			mutex.Unlock()
			return next.RoundTrip(request)
		})
		began := time.Now()
		atOnce(all, func(o *Object) {
			if err := do(m, o); err != nil {
				t.Error(err)
			}
		})
		took = time.Since(began)
		t.Logf("%s, %s: %v", name, took, asked)
		for request := range want {
			asked[request] += 0 // what was never asked for is compared as well
		}
		for request, count := range asked {
			age := maxAge
			if strings.HasSuffix(request, stateResource.Resource) || strings.HasSuffix(request, serviceResource.Resource) {
				age = shortAge
			}
			least, most := want[request], want[request]
			switch {
			case strings.HasPrefix(request, "GET the "):
				most = 1 + int(took/age)
			case name == "create" && most == 0:
				most = parallel
			}
			if count < least || count > most {
				t.Errorf("%s: %s: %d times, want %d to %d", name, request, count, least, most)
			}
		}
		return took
	}
	step("create", map[string]int{
		"PATCH one of ipaddresspools": each, "PATCH one of bgppeers": each, "PATCH one of bgpadvertisements": each,
		"GET one of bgpadvertisements": each, // which nobody else must have
	}, func(m *MetalLB, o *Object) error {
		_, err := m.Create(ctx, o)
		return err
	})
	refresh := step("refresh", nil, func(m *MetalLB, o *Object) error {
		found, err := m.Get(ctx, o)
		if err == nil && len(found.Notices) > 0 {
			err = fmt.Errorf("%s: %v", o.Name, found.Notices)
		}
		return err
	})

	// As a client would that has no limit of its own, and reads each object.
	began := time.Now()
	atOnce(all, func(o *Object) {
		if _, err := c.other.Resource(resourceOf(o.Kind)).Namespace("metallb-system").Get(ctx, o.Name, metav1.GetOptions{}); err != nil {
			t.Error(err)
		}
	})
	t.Logf("the refresh took %s, a GET of each %s", refresh, time.Since(began))
	step("delete", map[string]int{
		"DELETE one of ipaddresspools": each, "DELETE one of bgppeers": each, "DELETE one of bgpadvertisements": each,
	}, func(m *MetalLB, o *Object) error { return m.Delete(ctx, o) })
}

// asks is what a request asks for: "GET the ipaddresspools", "PATCH one of ipaddresspools".
func asks(request *http.Request) string {
	_, within, _ := strings.Cut(request.URL.Path, "/namespaces/")
	if parts := strings.Split(within, "/"); len(parts) == 3 {
		return request.Method + " one of " + parts[1]
	}
	return request.Method + " the " + path.Base(request.URL.Path)
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
