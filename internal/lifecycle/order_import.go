package lifecycle

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// IdentitySchema: a menu has one order, known by the same id on every router.
func (r *orderResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{RequiredForImport: true, Description: fmt.Sprintf("Always %s.", r.declared.ID)},
	}
}

func (r *orderResource) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.SetAttribute(ctx, path.Root("id"), r.declared.ID)...)
	}
}

// ImportState takes over the order in which all rules of the chain stand.
func (r *orderResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	wanted := req.ID
	if wanted == "" && req.Identity != nil {
		resp.Diagnostics.Append(req.Identity.GetAttribute(ctx, path.Root("id"), &wanted)...)
	}
	if wanted != r.declared.ID {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to import order of %ss %q", r.declared.Menu.Noun, wanted), "Accepted is: "+r.declared.ID)
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), wanted)...)
	r.identify(ctx, resp.Identity, &resp.Diagnostics)
}

// all are the ids of the rows that an administrator made, as they stand.
func all(ctx context.Context, table *routeros.Table) (ids []string, err error) {
	rows, err := table.List(ctx)
	for _, row := range rows {
		if !row.Dynamic {
			ids = append(ids, row.ID)
		}
	}
	return ids, err
}

// ListResource makes the list that `terraform query` asks for: the one order that the menu has.
func (d Order) ListResource() list.ListResource { return &orderResource{declared: d} }

var _ list.ListResourceWithConfigure = &orderResource{}

func (r *orderResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Finds the order of a router's %ss: one result, with all of them as they stand."+queried, r.declared.Menu.Noun),
	}
}

func (r *orderResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	table := r.table(&diags)
	if diags.HasError() {
		stream.Results = failed(diags)
		return
	}
	ids, err := all(ctx, table)
	if err != nil {
		r.fail(&diags, err, "list", routeros.Order{})
		stream.Results = failed(diags)
		return
	}
	result := req.NewListResult(ctx)
	result.DisplayName = r.declared.ID
	r.identify(ctx, result.Identity, &result.Diagnostics)
	if req.IncludeResource {
		model := orderModel{ID: types.StringValue(r.declared.ID)}
		model.becomes(routeros.Order{Rows: ids})
		result.Diagnostics.Append(result.Resource.Set(ctx, &model)...)
	}
	stream.Results = slices.Values([]list.ListResult{result})
}
