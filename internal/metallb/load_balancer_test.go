package metallb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	discovery "k8s.io/client-go/discovery/fake"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

var otherResources = map[string]schema.GroupVersionResource{
	"Service": core("services"), "Namespace": core("namespaces"), "Node": core("nodes"), "Pod": podResource,
	"Ingress": frontends["Ingress"], "Gateway": frontends["Gateway"], "EndpointSlice": endpointSliceResource,
	"CustomResourceDefinition": {Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"},
	"ClusterRole":              {Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterroles"},
	"ClusterRoleBinding":       {Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterrolebindings"},
	"ConfigurationState":       stateResource,
}

// put writes manifests, and the status of those that have one, as somebody else would.
func (c *realCluster) put(manifests string) {
	c.t.Helper()
	for manifest := range strings.SplitSeq(manifests, "\n---\n") {
		u := &unstructured.Unstructured{}
		check(c.t, yaml.Unmarshal([]byte(manifest), &u.Object))
		resource, known := otherResources[u.GetKind()]
		if !known {
			resource = resourceOf(Kind(u.GetKind()))
		}
		u.SetAPIVersion(resource.GroupVersion().String())
		status := u.Object["status"]
		delete(u.Object, "status")
		in := c.other.Resource(resource).Namespace(u.GetNamespace())
		stored, err := in.Apply(c.t.Context(), u.GetName(), u, metav1.ApplyOptions{FieldManager: "kubectl", Force: true})
		check(c.t, err)
		if status != nil {
			stored.Object["status"] = status
			_, err = in.UpdateStatus(c.t.Context(), stored, metav1.UpdateOptions{})
			check(c.t, err)
		}
	}
}

func (c *realCluster) drop(kind, namespace, name string) {
	c.t.Helper()
	resource, known := otherResources[kind]
	if !known {
		resource = resourceOf(Kind(kind))
	}
	now := int64(0) // no kubelet would end a pod that is granted time
	check(c.t, c.other.Resource(resource).Namespace(namespace).Delete(c.t.Context(), name, metav1.DeleteOptions{GracePeriodSeconds: &now}))
}

// service is a Service of type LoadBalancer in the namespace default, with more in its metadata and spec.
func service(name, metadata, spec string) string {
	return "kind: Service\nmetadata: {namespace: default, name: " + name + metadata + "}\n" +
		"spec: {type: LoadBalancer, ports: [{name: http, port: 80}]" + spec + "}\n"
}

func poolOf(name, spec string) string {
	return "kind: IPAddressPool\nmetadata: {namespace: metallb-system, name: " + name + "}\nspec: {" + spec + "}\n"
}

func soon(name string) Awaited {
	return Awaited{Kind: "Service", Namespace: "default", Name: name, Timeout: time.Second, Grace: 500 * time.Millisecond}
}

// wantNone waits in vain, and wants each of the texts in the error.
func (c *realCluster) wantNone(want Awaited, kind error, texts ...string) (took time.Duration) {
	c.t.Helper()
	began := time.Now()
	found, err := c.metallb.LoadBalancer(c.t.Context(), want)
	if took = time.Since(began); !errors.Is(err, kind) {
		c.t.Fatalf("%s %s: %+v, %v, want %v", want.Kind, want.Name, found, err, kind)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			c.t.Errorf("%s %s: %v\nwant %q", want.Kind, want.Name, err, text)
		}
	}
	return took
}

func newMetalLB(t *testing.T) *realCluster {
	t.Helper()
	c := newReal(t, Config{})
	check(t, c.InstallMetalLB(t.Context()))
	return c
}

// TestLoadBalancer waits for what MetalLB gives, from a Service that is not there yet to one that a node announces.
func TestLoadBalancer(t *testing.T) {
	c := newMetalLB(t)
	type answer struct {
		found *LoadBalancer
		err   error
	}
	want := Awaited{Kind: "Service", Namespace: "default", Name: "web", Timeout: time.Minute, Grace: time.Second}
	waiting := func(want Awaited) chan answer {
		answers := make(chan answer, 1)
		go func() {
			found, err := c.metallb.LoadBalancer(t.Context(), want)
			answers <- answer{found, err}
		}()
		return answers
	}
	answers := waiting(want)
	time.Sleep(1500 * time.Millisecond) // longer than its grace, but the controller has just been installed
	check(t, c.CreateLoadBalancerService(t.Context(), "default", "web"))
	c.put(poolOf("blue", "addresses: [192.168.128.1/32]"))
	began := time.Now()
	got := <-answers
	check(t, got.err)
	t.Logf("address %s after the pool was made", time.Since(began).Round(time.Millisecond))
	found := got.found
	if found.IPv4 != "192.168.128.1" || found.IPv6 != "" || len(found.IPs) != 1 || found.Pool != "blue" || *found.Service != (ServiceRef{"default", "web"}) ||
		found.Nodes == nil || len(found.Nodes) != 0 || found.Peers == nil {
		t.Errorf("found %+v", found)
	}
	if len(found.Ports) != 1 || found.Ports[0].Name != "http" || found.Ports[0].Protocol != "TCP" || found.Ports[0].Port != 80 || found.Ports[0].NodePort == 0 {
		t.Errorf("ports %+v", found.Ports)
	}

	want.Announced = true
	silent := soon("web")
	silent.Announced = true
	c.wantNone(silent, ErrNoAddress, "it has 192.168.128.1, which no node announces", "neither a BGPAdvertisement nor an L2Advertisement")
	answers = waiting(want)
	began = time.Now()
	c.put(`kind: BGPPeer
metadata: {namespace: metallb-system, name: router}
spec: {myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.1}
---
kind: BGPAdvertisement
metadata: {namespace: metallb-system, name: all}`)
	got = <-answers
	check(t, got.err)
	t.Logf("announced %s after the advertisement was made", time.Since(began).Round(time.Millisecond))
	if strings.Join(got.found.Nodes, ",") != "node1" {
		t.Errorf("announced %+v", got.found)
	}
	check(t, c.metallb.announcements(t.Context(), got.found)) // a speaker writes the peers a moment after the node
	if strings.Join(got.found.Peers, ",") != "router" {
		t.Errorf("announced %+v", got.found)
	}

	// A new request: what was assigned before is not the answer.
	c.put(poolOf("red", "addresses: [192.168.129.0/24]"))
	c.put(service("web", ", annotations: {metallb.io/loadBalancerIPs: 192.168.129.7}", ""))
	found, err := c.metallb.LoadBalancer(t.Context(), want)
	check(t, err)
	if found.IPv4 != "192.168.129.7" || found.Pool != "red" {
		t.Errorf("after another address was asked for: %+v", found)
	}
}

// TestNoAddress: whatever keeps an address away is told.
func TestNoAddress(t *testing.T) {
	c := newMetalLB(t)
	c.wantNone(soon("web"), ErrNoAddress, "cluster kubetest, namespace default, Service web: it does not exist after ", "depends_on")
	elsewhere := soon("web")
	elsewhere.Namespace = "elsewhere"
	c.wantNone(elsewhere, ErrNoAddress, "Namespace elsewhere does not exist either")

	c.put(service("early", "", ""))
	c.wantNone(soon("early"), ErrNoAddress, "it has no address after", "Namespace metallb-system has no address pool")

	c.put(poolOf("silver", "addresses: [192.168.128.0/24], autoAssign: false"))
	c.wantNone(soon("early"), ErrNoAddress, "No pool gives addresses unasked (auto_assign = false): ask for one of silver",
		`Warning AllocationFailed of metallb-controller`, `Failed to allocate IP for "default/early"`)

	for name, tt := range map[string]struct {
		metadata, spec string
		texts          []string
	}{
		"pool":  {metadata: ", annotations: {metallb.io/address-pool: gold}", texts: []string{"It asks for pool gold (annotation metallb.io/address-pool), and there is none: there is silver", "unknown pool"}},
		"class": {spec: ", loadBalancerClass: example.com/other", texts: []string{"Its spec.loadBalancerClass is example.com/other, and MetalLB's controller serves only Services without one"}},
		"ip": {metadata: ", annotations: {metallb.io/loadBalancerIPs: 192.168.77.7}",
			texts: []string{"it asks for 192.168.77.7 and has none", "It asks for 192.168.77.7, which is in no pool: the pools are silver [192.168.128.0/24]", "is not allowed in config"}},
		"both": {metadata: ", annotations: {metallb.io/loadBalancerIPs: 192.168.128.7}", spec: ", loadBalancerIP: 192.168.128.7",
			texts: []string{"both the annotation metallb.io/loadBalancerIPs and spec.loadBalancerIP"}},
	} {
		c.put(service(name, tt.metadata, tt.spec))
		c.wantNone(soon(name), ErrNoAddress, tt.texts...)
		c.drop("Service", "default", name)
	}

	c.drop("IPAddressPool", "metallb-system", "silver")
	c.put(poolOf("theirs", "addresses: [192.168.128.0/24], serviceAllocation: {namespaces: [theirs]}"))
	c.wantNone(soon("early"), ErrNoAddress, "No pool is for namespace default: see service_allocation of theirs [192.168.128.0/24]")
	c.drop("IPAddressPool", "metallb-system", "theirs")
	c.put(poolOf("six", "addresses: [2001:db8::/120]"))
	c.wantNone(soon("early"), ErrNoAddress, "It is an IPv4 Service, and no pool that it may have has such addresses: the pools are six [2001:db8::/120]")
	c.put(poolOf("one", "addresses: [192.168.128.1/32]"))
	early := soon("early")
	early.Timeout = 30 * time.Second
	_, err := c.metallb.LoadBalancer(t.Context(), early)
	check(t, err)
	six := soon("early")
	six.Family = "ipv6"
	c.wantNone(six, ErrNoAddress, "it has 192.168.128.1, no IPv6 address")
	c.put(service("late", "", ""))
	c.wantNone(soon("late"), ErrNoAddress, "no available IPs")

	// In native mode speakers want no configuration that has a BFD profile.
	c.put("kind: BFDProfile\nmetadata: {namespace: metallb-system, name: fast}\nspec: {}\n")
	late := soon("late")
	late.Timeout, late.Grace = 3*time.Second, 3*time.Second
	c.wantNone(late, ErrNoAddress, "MetalLB's speaker node1 does not use the configuration as it is now: ")
}

// TestNeverAnAddress: what cannot get one is not waited for.
func TestNeverAnAddress(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	patient := func(kind, name string) Awaited {
		return Awaited{Kind: kind, Namespace: "default", Name: name, Timeout: time.Minute, Grace: time.Minute}
	}
	c.put("kind: Service\nmetadata: {namespace: default, name: inside}\nspec: {type: ClusterIP, ports: [{port: 80}]}\n")
	c.put(service("going", ", finalizers: [example.com/wait]", ""))
	c.drop("Service", "default", "going")
	for _, took := range []time.Duration{
		c.wantNone(patient("Service", "inside"), ErrRefused, "its type is ClusterIP: only one of type LoadBalancer gets an address"),
		c.wantNone(patient("Service", "going"), ErrNoAddress, "it is being deleted"),
	} {
		if took > 30*time.Second { // of a minute
			t.Errorf("it took %s", took)
		}
	}
	c.put(service("web", "", "") + "status: {loadBalancer: {ingress: [{ip: 192.168.128.1}]}}\n")
	announced := patient("Service", "web")
	announced.Announced = true
	for _, kind := range []string{"servicel2statuses", "servicebgpstatuses"} {
		c.drop("CustomResourceDefinition", "", kind+".metallb.io")
	}
	announced.Timeout, announced.Grace = 20*time.Second, 20*time.Second
	c.wantNone(announced, ErrRefused, "the cluster serves neither servicebgpstatuses nor servicel2statuses")
	found, err := c.metallb.LoadBalancer(t.Context(), soon("web"))
	check(t, err)
	if found.Nodes != nil || found.Peers != nil {
		t.Errorf("announced by %v to %v, want unknown", found.Nodes, found.Peers)
	}
}

// TestNoController: a MetalLB that is not there, does not run, or cares for others.
func TestNoController(t *testing.T) {
	c := newReal(t, Config{})
	c.put(service("web", ", annotations: {metallb.io/address-pool: blue}", ""))
	c.wantNone(soon("web"), ErrNoAddress, "No pod of MetalLB's controller is in namespace metallb-system", "no MetalLB found")
	check(t, c.InstallCRDs(t.Context()))
	c.put(pod("controller", "node1", "app: metallb, component: controller", "quay.io/metallb/controller:v0.13.12", ", args: [--lb-class=ours]"))
	c.wantNone(soon("web"), ErrNoAddress, "MetalLB's controller is not ready: kubectl -n metallb-system describe pod controller",
		"It has no spec.loadBalancerClass, and MetalLB's controller serves only class ours (--lb-class)",
		"MetalLB 0.13.12 does not know the annotation metallb.io/address-pool: write metallb.universe.tf/address-pool")
}

// TestPatience: where nothing has changed for the length of the timeout, only the grace is waited.
func TestPatience(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	c.put(service("web", "", ""))
	want := soon("web")
	want.Timeout, want.Grace = 5*time.Second, 200*time.Millisecond
	if took := c.wantNone(want, ErrNoAddress, "it has no address"); took < 3*time.Second {
		t.Errorf("a new Service was waited for %s of 5s", took)
	}
	time.Sleep(time.Second)
	for _, name := range []string{"web", "none"} {
		want.Name = name
		if took := c.wantNone(want, ErrNoAddress); took > 4*time.Second { // of 5s
			t.Errorf("%s: nothing has changed for long, and yet it was waited for %s", name, took)
		}
	}
	c.put(poolOf("silver", "addresses: [192.168.128.0/24], autoAssign: false"))
	want.Name = "web"
	if took := c.wantNone(want, ErrNoAddress); took < 3*time.Second {
		t.Errorf("after a change of the pools it was waited for %s of 5s", took)
	}
	c.put(service("given", "", "") + "status: {loadBalancer: {ingress: [{ip: 192.168.128.1}]}}\n")
	hasty := Awaited{Kind: "Service", Namespace: "default", Name: "given", Timeout: time.Second}
	if found, err := c.metallb.LoadBalancer(t.Context(), hasty); err != nil || found.Nodes == nil {
		t.Errorf("without any grace: %+v, %v", found, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	want.Grace = want.Timeout
	if _, err := c.metallb.LoadBalancer(ctx, want); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("when the caller has had enough: %v", err)
	}
}

// TestHangingServer: an API server that does not answer in time is not an object that does not exist.
func TestHangingServer(t *testing.T) {
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{core("services"): "ServiceList"})
	client.PrependReactor("list", "services", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, context.DeadlineExceeded })
	hanging := New(kube.NewFor("test", client, &discovery.FakeDiscovery{Fake: &client.Fake}), Config{})
	if _, err := hanging.LoadBalancer(t.Context(), soon("web")); !errors.Is(err, ErrUnreachable) {
		t.Errorf("%v, want %v", err, ErrUnreachable)
	}
}
