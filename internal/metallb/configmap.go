package metallb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// configMapStore keeps objects as elements of the YAML text in a ConfigMap, MetalLB 0.9 to 0.12. Nobody checks that
// text before MetalLB loads it, and MetalLB loads all of it or nothing: what would spoil it is refused here.
type configMapStore struct {
	cluster *kube.Cluster
	lists   *lists
	where   place
	name    string
	writing *sync.Mutex // spares the writers of this process each other's conflicts
}

const textKey = "config"

func (s *configMapStore) get(ctx context.Context, known *Object) (*Object, error) {
	if elsewhere(known.Kind) != "" {
		return nil, s.absent()
	}
	who, name, err := s.identify(known)
	if err != nil {
		return nil, err
	}
	u, err := s.cluster.Get(ctx, configMapResource, s.where.namespace, s.name)
	if err != nil {
		return nil, err
	}
	document, err := s.parse(u)
	if err != nil {
		return nil, err
	}
	spec, who, err := s.find(document, known, who)
	if err != nil {
		return nil, err
	}
	if err := s.impliedMultiHop(ctx, known, spec); err != nil {
		return nil, err
	}
	return &Object{
		Kind: known.Kind, Namespace: known.Namespace, Name: name, Spec: spec, Key: who.key(name), Backend: ConfigMap, Notices: s.notices(u, document),
	}, nil
}

// find reads an object, and with what identity it is there.
func (s *configMapStore) find(d *document, known *Object, who identity) (map[string]any, identity, error) {
	if known.Kind == Community {
		aliases, err := d.known(known)
		if err == nil && len(aliases) == 0 {
			err = s.absent()
		}
		return communitySpec(aliases), who, s.malformed(err)
	}
	found, err := d.find(known.Kind, who)
	if err == nil && found == nil {
		err = s.absent()
	}
	if err != nil {
		return nil, who, s.malformed(err)
	}
	spec, err := found.spec(known.Kind)
	if id, ok := found.identity(known.Kind); ok {
		who = id
	}
	if _, managed := known.Spec["managedPassword"]; managed && spec["password"] != nil {
		delete(spec, "password")
		spec["managedPassword"] = ManagedPasswordSet
	}
	return spec, who, s.malformed(err)
}

