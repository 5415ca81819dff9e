package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// Action declares something that can be done to a router and leaves no state. M is its model: a struct with one field
// per attribute, tagged ros:"…" with the word that errors of Invoke name it by.
type Action[M any] struct {
	Type        string // "routeros_bgp_session"
	Description string
	Attributes  map[string]schema.Attribute
	Validate    func(M) diag.Diagnostics // what needs several attributes at once; may be nil
	// Invoke does it, and says in a few words what it did. Title says what could not be done: "Unable to …".
	Invoke func(ctx context.Context, router *routeros.Router, model M) (done string, err error)
	Title  func(M) string
}

// Action makes the action that the framework serves.
func (d Action[M]) Action() action.Action { return &routerAction[M]{declared: d} }

type routerAction[M any] struct {
	*Backends
	declared Action[M]
}

var (
	_ action.ActionWithConfigure      = &routerAction[struct{}]{}
	_ action.ActionWithValidateConfig = &routerAction[struct{}]{}
)

func (a *routerAction[M]) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = a.declared.Type
}

func (a *routerAction[M]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: a.declared.Description, Attributes: a.declared.Attributes}
}

func (a *routerAction[M]) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Backends = backendsOf(req.ProviderData, &resp.Diagnostics)
}

func (a *routerAction[M]) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if !resp.Diagnostics.HasError() && a.declared.Validate != nil {
		resp.Diagnostics.Append(a.declared.Validate(model)...)
	}
}

func (a *routerAction[M]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	router := a.router(a.declared.Type, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	done, err := a.declared.Invoke(ctx, router, model)
	if err != nil {
		resp.Diagnostics.Append(report(err, a.declared.Title(model), about(&model, err)))
		return
	}
	resp.SendProgress(action.InvokeProgressEvent{Message: done})
}
