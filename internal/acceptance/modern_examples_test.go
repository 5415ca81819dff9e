package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// example reads a file of the examples.
func example(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{Root(), "examples"}, parts...)...))
	require.NoError(t, err)
	return string(text)
}

// TestModernExamples runs the examples that want a newer Terraform: each type's query and import by identity, on what
// its resource's example has made; and the action's.
func TestModernExamples(t *testing.T) {
	newer := build(t, useNewer(t))
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	settings := fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())
	types, err := os.ReadDir(filepath.Join(Root(), "examples", "list-resources"))
	require.NoError(t, err)
	require.NotEmpty(t, types)
	for _, entry := range types {
		name := entry.Name()
		t.Run(name, func(t *testing.T) {
			whole := configure(router(t, "7.24"), settings, example(t, "resources", name, "resource.tf"))
			_, made := newer.in(t, map[string]string{"main.tf": whole})
			made("apply", "-no-color", "-auto-approve")
			_, found := newer.in(t, map[string]string{
				"main.tf": whole, "import.tf": example(t, "resources", name, "import-by-identity.tf"),
				"list.tfquery.hcl": example(t, "list-resources", name, "list-resource.tfquery.hcl"),
			})
			assert.Contains(t, found("query", "-no-color"), "list."+name)
			// The peers' example has an instance, which it does not import; nor does the order's import the rules.
			plan := `Plan: [12] to import, [01] to add, 0 to change, 0 to destroy\.`
			if name == "routeros_nat_order" {
				plan = `Plan: 1 to import, 2 to add, 1 to change, 0 to destroy\.`
			}
			assert.Regexp(t, plan, found("plan", "-no-color"))
			made("destroy", "-no-color", "-auto-approve")
		})
	}
	t.Run("routeros_bgp_session", func(t *testing.T) {
		sim := router(t, "7.24")
		whole := configure(sim, "", example(t, "actions", "routeros_bgp_session", "action.tf"))
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
			{Config: whole}, {Config: strings.Replace(whole, "from-upstream", "another", 1)},
		}})
		assert.Equal(t, 1, sim.Stats().Commands["/routing/bgp/session/refresh"])
	})
}
