package acceptance

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// others' objects, as manifests and, by the same names, as resources of ours.
const (
	poolManifest = `apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  name: web
  namespace: metallb-system
  labels:
    team: net
spec:
  addresses: [192.168.128.0/24]
  autoAssign: false
  avoidBuggyIPs: true
`
	peerManifest = `apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata:
  name: router
  namespace: metallb-system
spec:
  myASN: 65001
  peerASN: 65000
  peerAddress: 192.168.5.1
  peerPort: 1179
  holdTime: 30s
`
	l2Manifest = `apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata:
  name: web
  namespace: metallb-system
spec:
  ipAddressPools: [web]
  interfaces: [eth1, eth0]
  nodeSelectors:
  - matchLabels: {rack: one}
`
	ourManifests = `
resource "metallb_l2_advertisement" "l2" {
  provider         = routeros
  name             = "web"
  ip_address_pools = ["web"]
  interfaces       = ["eth0", "eth1"]
  node_selectors   = [{ match_labels = { rack = "one" } }]
}
resource "metallb_address_pool" "pool" {
  provider        = routeros
  name            = "web"
  addresses       = ["192.168.128.0/24"]
  auto_assign     = false
  avoid_buggy_ips = true
  labels          = { team = "net" }
}
resource "metallb_bgp_peer" "peer" {
  provider     = routeros
  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
  peer_port    = 1179
  hold_time    = "30s"
}
`
	ourManifestsChanged = `
resource "metallb_l2_advertisement" "l2" {
  provider         = routeros
  name             = "web"
  ip_address_pools = ["web"]
  node_selectors   = [{ match_labels = { rack = "two" } }]
}
resource "metallb_address_pool" "pool" {
  provider        = routeros
  name            = "web"
  addresses       = ["192.168.128.0/24", "192.168.129.0/24"]
  avoid_buggy_ips = true
}
resource "metallb_bgp_peer" "peer" {
  provider     = routeros
  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
  hold_time    = "60s"
}
`
)

// makers are how other providers write objects: kubernetes_manifest, kubectl_manifest, and that one with
// server_side_apply.
var makers = []struct {
	name, from, manager string
	apply               bool
}{
	{"kubernetes", "kubernetes_manifest", "Terraform", true},
	{"kubectl", "kubectl_manifest", "HashiCorp", false},
	{"kubectl, server side", "kubectl_manifest", "kubectl", true},
}

// TestMovedManifests takes over objects that other providers made of manifests: nothing changes by that, and what changes
// later is ours to change, and to take away.
func TestMovedManifests(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	settings := fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())
	whole := func(resources string) string { return bothProvidersWith(settings, resources) }
	for name, use := range map[string]func(*testing.T){
		"installed": func(*testing.T) {}, "newer": func(t *testing.T) { useNewer(t) }, "tofu": useTofu,
	} {
		for _, maker := range makers {
			t.Run(name+"/"+maker.name, func(t *testing.T) {
				use(t)
				var before, moves string
				for label, text := range map[string]string{"pool": poolManifest, "peer": peerManifest, "l2": l2Manifest} {
					write(t, cluster, text, maker.manager, maker.apply)
					before += theirs(t, maker.from, label, text)
					moves += fmt.Sprintf("moved {\n  from = %s.%s\n  to   = %s.%s\n}\n", maker.from, label,
						map[string]string{"pool": "metallb_address_pool", "peer": "metallb_bgp_peer", "l2": "metallb_l2_advertisement"}[label], label)
				}
				versions := func() string { return resourceVersions(t, cluster) }
				was := versions()
				unchanged := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{changes{}}}
				var identity []statecheck.StateCheck
				if name == "newer" {
					identity = append(identity, statecheck.ExpectIdentity("metallb_bgp_peer.peer", map[string]knownvalue.Check{
						"namespace": knownvalue.StringExact("metallb-system"), "name": knownvalue.StringExact("router"),
					}))
				}
				resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: othersToo, Steps: []resource.TestStep{
					{Config: whole(before)},
					{Config: whole(ourManifests + moves), ConfigPlanChecks: unchanged, ConfigStateChecks: identity},
					{PreConfig: func() { assert.Equal(t, was, versions()) }, Config: whole(ourManifests), PlanOnly: true},
					{Config: whole(ourManifestsChanged), ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{changes{
						"metallb_address_pool.pool": "update addresses, auto_assign, labels", "metallb_bgp_peer.peer": "update hold_time, peer_port",
						"metallb_l2_advertisement.l2": "update interfaces, node_selectors",
					}}}},
					{
						PreConfig: func() {
							pools := crds{t, cluster}.list(t, "v1beta1", "ipaddresspools")
							require.Len(t, pools, 1)
							assert.Equal(t, map[string]any{"addresses": []any{"192.168.128.0/24", "192.168.129.0/24"}, "autoAssign": true,
								"avoidBuggyIPs": true}, pools[0].Object["spec"])
							assert.Empty(t, pools[0].GetLabels())
							announced := crds{t, cluster}.list(t, "v1beta1", "l2advertisements")
							require.Len(t, announced, 1)
							assert.Equal(t, map[string]any{"ipAddressPools": []any{"web"},
								"nodeSelectors": []any{map[string]any{"matchLabels": map[string]any{"rack": "two"}}}}, announced[0].Object["spec"])
							peers := crds{t, cluster}.list(t, "v1beta2", "bgppeers")
							require.Len(t, peers, 1)
							spec, _, _ := unstructured.NestedMap(peers[0].Object, "spec")
							assert.Equal(t, []any{int64(179), "60s"}, []any{spec["peerPort"], spec["holdTime"]})
						},
						Config: whole(ourManifestsChanged), PlanOnly: true,
					},
				}})
				crds{t, cluster}.mustBeEmpty(t)
				assert.Empty(t, crds{t, cluster}.list(t, "v1beta1", "l2advertisements"))
			})
		}
	}
}

