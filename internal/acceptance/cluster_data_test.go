package acceptance

import (
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// withMetalLB is a cluster that runs MetalLB, and the settings of a provider for it.
func withMetalLB(t *testing.T) (*kubetest.Cluster, string) {
	t.Helper()
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallMetalLB(t.Context()))
	return cluster, fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())
}

func dataValue(of, attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data."+of, tfjsonpath.New(attribute), value)
}

// loadBalancerOf asks for the address of a Service of the namespace default.
func loadBalancerOf(service, more string) string {
	return fmt.Sprintf(`
data "metallb_load_balancer" %q {
  provider  = routeros
  namespace = "default"
  name      = %[1]q
  %s
}
`, service, more)
}

const onePool = `
resource "metallb_address_pool" "services" {
  provider  = routeros
  name      = "services"
  protocol  = "bgp"
  addresses = ["192.168.128.0/24"]
}
resource "metallb_bgp_peer" "router" {
  provider     = routeros
  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
}
`

// TestLoadBalancer: one apply makes the pool and forwards to the address that a waiting Service gets from it.
func TestLoadBalancer(t *testing.T) {
	cluster, settings := withMetalLB(t)
	require.NoError(t, cluster.CreateLoadBalancerService(t.Context(), "default", "web"))
	sim := router(t, "7.24")
	announced := loadBalancerOf("web", `ip_family = "ipv4"
  wait_for_announcement = true
  depends_on = [metallb_address_pool.services, metallb_bgp_peer.router]`)
	forward := `
resource "routeros_dstnat" "web" {
  comment      = "web"
  protocol     = "tcp"
  dst_port     = "80"
  to_addresses = data.metallb_load_balancer.web.ip
}
`
	began := time.Now()
	whole := configure(sim, settings, onePool+announced+forward)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: whole,
		ConfigStateChecks: []statecheck.StateCheck{
			dataValue("metallb_load_balancer.web", "ipv4", knownvalue.StringExact("192.168.128.0")),
			dataValue("metallb_load_balancer.web", "ipv6", knownvalue.Null()),
			dataValue("metallb_load_balancer.web", "ips", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("192.168.128.0")})),
			dataValue("metallb_load_balancer.web", "hostname", knownvalue.Null()),
			dataValue("metallb_load_balancer.web", "service", knownvalue.StringExact("default/web")),
			dataValue("metallb_load_balancer.web", "pool", knownvalue.StringExact("services")),
			dataValue("metallb_load_balancer.web", "announced_nodes", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("node1")})),
			dataValue("metallb_load_balancer.web", "ports", knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"name": knownvalue.StringExact("http"), "protocol": knownvalue.StringExact("TCP"), "port": knownvalue.Int64Exact(80),
			})})),
			statecheck.ExpectKnownValue("routeros_dstnat.web", tfjsonpath.New("to_addresses"), knownvalue.StringExact("192.168.128.0")),
		},
	}, {
		PreConfig:         func() { t.Logf("plan, apply and plan again took %s", time.Since(began).Round(time.Millisecond)) },
		Config:            whole,
		ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		ConfigStateChecks: []statecheck.StateCheck{dataValue("metallb_load_balancer.web", "bgp_peers", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("router")}))},
	}, {
		Config:      configure(sim, settings, onePool+announced+forward+loadBalancerOf("kubernetes", "")),
		ExpectError: said("its type is ClusterIP: only one of type LoadBalancer gets an address"),
	}, {
		PreConfig: func() { assert.NoError(t, cluster.DeleteService(t.Context(), "default", "web")) }, // its address keeps the pool
		Config:    configure(sim, settings, onePool),
	}}})
}

// TestLoadBalancerInPlan: a plan that finds nothing says so in seconds, whatever the timeout; or, if that is allowed, goes on.
func TestLoadBalancerInPlan(t *testing.T) {
	_, settings := withMetalLB(t)
	nowhere := func(more string) string {
		return configure(nil, settings, fmt.Sprintf(`
data "metallb_load_balancer" "web" {
  provider  = routeros
  namespace = "nowhere"
  name      = "web"
  timeout   = "10m"
  %s
}
output "address" {
  value = data.metallb_load_balancer.web.ip == null ? "none" : data.metallb_load_balancer.web.ip
}`, more))
	}
	began := time.Now()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config:      nowhere(""),
		PlanOnly:    true,
		ExpectError: regexp.MustCompile(said("Service web: it does not exist after 5").String() + `(?s).*` + said("Namespace nowhere does not exist either").String()),
	}}})
	took := time.Since(began)
	t.Logf("a plan that finds nothing took %s", took.Round(time.Millisecond))
	assert.Less(t, took, 30*time.Second)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: nowhere("required = false\n  grace = \"500ms\""),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("address", knownvalue.StringExact("none")),
			dataValue("metallb_load_balancer.web", "ips", knownvalue.Null()),
			dataValue("metallb_load_balancer.web", "ports", knownvalue.Null()),
		},
	}}})
	for wrong, text := range map[string]string{
		`grace = "soon"`: "is no duration", `kind = "Pod"`: "value must be one of", `ip_family = "ipv5"`: "value must be one of",
	} {
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
			Config: nowhere(wrong), PlanOnly: true, ExpectError: said(text),
		}}})
	}
}

