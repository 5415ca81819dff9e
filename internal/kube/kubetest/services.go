package kubetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// ServiceOption changes the Service that CreateLoadBalancerService creates.
type ServiceOption func(*service)

// service is what the options change.
type service struct {
	metadata, spec object
	ports          []int
	nodes          []string     // each has an endpoint
	handler        http.Handler // of what is behind the endpoints; nil is nothing
}

// Annotated gives the Service annotations.
func Annotated(annotations map[string]string) ServiceOption {
	return func(s *service) { s.metadata["annotations"] = annotations }
}

// OnPorts gives the Service these TCP ports instead of 80.
func OnPorts(ports ...int) ServiceOption { return func(s *service) { s.ports = ports } }

// LocalTraffic makes the Service's externalTrafficPolicy Local: only nodes that have an endpoint take its traffic, and
// in native mode only their speakers announce it.
func LocalTraffic() ServiceOption {
	return func(s *service) { s.spec["externalTrafficPolicy"] = local }
}

const local = "Local"

// OfFamilies makes the Service one of IP families, "IPv4" or "IPv6" or, for dual stack, both in that order or the
// other. Without it it is IPv4.
func OfFamilies(families ...string) ServiceOption {
	return func(s *service) {
		s.spec["ipFamilies"], s.spec["ipFamilyPolicy"] = families, "SingleStack"
		if len(families) > 1 {
			s.spec["ipFamilyPolicy"] = "RequireDualStack"
		}
	}
}

// CreateLoadBalancerService creates a Service of type LoadBalancer on port 80 that has endpoints of both IP families on
// node1, with nothing behind them unless it is ServedBy something, and its namespace.
func (c *Cluster) CreateLoadBalancerService(
	ctx context.Context, namespace, name string, options ...ServiceOption,
) error {
	s := &service{
		metadata: object{"namespace": namespace, "name": name}, spec: object{"type": "LoadBalancer"},
		ports: []int{80}, nodes: []string{nodeName},
	}
	for _, option := range options {
		option(s)
	}
	var ports []any
	for _, port := range s.ports {
		ports = append(ports, object{"name": portName(port), "port": port, "protocol": "TCP"})
	}
	s.spec["ports"] = ports
	proxy, err := c.newProxy(namespace, name, s)
	if err != nil {
		return err
	}
	if err := c.createNamespace(ctx, namespace); err != nil {
		return err
	}
	for family, address := range map[string]string{"IPv4": "10.244.0.%d", "IPv6": "fd00:10:244::%d"} {
		endpoints := []any{}
		for i, node := range s.nodes {
			endpoints = append(endpoints, object{
				"addresses": []any{fmt.Sprintf(address, 10+i)}, "conditions": object{"ready": true}, "nodeName": node,
			})
		}
		if err := c.apply(ctx, endpointSlices, object{
			"kind": "EndpointSlice",
			"metadata": object{
				"namespace": namespace, "name": sliceName(name, family), "labels": object{"kubernetes.io/service-name": name},
			},
			"addressType": family,
			"ports":       ports,
			"endpoints":   endpoints,
		}); err != nil {
			return err
		}
	}
	if err := c.apply(ctx, services, object{"kind": "Service", "metadata": s.metadata, "spec": s.spec}); err != nil {
		return err
	}
	c.stopServing(namespace, name)
	if proxy != nil {
		c.proxies[namespace+"/"+name] = proxy
		proxy.start()
	}
	return nil
}

// createOwnEndpoints creates the EndpointSlice of the API server's own Service, as an API server does that is not alone.
// Without it MetalLB 0.13 takes the cluster for one that has no EndpointSlices, and announces nothing.
func (c *Cluster) createOwnEndpoints(ctx context.Context) error {
	const namespace, name = "default", "kubernetes"
	if err := c.createNamespace(ctx, namespace); err != nil {
		return err
	}
	return c.apply(ctx, endpointSlices, object{
		"kind": "EndpointSlice",
		"metadata": object{
			"namespace": namespace, "name": name, "labels": object{"kubernetes.io/service-name": name},
		},
		"addressType": "IPv4", "endpoints": []any{},
	})
}

func portName(port int) string {
	switch port {
	case 80:
		return "http"
	case https:
		return "https"
	}
	return "port-" + strconv.Itoa(port)
}

func sliceName(service, family string) string { return service + "-" + strings.ToLower(family) }

// DeleteService deletes what CreateLoadBalancerService has created, but for the namespace.
func (c *Cluster) DeleteService(ctx context.Context, namespace, name string) error {
	c.stopServing(namespace, name)
	for _, family := range []string{"IPv4", "IPv6"} {
		if err := c.delete(ctx, endpointSlices, namespace, sliceName(name, family)); err != nil {
			return err
		}
	}
	return c.delete(ctx, services, namespace, name)
}

// LoadBalancerAddress waits, as long as the context lets it, until the Service has an address of its load balancer and,
// if it is ServedBy something, answers there.
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
		if addresses, missing = c.loadBalancerAddresses(ctx, namespace, name); missing != nil {
			return missing
		}
		return c.answersAt(namespace, name, addresses)
	}, slices.Concat(c.processes, c.components)...)
	return addresses, err
}

func (c *Cluster) loadBalancerAddresses(ctx context.Context, namespace, name string) (addresses []string, err error) {
	service, err := c.in(services, namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	if addresses = addressesOf(service); addresses == nil {
		return nil, errors.New("it has none")
	}
	return addresses, nil
}

// addressesOf gives those of a Service's load balancer.
func addressesOf(service *unstructured.Unstructured) (addresses []string) {
	ingress, _, _ := unstructured.NestedSlice(service.Object, "status", "loadBalancer", "ingress")
	for _, one := range ingress {
		if entry, ok := one.(object); ok {
			if ip, _ := entry["ip"].(string); ip != "" {
				addresses = append(addresses, ip)
			}
		}
	}
	return addresses
}