func (s *configMapStore) list(ctx context.Context, kind Kind, namespace string) ([]*Object, error) {
	if elsewhere(kind) != "" {
		return nil, nil
	}
	u, err := s.cluster.Get(ctx, configMapResource, namespace, s.name)
	if errors.Is(err, kube.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	document, err := s.parse(u)
	if err != nil {
		return nil, err
	}
	notices := s.notices(u, document)
	if kind == Community {
		aliases, err := document.aliases()
		if len(aliases) == 0 {
			return nil, s.malformed(err)
		}
		return []*Object{{
			Kind: kind, Namespace: namespace, Name: allAliases, Spec: communitySpec(aliases), Key: allAliases, Backend: ConfigMap, Notices: notices,
		}}, nil
	}
	elements, err := document.elements(kind)
	if err != nil {
		return nil, s.malformed(err)
	}
	var found []*Object
	for _, e := range elements {
		who, ok := e.identity(kind)
		if !ok {
			continue
		}
		spec, err := e.spec(kind)
		if err != nil {
			return nil, s.malformed(err)
		}
		name := who.standIn()
		found = append(found, &Object{
			Kind: kind, Namespace: namespace, Name: name, Spec: spec, Key: who.key(name), Backend: ConfigMap, Notices: notices,
		})
	}
	return found, nil
}

// problems are those of the whole text, which each element tells.
func (s *configMapStore) problems(ctx context.Context, namespace string) ([]string, error) {
	var found []string
	for _, kind := range Kinds {
		objects, err := s.list(ctx, kind, namespace)
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			found = append(found, object.Notices...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

func (s *configMapStore) create(ctx context.Context, want *Object) (*Object, error) {
	who, name, err := s.identify(want)
	if err != nil {
		return nil, err
	}
	want.Key, want.Backend = who.key(name), ConfigMap
	spec, running, err := s.writable(ctx, want)
	if err != nil {
		return nil, err
	}
	change := s.createElement(want, spec, who)
	if want.Kind == Community {
		change = s.createAliases(want)
	}
	want.Notices, err = s.edit(ctx, running, want.Kind, true, change)
	if err != nil && !lost(err) {
		return nil, err
	}
	return withoutPassword(want), err
}

func (s *configMapStore) createElement(want *Object, spec map[string]any, who identity) change {
	return func(d *document, unsure bool) error {
		found, err := d.find(want.Kind, who)
		if err != nil {
			return err
		}
		if unsure && found != nil {
			if had, err := found.spec(want.Kind); err == nil && reflect.DeepEqual(had, spec) {
				return nil // an earlier attempt made it, and its answer was lost
			}
		}
		if found != nil {
			return s.occupied(want, who)
		}
		fresh := element{node: &yaml.Node{Kind: yaml.MappingNode}}
		if want.Kind != BGPPeer {
			if err := (word{key: "name"}).set(fresh.node, want.Name); err != nil {
				return err
			}
		}
		if err := fresh.write(want.Kind, nil, spec); err != nil {
			return err
		}
		return d.add(want.Kind, fresh.node)
	}
}

func (s *configMapStore) update(ctx context.Context, prior, want *Object) (*Object, error) {
	was, _, err := s.identify(prior)
	if err != nil {
		return nil, err
	}
	who, name, err := s.identify(want)
	if err != nil {
		return nil, err
	}
	want.Key, want.Backend = who.key(name), ConfigMap
	spec, running, err := s.writable(ctx, want)
	if err != nil {
		return nil, err
	}
	if err := s.unused(ctx, prior, want); err != nil {
		return nil, err
	}
	change := s.updateElement(prior, want, spec, was, who)
	if want.Kind == Community {
		change = s.updateAliases(prior, want)
	}
	if want.Notices, err = s.edit(ctx, running, want.Kind, false, change); err != nil {
		return nil, err
	}
	return withoutPassword(want), nil
}

func (s *configMapStore) updateElement(prior, want *Object, spec map[string]any, was, who identity) change {
	return func(d *document, unsure bool) error {
		found, err := d.find(want.Kind, was)
		if err == nil && found == nil && unsure && who != was {
			was = who // an earlier attempt made it that, and its answer was lost
			found, err = d.find(want.Kind, was)
		}
		if err != nil {
			return err
		}
		if found == nil {
			return s.absent()
		}
		if who != was {
			if other, err := d.find(want.Kind, who); err != nil || other != nil {
				return cmp.Or(err, s.occupied(want, who))
			}
		}
		had := prior.Spec
		if _, managed := had["managedPassword"]; managed {
			had = maps.Clone(had)
			if want.Spec["managedPassword"] != ManagedPasswordSet {
				had["password"] = ManagedPasswordSet
			}
		}
		return found.write(want.Kind, had, spec)
	}
}

func (s *configMapStore) remove(ctx context.Context, known *Object) error {
	if elsewhere(known.Kind) != "" {
		return s.absent()
	}
	who, _, err := s.identify(known)
	if err != nil {
		return err
	}
	running, err := s.running(ctx)
	if err != nil {
		return err
	}
	if err := s.unused(ctx, known, nil); err != nil {
		return err
	}
	change := s.removeElement(known.Kind, who)
	if known.Kind == Community {
		change = s.removeAliases(known)
	}
	_, err = s.edit(ctx, running, known.Kind, false, change)
	return err
}

func (s *configMapStore) removeElement(kind Kind, who identity) change {
	return func(d *document, _ bool) error {
		found, err := d.find(kind, who)
		if err != nil {
			return err
		}
		if found == nil {
			return s.absent()
		}
		return d.remove(kind, found.node)
	}
}

// change edits a document; unsure tells that an earlier attempt may have done it.
type change func(d *document, unsure bool) error

// edit changes the text, as often as it takes to do so without undoing what somebody else writes meanwhile, and gives
// what the user should know of the ConfigMap. One that does not exist is made, or an error. One in which nothing is
// left stays: MetalLB takes a missing one for a mistake, and goes on with what it had.
func (s *configMapStore) edit(ctx context.Context, running release, kind Kind, mayMake bool, change change) (notices []string, err error) {
	unsure := false
	attempt := func(ctx context.Context) error {
		u, err := s.cluster.Get(ctx, configMapResource, s.where.namespace, s.name)
		fresh := mayMake && errors.Is(err, kube.ErrNotFound)
		switch {
		case fresh:
			u = bare(configMapResource, "ConfigMap", s.where.namespace, s.name)
		case err != nil:
			return err
		}
		if err := s.rewrite(u, running, kind, func(d *document) error { return change(d, unsure) }); err != nil {
			return err
		}
		notices = s.owners(u)
		if fresh {
			_, err = s.cluster.Create(ctx, configMapResource, u)
			if apierrors.IsAlreadyExists(err) {
				err = apierrors.NewConflict(configMapResource.GroupResource(), s.name, err)
			}
		} else {
			_, err = s.cluster.Update(ctx, configMapResource, u)
		}
		unsure = unsure || lost(err)
		return err
	}
	err = persist(ctx, func(ctx context.Context) (err error) {
		s.writing.Lock()
		defer s.writing.Unlock()
		// Whoever waits between two attempts never gets his turn among writers who do not.
		for range haste {
			if err = attempt(ctx); !apierrors.IsConflict(err) {
				break
			}
		}
		return err
	})
	if err != nil && unsure && !errors.Is(err, ErrExists) {
		err = &unsureError{err}
	}
	return notices, err
}

const haste = 10 // attempts in a row

// rewrite changes the text in a ConfigMap, unless MetalLB would then not load it.
func (s *configMapStore) rewrite(u *unstructured.Unstructured, running release, kind Kind, change func(*document) error) error {
	document, err := s.parse(u)
	if err != nil {
		return err
	}
	before, err := document.String()
	if err != nil {
		return s.malformed(err)
	}
	if err := change(document); err != nil {
		return s.malformed(err)
	}
	after, err := document.String()
	if err != nil {
		return s.malformed(err)
	}
	had, _, _ := unstructured.NestedString(u.Object, "data", textKey)
	text := patch(had, before, after)
	if err := s.loadable(running, kind, had, text); err != nil {
		return err
	}
	return unstructured.SetNestedField(u.Object, text, "data", textKey)
}

func (s *configMapStore) parse(u *unstructured.Unstructured) (*document, error) {
	text, _, err := unstructured.NestedString(u.Object, "data", textKey)
	if err != nil {
		return nil, err
	}
	d, err := parseDocument(text)
	if err != nil {
		return nil, s.malformed(err)
	}
	return d, nil
}

func (s *configMapStore) identify(o *Object) (identity, string, error) {
	who, name, err := identify(o)
	if err != nil {
		return who, name, s.where.refuse(ErrRefused, "peerAddress", err.Error(), nameless)
	}
	return who, name, nil
}

func (s *configMapStore) absent() error {
	return s.where.refuse(ErrNotFound, "", fmt.Sprintf("not in ConfigMap %s", s.name), "")
}

// malformed is about the text, unless the error is about something else; nil stays nil.
func (s *configMapStore) malformed(err error) error {
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	if err == nil {
		return nil
	}
	return s.where.refuse(ErrRefused, "", fmt.Sprintf("key %s of ConfigMap %s: %v", textKey, s.name, err),
		"It is not the configuration of MetalLB 0.9 to 0.12. Correct it by hand first.")
}
