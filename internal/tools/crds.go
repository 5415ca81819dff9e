package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// showCRDs prints, for each release of MetalLB, the path of its crds; without any, those of the latest. The name gitops
// stands for gitopsCRDs.
func showCRDs(ctx context.Context, releases []string) error {
	if len(releases) == 0 {
		releases = []string{latest}
	}
	for _, release := range releases {
		of := crds
		if release == gitops {
			of = gitopsCRDs
		}
		if err := show(of(ctx, release)); err != nil {
			return err
		}
	}
	return nil
}

// crds gives a file with the CRDs of MetalLB and the configuration of the webhooks that judge them. Both are part of
// its module.
func crds(ctx context.Context, release string) (string, error) {
	version := metalLB[release]
	if version == "" {
		return "", fmt.Errorf("no release of MetalLB is called %q", release)
	}
	return cached(ctx, "metallb-crds-and-webhooks-"+version+".yaml", func(file, workDir string) error {
		var module struct{ Dir string }
		if err := download(ctx, workDir, metalLBModule, version, &module); err != nil {
			return err
		}
		config := filepath.Join(module.Dir, "config")
		manifests, err := filepath.Glob(filepath.Join(config, "crd", "bases", "*.yaml"))
		if err != nil {
			return err
		}
		return concatenate(file, append(manifests, filepath.Join(config, "webhook", "manifests.yaml"))...)
	})
}

// concatenate writes the manifests into one file.
func concatenate(file string, manifests ...string) error {
	var all []byte
	for _, manifest := range manifests {
		text, err := os.ReadFile(manifest)
		if err != nil {
			return err
		}
		all = append(append(all, text...), "\n---\n"...)
	}
	return os.WriteFile(file, all, 0o600)
}
