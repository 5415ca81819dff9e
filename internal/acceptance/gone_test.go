package acceptance

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestGone: what somebody has removed is planned anew, by a Terraform that keeps no identities too.
func TestGone(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	client, err := dynamic.NewForConfig(cluster.Config())
	require.NoError(t, err)
	sim := router(t, "7.24")
	whole := configure(sim, fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig()), routerResources+clusterResources)
	var anew []plancheck.PlanCheck
	for _, address := range []string{
		"routeros_bgp_instance.private", "routeros_bgp_peer.worker1", "routeros_dstnat.http", "metallb_address_pool.services", "metallb_bgp_peer.router",
	} {
		anew = append(anew, plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreate))
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: whole},
		{
			PreConfig: func() {
				for _, menu := range []string{"/ip/firewall/nat", "/routing/bgp/connection", "/routing/bgp/instance"} {
					for _, row := range sim.Print(menu) {
						_, err := sim.Run(menu+"/remove", "=.id="+row[".id"])
						require.NoError(t, err)
					}
				}
				for _, kind := range []string{"ipaddresspools", "bgpadvertisements", "bgppeers"} {
					objects := client.Resource(schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: kind}).Namespace(namespace)
					require.NoError(t, objects.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}))
				}
			},
			Config:           whole,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: anew},
		},
	}})
}
