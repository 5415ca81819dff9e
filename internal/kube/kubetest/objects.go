package kubetest

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

// object is one as JSON has it.
type object = map[string]any

var (
	namespaces     = schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	nodes          = schema.GroupVersionResource{Version: "v1", Resource: "nodes"}
	pods           = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	services       = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	endpointSlices = schema.GroupVersionResource{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"}
	definitions    = schema.GroupVersionResource{
		Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
	}
)

// apply creates or updates an object and, if it has any, its status. The object is named in its metadata, which is
// also where its namespace is.
func (c *Cluster) apply(ctx context.Context, resource schema.GroupVersionResource, content object) error {
	wanted, err := normalised(content)
	if err != nil {
		return err
	}
	wanted.SetAPIVersion(resource.GroupVersion().String())
	subresources := [][]string{nil}
	if wanted.Object["status"] != nil {
		subresources = append(subresources, []string{"status"})
	}
	client := c.in(resource, wanted.GetNamespace())
	for _, subresource := range subresources {
		options := metav1.ApplyOptions{FieldManager: "kubetest", Force: true}
		if _, err := client.Apply(ctx, wanted.GetName(), wanted, options, subresource...); err != nil {
			return fmt.Errorf("applying %s %s: %w", wanted.GetKind(), wanted.GetName(), err)
		}
	}
	return nil
}

// normalised gives the content with the types that an unstructured object may have.
func normalised(content object) (*unstructured.Unstructured, error) {
	text, err := json.Marshal(content)
	if err != nil {
		return nil, err
	}
	clean := &unstructured.Unstructured{}
	return clean, yaml.Unmarshal(text, &clean.Object)
}

func (c *Cluster) mergePatch(
	ctx context.Context, resource schema.GroupVersionResource, name string, patch object,
) error {
	text, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = c.in(resource, "").Patch(ctx, name, types.MergePatchType, text, metav1.PatchOptions{})
	return err
}

// delete deletes an object, at once and for good, if it is there.
func (c *Cluster) delete(ctx context.Context, resource schema.GroupVersionResource, namespace, name string) error {
	var now int64 // A Pod would wait for a kubelet to end it.
	err := c.in(resource, namespace).Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: &now})
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func (c *Cluster) in(resource schema.GroupVersionResource, namespace string) dynamic.ResourceInterface {
	if namespace == "" {
		return c.client.Resource(resource)
	}
	return c.client.Resource(resource).Namespace(namespace)
}

func (c *Cluster) createNamespace(ctx context.Context, name string) error {
	return c.apply(ctx, namespaces, object{"kind": "Namespace", "metadata": object{"name": name}})
}

// isThere tells whether an object that has no namespace exists.
func (c *Cluster) isThere(ctx context.Context, resource schema.GroupVersionResource, name string) (bool, error) {
	_, err := c.in(resource, "").Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
