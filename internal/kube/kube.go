// Package kube is a Kubernetes cluster as this provider needs it: objects of any type, read and written by name, with
// errors that tell "gone" from everything else. It knows nothing of MetalLB, and nothing of Terraform.
package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sync/singleflight"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
)

// FieldManager is the name under which the cluster remembers what was written from here.
const FieldManager = "terraform-provider-routeros"

// ErrNotFound says that an object, or the whole type of it, is not there. The API server's own error is wrapped
// beside it.
var ErrNotFound = errors.New("not found")

// Cluster is one cluster. It is safe for concurrent use.
type Cluster struct {
	name      string
	objects   dynamic.Interface
	resources discovery.ServerResourcesInterfaceWithContext
	served    sync.Map // GroupVersionResource -> true
	asking    singleflight.Group
}

// NewFor makes a Cluster of clients that exist already, such as client-go's fakes. The name is for messages.
func NewFor(name string, objects dynamic.Interface, resources discovery.ServerResourcesInterface) *Cluster {
	return &Cluster{name: name, objects: objects, resources: discovery.ToServerResourcesInterfaceWithContext(resources)}
}

// Name is what people call the cluster: the context of the kubeconfig, or the host.
func (c *Cluster) Name() string { return c.name }

// Serves tells whether the cluster has a resource type. A yes is remembered, until somebody meets a type of its group
// missing; a no is asked again, since a CRD may be installed while the provider runs. Those who ask together ask once.
func (c *Cluster) Serves(ctx context.Context, resource schema.GroupVersionResource) (bool, error) {
	if _, yes := c.served.Load(resource); yes {
		return true, nil
	}
	// The answer belongs to all who wait for it: none of them giving up may end it for the others.
	asked := c.asking.DoChan(resource.GroupVersion().String(), func() (any, error) {
		return nil, c.discover(context.WithoutCancel(ctx), resource.GroupVersion())
	})
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case answer := <-asked:
		_, yes := c.served.Load(resource)
		return yes, answer.Err
	}
}

// discover remembers which resource types of a group the cluster has.
func (c *Cluster) discover(ctx context.Context, group schema.GroupVersion) error {
	list, err := c.resources.ServerResourcesForGroupVersionWithContext(ctx, group.String())
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, served := range list.APIResources {
		c.served.Store(group.WithResource(served.Name), true)
	}
	return nil
}

// Get reads an object. ErrNotFound if it, its namespace or its type does not exist.
func (c *Cluster) Get(ctx context.Context, resource schema.GroupVersionResource, namespace, name string) (*unstructured.Unstructured, error) {
	object, err := c.objects.Resource(resource).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	return object, c.gone(resource, err)
}

// Create writes a new object and gives it as stored. A field that the cluster does not know is an error, never
// dropped. An object that exists already is an error by apierrors.IsAlreadyExists; ErrNotFound is about its namespace
// or its type.
func (c *Cluster) Create(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	stored, err := c.objects.Resource(resource).Namespace(object.GetNamespace()).Create(ctx, object,
		metav1.CreateOptions{FieldManager: FieldManager, FieldValidation: metav1.FieldValidationStrict})
	return stored, c.gone(resource, err)
}

// Update replaces an object that was read before and gives it as stored. If it was written by somebody else since,
// the error is one by apierrors.IsConflict. A field that the cluster does not know is an error, never dropped.
func (c *Cluster) Update(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	stored, err := c.objects.Resource(resource).Namespace(object.GetNamespace()).Update(ctx, object,
		metav1.UpdateOptions{FieldManager: FieldManager, FieldValidation: metav1.FieldValidationStrict})
	return stored, c.gone(resource, err)
}

// Apply creates an object, or makes one that exists have these fields, by server-side apply, and gives it as stored. What
// an earlier Apply said and this one does not goes, if nobody else says it. An object with a UID must exist as that one.
// A field that somebody else keeps at another value is an error by Rivals, unless force takes it over. A field that
// the cluster does not know is an error, never dropped. ErrNotFound is about the namespace or the type.
func (c *Cluster) Apply(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured, force bool) (*unstructured.Unstructured, error) {
	text, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	stored, err := c.objects.Resource(resource).Namespace(object.GetNamespace()).Patch(ctx, object.GetName(), types.ApplyPatchType, text,
		metav1.PatchOptions{FieldManager: FieldManager, Force: &force, FieldValidation: metav1.FieldValidationStrict})
	return stored, c.gone(resource, err)
}

// Merge changes an object by a merge patch, in which null removes, and gives it as stored. ErrNotFound if it is gone.
func (c *Cluster) Merge(ctx context.Context, resource schema.GroupVersionResource, namespace, name string, patch map[string]any) (*unstructured.Unstructured, error) {
	text, err := json.Marshal(patch)
	if err != nil {
		return nil, err
	}
	stored, err := c.objects.Resource(resource).Namespace(namespace).Patch(ctx, name, types.MergePatchType, text,
		metav1.PatchOptions{FieldManager: FieldManager, FieldValidation: metav1.FieldValidationStrict})
	return stored, c.gone(resource, err)
}

// Delete removes an object, unless it was written or replaced since it was read: an error by apierrors.IsConflict. An
// object that carries no more than namespace and name is removed whatever it has become. ErrNotFound if it is gone.
func (c *Cluster) Delete(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured) error {
	options := metav1.DeleteOptions{}
	if version, uid := object.GetResourceVersion(), object.GetUID(); version != "" {
		options.Preconditions = &metav1.Preconditions{ResourceVersion: &version, UID: &uid}
	}
	return c.gone(resource, c.objects.Resource(resource).Namespace(object.GetNamespace()).Delete(ctx, object.GetName(), options))
}

// gone marks an error that says that something is not there.
func (c *Cluster) gone(resource schema.GroupVersionResource, err error) error {
	if !apierrors.IsNotFound(err) && !meta.IsNoMatchError(err) {
		return err
	}
	if apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse) { // no such path: the whole type
		c.served.Range(func(known, _ any) bool {
			if of, is := known.(schema.GroupVersionResource); is && of.GroupVersion() == resource.GroupVersion() {
				c.served.Delete(known)
			}
			return true
		})
	}
	return fmt.Errorf("%w: %w", ErrNotFound, err)
}
