package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestExamples applies every example of a resource's page, plans it again, and destroys it.
func TestExamples(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallMetalLB(t.Context(), kubetest.BGPType("frr"))) // the native mode has no BFD
	settings := fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())
	files, err := filepath.Glob(filepath.Join(Root(), "examples", "resources", "*", "resource.tf"))
	require.NoError(t, err)
	require.Len(t, files, 10)
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			sim := router(t, "7.24")
			before := tables(sim)
			whole := configure(sim, settings, string(text))
			resource.Test(t, resource.TestCase{Steps: []resource.TestStep{
				{ProtoV6ProviderFactories: factories, Config: whole},
				{ProtoV6ProviderFactories: factories, Config: whole, Destroy: true},
			}})
			assert.Equal(t, before, tables(sim))
		})
	}
}
