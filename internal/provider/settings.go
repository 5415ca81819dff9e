package provider

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// setting is a text of the provider block, or else of its environment variable.
func setting(configured types.String, variable string) string {
	if configured.IsNull() {
		return os.Getenv(variable)
	}
	return configured.ValueString()
}

// flag is a yes or no of the provider block, or else of its environment variable.
func flag(configured types.Bool, variable string, at path.Path, diags *diag.Diagnostics) bool {
	text := os.Getenv(variable)
	if !configured.IsNull() || text == "" {
		return configured.ValueBool()
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		diags.AddAttributeError(at, "Invalid "+variable, "It is \""+text+"\": give true or false.")
	}
	return on
}

// fileOrText gives what a PEM setting holds: it is the text itself, or the path of a file with it.
func fileOrText(text string) ([]byte, error) {
	if text == "" || isPEM(text) {
		return []byte(text), nil
	}
	return os.ReadFile(expand(text))
}

// expand gives a path that begins with ~/ the user's home.
func expand(file string) string {
	rest, fromHome := strings.CutPrefix(file, "~/")
	home, err := os.UserHomeDir()
	if !fromHome || err != nil {
		return file
	}
	return filepath.Join(home, rest)
}

func isPEM(text string) bool { return strings.Contains(text, "-----BEGIN ") }
