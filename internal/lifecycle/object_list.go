package lifecycle

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// ListResource makes the list that `terraform query` asks for: every object of the kind.
func (d Object[M]) ListResource() list.ListResource { return &objectResource[M]{declared: d} }

var _ list.ListResourceWithConfigure = &objectResource[struct{}]{}

func (r *objectResource[M]) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Finds each %s of a cluster."+queried, r.declared.Noun),
		Attributes: map[string]schema.Attribute{
			"name": patternAttribute("name"),
			"namespace": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Namespace of MetalLB. Default: the provider's `metallb.namespace`.",
			},
		},
	}
}

func (r *objectResource[M]) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	hasName := pattern(ctx, req.Config, "name", &diags)
	var namespace types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("namespace"), &namespace)...)
	store := r.store(&diags)
	if diags.HasError() {
		stream.Results = failed(diags)
		return
	}
	objects, err := store.List(ctx, r.declared.Kind, namespace.ValueString())
	if err != nil {
		diags.Append(report(err, "Unable to list each "+r.declared.Noun, path.Empty()))
		stream.Results = failed(diags)
		return
	}
	stream.Results = upTo(req.Limit, func(push func(list.ListResult) bool) {
		for _, object := range objects {
			if hasName(object.Name) && !push(r.listed(ctx, req, object)) {
				return
			}
		}
	})
}

// listed is an object as a result: if the whole resource is asked for, as an import would give it.
func (r *objectResource[M]) listed(ctx context.Context, req list.ListRequest, object *metallb.Object) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = object.Namespace + "/" + object.Name
	identify(ctx, result.Identity, object, &result.Diagnostics)
	if !req.IncludeResource {
		return result
	}
	model := new(M)
	// Out of an object without values, so that each field knows its type.
	typed := tfsdk.State{Schema: result.Resource.Schema, Raw: nothing(ctx, result.Resource.Schema.Type())}
	if result.Diagnostics.Append(typed.Get(ctx, model)...); result.Diagnostics.HasError() {
		return result
	}
	if err := r.adopt(ctx, object, model, true); err != nil {
		r.fail(ctx, &result.Diagnostics, err, "read", object.Name)
		return result
	}
	result.Diagnostics.Append(result.Resource.Set(ctx, model)...)
	return result
}

// nothing is an object of that type of which every attribute is null.
func nothing(ctx context.Context, of attr.Type) tftypes.Value {
	kind := of.TerraformType(ctx)
	values := map[string]tftypes.Value{}
	if object, ok := kind.(tftypes.Object); ok {
		for name, attribute := range object.AttributeTypes {
			values[name] = tftypes.NewValue(attribute, nil)
		}
	}
	return tftypes.NewValue(kind, values)
}
