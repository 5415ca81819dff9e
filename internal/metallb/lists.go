package metallb

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// maxAge is how long a list serves: a refresh of some thousand objects, while plans see what others did meanwhile.
const maxAge = 30 * time.Second

// shortAge is how long one serves where a write depends on what others do: they could as well do it a second later.
const shortAge = time.Second

// lists are the cluster's objects as whole lists, one request for all who ask within a while. What is written from
// here they learn.
type lists struct {
	cluster *kube.Cluster
	mutex   sync.Mutex
	known   map[listKey]*wholeList
}

type listKey struct {
	resource  schema.GroupVersionResource
	namespace string
}

// wholeList is complete when done is closed.
type wholeList struct {
	done  chan struct{}
	begun time.Time
	items map[string]item // never changed, only replaced
	err   error
	left  bool // by who asked, before there was an answer
}

// item is an object as it was read, not to be changed.
type item struct {
	*unstructured.Unstructured
	beside *Object // frozen, for others to be judged beside it; nil of what is none of MetalLB's configuration
}

func itemOf(u *unstructured.Unstructured) item {
	kind := Kind(u.GetKind())
	if !slices.Contains(Kinds, kind) {
		return item{u, nil}
	}
	content, _, _ := unstructured.NestedFieldNoCopy(u.Object, "spec")
	spec, _ := content.(map[string]any)
	object := &Object{Kind: kind, Namespace: u.GetNamespace(), Name: u.GetName(), Labels: u.GetLabels(), Spec: spec}
	object.Freeze()
	return item{u, object}
}

func newLists(cluster *kube.Cluster) *lists {
	return &lists{cluster: cluster, known: map[listKey]*wholeList{}}
}

// get gives the objects of a namespace by name; kube.ErrNotFound if their type does not exist.
func (l *lists) get(ctx context.Context, resource schema.GroupVersionResource, namespace string) (map[string]item, error) {
	return l.since(ctx, resource, namespace, time.Now().Add(-maxAge))
}

// since is get of a list that was asked for at a time or later. Of every namespace, "", the names are namespace/name.
func (l *lists) since(ctx context.Context, resource schema.GroupVersionResource, namespace string, earliest time.Time) (map[string]item, error) {
	key := listKey{resource, namespace}
	for {
		l.mutex.Lock()
		found, known := l.known[key]
		if !known || found.begun.Before(earliest) || found.vanished() {
			found = &wholeList{done: make(chan struct{}), begun: time.Now()}
			l.known[key] = found
			l.mutex.Unlock()
			l.read(ctx, key, found)
			return l.answer(found)
		}
		l.mutex.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-found.done:
		}
		if found.left {
			continue // which is nothing to us; a cluster that does not answer in time is
		}
		return l.answer(found)
	}
}

// vanished tells of a type that was not there when it was asked for, a while ago: a CRD may just have been replaced. The
// caller holds the lock.
func (w *wholeList) vanished() bool {
	return errors.Is(w.err, kube.ErrNotFound) && time.Since(w.begun) > shortAge
}

// listed gives what get would, if that need not ask the cluster, nor wait for who does.
func (l *lists) listed(resource schema.GroupVersionResource, namespace string) (items map[string]item, listed bool) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	found, known := l.known[listKey{resource, namespace}]
	if !known || time.Since(found.begun) > maxAge {
		return nil, false
	}
	select {
	case <-found.done:
		return found.items, found.err == nil
	default:
		return nil, false
	}
}

func (l *lists) answer(found *wholeList) (map[string]item, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return found.items, found.err
}

func (l *lists) read(ctx context.Context, key listKey, fresh *wholeList) {
	items, err := l.cluster.Select(ctx, key.resource, kube.Selection{Namespace: key.namespace})
	l.mutex.Lock()
	defer l.mutex.Unlock()
	lasts := apierrors.IsForbidden(err) || errors.Is(err, kube.ErrNotFound) // a lack of rights, or a release that is too old
	failed := err != nil && !lasts
	fresh.err, fresh.left = err, failed && ctx.Err() != nil
	fresh.items = make(map[string]item, len(items))
	for i := range items {
		name := items[i].GetName()
		if key.namespace == "" {
			name = items[i].GetNamespace() + "/" + name
		}
		fresh.items[name] = itemOf(&items[i])
	}
	if failed && l.known[key] == fresh {
		delete(l.known, key)
	}
	close(fresh.done)
}

// wrote takes note of an object as stored, or, if that is nil, that it is gone.
func (l *lists) wrote(resource schema.GroupVersionResource, namespace, name string, stored *unstructured.Unstructured) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	key := listKey{resource, namespace}
	found, known := l.known[key]
	if !known {
		return
	}
	select {
	case <-found.done:
		if found.err != nil { // which is no longer so
			delete(l.known, key)
			return
		}
	default: // begun before the write, it may not have it
		delete(l.known, key)
		return
	}
	found.items = maps.Clone(found.items)
	if stored == nil {
		delete(found.items, name)
	} else {
		found.items[name] = itemOf(stored)
	}
}

// drop has the next who asks read anew.
func (l *lists) drop(resource schema.GroupVersionResource, namespace string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delete(l.known, listKey{resource, namespace})
}
