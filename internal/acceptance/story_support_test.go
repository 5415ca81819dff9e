package acceptance

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// mustForward wants the story's second rule as the router has it.
func mustForward(t *testing.T, rules []map[string]string, port string) {
	t.Helper()
	for _, rule := range rules {
		if rule["comment"] == "kubernetes https" {
			assert.Equal(t, []string{"dstnat", "dst-nat", "tcp", port, "ether1", "192.168.128.1"}, []string{rule["chain"], rule["action"],
				rule["protocol"], rule["dst-port"], rule["in-interface"], rule["to-addresses"]})
			return
		}
	}
	t.Errorf("no rule for https among %v", rules)
}

// learnService gives the router the way to the load balancer's address, which the story's checks wait for: the routers
// here have invented neighbours. Package lab has real ones.
func learnService(t *testing.T, sim *routerostest.Router) {
	t.Helper()
	menu, on := "/routing/route", ""
	if sim.Print(menu) == nil {
		menu, on = "/ip/route", "true"
	}
	_, err := sim.AddDynamic(menu, map[string]string{"dst-address": "192.168.128.1/32", "gateway": "192.168.5.253", "bgp": on, "active": on})
	require.NoError(t, err)
}

// sabotage is somebody with WinBox at night: he changes one rule and removes a peer.
func sabotage(t *testing.T, sim *routerostest.Router) {
	t.Helper()
	for _, rule := range sim.Print("/ip/firewall/nat") {
		if rule["comment"] == "kubernetes https" {
			_, err := sim.Run("/ip/firewall/nat/set", "=.id="+rule[".id"], "=to-addresses=192.168.128.66", "=disabled=yes")
			require.NoError(t, err)
		}
	}
	for _, menu := range []string{"/routing/bgp/peer", "/routing/bgp/connection"} {
		for _, peer := range sim.Print(menu) {
			if peer["name"] == "kube-metallb-worker1" {
				_, err := sim.Run(menu+"/remove", "=.id="+peer[".id"])
				require.NoError(t, err)
			}
		}
	}
}

const namespace = "metallb-system"

// crds is MetalLB's configuration as CRDs.
type crds struct {
	t       *testing.T
	cluster *kubetest.Cluster
}

func (c crds) kubeconfig() string { return c.cluster.Kubeconfig() }

func (c crds) list(t *testing.T, version, kind string) []unstructured.Unstructured {
	t.Helper()
	client, err := dynamic.NewForConfig(c.cluster.Config())
	require.NoError(t, err)
	list, err := client.Resource(schema.GroupVersionResource{Group: "metallb.io", Version: version, Resource: kind}).
		Namespace(namespace).List(t.Context(), metav1.ListOptions{})
	require.NoError(t, err)
	return list.Items
}

func (c crds) mustHave(t *testing.T, pool string) {
	t.Helper()
	pools := c.list(t, "v1beta1", "ipaddresspools")
	require.Len(t, pools, 1)
	assert.Equal(t, "avoid-buggy-ips", pools[0].GetName())
	spec, _, _ := unstructured.NestedMap(pools[0].Object, "spec")
	assert.Equal(t, map[string]any{"addresses": []any{pool}, "autoAssign": true, "avoidBuggyIPs": true}, spec)

	advertisements := c.list(t, "v1beta1", "bgpadvertisements")
	require.Len(t, advertisements, 1)
	selected, _, _ := unstructured.NestedStringSlice(advertisements[0].Object, "spec", "ipAddressPools")
	assert.Equal(t, []string{"avoid-buggy-ips"}, selected)

	peers := c.list(t, "v1beta2", "bgppeers")
	require.Len(t, peers, 1)
	spec, _, _ = unstructured.NestedMap(peers[0].Object, "spec")
	for field, want := range map[string]any{"myASN": int64(65001), "peerASN": int64(65000), "peerAddress": "192.168.5.1"} {
		assert.Equal(t, want, spec[field], field)
	}
}

func (c crds) mustBeEmpty(t *testing.T) {
	t.Helper()
	for kind, version := range map[string]string{"ipaddresspools": "v1beta1", "bgpadvertisements": "v1beta1", "bgppeers": "v1beta2"} {
		assert.Empty(t, c.list(t, version, kind), kind)
	}
}

func (c crds) sabotage(t *testing.T) {
	t.Helper()
	client, err := dynamic.NewForConfig(c.cluster.Config())
	require.NoError(t, err)
	resources := schema.GroupVersion{Group: "metallb.io", Version: "v1beta1"}
	_, err = client.Resource(resources.WithResource("ipaddresspools")).Namespace(namespace).Patch(t.Context(), "avoid-buggy-ips",
		types.MergePatchType, []byte(`{"spec": {"avoidBuggyIPs": false}}`), metav1.PatchOptions{})
	require.NoError(t, err)
	require.NoError(t, client.Resource(resources.WithResource("bgpadvertisements")).Namespace(namespace).
		Delete(t.Context(), "avoid-buggy-ips", metav1.DeleteOptions{}))
}

// configMap is MetalLB's configuration as MetalLB 0.9 has it. There is somebody else's comment in it, which stays.
type configMap struct{ cluster *kubetest.Cluster }

const foreignComment = "# the network team's; ask before you change it\n\n"

func newConfigMap(t *testing.T, cluster *kubetest.Cluster) configMap {
	t.Helper()
	client, err := kubernetes.NewForConfig(cluster.Config())
	require.NoError(t, err)
	_, err = client.CoreV1().ConfigMaps(namespace).Create(t.Context(), &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "config"},
		Data:       map[string]string{"config": foreignComment},
	}, metav1.CreateOptions{})
	require.NoError(t, err)
	return configMap{cluster}
}

func (c configMap) kubeconfig() string { return c.cluster.Kubeconfig() }

func (c configMap) object(t *testing.T) (*corev1.ConfigMap, kubernetes.Interface) {
	t.Helper()
	client, err := kubernetes.NewForConfig(c.cluster.Config())
	require.NoError(t, err)
	object, err := client.CoreV1().ConfigMaps(namespace).Get(t.Context(), "config", metav1.GetOptions{})
	require.NoError(t, err)
	return object, client
}

func (c configMap) text(t *testing.T) string {
	t.Helper()
	object, _ := c.object(t)
	return object.Data["config"]
}

func (c configMap) sabotage(t *testing.T) {
	t.Helper()
	object, client := c.object(t)
	object.Data["config"] = strings.Replace(object.Data["config"], "avoid-buggy-ips: true", "avoid-buggy-ips: false", 1)
	_, err := client.CoreV1().ConfigMaps(namespace).Update(t.Context(), object, metav1.UpdateOptions{})
	require.NoError(t, err)
}

func (c configMap) mustHave(t *testing.T, pool string) {
	t.Helper()
	// Exactly as the story's authors wrote it.
	assert.Equal(t, foreignComment+strings.ReplaceAll(`peers:
- my-asn: 65001
  peer-asn: 65000
  peer-address: 192.168.5.1
address-pools:
- name: avoid-buggy-ips
  protocol: bgp
  addresses:
  - POOL
  avoid-buggy-ips: true
`, "POOL", pool), c.text(t))
}

func (c configMap) mustBeEmpty(t *testing.T) {
	t.Helper()
	assert.Equal(t, foreignComment+"peers: []\naddress-pools: []\n", c.text(t))
}
