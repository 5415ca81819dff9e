package acceptance

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/provider"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestMain runs all scenarios in a network namespace of their own, in which the story's addresses exist.
func TestMain(m *testing.M) {
	if !kubetest.Isolated() {
		cli, err := CLI()
		if err == nil {
			err = findOthers(cli)
		}
		if err == nil {
			err = findGitOpsCRDs()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for name, value := range map[string]string{
			"TF_ACC": "1", "TF_ACC_TERRAFORM_PATH": cli, "TF_ACC_PROVIDER_NAMESPACE": "baremetal-lb", "CHECKPOINT_DISABLE": "1",
			"TF_CLI_CONFIG_FILE": os.DevNull,
		} {
			_ = os.Setenv(name, value)
		}
		if strings.Contains(cli, "tofu") {
			_ = os.Setenv("TF_ACC_PROVIDER_HOST", "registry.opentofu.org")
		}
	}
	kubetest.Main(m, "192.168.5.1/32")
}

var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"routeros": func() (tfprotov6.ProviderServer, error) { return provider.Server("test")(), nil },
}

// versions are the releases that scenarios run on: RouterOS 6, and every 7 in which a menu changed.
var versions = []string{"6.49.15", "7.9.2", "7.10.2", "7.12.2", "7.15.3", "7.16.2", "7.18.2", "7.19.6", "7.20.8", "7.21.5", "7.22.3", "7.24"}

const password = "canary-password"

// router starts a simulated router that has a user for Terraform.
func router(t *testing.T, version string, options ...routerostest.Option) *routerostest.Router {
	t.Setenv("ROS_USERNAME", "terraform")
	t.Setenv("ROS_PASSWORD", password)
	return routerostest.StartTest(t, version, append(options, routerostest.User("terraform", password, "api", "read", "write"))...)
}

// configure is a configuration for that router, given the provider block's further settings and the resources.
func configure(sim *routerostest.Router, settings, resources string) string {
	host := ""
	if sim != nil {
		host = fmt.Sprintf("hosturl = %q", "api://"+sim.Addr())
	}
	return fmt.Sprintf(`
terraform {
  required_providers {
    routeros = { source = "baremetal-lb/routeros" }
  }
}
provider "routeros" {
  %s
  %s
}
%s`, host, settings, resources)
}

// said matches a text of the CLI, which breaks lines where it likes.
func said(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	return regexp.MustCompile("(?s)" + strings.Join(words, `[\s│]+`))
}

// tables are all rows of the menus that the provider writes to, but for what changes by itself.
func tables(sim *routerostest.Router) map[string][]map[string]string {
	all := map[string][]map[string]string{}
	for _, menu := range []string{"/routing/bgp/instance", "/routing/bgp/template", "/routing/bgp/peer", "/routing/bgp/connection", "/ip/firewall/nat"} {
		for _, row := range sim.Print(menu) {
			delete(row, "bytes")
			delete(row, "packets")
			delete(row, "uptime")
			all[menu] = append(all[menu], row)
		}
	}
	return all
}
