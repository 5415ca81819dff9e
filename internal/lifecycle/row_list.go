package lifecycle

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// ListResource makes the list that `terraform query` asks for: every row that a resource of this type could be.
func (d Row[M]) ListResource() list.ListResource { return &rowResource[M]{declared: d} }

var _ list.ListResourceWithConfigure = &rowResource[struct{}]{}

func (r *rowResource[M]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Finds each %s of a router, but for what RouterOS makes and takes away by itself."+queried, r.declared.Menu.Noun),
		Attributes: map[string]schema.Attribute{
			"comment":  patternAttribute("comment"),
			"disabled": schema.BoolAttribute{Optional: true, MarkdownDescription: "Only those that are, or are not, switched off. Default: all."},
		},
	}
	if key := r.declared.Menu.Key; key != "comment" {
		resp.Schema.Attributes[key] = patternAttribute(key)
	}
}

func (r *rowResource[M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	key := r.declared.Menu.Key
	hasKey, hasComment := pattern(ctx, req.Config, key, &diags), pattern(ctx, req.Config, "comment", &diags)
	var disabled types.Bool
	diags.Append(req.Config.GetAttribute(ctx, path.Root("disabled"), &disabled)...)
	table := r.table(&diags)
	if diags.HasError() {
		stream.Results = failed(diags)
		return
	}
	rows, err := table.List(ctx)
	if err != nil {
		r.fail(&diags, err, "list", nil)
		stream.Results = failed(diags)
		return
	}
	stream.Results = upTo(req.Limit, func(push func(list.ListResult) bool) {
		for _, row := range rows {
			off, _ := strconv.ParseBool(row.Words["disabled"])
			if !hasKey(row.Words[key]) || !hasComment(row.Words["comment"]) || (!disabled.IsNull() && disabled.ValueBool() != off) {
				continue
			}
			lacks := r.lacks(row)
			if row.Dynamic || (row.BuiltIn && lacks != "") {
				continue // the template that comes with RouterOS is no instance, until it is given an AS number
			}
			result := r.listed(ctx, req, table, row)
			if lacks != "" {
				result = r.unlisted(row, lacks)
			}
			if !push(result) {
				return
			}
		}
	})
}

// lacks names an attribute that a resource of this type must have, and the row has not; "" if there is none.
func (r *rowResource[M]) lacks(row routeros.Row) string {
	for _, f := range fields(new(M), rosTag) {
		if _, has := row.Words[f.backend]; !has && r.declared.Attributes[f.attribute].IsRequired() {
			return f.attribute
		}
	}
	return ""
}

// unlisted warns of a row that no configuration can describe.
func (r *rowResource[M]) unlisted(row routeros.Row, lacks string) list.ListResult {
	var result list.ListResult
	result.Diagnostics.AddWarning("Not listed: "+r.title(row.Words), fmt.Sprintf(
		"Router %s has it as %s, without %s, which a %s must have.", r.Router.Address(), row.ID, lacks, r.declared.Type))
	return result
}

// listed is a row as a result: if the whole resource is asked for, as an import would give it.
func (r *rowResource[M]) listed(ctx context.Context, req list.ListRequest, table *routeros.Table, row routeros.Row) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = cmp.Or(row.Words[r.declared.Menu.Key], row.ID)
	r.identifyRow(ctx, result.Identity, row, &result.Diagnostics)
	if !req.IncludeResource {
		return result
	}
	model := new(M)
	if err := r.adopt(ctx, table, row, model, true); err != nil {
		r.fail(&result.Diagnostics, err, "read", row.Words)
		return result
	}
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}
