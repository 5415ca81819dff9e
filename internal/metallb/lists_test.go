package metallb

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	clienttesting "k8s.io/client-go/testing"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// TestListsThatFail: a cluster that does not answer in time is asked once for all who wait, and one whose caller gave up
// by the next of them.
func TestListsThatFail(t *testing.T) {
	for name, patience := range map[string]time.Duration{"a slow cluster": time.Hour, "an impatient caller": time.Second} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t, Config{})
				var asked atomic.Int64
				f.objects.PrependReactor("list", "services", func(clienttesting.Action) (bool, runtime.Object, error) {
					asked.Add(1)
					time.Sleep(30 * time.Second)
					return true, nil, context.DeadlineExceeded
				})
				var all sync.WaitGroup
				ask := func(ctx context.Context) {
					if _, err := f.metallb.lists.get(ctx, serviceResource, "default"); !errors.Is(err, context.DeadlineExceeded) {
						t.Errorf("answered %v", err)
					}
				}
				first, cancel := context.WithTimeout(t.Context(), patience)
				defer cancel()
				all.Go(func() { ask(first) })
				synctest.Wait()
				for range 5 {
					all.Go(func() { ask(t.Context()) })
				}
				all.Wait()
				want := int64(1)
				if patience < time.Minute {
					want = 2
				}
				if asked.Load() != want {
					t.Errorf("asked %d times, want %d", asked.Load(), want)
				}
			})
		})
	}
}

// TestListsOfAnAge: a list serves as long as it is new enough for who asks, a type that is not there just as well, until
// something of it is written.
func TestListsOfAnAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := bare(serviceResource, "Service", "shop", "web")
		f := newFake(t, Config{}, service)
		asked := 0
		var answer error
		f.objects.PrependReactor("list", "services", func(clienttesting.Action) (bool, runtime.Object, error) {
			asked++
			return answer != nil, nil, answer
		})
		l := f.metallb.lists
		look := func(age time.Duration, requests int, want error) {
			t.Helper()
			items, err := l.since(t.Context(), serviceResource, "", time.Now().Add(-age))
			if _, there := items["shop/web"]; !errors.Is(err, want) || there != (want == nil) {
				t.Errorf("%v, %v", items, err)
			}
			if asked != requests {
				t.Errorf("asked %d times, want %d", asked, requests)
			}
		}
		look(shortAge, 1, nil)
		look(0, 1, nil) // asked for at this moment
		time.Sleep(shortAge)
		look(shortAge, 1, nil)
		look(sameLook, 2, nil)
		l.drop(serviceResource, "")
		answer = apierrors.NewNotFound(serviceResource.GroupResource(), "")
		look(maxAge, 3, kube.ErrNotFound)
		look(maxAge, 3, kube.ErrNotFound)
		answer = nil
		l.wrote(serviceResource, "", "shop/web", service)
		look(maxAge, 4, nil)
	})
}
