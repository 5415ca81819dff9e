package metallb

import (
	"context"
	"maps"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// maxAge is how long a list serves: a refresh of some thousand objects, while plans see what others did meanwhile.
const maxAge = 30 * time.Second

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
	items map[string]*unstructured.Unstructured // never changed, only replaced
	err   error
	left  bool // by who asked, before there was an answer
}

func newLists(cluster *kube.Cluster) *lists {
	return &lists{cluster: cluster, known: map[listKey]*wholeList{}}
}

// get gives the objects of a namespace by name; not to be changed. kube.ErrNotFound if their type does not exist.
func (l *lists) get(ctx context.Context, resource schema.GroupVersionResource, namespace string) (map[string]*unstructured.Unstructured, error) {
	key := listKey{resource, namespace}
	for {
		l.mutex.Lock()
		found, known := l.known[key]
		if !known || time.Since(found.begun) > maxAge {
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

func (l *lists) answer(found *wholeList) (map[string]*unstructured.Unstructured, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return found.items, found.err
}

func (l *lists) read(ctx context.Context, key listKey, fresh *wholeList) {
	items, err := l.cluster.Select(ctx, key.resource, kube.Selection{Namespace: key.namespace})
	l.mutex.Lock()
	defer l.mutex.Unlock()
	failed := err != nil && !apierrors.IsForbidden(err) // a lack of rights lasts
	fresh.err, fresh.left = err, failed && ctx.Err() != nil
	fresh.items = make(map[string]*unstructured.Unstructured, len(items))
	for i := range items {
		fresh.items[items[i].GetName()] = &items[i]
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
	default: // begun before the write, it may not have it
		delete(l.known, key)
		return
	}
	found.items = maps.Clone(found.items)
	if stored == nil {
		delete(found.items, name)
	} else {
		found.items[name] = stored
	}
}

// drop has the next who asks read anew.
func (l *lists) drop(resource schema.GroupVersionResource, namespace string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	delete(l.known, listKey{resource, namespace})
}
