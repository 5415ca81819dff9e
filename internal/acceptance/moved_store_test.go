package acceptance

import (
	"context"
	"fmt"
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
	"k8s.io/client-go/kubernetes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// hidden is a peer whose password is in no state.
const hidden = `
resource "metallb_bgp_peer" "hidden" {
  provider            = routeros
  name                = "hidden"
  my_asn              = 65001
  peer_asn            = 65200
  peer_address        = "192.168.7.1"
  password_wo         = "canary"
  password_wo_version = 1
}
`

// TestFromConfigMapToCRDs upgrades MetalLB from 0.9 to 0.15, both real, under a Service that has an address: the same
// configuration keeps its resources, the ConfigMap stays as it is, and the Service keeps its address. On the way it goes
// back once.
func TestFromConfigMapToCRDs(t *testing.T) {
	cluster := kubetest.StartTest(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	require.NoError(t, cluster.InstallMetalLB09(ctx))
	settings := fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())
	text, address := "", ""
	keepsAddress := func() {
		has, err := cluster.LoadBalancerAddress(ctx, "default", "web")
		require.NoError(t, err)
		assert.Equal(t, address, has)
	}
	resources := map[string]string{
		"metallb_address_pool.services": "avoid-buggy-ips", "metallb_address_pool.lan": "lan", "metallb_bgp_peer.router": "router", "metallb_bgp_peer.upstream": "upstream",
		"metallb_bgp_peer.hidden": "hidden", "metallb_community.aliases": "communities",
	}
	in := func(backend string) (checks []statecheck.StateCheck) {
		for name, id := range resources {
			checks = append(checks,
				statecheck.ExpectKnownValue(name, tfjsonpath.New("id"), knownvalue.StringExact("metallb-system/"+id)),
				statecheck.ExpectKnownValue(name, tfjsonpath.New("backend"), knownvalue.StringExact(backend)))
		}
		return checks
	}
	moves := changes{}
	for name := range resources {
		moves[name] = "update " // nothing but the backend, which is known after apply
	}
	kept := example(t, "moved-metallb", "upgrade.tf") + hidden
	whole := configure(nil, settings, kept)
	moved := resource.TestStep{
		Config:            whole,
		ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{moves}},
		ConfigStateChecks: in("crd"),
	}
	once, again := moved, moved
	once.PreConfig = func() {
		require.NoError(t, cluster.CreateLoadBalancerService(ctx, "default", "web"))
		has, err := cluster.LoadBalancerAddress(ctx, "default", "web")
		require.NoError(t, err)
		text, address = configMap{cluster}.text(t), has
		require.NoError(t, cluster.InstallCRDs(ctx))
	}
	again.PreConfig = func() { require.NoError(t, cluster.InstallCRDs(ctx)) }
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{
			Config:            configure(nil, settings+"\n metallb = { backend = \"configmap\" }", kept),
			ConfigStateChecks: in("configmap"),
		},
		{Config: whole, PlanOnly: true},
		once,
		{Config: whole, PlanOnly: true},
		{ // back again
			PreConfig: func() { require.NoError(t, cluster.RemoveCRDs(ctx)) },
			Config:    whole, PlanOnly: true,
		},
		again,
		{Config: whole, PlanOnly: true},
		{
			PreConfig: func() {
				assert.Equal(t, text, configMap{cluster}.text(t))
				keepsAddress()
				require.NoError(t, cluster.UninstallMetalLB(ctx))
				require.NoError(t, cluster.InstallMetalLB(ctx))
			},
			Config: whole, PlanOnly: true,
		},
		{
			PreConfig: func() {
				assert.Equal(t, text, configMap{cluster}.text(t))
				keepsAddress()
				c := crds{t, cluster}
				assert.Len(t, c.list(t, "v1beta1", "ipaddresspools"), 2)
				assert.Len(t, c.list(t, "v1beta1", "bgpadvertisements"), 2)
				assert.Len(t, c.list(t, "v1beta1", "l2advertisements"), 1)
				assert.Len(t, c.list(t, "v1beta1", "communities"), 1)
				assert.Equal(t, "canary", c.password(t, "hidden-bgp-password"))
				for _, peer := range c.list(t, "v1beta2", "bgppeers") {
					spec, _ := peer.Object["spec"].(map[string]any)
					assert.Equal(t, map[string]any{"router": "90s", "upstream": nil}[peer.GetName()], spec["holdTime"])
					assert.Equal(t, map[string]any{"router": nil, "upstream": true}[peer.GetName()], spec["ebgpMultiHop"])
				}
				require.NoError(t, cluster.CreateLoadBalancerService(ctx, "default", "late")) // the new MetalLB knows what is taken
				late, err := cluster.LoadBalancerAddress(ctx, "default", "late")
				require.NoError(t, err)
				assert.Equal(t, "192.168.128.2", late)
				deleteService(t, cluster, "web")
				deleteService(t, cluster, "late")
			},
			Config: whole, Destroy: true,
		},
	}})
	crds{t, cluster}.mustBeEmpty(t)
	assert.Equal(t, text, configMap{cluster}.text(t))
}

func deleteService(t *testing.T, cluster *kubetest.Cluster, name string) {
	t.Helper()
	client, err := kubernetes.NewForConfig(cluster.Config())
	require.NoError(t, err)
	require.NoError(t, client.CoreV1().Services("default").Delete(t.Context(), name, metav1.DeleteOptions{}))
}

// password is what a Secret of MetalLB's has.
func (c crds) password(t *testing.T, secret string) string {
	t.Helper()
	client, err := kubernetes.NewForConfig(c.cluster.Config())
	require.NoError(t, err)
	object, err := client.CoreV1().Secrets(namespace).Get(t.Context(), secret, metav1.GetOptions{})
	require.NoError(t, err)
	return string(object.Data["password"])
}
