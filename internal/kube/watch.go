package kube

import (
	"context"
	"errors"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	watchtools "k8s.io/client-go/tools/watch"
)

// Selection chooses among the objects of a type. Its zero value chooses all of them.
type Selection struct {
	Namespace string // "" is every namespace
	Labels    string // as kubectl's --selector; "" is any
	Fields    string // as kubectl's --field-selector; "" is any
}

// Select reads the objects that are chosen. ErrNotFound if their type does not exist.
func (c *Cluster) Select(ctx context.Context, resource schema.GroupVersionResource, among Selection) ([]unstructured.Unstructured, error) {
	list, err := c.objects.Resource(resource).Namespace(among.Namespace).List(ctx,
		metav1.ListOptions{LabelSelector: among.Labels, FieldSelector: among.Fields})
	if err != nil {
		return nil, c.gone(resource, err)
	}
	return list.Items, nil
}

// Await watches one object until done is content with it, which is given the object as it is now and after each
// change; nil while it, or its type, does not exist. The error is that of done, that of ctx when it ends, or that of a
// cluster which does not answer at first, or refuses to. It needs the verbs list and watch, not get.
func (c *Cluster) Await(
	ctx context.Context, resource schema.GroupVersionResource, namespace, name string, done func(*unstructured.Unstructured) (bool, error),
) error {
	objects := c.objects.Resource(resource).Namespace(namespace)
	only := metav1.ListOptions{FieldSelector: fields.OneTermEqualSelector(metav1.ObjectNameField, name).String()}
	pause := wait.Backoff{Duration: 200 * time.Millisecond, Factor: 2, Jitter: 0.5, Steps: 1000, Cap: 5 * time.Second}
	answered := false
	for {
		list, err := objects.List(ctx, only)
		switch {
		case apierrors.IsNotFound(err):
			err = satisfied(nil, done)
		case err == nil:
			err = follow(ctx, objects, only, list, done)
		case !answered && ctx.Err() == nil:
			return err
		}
		switch {
		case errors.Is(err, errSatisfied):
			return nil
		case apierrors.IsForbidden(err), apierrors.IsUnauthorized(err):
			return err
		}
		if own, ok := errors.AsType[*doneError](err); ok {
			return own.error
		}
		answered = true
		// The watch has ended, as each does at times: at the time limit of one request, with a restart of the API server.
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause.Step()):
		}
	}
}

var errSatisfied = errors.New("satisfied")

// doneError is what the caller's own function said, as opposed to the cluster.
type doneError struct{ error }

func satisfied(object *unstructured.Unstructured, done func(*unstructured.Unstructured) (bool, error)) error {
	switch yes, err := done(object); {
	case err != nil:
		return &doneError{err}
	case yes:
		return errSatisfied
	}
	return nil
}

// follow looks at what a list has, and at each change since.
func follow(
	ctx context.Context, objects dynamic.ResourceInterface, only metav1.ListOptions, list *unstructured.UnstructuredList,
	done func(*unstructured.Unstructured) (bool, error),
) error {
	var now *unstructured.Unstructured
	if len(list.Items) > 0 {
		now = &list.Items[0]
	}
	if err := satisfied(now, done); err != nil {
		return err
	}
	only.ResourceVersion = list.GetResourceVersion()
	changes, err := objects.Watch(ctx, only)
	if err != nil {
		return err
	}
	_, err = watchtools.UntilWithoutRetry(ctx, changes, func(event watch.Event) (bool, error) {
		object, _ := event.Object.(*unstructured.Unstructured)
		switch event.Type {
		case watch.Added, watch.Modified:
			return false, satisfied(object, done)
		case watch.Deleted:
			return false, satisfied(nil, done)
		case watch.Error:
			return false, apierrors.FromObject(event.Object)
		}
		return false, nil
	})
	return err
}
