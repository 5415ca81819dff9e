package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// patience is how long an object is waited for: a webhook that is not up yet, a sibling that must shrink first.
const patience = 2 * time.Minute

// Object declares a resource that is one piece of MetalLB's configuration. M is its model: a struct that embeds Named,
// and has one field per attribute tagged metallb:"…" with the CRD's field name.
type Object[M any] struct {
	Type        string // "metallb_bgp_peer"
	Kind        metallb.Kind
	Noun        string // "MetalLB BGP peer"
	Description string
	Naming      string                      // what an import should know of its names, if there is something
	Attributes  map[string]schema.Attribute // without id, name and namespace
	// Check tells which field of a complete specification is wrong, and why; may be nil.
	Check func(spec map[string]any) (field string, err error)
}

// Named is what every object's model embeds.
type Named struct {
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	Namespace types.String `tfsdk:"namespace"`
}

func (n *Named) named() *Named { return n }

// Resource makes the resource that the framework serves.
func (d Object[M]) Resource() resource.Resource { return &objectResource[M]{declared: d} }

type objectResource[M any] struct {
	configured
	declared Object[M]
}

var (
	_ resource.ResourceWithConfigure      = &objectResource[struct{}]{}
	_ resource.ResourceWithValidateConfig = &objectResource[struct{}]{}
	_ resource.ResourceWithModifyPlan     = &objectResource[struct{}]{}
	_ resource.ResourceWithImportState    = &objectResource[struct{}]{}
	_ resource.ResourceWithIdentity       = &objectResource[struct{}]{}
)

func (r *objectResource[M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.declared.Type
	resp.ResourceBehavior.MutableIdentity = true // a peer of the ConfigMap is known by its address, which may change
}

func (r *objectResource[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: r.declared.Description,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`namespace/name`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name of the object: lower-case letters, digits and dashes, at most 63. " +
					"Another name is another object.",
				Validators:    []validator.String{value.Rule("a DNS label", metallb.CheckName)},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"namespace": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				MarkdownDescription: "Namespace of MetalLB. Default: the provider's `metallb.namespace`.",
				Validators:          []validator.String{value.Rule("a DNS label", metallb.CheckName)},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplaceIfConfigured(),
				},
			},
		},
	}
	maps.Copy(resp.Schema.Attributes, r.declared.Attributes)
}

func (r *objectResource[M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() || r.declared.Check == nil {
		return
	}
	spec, err := encodeSpec(ctx, &model)
	field := ""
	if err == nil {
		field, err = r.declared.Check(spec)
	}
	if err != nil {
		resp.Diagnostics.Append(report(err, "Invalid "+r.declared.Noun, attributePath(&model, metallbTag, field)))
	}
}

// ModifyPlan plans no change where only the spelling changes.
func (r *objectResource[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
		return // a destroy, or a create
	}
	var plan, state M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	keepSpelling(ctx, &plan, &state, metallbTag)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
}

// store is MetalLB's configuration; nil, with a diagnostic, if no cluster is configured.
func (r *objectResource[M]) store(diags *diag.Diagnostics) *metallb.MetalLB {
	if r.MetalLB == nil {
		diags.Append(missing(r.declared.Type, r.MetalLBWhy))
	}
	return r.MetalLB
}

// object is the model as MetalLB knows it.
func (r *objectResource[M]) object(ctx context.Context, model *M) (*metallb.Object, error) {
	spec, err := encodeSpec(ctx, model)
	who := naming(model)
	return &metallb.Object{Kind: r.declared.Kind, Namespace: who.Namespace.ValueString(), Name: who.Name.ValueString(), Spec: spec}, err
}

// adopt writes what MetalLB has into the model.
func (r *objectResource[M]) adopt(ctx context.Context, object *metallb.Object, model *M, imported bool) error {
	who := naming(model)
	who.ID = types.StringValue(object.Namespace + "/" + object.Name)
	who.Name = types.StringValue(object.Name)
	who.Namespace = types.StringValue(object.Namespace)
	return decodeSpec(ctx, r.declared.Kind, object.Spec, model, imported)
}

func naming(model any) *Named {
	named, ok := model.(interface{ named() *Named })
	if !ok {
		panic(fmt.Sprintf("%T does not embed lifecycle.Named", model))
	}
	return named.named()
}

// fail reports an error at the attribute that it is about, if that is known.
func (r *objectResource[M]) fail(diags *diag.Diagnostics, err error, verb, name string) {
	field := path.Empty()
	var answered *metallb.Error
	if errors.As(err, &answered) {
		field = attributePath(new(M), metallbTag, answered.Field)
	}
	diags.Append(report(err, fmt.Sprintf("Unable to %s %s %q", verb, r.declared.Noun, name), field))
}
