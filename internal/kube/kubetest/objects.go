package kubetest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

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

func (c *Cluster) in(resource schema.GroupVersionResource, namespace string) dynamic.ResourceInterface {
	if namespace == "" {
		return c.client.Resource(resource)
	}
	return c.client.Resource(resource).Namespace(namespace)
}

func (c *Cluster) createNamespace(ctx context.Context, name string) error {
	return c.apply(ctx, namespaces, object{"kind": "Namespace", "metadata": object{"name": name}})
}

// CreateNode creates a Node that is ready, with an internal address.
func (c *Cluster) CreateNode(ctx context.Context, name, address string) error {
	return c.apply(ctx, nodes, object{
		"kind":     "Node",
		"metadata": object{"name": name},
		"status": object{
			"addresses":  []any{object{"type": "InternalIP", "address": address}},
			"conditions": []any{object{"type": "Ready", "status": "True"}},
		},
	})
}

// CreateLoadBalancerService creates a Service of type LoadBalancer on port 80 that has an endpoint, and its namespace.
func (c *Cluster) CreateLoadBalancerService(ctx context.Context, namespace, name string) error {
	if err := c.createNamespace(ctx, namespace); err != nil {
		return err
	}
	port := object{"name": "http", "port": 80, "protocol": "TCP"}
	if err := c.apply(ctx, endpointSlices, object{
		"kind": "EndpointSlice",
		"metadata": object{
			"namespace": namespace, "name": name, "labels": object{"kubernetes.io/service-name": name},
		},
		"addressType": "IPv4",
		"ports":       []any{port},
		"endpoints": []any{object{
			"addresses": []any{"10.244.0.10"}, "conditions": object{"ready": true}, "nodeName": nodeName,
		}},
	}); err != nil {
		return err
	}
	return c.apply(ctx, services, object{
		"kind":     "Service",
		"metadata": object{"namespace": namespace, "name": name},
		"spec":     object{"type": "LoadBalancer", "ports": []any{port}},
	})
}

// LoadBalancerAddress waits, as long as the context lets it, until the Service has an address of its load balancer.
func (c *Cluster) LoadBalancerAddress(ctx context.Context, namespace, name string) (address string, err error) {
	what := "the address of Service " + namespace + "/" + name
	return address, until(ctx, forever, what, func(ctx context.Context) (missing error) {
		address, missing = c.loadBalancerAddress(ctx, namespace, name)
		return missing
	}, c.processes...)
}

func (c *Cluster) loadBalancerAddress(ctx context.Context, namespace, name string) (string, error) {
	service, err := c.in(services, namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return "", err
	}
	ingress, _, err := unstructured.NestedSlice(service.Object, "status", "loadBalancer", "ingress")
	if err != nil {
		return "", err
	}
	for _, one := range ingress {
		if entry, ok := one.(object); ok {
			if ip, _ := entry["ip"].(string); ip != "" {
				return ip, nil
			}
		}
	}
	return "", errors.New("it has none")
}

// InstallCRDs creates MetalLB's custom resource definitions and its namespace, without MetalLB.
func (c *Cluster) InstallCRDs(ctx context.Context) error {
	if err := c.createNamespace(ctx, metalLBNamespace); err != nil {
		return err
	}
	file, err := tool(crds)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var names []string
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var definition object
		if err := yaml.Unmarshal(document, &definition); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if len(definition) == 0 {
			continue
		}
		if err := c.apply(ctx, definitions, definition); err != nil {
			return err
		}
		name, _, err := unstructured.NestedString(definition, "metadata", "name")
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	for _, name := range names {
		if err := until(ctx, 30*time.Second, name+" to be established", c.established(name), c.processes...); err != nil {
			return err
		}
	}
	return nil
}

// established is for until: the custom resource of that name is served in all its versions.
func (c *Cluster) established(name string) func(context.Context) error {
	return func(ctx context.Context) error {
		definition, err := c.in(definitions, "").Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
		plural, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "plural")
		versions, _, err := unstructured.NestedSlice(definition.Object, "spec", "versions")
		if err != nil {
			return err
		}
		for _, one := range versions {
			version, ok := one.(object)
			if !ok || version["served"] != true {
				continue
			}
			resource := schema.GroupVersionResource{Group: group, Version: fmt.Sprint(version["name"]), Resource: plural}
			if _, err := c.in(resource, "").List(ctx, metav1.ListOptions{Limit: 1}); err != nil {
				return err
			}
		}
		return nil
	}
}

// isThere tells whether an object that has no namespace exists.
func (c *Cluster) isThere(ctx context.Context, resource schema.GroupVersionResource, name string) (bool, error) {
	_, err := c.in(resource, "").Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}
