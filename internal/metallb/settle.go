package metallb

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/resourceversion"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// settleTime is how long MetalLB is given to look at what was written, and a sibling to mend what it then says.
const settleTime = 2500 * time.Millisecond

// lookTime is how long MetalLB usually takes to look: its reports come 10 to 112 ms after a write. One that comes sooner
// may be about what a sibling wrote just before.
const lookTime = 150 * time.Millisecond

// sameLook is how long a look at MetalLB's verdict serves all who ask for one.
const sameLook = 25 * time.Millisecond

// settle waits until MetalLB has looked at what was written, and gives what it then says against its configuration. Only
// MetalLB from 0.15.3 says so.
func (s *crdStore) settle(ctx context.Context, stored *unstructured.Unstructured) []string {
	began := time.Now()
	if states, err := s.states(ctx, stored.GetNamespace(), began.Add(-shortAge)); err != nil || len(states) == 0 {
		return nil // an older MetalLB, one that does not run, or a Role that lets nobody see it
	}
	var refusals []Refusal
	for pause := lookTime; time.Since(began)+pause <= settleTime; pause = time.Since(began) {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		states, err := s.states(ctx, stored.GetNamespace(), time.Now().Add(-sameLook))
		if err != nil {
			break
		}
		var looked bool
		refusals, looked = verdictOf(states, stored, s.newest, time.Since(began) >= 2*lookTime)
		if looked && len(refusals) == 0 {
			return nil
		}
	}
	var notices []string
	for _, refusal := range refusals {
		notices = append(notices, fmt.Sprintf("MetalLB's %s does not accept its configuration and goes on with the one before, though this was "+
			"written: %s", refusal.who(), refusal.Message))
	}
	return notices
}

// states are the ConfigurationStates, in the order of their names, as they were at a time or later.
func (s *crdStore) states(ctx context.Context, namespace string, earliest time.Time) ([]unstructured.Unstructured, error) {
	items, err := s.lists.since(ctx, stateResource, namespace, earliest)
	states := make([]unstructured.Unstructured, 0, len(items))
	for _, name := range slices.Sorted(maps.Keys(items)) {
		states = append(states, *items[name].Unstructured)
	}
	return states, err
}

// poolReport is the condition of the part that looks at pools and communities only: MetalLB's controller.
const poolReport = "poolReconcilerValid"

// verdictOf is what MetalLB's parts say against the configuration, and whether they have looked since an object, and what
// belongs to it, was stored. A report that came later is newer in the cluster's count of writes. But MetalLB tells whole
// seconds, so that one which repeats another of the same second is no write at all: it counts when there was time for it.
func verdictOf(states []unstructured.Unstructured, stored, newest *unstructured.Unstructured, late bool) (refusals []Refusal, looked bool) {
	looked = true
	for i := range states {
		state := &states[i]
		for _, report := range reportsOf(state) {
			written := newest
			if report["type"] == poolReport {
				if kind := Kind(stored.GetKind()); kind != AddressPool && kind != Community {
					continue
				}
				written = stored
			}
			order, err := resourceversion.CompareResourceVersion(state.GetResourceVersion(), written.GetResourceVersion())
			newer := err == nil && order > 0
			text, _ := report["lastTransitionTime"].(string)
			at, err := time.Parse(time.RFC3339, text)
			looked = looked && (newer || late && err == nil && !at.Before(writtenAt(written)))
		}
	}
	return refusalsOf(states), looked
}

// writtenAt is when we wrote an object, by the API server's clock, in whole seconds.
func writtenAt(u *unstructured.Unstructured) time.Time {
	for _, entry := range u.GetManagedFields() {
		if entry.Manager == kube.FieldManager && entry.Time != nil {
			return entry.Time.Time
		}
	}
	return u.GetCreationTimestamp().Time
}
