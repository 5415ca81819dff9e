package metallb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// crdStore keeps objects as custom resources, MetalLB from 0.13. They are created by POST, which tells an object that
// is there already, and changed by read, change of our fields, and PUT: unlike server-side apply, that also removes
// fields which another tool wrote before an import. Unstructured, since MetalLB's Go types drop false and 0.
type crdStore struct {
	cluster *kube.Cluster
	where   place
}

// bare is a custom resource without a spec.
func bare(resource schema.GroupVersionResource, kind, namespace, name string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(resource.GroupVersion().WithKind(kind))
	u.SetNamespace(namespace)
	u.SetName(name)
	return u
}

func (s *crdStore) get(ctx context.Context, known *Object) (*Object, error) {
	// An import by the ConfigMap's name@address works here too.
	name, _, _ := strings.Cut(known.Name, "@")
	u, err := s.cluster.Get(ctx, resourceOf(known.Kind), known.Namespace, name)
	if err != nil {
		return nil, err
	}
	return s.read(ctx, known.Kind, u)
}

func (s *crdStore) list(ctx context.Context, kind Kind, namespace string) ([]*Object, error) {
	items, err := s.cluster.List(ctx, resourceOf(kind), namespace)
	if errors.Is(err, kube.ErrNotFound) {
		return nil, s.noMetalLB(kind)
	}
	found := make([]*Object, 0, len(items))
	for i := range items {
		object, readErr := s.read(ctx, kind, &items[i])
		if readErr != nil {
			return nil, readErr
		}
		found = append(found, object)
	}
	return found, err
}

// read gives an object as it is stored, an address pool with its protocol.
func (s *crdStore) read(ctx context.Context, kind Kind, u *unstructured.Unstructured) (*Object, error) {
	spec, _, err := unstructured.NestedMap(u.Object, "spec")
	if err != nil {
		return nil, err
	}
	if spec == nil {
		spec = map[string]any{}
	}
	object := &Object{Kind: kind, Namespace: u.GetNamespace(), Name: u.GetName(), Spec: spec, Key: u.GetName()}
	if kind != AddressPool {
		return object, nil
	}
	protocol, err := s.protocol(ctx, object)
	if protocol != "" {
		spec["protocol"] = protocol
	}
	return object, err
}

func (s *crdStore) create(ctx context.Context, want *Object) (*Object, error) {
	if want.Kind == AddressPool {
		if err := s.announceable(ctx, want); err != nil {
			return nil, err
		}
	}
	want.Key = want.Name
	u := bare(resourceOf(want.Kind), string(want.Kind), want.Namespace, want.Name)
	spec := maps.Clone(want.Spec)
	delete(spec, "protocol")
	u.Object["spec"] = spec
	var stored *unstructured.Unstructured
	unsure := false // whether an earlier attempt may have made it
	err := persist(ctx, func(ctx context.Context) (err error) {
		stored, err = s.cluster.Create(ctx, resourceOf(want.Kind), u)
		if unsure && apierrors.IsAlreadyExists(err) {
			if found, readErr := s.cluster.Get(ctx, resourceOf(want.Kind), want.Namespace, want.Name); readErr == nil && written(found, spec) {
				stored, err = found, nil
			}
		}
		unsure = unsure || lost(err)
		return err
	})
	if errors.Is(err, kube.ErrNotFound) && !missesNamespace(err) {
		return nil, s.noMetalLB(want.Kind)
	}
	switch {
	case err != nil && unsure:
		return want, err
	case err != nil:
		return nil, err
	}
	if want.Kind == AddressPool {
		err = s.announce(ctx, want)
	}
	made, readErr := s.read(ctx, want.Kind, stored)
	if made == nil {
		made = want // stored, though unreadable
	}
	return made, errors.Join(err, readErr)
}

func (s *crdStore) noMetalLB(kind Kind) error {
	return s.where.refuse(ErrNoMetalLB, "", fmt.Sprintf("the cluster serves no %s of metallb.io", resourceOf(kind).Resource),
		"Install MetalLB 0.13 or newer before its configuration.")
}

// written tells an object that nobody but us wrote (MetalLB writes its status), and that has our fields.
func written(found *unstructured.Unstructured, spec map[string]any) bool {
	for _, entry := range found.GetManagedFields() {
		if entry.Manager != kube.FieldManager && entry.Subresource == "" {
			return false
		}
	}
	for field, value := range spec {
		had, _, _ := unstructured.NestedFieldNoCopy(found.Object, "spec", field)
		if !reflect.DeepEqual(had, value) {
			return false
		}
	}
	return true
}

func (s *crdStore) update(ctx context.Context, prior, want *Object) (*Object, error) {
	announced := want.Kind == AddressPool && (prior.text("protocol") != "" || want.text("protocol") != "")
	if announced {
		if err := s.announceable(ctx, want); err != nil {
			return nil, err
		}
	}
	var stored *unstructured.Unstructured
	err := persist(ctx, func(ctx context.Context) error {
		u, err := s.cluster.Get(ctx, resourceOf(want.Kind), want.Namespace, want.Name)
		if err != nil {
			return err
		}
		spec, _, err := unstructured.NestedMap(u.Object, "spec")
		if err != nil {
			return err
		}
		if spec == nil {
			spec = map[string]any{}
		}
		// What was ours and is wanted no more goes; the API server fills its default in.
		for field := range prior.Spec {
			delete(spec, field)
		}
		maps.Copy(spec, want.Spec)
		delete(spec, "protocol")
		u.Object["spec"] = spec
		stored, err = s.cluster.Update(ctx, resourceOf(want.Kind), u)
		return err
	})
	if err == nil && announced {
		err = s.announce(ctx, want)
	}
	if err != nil {
		return nil, err
	}
	return s.read(ctx, want.Kind, stored)
}

func (s *crdStore) remove(ctx context.Context, known *Object) error {
	if known.Kind == AddressPool {
		for _, a := range advertisements {
			if err := s.withdraw(ctx, a, known); err != nil {
				return err
			}
		}
	}
	return persist(ctx, func(ctx context.Context) error {
		return s.cluster.Delete(ctx, resourceOf(known.Kind), bare(resourceOf(known.Kind), string(known.Kind), known.Namespace, known.Name))
	})
}
