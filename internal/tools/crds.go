package main

import (
	"context"
	"os"
	"path/filepath"
)

// crds gives a file with the CRDs of MetalLB, which are part of its module.
func crds(ctx context.Context) (string, error) {
	return cached(ctx, "metallb-crds-"+metalLBCRDs+".yaml", func(file, workDir string) error {
		var module struct{ Dir string }
		if err := download(ctx, workDir, "go.universe.tf/metallb", metalLBCRDs, &module); err != nil {
			return err
		}
		manifests, err := filepath.Glob(filepath.Join(module.Dir, "config", "crd", "bases", "*.yaml"))
		if err != nil {
			return err
		}
		var all []byte
		for _, manifest := range manifests {
			text, err := os.ReadFile(manifest)
			if err != nil {
				return err
			}
			all = append(append(all, text...), "\n---\n"...)
		}
		return os.WriteFile(file, all, 0o600)
	})
}
