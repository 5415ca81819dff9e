// Package lifecycle is the life of a resource, written once for a row of a router's menu (Row) and once for a piece of
// MetalLB's configuration (Object): create, read, update, delete, import, and the one place where an error becomes a
// diagnostic. A resource is a declared value of one of the two; a data source is one of a
// View of a router, or of a ClusterView.
package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// Backends are what a provider block configures. Either half may be missing, with the reason why.
type Backends struct {
	Router       *routeros.Router
	RouterWhy    string // why Router is nil
	MetalLB      *metallb.MetalLB
	MetalLBWhy   string
	StillUnknown bool // a value of the provider block is known only after apply

	planned planned
}

// configured is embedded in every resource: it takes the provider's Backends.
type configured struct{ *Backends }

func (c *configured) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	c.Backends = backendsOf(req.ProviderData, &resp.Diagnostics)
}

// backendsOf takes what the provider has configured; nil before it has, as validation runs then.
func backendsOf(providerData any, diags *diag.Diagnostics) *Backends {
	if providerData == nil {
		return nil
	}
	backends, ok := providerData.(*Backends)
	if !ok {
		diags.AddError("Provider bug", fmt.Sprintf("provider data is %T", providerData))
	}
	return backends
}

// router is the provider's router; nil, with a diagnostic, if its block names none.
func (b *Backends) router(typeName string, diags *diag.Diagnostics) *routeros.Router {
	if b.Router == nil {
		diags.Append(missing(typeName, b.RouterWhy))
	}
	return b.Router
}

// missing says that the half of the provider block that a resource needs was not given.
func missing(typeName, why string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider not configured for "+typeName, why)
}

// report turns an error into a diagnostic: the only function that does so. field names the attribute that the error is
// about, "" if that is not known.
func report(err error, summary string, field path.Path) diag.Diagnostic {
	detail := err.Error()
	if errors.Is(err, context.DeadlineExceeded) {
		detail = "Time ran out: " + detail
	}
	if field.Equal(path.Empty()) {
		return diag.NewErrorDiagnostic(summary, detail)
	}
	shown, detail := located(field, detail)
	return diag.NewAttributeErrorDiagnostic(shown, summary, detail)
}

// located is where a diagnostic is shown: Terraform's CLI finds an attribute of a resource, or an element of one, and looks
// for what is below in the wrong place. What is within an attribute is said in words, once, since its line may hold more.
func located(field path.Path, detail string) (path.Path, string) {
	steps := field.Steps()
	if len(steps) < 2 {
		return field, detail
	}
	top, _ := steps[:1].LastStep()
	shown := path.Root(top.String())
	if index, is := steps[1].(path.PathStepElementKeyInt); is {
		shown = shown.AtListIndex(int(index))
	}
	return shown, field.String() + ": " + detail
}
