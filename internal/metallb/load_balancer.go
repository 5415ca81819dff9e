package metallb

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// ErrNoAddress says that an address was waited for in vain.
var ErrNoAddress = errors.New("no address")

// Awaited says whose address is wanted, and how long it is waited for.
type Awaited struct {
	Kind      string // Service, Ingress or Gateway
	Namespace string
	Name      string
	Family    string // ipv4, ipv6, or dual for both; "" is any address, or a host name
	Announced bool   // whether a speaker has to announce it too
	// Timeout counts from the last change of what could bring an address: the object, the pools, MetalLB's controller;
	// while there is no object, from the creation of its namespace. Where all of them have long been as they are, only
	// Grace is waited, which is at most Timeout. So one who does not know whether he runs in a plan or in an apply waits
	// long only where there is something to wait for. The cluster's clock is taken to be ours.
	Timeout, Grace time.Duration
}

// LoadBalancer is what the cluster tells of an address. What it does not tell is nil.
type LoadBalancer struct {
	IPs      []string // as MetalLB assigned them
	IPv4     string   // the first of IPs that is IPv4; "" if none is
	IPv6     string
	Hostname string      // of another load balancer: MetalLB gives none
	Service  *ServiceRef // whose address it is: the Service itself, or the one behind an Ingress or a Gateway
	Pool     string      // from which it was taken, "" if it does not say: MetalLB does so from 0.13.8
	Ports    []Port      // of Service
	Nodes    []string    // that announce it, by ServiceL2Status (from 0.14.4) and ServiceBGPStatus (from 0.15)
	Peers    []string    // BGPPeers that it is announced to, by ServiceBGPStatus
}

// ServiceRef is where a Service is.
type ServiceRef struct{ Namespace, Name string }

// Port is a port of a Service.
type Port struct {
	Name, Protocol string
	Port, NodePort int64
}

var frontends = map[string]schema.GroupVersionResource{
	"Service": core("services"),
	"Ingress": {Group: "networking.k8s.io", Version: "v1", Resource: "ingresses"},
	"Gateway": {Group: "gateway.networking.k8s.io", Version: "v1", Resource: "gateways"},
}

// LoadBalancer waits for the address of an object. ErrNoAddress, with all that can be found of the reason, if it does
// not come, ErrRefused at once if it never can.
func (m *MetalLB) LoadBalancer(ctx context.Context, want Awaited) (*LoadBalancer, error) {
	where := place{cluster: m.Cluster(), namespace: want.Namespace, object: want.Kind + " " + want.Name}
	w := &waiting{want: want, where: where}
	began := time.Now()
	for end := began.Add(want.Grace); ; {
		err := m.await(ctx, w, end)
		if err == nil {
			return w.found, nil
		}
		if !errors.Is(err, errTimeUp) {
			return nil, where.explain(err)
		}
		end = earlier(m.lastChange(ctx, w), began).Add(want.Timeout)
		if !end.After(time.Now()) {
			return nil, m.inVain(ctx, w, time.Since(began))
		}
	}
}

// errTimeUp is not context.DeadlineExceeded, which a single request that hangs ends with, too.
var errTimeUp = errors.New("time is up")

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// waiting is what is known while an address is waited for.
type waiting struct {
	want   Awaited
	where  place
	object *unstructured.Unstructured // as last seen; nil if it does not exist
	found  *LoadBalancer
	lack   string // what is not as it is wanted
	// addressed says that it has its address, and lacks but an announcement
	addressed bool
}

// await watches the object until it has its address, or until end: errTimeUp. It looks at least once.
func (m *MetalLB) await(ctx context.Context, w *waiting, end time.Time) error {
	resource := frontends[w.want.Kind]
	objects, err := m.cluster.Select(ctx, resource, kube.Selection{Namespace: w.want.Namespace, Fields: "metadata.name=" + w.want.Name})
	if err != nil && !errors.Is(err, kube.ErrNotFound) {
		return err
	}
	var first *unstructured.Unstructured
	if len(objects) > 0 {
		first = &objects[0]
	}
	ready, err := w.look(first)
	if err == nil && !ready {
		limited, cancel := context.WithDeadline(ctx, end)
		defer cancel()
		err = m.cluster.Await(limited, resource, w.want.Namespace, w.want.Name, w.look)
		if err != nil && limited.Err() != nil && ctx.Err() == nil {
			return errTimeUp // whatever request was interrupted
		}
	}
	if err != nil {
		return err
	}
	w.addressed = true
	if w.want.Kind != "Service" {
		m.findService(ctx, w.found)
	}
	return m.awaitAnnouncement(ctx, w, end)
}

// look takes over what the object says now.
func (w *waiting) look(object *unstructured.Unstructured) (ready bool, err error) {
	w.object, w.addressed = object, false
	w.found, w.lack, err = w.want.read(object, w.where)
	return err == nil && w.lack == "", err
}

