// Terraform-provider-routeros serves the provider; Terraform and OpenTofu start it. With -debug it is started by hand
// instead, prints TF_REATTACH_PROVIDERS for them, and may run under a debugger.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve a debugger's session instead of being started by Terraform")
	flag.Parse()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/baremetal-lb/routeros",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
