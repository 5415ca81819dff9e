package lifecycle

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// ValidateConfig applies every rule of MetalLB's that needs no cluster.
func (r *objectResource[M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	spec, err := encodeSpec(ctx, &model)
	if err != nil {
		resp.Diagnostics.Append(report(err, "Invalid "+r.declared.Noun, path.Empty()))
		return
	}
	for _, f := range fields(&model, writeOnlyTag) {
		if !f.isNull() {
			spec[f.backend] = metallb.ManagedPasswordSet
		}
	}
	if labels, known := naming(&model).labels(); known {
		if err := metallb.CheckLabels(labels); err != nil {
			resp.Diagnostics.Append(report(err, "Invalid "+r.declared.Noun, path.Root("labels")))
		}
	}
	for _, problem := range metallb.Check(r.declared.Kind, spec) {
		at := specPath(ctx, &model, problem.Field)
		if problem.Warning {
			shown, detail := located(at, inTerraform(problem.Err.Error()))
			resp.Diagnostics.AddAttributeWarning(shown, "Unlikely "+r.declared.Noun, detail)
		} else {
			resp.Diagnostics.Append(report(reworded{problem.Err}, "Invalid "+r.declared.Noun, at))
		}
	}
}

// ModifyPlan refuses what cannot be beside another object of the same configuration. Of a change it plans none where
// only the spelling changes, and a move where the last refresh found the object where MetalLB no longer looks; it tells
// what a new name does.
func (r *objectResource[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // a destroy
	}
	var plan, state M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var namespace types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("namespace"), &namespace)...)
	if !resp.Diagnostics.HasError() && !namespace.IsUnknown() {
		r.besideOthers(ctx, &plan, &resp.Diagnostics)
	}
	if req.State.Raw.IsNull() {
		return // a create
	}
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	keepSpelling(ctx, &plan, &state, metallbTag)
	if naming(&state).Backend.IsNull() {
		naming(&plan).Backend = types.StringUnknown()
	}
	if was, is := naming(&state).Name, naming(&plan).Name; r.declared.Renaming != "" && !was.Equal(is) {
		resp.Diagnostics.AddAttributeWarning(path.Root("name"), fmt.Sprintf("%s %q is replaced", r.declared.Noun, was.ValueString()),
			r.declared.Renaming)
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// besideOthers judges a plan by those of the same configuration that are made already.
func (r *objectResource[M]) besideOthers(ctx context.Context, plan *M, diags *diag.Diagnostics) {
	if r.Backends == nil || naming(plan).Name.IsUnknown() {
		return
	}
	object, err := r.object(ctx, plan)
	if err != nil {
		diags.Append(report(err, "Invalid "+r.declared.Noun, path.Empty()))
		return
	}
	if object.Namespace == "" && r.MetalLB != nil {
		object.Namespace = r.MetalLB.Namespace()
	}
	for _, problem := range r.planned.conflicts(object) {
		diags.Append(report(reworded{problem.Err}, fmt.Sprintf("%s %q cannot be beside the others", r.declared.Noun, object.Name),
			specPath(ctx, plan, problem.Field)))
	}
}
