package metallb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// advertisement is the custom resource that a pool's protocol stands for.
type advertisement struct {
	protocol, kind string
	resource       schema.GroupVersionResource
}

var advertisements = []advertisement{
	{"bgp", "BGPAdvertisement", poolResource.GroupVersion().WithResource("bgpadvertisements")},
	{"layer2", "L2Advertisement", poolResource.GroupVersion().WithResource("l2advertisements")},
}

const managedBy = "app.kubernetes.io/managed-by"

// companion reads the advertisement of a pool's name; nil if there is none. Ours is one with our label.
func (s *crdStore) companion(ctx context.Context, a advertisement, pool *Object) (found *unstructured.Unstructured, ours bool, err error) {
	found, err = s.cluster.Get(ctx, a.resource, pool.Namespace, pool.Name)
	if errors.Is(err, kube.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	return found, found.GetLabels()[managedBy] == kube.FieldManager, nil
}

// protocol is that of the pool's companion, "" without one. A companion that somebody pointed elsewhere is none.
func (s *crdStore) protocol(ctx context.Context, pool *Object) (string, error) {
	for _, a := range advertisements {
		found, ours, err := s.companion(ctx, a, pool)
		if err != nil {
			return "", err
		}
		if ours {
			if pools, _, _ := unstructured.NestedStringSlice(found.Object, "spec", "ipAddressPools"); slices.Equal(pools, []string{pool.Name}) {
				return a.protocol, nil
			}
		}
	}
	return "", nil
}

// claim reads the companion that a pool's protocol stands for; nil if there is none yet, an error if it is not ours.
func (s *crdStore) claim(ctx context.Context, a advertisement, pool *Object) (*unstructured.Unstructured, error) {
	found, ours, err := s.companion(ctx, a, pool)
	if err == nil && found != nil && !ours {
		err = s.where.refuse(ErrExists, "protocol",
			fmt.Sprintf("protocol %q needs a %s of the pool's name, and there is one of somebody else's", a.protocol, a.kind),
			"Leave protocol out to have the pool announced by that one, or remove it.")
	}
	return found, err
}

// announceable makes sure, before anything is written, that the companion would not take over somebody else's.
func (s *crdStore) announceable(ctx context.Context, pool *Object) error {
	for _, a := range advertisements {
		if a.protocol == pool.text("protocol") {
			_, err := s.claim(ctx, a, pool)
			return err
		}
	}
	return nil
}

// announce makes the companions what the pool's protocol says. What is to go goes first: if the rest then fails, the
// next read finds the protocol missing, and not a companion too many.
func (s *crdStore) announce(ctx context.Context, pool *Object) error {
	for _, a := range advertisements {
		if a.protocol != pool.text("protocol") {
			if err := s.withdraw(ctx, a, pool); err != nil {
				return err
			}
		}
	}
	for _, a := range advertisements {
		if a.protocol == pool.text("protocol") {
			return persist(ctx, func(ctx context.Context) error { return s.advertise(ctx, a, pool) })
		}
	}
	return nil
}

func (s *crdStore) advertise(ctx context.Context, a advertisement, pool *Object) error {
	found, err := s.claim(ctx, a, pool)
	if err != nil {
		return err
	}
	fresh := found == nil
	if fresh {
		found = bare(a.resource, a.kind, pool.Namespace, pool.Name)
		found.SetLabels(map[string]string{managedBy: kube.FieldManager})
	}
	if err := unstructured.SetNestedStringSlice(found.Object, []string{pool.Name}, "spec", "ipAddressPools"); err != nil {
		return err
	}
	if fresh {
		_, err = s.cluster.Create(ctx, a.resource, found)
	} else {
		_, err = s.cluster.Update(ctx, a.resource, found)
	}
	return err
}

func (s *crdStore) withdraw(ctx context.Context, a advertisement, pool *Object) error {
	err := persist(ctx, func(ctx context.Context) error {
		found, ours, err := s.companion(ctx, a, pool)
		if err != nil || !ours {
			return err
		}
		return s.cluster.Delete(ctx, a.resource, found)
	})
	if errors.Is(err, kube.ErrNotFound) {
		return nil
	}
	return err
}
