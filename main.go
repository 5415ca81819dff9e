// Terraform-provider-routeros serves the provider; Terraform and OpenTofu start it. With -debug it is started by hand
// instead, prints TF_REATTACH_PROVIDERS for them, and may run under a debugger.
package main

import (
	"cmp"
	"flag"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debugged := flag.Bool("debug", false, "serve a debugger's session instead of being started by Terraform")
	flag.Parse()
	collectLessOften()
	var options []tf6server.ServeOpt
	if *debugged {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		logNoMoreThanIsRead()
	}
	if err := tf6server.Serve("registry.terraform.io/baremetal-lb/routeros", provider.Server(version), options...); err != nil {
		log.Fatal(err)
	}
}

// logNoMoreThanIsRead makes the SDK log at the level that the CLI was asked for. It would write all, some hundred lines
// for each object, and leave it to the CLI to parse them and throw them away.
func logNoMoreThanIsRead() {
	asked := cmp.Or(os.Getenv("TF_LOG_PROVIDER"), os.Getenv("TF_LOG"), "OFF")
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_ROUTEROS"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, asked)
		}
	}
}

// collectLessOften spends memory on time: of what a plan allocates nearly all is garbage at once, and with Go's own setting a
// third of the time goes into collecting it. GOGC, if set, is obeyed.
func collectLessOften() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
