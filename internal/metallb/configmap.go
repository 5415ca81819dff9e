package metallb

import (
	"context"
	"errors"
	"fmt"
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
	where   place
	name    string
	writing *sync.Mutex // spares the writers of this process each other's conflicts
}

const textKey = "config"

func (s *configMapStore) get(ctx context.Context, known *Object) (*Object, error) {
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
	found, err := document.find(known.Kind, who)
	if err != nil {
		return nil, s.malformed(err)
	}
	if found == nil {
		return nil, s.absent()
	}
	spec, err := found.spec(known.Kind)
	if err != nil {
		return nil, s.malformed(err)
	}
	if err := s.impliedMultiHop(ctx, known, spec); err != nil {
		return nil, err
	}
	return &Object{Kind: known.Kind, Namespace: known.Namespace, Name: name, Spec: spec, Key: who.key(name)}, nil
}

// list gives what this package writes: not the peers for some nodes only.
func (s *configMapStore) list(ctx context.Context, kind Kind, namespace string) ([]*Object, error) {
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
		found = append(found, &Object{Kind: kind, Namespace: namespace, Name: name, Spec: spec, Key: who.key(name)})
	}
	return found, nil
}

func (s *configMapStore) create(ctx context.Context, want *Object) (*Object, error) {
	who, name, err := s.identify(want)
	if err != nil {
		return nil, err
	}
	want.Key = who.key(name)
	spec, err := s.writable(ctx, want)
	if err != nil {
		return nil, err
	}
	err = s.edit(ctx, true, func(d *document, unsure bool) error {
		if found, _ := d.find(want.Kind, who); unsure && found != nil {
			if had, err := found.spec(want.Kind); err == nil && reflect.DeepEqual(had, spec) {
				return nil // an earlier attempt made it, and its answer was lost
			}
		}
		if err := s.vacant(d, want.Kind, who); err != nil {
			return err
		}
		fresh := element{node: &yaml.Node{Kind: yaml.MappingNode}}
		if want.Kind == AddressPool {
			if err := set(fresh.node, "name", want.Name); err != nil {
				return err
			}
		}
		if err := fresh.write(want.Kind, nil, spec); err != nil {
			return err
		}
		if err := d.add(listOf(want.Kind), fresh.node); err != nil {
			return s.malformed(err)
		}
		return s.disjoint(d, want)
	})
	if err != nil && !lost(err) {
		return nil, err
	}
	return want, err
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
	want.Key = who.key(name)
	spec, err := s.writable(ctx, want)
	if err != nil {
		return nil, err
	}
	err = s.edit(ctx, false, func(d *document, _ bool) error {
		found, err := d.find(want.Kind, was)
		if err != nil {
			return s.malformed(err)
		}
		if found == nil {
			return s.absent()
		}
		if who != was {
			if err := s.vacant(d, want.Kind, who); err != nil {
				return err
			}
		}
		if _, tuned := found.values["bgp-advertisements"]; tuned && want.text("protocol") == "layer2" {
			return s.where.refuse(ErrRefused, "protocol", "the pool has bgp-advertisements, which protocol layer2 does not allow",
				"Remove them from the ConfigMap first.")
		}
		if err := found.write(want.Kind, prior.Spec, spec); err != nil {
			return s.malformed(err)
		}
		return s.disjoint(d, want)
	})
	if err != nil {
		return nil, err
	}
	return want, nil
}

func (s *configMapStore) remove(ctx context.Context, known *Object) error {
	who, _, err := s.identify(known)
	if err != nil {
		return err
	}
	return s.edit(ctx, false, func(d *document, _ bool) error {
		found, err := d.find(known.Kind, who)
		if err != nil {
			return s.malformed(err)
		}
		if found == nil {
			return s.absent()
		}
		list, err := d.list(listOf(known.Kind))
		if err != nil {
			return s.malformed(err)
		}
		list.Content = slices.DeleteFunc(list.Content, func(node *yaml.Node) bool { return node == found.node })
		return nil
	})
}

// edit changes the text, as often as it takes to do so without undoing what somebody else writes meanwhile; unsure
// tells that an earlier attempt may have done it. A ConfigMap that does not exist is made, or an error. One in which
// nothing is left stays: MetalLB takes a missing one for a mistake, and goes on with what it had.
func (s *configMapStore) edit(ctx context.Context, mayMake bool, change func(d *document, unsure bool) error) error {
	unsure := false
	return persist(ctx, func(ctx context.Context) error {
		s.writing.Lock()
		defer s.writing.Unlock()
		u, err := s.cluster.Get(ctx, configMapResource, s.where.namespace, s.name)
		fresh := mayMake && errors.Is(err, kube.ErrNotFound)
		switch {
		case fresh:
			u = bare(configMapResource, "ConfigMap", s.where.namespace, s.name)
		case err != nil:
			return err
		}
		document, err := s.parse(u)
		if err != nil {
			return err
		}
		if err := change(document, unsure); err != nil {
			return err
		}
		text, err := document.String()
		if err == nil {
			// A key written twice, or an alias of what we removed: MetalLB would drop the whole configuration.
			err = yaml.Unmarshal([]byte(text), &map[string]any{})
		}
		if err != nil {
			return s.malformed(err)
		}
		if err := unstructured.SetNestedField(u.Object, text, "data", textKey); err != nil {
			return err
		}
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
	})
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

func (s *configMapStore) malformed(err error) error {
	return s.where.refuse(ErrRefused, "", fmt.Sprintf("key %s of ConfigMap %s: %v", textKey, s.name, err),
		"It is not the configuration of MetalLB 0.9 to 0.12. Correct it by hand first.")
}
