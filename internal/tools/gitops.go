package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const gitops = "gitops"

// The modules whose CRDs the manifests of examples/gitops are written for. The first two have them as manifests.
const (
	sourceController        = "github.com/fluxcd/source-controller"
	sourceControllerVersion = "v1.9.6"
	externalSecrets         = "github.com/external-secrets/external-secrets"
	externalSecretsVersion  = "v1.3.2"
	tofuController          = "github.com/flux-iac/tofu-controller/api"
	tofuControllerVersion   = "v0.0.0-20250821070318-13c7438d4d46"
)

// tofuControllerSums are what the module had when it was chosen: the checksum database does not know it.
const tofuControllerSums = tofuController + " " + tofuControllerVersion + " h1:vCcZSfJMMJBCJyWlQIoFYMwWxAMr6743BnzUOITJEPQ=\n" +
	tofuController + " " + tofuControllerVersion + "/go.mod h1:wuvPkIAlueOM/Z1/7YC7W5g9xqb7B1rT+ir44DrfvUo=\n"

// gitopsCRDs gives a file with the CRDs of Flux's GitRepository, of tofu-controller's Terraform, and of ExternalSecret.
func gitopsCRDs(ctx context.Context, name string) (string, error) {
	generator, err := build(ctx, "controller-gen")
	if err != nil {
		return "", err
	}
	file := fmt.Sprintf("%s-crds-%s-%s-%s.yaml", name, sourceControllerVersion, externalSecretsVersion, tofuControllerVersion)
	return cached(ctx, file, func(file, workDir string) error {
		var source, secrets struct{ Dir string }
		if err := download(ctx, workDir, sourceController, sourceControllerVersion, &source); err != nil {
			return err
		}
		if err := download(ctx, workDir, externalSecrets, externalSecretsVersion, &secrets); err != nil {
			return err
		}
		terraform, err := generateTerraformCRD(ctx, generator, workDir)
		if err != nil {
			return err
		}
		return concatenate(file, terraform,
			filepath.Join(source.Dir, "config", "crd", "bases", "source.toolkit.fluxcd.io_gitrepositories.yaml"),
			filepath.Join(secrets.Dir, "config", "crds", "bases", "external-secrets.io_externalsecrets.yaml"))
	})
}

// generateTerraformCRD makes the CRD of tofu-controller from its Go types, as its own Makefile does: the module that has
// the manifest is not to be had.
func generateTerraformCRD(ctx context.Context, generator, workDir string) (string, error) {
	mod := fmt.Sprintf("module build\n\ngo 1.26.0\n\nrequire %s %s\n", tofuController, tofuControllerVersion)
	for name, text := range map[string]string{"go.mod": mod, "go.sum": tofuControllerSums} {
		if err := os.WriteFile(filepath.Join(workDir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	types := tofuController + "/v1alpha2"
	if _, err := golang(ctx, workDir, "build", types); err != nil { // which downloads what they need
		return "", err
	}
	cmd := exec.CommandContext(ctx, generator, "crd", "paths="+types, "output:crd:dir=.")
	cmd.Dir, cmd.Env = workDir, append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	cmd.SysProcAttr = childAttributes()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("controller-gen: %w\n%s", err, tail(string(out), 3000))
	}
	return filepath.Join(workDir, "infra.contrib.fluxcd.io_terraforms.yaml"), nil
}
