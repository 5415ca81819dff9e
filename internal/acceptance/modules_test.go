package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestExamplesModules runs the tests that each module brings, and applies the call that its README shows, by Terraform and
// by OpenTofu. Nothing is left behind.
func TestExamplesModules(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallMetalLB(t.Context()))
	require.NoError(t, cluster.CreateNode(t.Context(), "node2", "192.168.5.252"))
	require.NoError(t, cluster.AddSpeaker(t.Context(), "node2"))
	t.Setenv("KUBE_CONFIG_PATH", cluster.Kubeconfig())
	terraform := build(t, os.Getenv("TF_ACC_TERRAFORM_PATH"))
	on := map[string][]string{"metallb": {"7.24"}, "load-balancer": {"6.49.15", "7.12.2", "7.24"}}
	by := func(t *testing.T, p program) {
		for module, versions := range on {
			for _, version := range versions {
				t.Run(module+" on "+version, func(t *testing.T) {
					sim := router(t, version)
					before := tables(sim)
					t.Setenv("ROS_HOSTURL", "api://"+sim.Addr())
					testModule(t, p, module, "life")
					if version == "7.24" { // which router it is makes no difference to the rest
						testModule(t, p, module, "refused")
						callModule(t, p, module)
					}
					assert.Equal(t, before, tables(sim))
					crds{t, cluster}.mustBeEmpty(t)
				})
			}
		}
	}
	t.Run("Terraform", func(t *testing.T) { by(t, terraform) })
	t.Run("OpenTofu", func(t *testing.T) {
		useTofu(t)
		by(t, program{os.Getenv("TF_ACC_TERRAFORM_PATH"), terraform.provider, terraform.config})
	})
}

func moduleFolder(module string) string { return filepath.Join(Root(), "examples", "modules", module) }

// testModule wants every run of that file of the module's tests to pass.
func testModule(t *testing.T, p program, module, tests string) {
	t.Helper()
	tests = filepath.Join("tests", tests+".tftest.hcl")
	text, err := os.ReadFile(filepath.Join(moduleFolder(module), tests))
	require.NoError(t, err)
	dir, run := p.in(t, map[string]string{})
	require.NoError(t, os.CopyFS(dir, os.DirFS(moduleFolder(module))))
	assert.Contains(t, run("test", "-no-color", "-filter="+tests),
		fmt.Sprintf("Success! %d passed, 0 failed.", strings.Count(string(text), "\nrun \"")))
}

// callModule applies the README's call, without anything that does not fit, plans it again, and destroys it.
func callModule(t *testing.T, p program, module string) {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(moduleFolder(module), "README.md"))
	require.NoError(t, err)
	_, call, _ := strings.Cut(string(readme), "```hcl\n")
	call, _, found := strings.Cut(call, "```\n")
	require.True(t, found)
	dir, run := p.in(t, map[string]string{"main.tf": configure(nil, "", call)})
	require.NoError(t, os.CopyFS(filepath.Join(dir, "modules", module), os.DirFS(moduleFolder(module))))
	run("get")
	assert.NotContains(t, run("apply", "-auto-approve", "-no-color"), "Check block")
	assert.Contains(t, run("plan", "-no-color"), noChanges)
	run("apply", "-destroy", "-auto-approve")
}
