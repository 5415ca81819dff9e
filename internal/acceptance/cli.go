// Package acceptance is whole scenarios through the terraform CLI: the tests beside this file, and the demo.
package acceptance

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// Root is the folder of this repository.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// CLI gives the path of terraform, else of tofu; where the PATH has neither, OpenTofu is built. TF_ACC_TERRAFORM_PATH
// names another.
func CLI() (string, error) {
	for _, name := range []string{os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	built, err := kubetest.RunTools("build", "tofu")
	if err != nil {
		return "", err
	}
	return built[0], nil
}
