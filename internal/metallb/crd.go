package metallb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// crdStore keeps objects as custom resources, MetalLB from 0.13, written by server-side apply: it owns what the user
// configured, and nothing else. Unstructured, since MetalLB's Go types drop false and 0.
type crdStore struct {
	*MetalLB
	where place
}

// bare is an object without content.
func bare(resource schema.GroupVersionResource, kind, namespace, name string) *unstructured.Unstructured {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(resource.GroupVersion().WithKind(kind))
	u.SetNamespace(namespace)
	u.SetName(name)
	return u
}

func (s *crdStore) get(ctx context.Context, known *Object) (*Object, error) {
	items, err := s.lists.get(ctx, resourceOf(known.Kind), known.Namespace)
	if err != nil {
		return nil, err
	}
	// An import by the ConfigMap's name@address works here too.
	name, _, _ := strings.Cut(known.Name, "@")
	u, there := items[name]
	if !there {
		return nil, s.where.refuse(ErrNotFound, "", "not found", "")
	}
	found, err := s.read(ctx, known, u)
	if err == nil {
		found.Notices, err = s.remarks(ctx, found)
	}
	return found, err
}

func (s *crdStore) list(ctx context.Context, kind Kind, namespace string) ([]*Object, error) {
	items, err := s.lists.get(ctx, resourceOf(kind), namespace)
	if errors.Is(err, kube.ErrNotFound) {
		return nil, s.noMetalLB(kind)
	}
	found := make([]*Object, 0, len(items))
	for _, name := range slices.Sorted(maps.Keys(items)) {
		object, readErr := s.read(ctx, &Object{Kind: kind}, items[name])
		if readErr != nil {
			return nil, readErr
		}
		found = append(found, object)
	}
	return found, err
}

// read gives an object as it is stored, with the fields that no custom resource has.
func (s *crdStore) read(ctx context.Context, known *Object, u *unstructured.Unstructured) (*Object, error) {
	spec, _, err := unstructured.NestedMap(u.Object, "spec")
	if err != nil {
		return nil, err
	}
	if spec == nil {
		spec = map[string]any{}
	}
	object := &Object{
		Kind: known.Kind, Namespace: u.GetNamespace(), Name: u.GetName(), Labels: u.GetLabels(), Spec: spec, Key: u.GetName(), Backend: CRD,
	}
	switch known.Kind {
	case AddressPool:
		return object, s.readProtocol(ctx, known, object)
	case BGPPeer:
		return object, s.readPassword(ctx, object)
	}
	return object, nil
}

// create writes an object that must not be there yet.
func (s *crdStore) create(ctx context.Context, want *Object) (*Object, error) {
	found, err := s.cluster.Get(ctx, resourceOf(want.Kind), want.Namespace, want.Name)
	if err == nil {
		return nil, s.where.refuse(ErrExists, "", fmt.Sprintf("there is one already, last written by %s", lastWriter(found)), "")
	}
	if !errors.Is(err, kube.ErrNotFound) && !lost(err) {
		return nil, err
	}
	return s.write(ctx, &Object{}, want, nil)
}

