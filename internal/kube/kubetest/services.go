package kubetest

import (
	"context"
	"errors"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// ServiceOption changes the Service that CreateLoadBalancerService creates.
type ServiceOption func(metadata, spec map[string]any)

// Annotated gives the Service annotations.
func Annotated(annotations map[string]string) ServiceOption {
	return func(metadata, _ map[string]any) { metadata["annotations"] = annotations }
}

// OfFamilies makes the Service one of IP families, "IPv4" or "IPv6" or, for dual stack, both in that order or the
// other. Without it it is IPv4.
func OfFamilies(families ...string) ServiceOption {
	return func(_, spec map[string]any) {
		spec["ipFamilies"], spec["ipFamilyPolicy"] = families, "SingleStack"
		if len(families) > 1 {
			spec["ipFamilyPolicy"] = "RequireDualStack"
		}
	}
}

// CreateLoadBalancerService creates a Service of type LoadBalancer on port 80 that has endpoints of both IP families on
// node1, and its namespace.
func (c *Cluster) CreateLoadBalancerService(
	ctx context.Context, namespace, name string, options ...ServiceOption,
) error {
	if err := c.createNamespace(ctx, namespace); err != nil {
		return err
	}
	port := object{"name": "http", "port": 80, "protocol": "TCP"}
	for family, address := range map[string]string{"IPv4": "10.244.0.10", "IPv6": "fd00:10:244::10"} {
		if err := c.apply(ctx, endpointSlices, object{
			"kind": "EndpointSlice",
			"metadata": object{
				"namespace": namespace, "name": sliceName(name, family), "labels": object{"kubernetes.io/service-name": name},
			},
			"addressType": family,
			"ports":       []any{port},
			"endpoints": []any{object{
				"addresses": []any{address}, "conditions": object{"ready": true}, "nodeName": nodeName,
			}},
		}); err != nil {
			return err
		}
	}
	metadata, spec := object{"namespace": namespace, "name": name}, object{"type": "LoadBalancer", "ports": []any{port}}
	for _, option := range options {
		option(metadata, spec)
	}
	return c.apply(ctx, services, object{"kind": "Service", "metadata": metadata, "spec": spec})
}

func sliceName(service, family string) string { return service + "-" + strings.ToLower(family) }

// DeleteService deletes what CreateLoadBalancerService has created, but for the namespace.
func (c *Cluster) DeleteService(ctx context.Context, namespace, name string) error {
	for _, family := range []string{"IPv4", "IPv6"} {
		if err := c.delete(ctx, endpointSlices, namespace, sliceName(name, family)); err != nil {
			return err
		}
	}
	return c.delete(ctx, services, namespace, name)
}

// LoadBalancerAddress waits, as long as the context lets it, until the Service has an address of its load balancer.
func (c *Cluster) LoadBalancerAddress(ctx context.Context, namespace, name string) (address string, err error) {
	addresses, err := c.LoadBalancerAddresses(ctx, namespace, name)
	if err != nil {
		return "", err
	}
	return addresses[0], nil
}

// LoadBalancerAddresses is LoadBalancerAddress for a Service that may have one of each IP family.
func (c *Cluster) LoadBalancerAddresses(ctx context.Context, namespace, name string) (addresses []string, err error) {
	what := "the address of Service " + namespace + "/" + name
	err = until(ctx, forever, what, func(ctx context.Context) (missing error) {
		addresses, missing = c.loadBalancerAddresses(ctx, namespace, name)
		return missing
	}, slices.Concat(c.processes, c.components)...)
	return addresses, err
}

func (c *Cluster) loadBalancerAddresses(ctx context.Context, namespace, name string) (addresses []string, err error) {
	service, err := c.in(services, namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	ingress, _, err := unstructured.NestedSlice(service.Object, "status", "loadBalancer", "ingress")
	if err != nil {
		return nil, err
	}
	for _, one := range ingress {
		if entry, ok := one.(object); ok {
			if ip, _ := entry["ip"].(string); ip != "" {
				addresses = append(addresses, ip)
			}
		}
	}
	if addresses == nil {
		return nil, errors.New("it has none")
	}
	return addresses, nil
}
