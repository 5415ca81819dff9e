package metallb

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	clienttesting "k8s.io/client-go/testing"
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
