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

// TestExamplesModules runs the tests that the modules bring, as their READMEs say, by Terraform and by OpenTofu. They
// leave nothing behind.
func TestExamplesModules(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallMetalLB(t.Context()))
	require.NoError(t, cluster.CreateNode(t.Context(), "node2", "192.168.5.252"))
	require.NoError(t, cluster.AddSpeaker(t.Context(), "node2"))
	t.Setenv("KUBE_CONFIG_PATH", cluster.Kubeconfig())
	terraform := build(t, os.Getenv("TF_ACC_TERRAFORM_PATH"))
	by := func(t *testing.T, p program) {
		t.Run("metallb", func(t *testing.T) {
			testModule(t, p, "metallb")
			crds{t, cluster}.mustBeEmpty(t)
		})
		for _, version := range []string{"6.49.15", "7.12.2", "7.24"} {
			t.Run("load-balancer with "+version, func(t *testing.T) {
				sim := router(t, version)
				before := tables(sim)
				t.Setenv("ROS_HOSTURL", "api://"+sim.Addr())
				testModule(t, p, "load-balancer")
				assert.Equal(t, before, tables(sim))
				crds{t, cluster}.mustBeEmpty(t)
			})
		}
	}
	t.Run("Terraform", func(t *testing.T) { by(t, terraform) })
	t.Run("OpenTofu", func(t *testing.T) {
		useTofu(t)
		by(t, program{os.Getenv("TF_ACC_TERRAFORM_PATH"), terraform.provider})
	})
}

// testModule wants as many runs to pass as the files of the module's tests have.
func testModule(t *testing.T, p program, module string) {
	t.Helper()
	source := filepath.Join(Root(), "examples", "modules", module)
	dir, run := p.in(t, map[string]string{})
	require.NoError(t, os.CopyFS(dir, os.DirFS(source)))
	files, err := filepath.Glob(filepath.Join(source, "tests", "*.tftest.hcl"))
	require.NoError(t, err)
	runs := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		runs += strings.Count("\n"+string(text), "\nrun \"")
	}
	require.Positive(t, runs)
	said := run("test", "-no-color")
	assert.Contains(t, said, fmt.Sprintf("Success! %d passed, 0 failed.", runs))
	if os.Getenv("SHOW") != "" {
		t.Log(said)
	}
}