// read tells what an object says of its address, and what it still lacks.
func (want Awaited) read(object *unstructured.Unstructured, where place) (found *LoadBalancer, lack string, err error) {
	if object == nil {
		return nil, "it does not exist", nil
	}
	if object.GetDeletionTimestamp() != nil {
		return nil, "", where.refuse(ErrNoAddress, "", "it is being deleted", "")
	}
	found = &LoadBalancer{IPs: []string{}}
	switch want.Kind {
	case "Service":
		lack, err = found.readService(object, where)
	case "Ingress":
		found.readIngress(object.Object)
	case "Gateway":
		lack = found.readGateway(object.Object)
	}
	if lack == "" {
		lack = found.misses(want.Family)
	}
	return found, lack, err
}

// add takes over one address.
func (l *LoadBalancer) add(address string) {
	ip, err := netip.ParseAddr(address)
	switch {
	case err == nil:
		l.IPs = append(l.IPs, ip.String())
		l.IPv4, l.IPv6 = firstOf(l.IPv4, l.IPv6, ip)
	case address != "":
		l.Hostname = address
	}
}

func (l *LoadBalancer) misses(family string) string {
	has := "it has no address"
	if len(l.IPs) > 0 {
		has = "it has " + strings.Join(l.IPs, " and ")
	}
	switch {
	case family == "" && len(l.IPs) == 0 && l.Hostname == "":
		return has
	case (family == "ipv4" || family == "dual") && l.IPv4 == "":
		return has + ", no IPv4 address"
	case (family == "ipv6" || family == "dual") && l.IPv6 == "":
		return has + ", no IPv6 address"
	}
	return ""
}

func (l *LoadBalancer) readService(object *unstructured.Unstructured, where place) (lack string, err error) {
	var service corev1.Service
	if err := typed(object, &service); err != nil {
		return "", err
	}
	if service.Spec.Type != corev1.ServiceTypeLoadBalancer {
		return "", where.refuse(ErrRefused, "", fmt.Sprintf("its type is %s: only one of type LoadBalancer gets an address", service.Spec.Type),
			"Set spec.type of the Service, or name another one.")
	}
	for _, ingress := range service.Status.LoadBalancer.Ingress {
		l.add(ingress.IP)
		l.add(ingress.Hostname)
	}
	l.behind(&service)
	if asked := requestedIPs(&service); len(asked) > 0 && !slices.Equal(asked, slices.Sorted(slices.Values(l.IPs))) {
		return fmt.Sprintf("it asks for %s and has %s", strings.Join(asked, " and "), noneOr(l.IPs)), nil
	}
	// After a change of the request, the status has for a while what was assigned before.
	if asked, _ := annotation(&service, poolAnnotation); asked != "" && l.Pool != "" && asked != l.Pool {
		return fmt.Sprintf("it asks for pool %s and has an address of pool %s", asked, l.Pool), nil
	}
	return "", nil
}

func noneOr(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, " and ")
}

// behind takes over what a Service tells beside the address.
func (l *LoadBalancer) behind(service *corev1.Service) {
	l.Service = &ServiceRef{service.Namespace, service.Name}
	l.Pool, _ = annotation(service, poolUsedAnnotation)
	for _, port := range service.Spec.Ports {
		l.Ports = append(l.Ports, Port{port.Name, string(port.Protocol), int64(port.Port), int64(port.NodePort)})
	}
}

// MetalLB's annotations of a Service, without the prefix.
const (
	poolAnnotation     = "address-pool"
	ipsAnnotation      = "loadBalancerIPs"
	poolUsedAnnotation = "ip-allocated-from-pool"
)

// annotation is one of MetalLB's, under the prefix it has from 0.14.9, else under its earlier one.
func annotation(service *corev1.Service, name string) (value, key string) {
	for _, prefix := range []string{"metallb.io/", "metallb.universe.tf/"} {
		if value := service.Annotations[prefix+name]; value != "" {
			return value, prefix + name
		}
	}
	return "", ""
}

// requestedIPs are the addresses that a Service asks for, sorted.
func requestedIPs(service *corev1.Service) []string {
	text, _ := annotation(service, ipsAnnotation)
	if text == "" {
		text = service.Spec.LoadBalancerIP
	}
	var asked []string
	for one := range strings.SplitSeq(text, ",") {
		one = strings.TrimSpace(one)
		if ip, err := netip.ParseAddr(one); err == nil {
			one = ip.String()
		}
		if one != "" {
			asked = append(asked, one)
		}
	}
	slices.Sort(asked)
	return asked
}

func (l *LoadBalancer) readIngress(object map[string]any) {
	entries, _, _ := unstructured.NestedSlice(object, "status", "loadBalancer", "ingress")
	for _, entry := range entries {
		entry, _ := entry.(map[string]any)
		for _, field := range []string{"ip", "hostname"} {
			address, _ := entry[field].(string)
			l.add(address)
		}
	}
}

func (l *LoadBalancer) readGateway(object map[string]any) (lack string) {
	entries, _, _ := unstructured.NestedSlice(object, "status", "addresses")
	for _, entry := range entries {
		entry, _ := entry.(map[string]any)
		address, _ := entry["value"].(string)
		l.add(address)
	}
	conditions, _, _ := unstructured.NestedSlice(object, "status", "conditions")
	for _, condition := range conditions {
		condition, _ := condition.(map[string]any)
		if condition["type"] == "Programmed" && condition["status"] != "True" {
			return fmt.Sprintf("it is not programmed: %v %v", condition["reason"], condition["message"])
		}
	}
	return ""
}
