package metallb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// crdStore keeps objects as custom resources, MetalLB from 0.13, written by server-side apply: it owns what the user
// configured, and nothing else. Unstructured, since MetalLB's Go types drop false and 0.
type crdStore struct {
	*MetalLB
	where  place
	newest *unstructured.Unstructured // what this operation wrote last
}

// unborn is a resource version that no object has: what is applied under it is made, and never changes what is there.
const unborn = "1"

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
	it, there := items[name]
	if !there {
		return nil, s.where.refuse(ErrNotFound, "", "not found", "")
	}
	found, err := s.read(ctx, known, it.Unstructured)
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
		object, readErr := s.read(ctx, &Object{Kind: kind}, items[name].Unstructured)
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
		return object, s.readPassword(ctx, known, object)
	}
	return object, nil
}

// create writes an object that must not be there yet. A list that was read already tells that of many; none is read for
// it, since a CRD that is new may have no list for a second. Without one the object is asked for. One that came since the
// list is found by the write; but a peer's password is written before the peer, and must not be another peer's.
func (s *crdStore) create(ctx context.Context, want *Object) (*Object, error) {
	err := persist(ctx, func(ctx context.Context) error {
		items, listed := s.lists.listed(resourceOf(want.Kind), want.Namespace)
		_, there := items[want.Name]
		if _, secret := want.Spec["managedPassword"]; listed && !there && !secret {
			return nil
		}
		found, err := s.cluster.Get(ctx, resourceOf(want.Kind), want.Namespace, want.Name)
		if err == nil {
			err = s.exists(found)
		} else if errors.Is(err, kube.ErrNotFound) {
			err = nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.write(ctx, &Object{}, want, nil)
}

func (s *crdStore) exists(found *unstructured.Unstructured) error {
	return s.where.refuse(ErrExists, "", "there is one already, last written by "+lastWriter(found), "")
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
	want.Key, want.Backend = want.Name, CRD
	notices, err := s.judge(ctx, prior, want)
	if err != nil {
		return nil, err
	}
	spec, err := s.writePassword(ctx, want)
	if err != nil {
		return nil, err
	}
	if found != nil && len(spec) == 0 {
		if err := s.vacate(ctx, prior, found); err != nil {
			return nil, err
		}
	}
	u := bare(resourceOf(want.Kind), string(want.Kind), want.Namespace, want.Name)
	if len(want.Labels) > 0 { // an empty map would be ours
		u.SetLabels(want.Labels)
	}
	u.Object["spec"] = spec
	if found != nil {
		u.SetUID(found.GetUID()) // that object, not a new one after it is gone
	} else {
		u.SetResourceVersion(unborn)
	}
	stored, err := s.apply(ctx, resourceOf(want.Kind), u)
	switch {
	case errors.Is(err, kube.ErrNotFound) && !missesNamespace(err):
		return nil, s.noMetalLB(want.Kind)
	case err != nil && found == nil && lost(err):
		return withoutPassword(want), err // it may have been made
	case err != nil:
		return nil, err
	}
	stored, kept, err := s.unset(ctx, prior, want, stored)
	notices = append(notices, kept...)
	if err == nil {
		err = s.announce(ctx, want)
	}
	if err == nil {
		err = s.dropPassword(ctx, prior, want)
	}
	made, readErr := s.read(ctx, want, stored)
	if made == nil {
		made = withoutPassword(want) // stored, though unreadable
	}
	if err = errors.Join(err, readErr); err == nil {
		notices = append(notices, s.settle(ctx, stored)...)
	}
	made.Notices = notices
	return made, err
}

// vacate takes all configured fields from an object that is to have none: an apply that takes the last one makes the spec
// null, which the CRDs do not allow.
func (s *crdStore) vacate(ctx context.Context, prior *Object, found *unstructured.Unstructured) error {
	nothing := map[string]any{}
	for field := range ownSpec(prior.Spec) {
		if declarer(found, field) == "" {
			nothing[field] = nil
		}
	}
	return persist(ctx, func(ctx context.Context) error {
		_, err := s.cluster.Merge(ctx, resourceOf(prior.Kind), prior.Namespace, prior.Name, map[string]any{"spec": nothing})
		return err
	})
}

// apply writes an object by server-side apply. Whoever once edited a field loses it, since the user saw in the plan what
// becomes of it; whoever declares it, and would write it back, does not.
func (s *crdStore) apply(ctx context.Context, resource schema.GroupVersionResource, u *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	var stored *unstructured.Unstructured
	told, unsure := false, false
	err := persist(ctx, func(ctx context.Context) (err error) {
		stored, err = s.cluster.Apply(ctx, resource, u, s.config.ForceConflicts)
		rivals := kube.Rivals(err)
		if len(rivals) > 0 && !slices.ContainsFunc(rivals, func(r kube.Rival) bool { return r.Declares }) {
			stored, err = s.cluster.Apply(ctx, resource, u, true)
		}
		if err != nil && webhookDown(err) && !told {
			s.config.Waiting(ctx, "MetalLB's webhook: "+err.Error())
			told = true
		}
		unsure = unsure || lost(err)
		if isAnother(err) {
			err = s.another(ctx, resource, u, unsure, err)
		}
		return err
	})
	if unsure {
		s.lists.drop(resource, u.GetNamespace())
		if err != nil && !errors.Is(err, ErrExists) {
			err = &unsureError{err}
		}
	}
	if err == nil {
		s.wrote(resource, stored)
	}
	return stored, err
}

func (s *crdStore) wrote(resource schema.GroupVersionResource, stored *unstructured.Unstructured) {
	s.lists.wrote(resource, stored.GetNamespace(), stored.GetName(), stored)
	s.newest = stored
}

// isAnother tells that an apply did not find what it was for: that very object, or none.
func isAnother(err error) bool {
	return apierrors.IsConflict(err) && len(kube.Rivals(err)) == 0 ||
		apierrors.IsInvalid(err) && strings.Contains(err.Error(), "metadata.uid")
}

// another tells what an apply found instead. What an earlier attempt may have made, whose answer was lost, is found again.
func (s *crdStore) another(ctx context.Context, resource schema.GroupVersionResource, u *unstructured.Unstructured, unsure bool, why error) error {
	found, err := s.cluster.Get(ctx, resource, u.GetNamespace(), u.GetName())
	switch {
	case errors.Is(err, kube.ErrNotFound) && u.GetUID() != "":
		return s.where.refuse(ErrNotFound, "", "it is gone", "")
	case errors.Is(err, kube.ErrNotFound):
		return why // and now it may be made
	case err != nil:
		return err
	case u.GetUID() != "" && u.GetUID() != found.GetUID():
		return s.where.refuse(ErrNotFound, "", "it was removed, and made anew by "+lastWriter(found), "")
	case u.GetResourceVersion() != unborn:
		return why
	case !unsure || !onlyOurs(found):
		return s.exists(found)
	}
	u.SetResourceVersion("")
	u.SetUID(found.GetUID())
	return &notYet{why}
}

// unset takes from an object what was configured before, is not any more, and is there still, because somebody else says
// it too. Somebody who declares it, and would write it back, keeps it: that is what the notices tell.
func (s *crdStore) unset(ctx context.Context, prior, want *Object, stored *unstructured.Unstructured) (_ *unstructured.Unstructured, notices []string, err error) {
	left := map[string]any{}
	for _, field := range slices.Sorted(maps.Keys(ownSpec(prior.Spec))) {
		value, there, _ := unstructured.NestedFieldNoCopy(stored.Object, "spec", field)
		standard, _ := want.Kind.Default(field)
		if _, wanted := want.Spec[field]; wanted || !there || reflect.DeepEqual(value, standard) {
			continue
		}
		if owner := declarer(stored, field); owner != "" && !s.config.ForceConflicts {
			// Not its value, which may be a password.
			notices = append(notices, fmt.Sprintf("%s stays as it is, since %s declares it.", field, owner))
			continue
		}
		left[field] = nil
	}
	if want.Spec["managedPassword"] != nil {
		delete(left, "passwordSecret") // of a password that we keep
	}
	if len(left) == 0 {
		return stored, notices, nil
	}
	err = persist(ctx, func(ctx context.Context) (err error) {
		stored, err = s.cluster.Merge(ctx, resourceOf(want.Kind), want.Namespace, want.Name, map[string]any{"spec": left})
		return err
	})
	if err == nil {
		s.wrote(resourceOf(want.Kind), stored)
	}
	return stored, notices, err
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

// ownSpec is a spec without what no custom resource has, and without a serviceAllocation that says nothing: MetalLB before
// 0.15.0 would take it for a pool that is for no Service.
func ownSpec(spec map[string]any) map[string]any {
	own := runtime.DeepCopyJSON(spec)
	for _, field := range []string{"protocol", "bgpAdvertisements", "managedPassword"} {
		delete(own, field)
	}
	if allocation, is := own["serviceAllocation"].(map[string]any); is && len(allocation) == 0 {
		delete(own, "serviceAllocation")
	}
	return own
}
