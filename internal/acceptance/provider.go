package acceptance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Provider builds this tree's provider into a folder, beside a configuration of the CLI that makes it use that provider,
// without `init`: give its path as TF_CLI_CONFIG_FILE.
func Provider(ctx context.Context, dir string) (cliConfig string, err error) {
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), ".")
	cmd.Dir = Root()
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the provider: %w\n%s", err, out)
	}
	cliConfig = filepath.Join(dir, "terraformrc")
	text := fmt.Sprintf("provider_installation {\n  dev_overrides { \"baremetal-lb/routeros\" = %q }\n  direct {}\n}\n", dir)
	return cliConfig, os.WriteFile(cliConfig, []byte(text), 0o600)
}