func (s *crdStore) update(ctx context.Context, prior, want *Object) (*Object, error) {
	var found *unstructured.Unstructured
	err := persist(ctx, func(ctx context.Context) (err error) {
		found, err = s.cluster.Get(ctx, resourceOf(want.Kind), want.Namespace, want.Name)
		if err == nil {
			found, err = s.takeOver(ctx, prior, want, found)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.write(ctx, prior, want, found)
}

// write makes an object, and what belongs to it, what want says; found is what is there now, nil for a new one.
func (s *crdStore) write(ctx context.Context, prior, want *Object, found *unstructured.Unstructured) (*Object, error) {
	notices, err := s.judge(ctx, prior, want)
	if err != nil {
		return nil, err
	}
	spec, err := s.writePassword(ctx, want)
	if err != nil {
		return nil, err
	}
	if found != nil && len(spec) == 0 { // server-side apply makes null of a map that it takes the last field from
		if _, err := s.unset(ctx, prior, want, found); err != nil {
			return nil, err
		}
	}
	u := bare(resourceOf(want.Kind), string(want.Kind), want.Namespace, want.Name)
	u.SetLabels(want.Labels)
	u.Object["spec"] = spec
	if found != nil {
		u.SetUID(found.GetUID()) // that object, not a new one after it is gone
	}
	stored, err := s.apply(ctx, resourceOf(want.Kind), u)
	switch {
	case errors.Is(err, kube.ErrNotFound) && !missesNamespace(err):
		return nil, s.noMetalLB(want.Kind)
	case err != nil && found == nil && lost(err):
		return want, err // it may have been made
	case err != nil:
		return nil, err
	}
	stored, err = s.unset(ctx, prior, want, stored)
	if err == nil {
		err = s.announce(ctx, want)
	}
	if err == nil {
		err = s.dropPassword(ctx, prior, want)
	}
	made, readErr := s.read(ctx, want, stored)
	if made == nil {
		made = want // stored, though unreadable
	}
	if err = errors.Join(err, readErr); err == nil {
		notices = append(notices, s.settle(ctx, stored)...)
	}
	made.Notices = notices
	return made, err
}

// apply writes an object by server-side apply. Whoever once edited a field loses it, since the user saw in the plan what
// becomes of it; whoever declares it, and would write it back, does not.
func (s *crdStore) apply(ctx context.Context, resource schema.GroupVersionResource, u *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	var stored *unstructured.Unstructured
	err := persist(ctx, func(ctx context.Context) (err error) {
		stored, err = s.cluster.Apply(ctx, resource, u, s.config.ForceConflicts)
		rivals := kube.Rivals(err)
		if len(rivals) > 0 && !slices.ContainsFunc(rivals, func(r kube.Rival) bool { return r.Declares }) {
			stored, err = s.cluster.Apply(ctx, resource, u, true)
		}
		if err != nil && webhookDown(err) {
			s.config.Waiting(ctx, "MetalLB's webhook: "+err.Error())
		}
		return err
	})
	if err != nil && lost(err) {
		s.lists.drop(resource, u.GetNamespace())
	}
	if err == nil {
		s.lists.wrote(resource, u.GetNamespace(), u.GetName(), stored)
	}
	return stored, err
}

// unset takes from an object what was configured before, is not any more, and is there still, because somebody else says
// it too.
func (s *crdStore) unset(ctx context.Context, prior, want *Object, stored *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	left := map[string]any{}
	for field := range prior.Spec {
		value, there, _ := unstructured.NestedFieldNoCopy(stored.Object, "spec", field)
		standard, _ := want.Kind.Default(field)
		if _, wanted := want.Spec[field]; !wanted && there && (len(want.Spec) == 0 || !reflect.DeepEqual(value, standard)) {
			left[field] = nil
		}
	}
	delete(left, "passwordSecret") // of a password that we keep
	if len(left) == 0 {
		return stored, nil
	}
	err := persist(ctx, func(ctx context.Context) (err error) {
		stored, err = s.cluster.Merge(ctx, resourceOf(want.Kind), want.Namespace, want.Name, map[string]any{"spec": left})
		return err
	})
	if err == nil {
		s.lists.wrote(resourceOf(want.Kind), want.Namespace, want.Name, stored)
	}
	return stored, err
}

func (s *crdStore) noMetalLB(kind Kind) error {
	return s.where.refuse(ErrNoMetalLB, "", fmt.Sprintf("the cluster serves no %s of metallb.io", resourceOf(kind).Resource),
		"Install MetalLB 0.13 or newer: its CRDs are what was waited for.")
}

func (s *crdStore) remove(ctx context.Context, known *Object) error {
	err := persist(ctx, func(ctx context.Context) error {
		if err := s.unused(ctx, known, nil); err != nil {
			return err
		}
		return s.erase(ctx, resourceOf(known.Kind), bare(resourceOf(known.Kind), string(known.Kind), known.Namespace, known.Name))
	})
	if err != nil {
		return err
	}
	if known.Kind == AddressPool {
		return s.announce(ctx, &Object{Kind: AddressPool, Namespace: known.Namespace, Name: known.Name})
	}
	return s.dropPassword(ctx, known, &Object{Kind: known.Kind, Namespace: known.Namespace, Name: known.Name})
}

// erase deletes an object; one that is gone is no error.
func (s *crdStore) erase(ctx context.Context, resource schema.GroupVersionResource, u *unstructured.Unstructured) error {
	err := s.cluster.Delete(ctx, resource, u)
	if errors.Is(err, kube.ErrNotFound) {
		err = nil
	}
	if err == nil {
		s.lists.wrote(resource, u.GetNamespace(), u.GetName(), nil)
	}
	return err
}

// ownSpec is a spec without what no custom resource has.
func ownSpec(spec map[string]any) map[string]any {
	own := runtime.DeepCopyJSON(spec)
	for _, field := range []string{"protocol", "bgpAdvertisements", "managedPassword"} {
		delete(own, field)
	}
	return own
}
