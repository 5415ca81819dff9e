package metallb

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

const gatewayDefinition = `kind: CustomResourceDefinition
metadata:
  name: gateways.gateway.networking.k8s.io
  annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/gateway-api/pull/1"}
spec:
  group: gateway.networking.k8s.io
  names: {kind: Gateway, listKind: GatewayList, plural: gateways, singular: gateway}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// TestBehindAService: an Ingress and a Gateway have their address from a Service, which tells the rest.
func TestBehindAService(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	c.put("kind: Namespace\nmetadata: {name: proxies}")
	c.put(strings.Replace(service("proxy", ", annotations: {metallb.io/ip-allocated-from-pool: blue}", ""), "default", "proxies", 1) +
		"status: {loadBalancer: {ingress: [{ip: 192.168.128.1}, {ip: \"2001:db8::1\"}]}}\n")
	rules := "spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}\n"
	ingress, gateway := soon("site"), soon("site")
	ingress.Kind, gateway.Kind = "Ingress", "Gateway"

	c.put("kind: Ingress\nmetadata: {namespace: default, name: site}\n" + rules)
	c.wantNone(ingress, ErrNoAddress, "Ingress site: it has no address", `ask for that Service (kind = "Service")`)
	c.put("kind: Ingress\nmetadata: {namespace: default, name: site}\n" + rules + "status: {loadBalancer: {ingress: [{ip: 192.168.128.1}]}}")
	found, err := c.metallb.LoadBalancer(t.Context(), ingress)
	check(t, err)
	if found.IPv4 != "192.168.128.1" || found.Service == nil || *found.Service != (ServiceRef{"proxies", "proxy"}) || found.Pool != "blue" || len(found.Ports) != 1 {
		t.Errorf("found %+v", found)
	}
	c.put("kind: Ingress\nmetadata: {namespace: default, name: cloud}\n" + rules + "status: {loadBalancer: {ingress: [{hostname: lb.example.com}]}}")
	ingress.Name = "cloud"
	found, err = c.metallb.LoadBalancer(t.Context(), ingress)
	check(t, err)
	if found.Hostname != "lb.example.com" || len(found.IPs) != 0 || found.Service != nil {
		t.Errorf("found %+v", found)
	}
	ingress.Announced = true
	c.wantNone(ingress, ErrRefused, "no Service can be seen that has it too")

	c.wantNone(gateway, ErrNoAddress, "The cluster serves no gateways of gateway.networking.k8s.io/v1")
	c.put(gatewayDefinition)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		served, err := c.metallb.cluster.Serves(t.Context(), frontends["Gateway"])
		check(t, err)
		if served {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the definition of gateways is not served")
		}
	}
	c.put("kind: Gateway\nmetadata: {namespace: default, name: site}\nspec: {}\nstatus: {conditions: [{type: Programmed, status: \"False\", reason: AddressNotAssigned, message: Wait.}]}")
	c.wantNone(gateway, ErrNoAddress, "it is not programmed: AddressNotAssigned Wait.")
	c.put("kind: Gateway\nmetadata: {namespace: default, name: site}\nspec: {}\n" +
		"status: {addresses: [{type: IPAddress, value: 192.168.128.1}, {type: IPAddress, value: \"2001:db8::1\"}], conditions: [{type: Programmed, status: \"True\"}]}")
	gateway.Family = "dual"
	found, err = c.metallb.LoadBalancer(t.Context(), gateway)
	check(t, err)
	if found.IPv4 != "192.168.128.1" || found.IPv6 != "2001:db8::1" || found.Service == nil || found.Service.Name != "proxy" {
		t.Errorf("found %+v", found)
	}
}

// pod is one of MetalLB's; more is what else its container has.
func pod(name, node, labels, image, more string) string {
	return "kind: Pod\nmetadata: {namespace: metallb-system, name: " + name + ", labels: {" + labels + "}}\n" +
		"spec: {nodeName: \"" + node + "\", containers: [{name: main, image: \"" + image + "\"" + more + "}]}\n"
}

func node(name, labels string, addresses ...string) string {
	text := "kind: Node\nmetadata: {name: " + name + ", labels: {" + labels + "}}\nstatus:\n  addresses:\n  - {type: Hostname, address: " + name + "}\n"
	for _, address := range addresses {
		text += "  - {type: InternalIP, address: \"" + address + "\"}\n"
	}
	return text
}

func (c *realCluster) wantNodes(chosen NodeSelection, want ...string) map[string]Node {
	c.t.Helper()
	found, err := c.metallb.Nodes(c.t.Context(), chosen)
	check(c.t, err)
	names, byName := []string{}, map[string]Node{}
	for _, n := range found {
		names, byName[n.Name] = append(names, n.Name), n
	}
	if !reflect.DeepEqual(names, append([]string{}, want...)) {
		c.t.Errorf("%+v: found %v, want %v", chosen, names, want)
	}
	return byName
}

func TestNodes(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	if _, err := c.metallb.Nodes(t.Context(), NodeSelection{}); !errors.Is(err, ErrNoMetalLB) || !strings.Contains(err.Error(), "app.kubernetes.io/component=speaker") {
		t.Errorf("without a speaker: %v", err)
	}
	c.put(node("b", "zone: left", "192.168.5.252", "2001:db8::252", "192.168.6.252"))
	c.put(node("a", "zone: right", "192.168.5.253"))
	c.put(node("plane", "zone: left, "+ExcludeLabel+": \"\"", "192.168.5.250"))
	c.put(node("idle", "zone: left", "192.168.5.249"))
	const image = "quay.io/metallb/speaker:v0.15.3"
	c.put(pod("speaker-a", "a", "app: metallb, component: speaker", image, ""))
	c.put(pod("speaker-b", "b", "app.kubernetes.io/name: metallb, app.kubernetes.io/component: speaker", image, ""))
	c.put(pod("speaker-c", "plane", "app: metallb, component: speaker", image, ""))
	c.put(pod("speaker-d", "", "app: metallb, component: speaker", image, "")) // not scheduled
	c.put(pod("controller", "idle", "app: metallb, component: controller", "quay.io/metallb/controller:v0.15.3", ""))

	found := c.wantNodes(NodeSelection{}, "a", "b")
	want := Node{Name: "b", IPv4: "192.168.5.252", IPv6: "2001:db8::252", Addresses: []string{"192.168.5.252", "2001:db8::252", "192.168.6.252"},
		Labels: map[string]string{"zone": "left"}}
	if !reflect.DeepEqual(found["b"], want) {
		t.Errorf("found %+v, want %+v", found["b"], want)
	}
	yes, no := true, false
	c.wantNodes(NodeSelection{Labels: "zone in (left)"}, "b")
	if _, err := c.metallb.Nodes(t.Context(), NodeSelection{Labels: "zone=nowhere"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("of no node at all: %v", err)
	}
	if !c.wantNodes(NodeSelection{Excluded: &yes}, "a", "b", "plane")["plane"].Excluded {
		t.Error("it does not say that the node is excluded")
	}
	for _, tt := range []struct{ image, more string }{
		{"quay.io/metallb/speaker:v0.13.12", ""},
		{image, ", args: [--port=7472, --ignore-exclude-lb]"},
	} {
		for name, on := range map[string]string{"speaker-a": "a", "speaker-c": "plane"} {
			c.drop("Pod", "metallb-system", name)
			c.put(pod(name, on, "app: metallb, component: speaker", tt.image, tt.more))
		}
		c.wantNodes(NodeSelection{}, "a", "b", "plane")
		c.wantNodes(NodeSelection{Excluded: &no}, "a", "b")
	}
}

func TestStatus(t *testing.T) {
	c := newReal(t, Config{})
	if _, err := c.metallb.Status(t.Context()); !errors.Is(err, ErrNoMetalLB) {
		t.Errorf("without MetalLB: %v", err)
	}
	check(t, c.InstallMetalLB(t.Context()))
	eventually := func(what string, reached func(*Status) bool) *Status {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
			status, err := c.metallb.Status(t.Context())
			check(t, err)
			if reached(status) {
				return status
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %+v", what, status)
			}
		}
	}
	status := eventually("accepted", func(s *Status) bool { return s.Accepted != nil && *s.Accepted })
	want := &Status{Namespace: "metallb-system", Backend: "crd", Version: c.MetalLBVersion(), BGPMode: "native", Accepted: status.Accepted}
	if !reflect.DeepEqual(status, want) {
		t.Errorf("found %+v, want %+v", status, want)
	}
	// What MetalLB's own result calls valid: a peer whose Secret is missing.
	c.put("kind: BGPPeer\nmetadata: {namespace: metallb-system, name: router}\n" +
		"spec: {myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.1, passwordSecret: {name: none}}\n")
	status = eventually("refused", func(s *Status) bool { return len(s.Refusals) > 0 })
	if *status.Accepted || status.Refusals[0].Component != "speaker" || status.Refusals[0].Node != "node1" || status.Refusals[0].Message == "" {
		t.Errorf("found %+v", status)
	}
	t.Logf("refused: %+v", status.Refusals)
	c.put("kind: IPAddressPool\nmetadata: {namespace: metallb-system, name: silent}\nspec: {addresses: [10.9.0.0/24]}\n")
	c.put("kind: L2Advertisement\nmetadata: {namespace: metallb-system, name: vain}\nspec: {ipAddressPools: [nowhere]}\n")
	status = eventually("problems", func(s *Status) bool { return len(s.Problems) == 2 })
	if !strings.HasPrefix(status.Problems[0], "IPAddressPool silent: No BGPAdvertisement") || !strings.HasPrefix(status.Problems[1], "L2Advertisement vain: there is no IPAddressPool nowhere") {
		t.Errorf("problems %q", status.Problems)
	}
	c.drop("BGPPeer", "metallb-system", "router")
	eventually("accepted again", func(s *Status) bool { return s.Accepted != nil && *s.Accepted })

	c.drop("Pod", "metallb-system", "controller")
	c.drop("Pod", "metallb-system", "speaker-node1")
	c.put(pod("metallb-controller-1", "node1", "app.kubernetes.io/name: metallb, app.kubernetes.io/component: controller", "registry.example/metallb-controller:0.14.9-r1", ""))
	c.put(pod("metallb-speaker-1", "node1", "app.kubernetes.io/name: metallb, app.kubernetes.io/component: speaker", "x/speaker@sha256:0", ", env: [{name: METALLB_BGP_TYPE, value: frr-k8s}]"))
	eventually("version and mode", func(s *Status) bool { return s.Version == "0.14.9" && s.BGPMode == "frr-k8s" })
}

// withRules gives this cluster to a user who may do what the rules say and nothing else.
func (c *realCluster) withRules(user, rules string) *MetalLB {
	c.t.Helper()
	c.put("kind: ClusterRole\nmetadata: {name: " + user + "}\nrules:\n" + rules)
	c.put("kind: ClusterRoleBinding\nmetadata: {name: " + user + "}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: " + user +
		"}\nsubjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: " + user + "}]")
	config, err := clientcmd.LoadFromFile(c.Kubeconfig())
	check(c.t, err)
	for _, credentials := range config.AuthInfos {
		credentials.Impersonate = user
	}
	file := filepath.Join(c.t.TempDir(), "kubeconfig")
	check(c.t, clientcmd.WriteToFile(*config, file))
	cluster, err := kube.New(kube.Config{ConfigPaths: []string{file}})
	check(c.t, err)
	return New(cluster, Config{})
}

// TestForbidden: what may not be read is named; only what cannot be done without is an error.
func TestForbidden(t *testing.T) {
	c := newMetalLB(t)
	nobody := c.withRules("nobody", "- {apiGroups: [metallb.io], resources: [ipaddresspools], verbs: [get]}")
	for what, err := range map[string]error{
		`cannot list resource "services" in API group "" in the namespace "default"`:    second(nobody.LoadBalancer(t.Context(), soon("web"))),
		`cannot list resource "pods" in API group "" in the namespace "metallb-system"`: second(nobody.Nodes(t.Context(), NodeSelection{})),
	} {
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%v, want %q", err, what)
		}
	}
	status, err := nobody.Status(t.Context())
	check(t, err)
	if status.Backend != "crd" || status.Version != "" || status.Accepted != nil || len(status.Unseen) != 3 ||
		!strings.Contains(status.Unseen[0], `cannot list resource "pods"`) || !strings.Contains(status.Unseen[1], `cannot list resource "configurationstates"`) ||
		!strings.Contains(status.Unseen[2], `cannot list resource "ipaddresspools"`) {
		t.Errorf("found %+v", status)
	}

	// A user who sees Services only gets the address, and in vain at least the reason that a Service tells.
	viewer := c.withRules("viewer", `- {apiGroups: [""], resources: [services], verbs: [list, watch]}`)
	c.put(service("web", "", ""))
	_, err = viewer.LoadBalancer(t.Context(), soon("web"))
	for _, part := range []string{"it has no address", `Could not be looked at: pods is forbidden`, "events is forbidden", "configurationstates.metallb.io is forbidden"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v, want %q", err, part)
		}
	}
	c.put(poolOf("blue", "addresses: [192.168.128.1/32]"))
	patient := soon("web")
	patient.Grace, patient.Timeout = 20*time.Second, 20*time.Second
	found, err := viewer.LoadBalancer(t.Context(), patient)
	check(t, err)
	if found.IPv4 != "192.168.128.1" || found.Nodes != nil {
		t.Errorf("found %+v", found)
	}
}

// readerRules are all that reading needs.
const readerRules = `
- {apiGroups: [""], resources: [services], verbs: [list, watch]}
- {apiGroups: [""], resources: [events, nodes, pods], verbs: [list]}
- {apiGroups: [""], resources: [configmaps, namespaces], verbs: [get]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list]}
- {apiGroups: [metallb.io], resources: [ipaddresspools, bgppeers, bgpadvertisements, l2advertisements, bfdprofiles, communities], verbs: [list]}
- {apiGroups: [metallb.io], resources: [configurationstates, servicebgpstatuses, servicel2statuses], verbs: [list]}
`

// TestAllowed: with these rights nothing stays unseen.
func TestAllowed(t *testing.T) {
	c := newMetalLB(t)
	reader := c.withRules("reader", readerRules)
	status, err := reader.Status(t.Context())
	check(t, err)
	nodes, err := reader.Nodes(t.Context(), NodeSelection{})
	check(t, err)
	if len(status.Unseen) > 0 || len(nodes) != 1 {
		t.Errorf("found %+v and %v", status, nodes)
	}
	c.put(service("web", "", ""))
	pending := second(reader.LoadBalancer(t.Context(), soon("web")))
	c.put(poolOf("blue", "addresses: [192.168.128.1/32]"))
	patient := soon("web")
	patient.Timeout, patient.Grace = 20*time.Second, 20*time.Second
	check(t, second(reader.LoadBalancer(t.Context(), patient)))
	silent := soon("web")
	silent.Announced = true
	for _, err := range []error{pending, second(reader.LoadBalancer(t.Context(), silent))} {
		if !errors.Is(err, ErrNoAddress) || strings.Contains(err.Error(), "Could not be looked at") {
			t.Errorf("%v", err)
		}
		t.Log(err)
	}
}

func second[T any](_ T, err error) error { return err }