// TestMovedManifestsRefuses: an object of another kind stays where it is, and the error says where it could go.
func TestMovedManifestsRefuses(t *testing.T) {
	for _, from := range []string{"kubernetes_manifest", "kubectl_manifest"} {
		before := bothProvidersWith("", theirs(t, from, "x", poolManifest))
		after := bothProvidersWith("", fmt.Sprintf(`
resource "metallb_bgp_peer" "x" {
  provider     = routeros
  name         = "web"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
}
moved {
  from = %s.x
  to   = metallb_bgp_peer.x
}`, from))
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: othersToo, Steps: []resource.TestStep{
			{Config: before},
			{Config: after, ExpectError: said("web is of kind IPAddressPool in metallb.io/v1beta1, which a metallb_address_pool is. Move it to one.")},
			{Config: before},
		}})
	}
}

func bothProvidersWith(settings, resources string) string {
	return strings.Replace(configure(nil, settings, resources), "required_providers {", "required_providers {\n    others = { source = \"baremetal-lb/others\" }", 1)
}

// theirs is the resource of another provider for a manifest, with what that has in its state.
func theirs(t *testing.T, from, label, text string) string {
	t.Helper()
	body := "manifest = yamldecode(<<-EOT\n" + text + "EOT\n)\n object = yamldecode(<<-EOT\n" + text + "EOT\n)"
	if from == "kubectl_manifest" {
		u := parsed(t, text)
		body = fmt.Sprintf("id = %q\n api_version = %q\n kind = %q\n name = %q\n namespace = %q\n yaml_body = <<-EOT\n%sEOT\n",
			fmt.Sprintf("/apis/%s/namespaces/%s/%ss/%s", u.GetAPIVersion(), u.GetNamespace(), strings.ToLower(u.GetKind()), u.GetName()),
			u.GetAPIVersion(), u.GetKind(), u.GetName(), u.GetNamespace(), text)
	}
	return fmt.Sprintf("resource %q %q {\n provider = others\n %s\n}\n", from, label, body)
}

// write makes an object of a manifest by server-side apply, or as kubectl apply does it from the client.
func write(t *testing.T, cluster *kubetest.Cluster, text, manager string, apply bool) {
	t.Helper()
	u := parsed(t, text)
	client, err := dynamic.NewForConfig(cluster.Config())
	require.NoError(t, err)
	kind := client.Resource(u.GroupVersionKind().GroupVersion().WithResource(strings.ToLower(u.GetKind()) + "s")).Namespace(u.GetNamespace())
	said, err := json.Marshal(u)
	require.NoError(t, err)
	if apply {
		_, err = kind.Patch(t.Context(), u.GetName(), types.ApplyPatchType, said, metav1.PatchOptions{FieldManager: manager})
	} else {
		u.SetAnnotations(map[string]string{"kubectl.kubernetes.io/last-applied-configuration": string(said)})
		_, err = kind.Create(t.Context(), u, metav1.CreateOptions{FieldManager: manager})
	}
	require.NoError(t, err)
}

func parsed(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	u := &unstructured.Unstructured{}
	require.NoError(t, yaml.Unmarshal([]byte(text), &u.Object))
	return u
}

// resourceVersions are those of all objects: they change with any write.
func resourceVersions(t *testing.T, cluster *kubetest.Cluster) string {
	t.Helper()
	var all string
	for _, r := range []schema.GroupVersionResource{
		{Version: "v1beta1", Resource: "ipaddresspools"}, {Version: "v1beta2", Resource: "bgppeers"},
		{Version: "v1beta1", Resource: "bgpadvertisements"}, {Version: "v1beta1", Resource: "l2advertisements"},
	} {
		for _, u := range (crds{t, cluster}).list(t, r.Version, r.Resource) {
			all += u.GetName() + " " + u.GetResourceVersion() + " "
		}
	}
	return all
}