// TestMetalLBNodes: the router has a peer for each node that runs a speaker, and one more when one more does.
func TestMetalLBNodes(t *testing.T) {
	cluster, settings := withMetalLB(t)
	sim := router(t, "7.24")
	whole := configure(sim, settings, example(t, "data-sources", "metallb_nodes", "data-source.tf"))
	neighbours := func() (addresses []string) {
		for _, peer := range sim.Print("/routing/bgp/connection") {
			addresses = append(addresses, peer["remote.address"])
		}
		return addresses
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: whole,
		ConfigStateChecks: []statecheck.StateCheck{dataValue("metallb_nodes.all", "nodes", knownvalue.MapExact(map[string]knownvalue.Check{
			"node1": knownvalue.ObjectExact(map[string]knownvalue.Check{
				"ipv4": knownvalue.StringExact("127.0.0.1"), "ipv6": knownvalue.Null(),
				"addresses": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("127.0.0.1")}),
				"labels":    knownvalue.Null(), "excluded": knownvalue.Bool(false),
			}),
		}))},
	}, {
		PreConfig: func() {
			assert.Equal(t, []string{"127.0.0.1"}, neighbours())
			addSpeaker(t, cluster, "node2", "192.168.5.252")
		},
		Config: whole,
	}, {
		PreConfig: func() { assert.Equal(t, []string{"127.0.0.1", "192.168.5.252"}, neighbours()) },
		Config:    whole, Destroy: true, // resource.Test cannot end with what a for_each made
	}}})
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config:      configure(nil, settings, "data \"metallb_nodes\" \"all\" {\n  provider       = routeros\n  label_selector = \"a in b\"\n}"),
		ExpectError: said("is not a label selector such as"),
	}}})
}

func addSpeaker(t *testing.T, cluster *kubetest.Cluster, node, address string) {
	t.Helper()
	require.NoError(t, cluster.CreateNode(t.Context(), node, address))
	client, err := dynamic.NewForConfig(cluster.Config())
	require.NoError(t, err)
	_, err = client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(namespace).Create(t.Context(), &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": "speaker-" + node, "labels": map[string]any{"app.kubernetes.io/component": "speaker"}},
		"spec":     map[string]any{"nodeName": node, "containers": []any{map[string]any{"name": "speaker", "image": "quay.io/metallb/speaker:v0.15.3"}}},
	}}, metav1.CreateOptions{})
	require.NoError(t, err)
}

// TestMetalLBStatus: a postcondition stops a run whose configuration MetalLB does not accept.
func TestMetalLBStatus(t *testing.T) {
	cluster, settings := withMetalLB(t)
	whole := configure(nil, settings, example(t, "data-sources", "metallb_status", "data-source.tf"))
	require.Eventually(t, func() bool { // it takes MetalLB some seconds to say anything
		return len(crds{t, cluster}.list(t, "v1beta1", "configurationstates")) == 2
	}, time.Minute, 100*time.Millisecond)
	breakIt := func() {
		client, err := dynamic.NewForConfig(cluster.Config())
		require.NoError(t, err)
		_, err = client.Resource(schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: "bfdprofiles"}).Namespace(namespace).
			Create(t.Context(), &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": "metallb.io/v1beta1", "kind": "BFDProfile", "metadata": map[string]any{"name": "fast"}, "spec": map[string]any{},
			}}, metav1.CreateOptions{})
		require.NoError(t, err)
		time.Sleep(2 * time.Second) // a speaker takes a moment to say that native BGP has no BFD
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: whole,
		ConfigStateChecks: []statecheck.StateCheck{
			dataValue("metallb_status.after", "backend", knownvalue.StringExact("crd")),
			dataValue("metallb_status.after", "namespace", knownvalue.StringExact(namespace)),
			dataValue("metallb_status.after", "bgp_mode", knownvalue.StringExact("native")),
			dataValue("metallb_status.after", "accepted", knownvalue.Bool(true)),
			dataValue("metallb_status.after", "errors", knownvalue.ListExact(nil)),
		},
	}, {
		PreConfig:   breakIt,
		Config:      whole,
		PlanOnly:    true,
		ExpectError: said("speaker node1: "),
	}}})
}

// TestClusterDataSourceExamples applies the example of each page of a data source that asks a cluster.
func TestClusterDataSourceExamples(t *testing.T) {
	cluster, settings := withMetalLB(t)
	files, err := filepath.Glob(filepath.Join(Root(), "examples", "data-sources", "metallb_*", "data-source.tf"))
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			require.NoError(t, cluster.CreateLoadBalancerService(t.Context(), "default", "web"))
			whole := configure(router(t, "7.24"), settings, example(t, "data-sources", name, "data-source.tf"))
			withdraw := func() { assert.NoError(t, cluster.DeleteService(t.Context(), "default", "web")) } // its address keeps the pool
			resource.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{ProtoV6ProviderFactories: factories, Config: whole},
				{PreConfig: withdraw, ProtoV6ProviderFactories: factories, Config: configure(router(t, "7.24"), settings, "")},
			}})
		})
	}
}
