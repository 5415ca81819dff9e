package acceptance

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// what the examples of the guide take over.
const (
	exampleServices = `apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: services, namespace: metallb-system}
spec: {addresses: [192.168.128.0/24], avoidBuggyIPs: true}
`
	exampleAdvertisement = `apiVersion: metallb.io/v1beta1
kind: BGPAdvertisement
metadata: {name: services, namespace: metallb-system}
spec: {ipAddressPools: [services]}
`
	exampleRouter = `apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: {name: router, namespace: metallb-system}
spec: {myASN: 65001, peerASN: 65000, peerAddress: 192.168.5.1, holdTime: 30s}
`
)

// TestMovedExamples runs the guide's examples of objects that others made: none of them writes anything.
func TestMovedExamples(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	whole := func(resources string) string {
		return bothProvidersWith(fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig()), resources)
	}
	for file, before := range map[string]string{
		"manifests.tf": theirs(t, "kubernetes_manifest", "services", exampleServices) +
			theirs(t, "kubernetes_manifest", "advertisement", exampleAdvertisement) +
			theirs(t, "kubectl_manifest", "router", exampleRouter),
		"import.tf": "",
	} {
		t.Run(file, func(t *testing.T) {
			write(t, cluster, exampleServices, "Terraform", true)
			write(t, cluster, exampleAdvertisement, "Terraform", true)
			write(t, cluster, exampleRouter, "kubectl-client-side-apply", false)
			was := resourceVersions(t, cluster)
			after := whole(example(t, "moved-metallb", file))
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: othersToo, Steps: []resource.TestStep{
				{Config: whole(before)},
				{Config: after, ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{changes{}}}},
				{PreConfig: func() { assert.Equal(t, was, resourceVersions(t, cluster)) }, Config: after, PlanOnly: true},
			}})
			crds{t, cluster}.mustBeEmpty(t)
		})
	}
}
