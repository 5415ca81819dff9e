package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
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

// How long an operation may take, unless its timeouts say otherwise: what a create waits for may be a whole installation
// of MetalLB.
const (
	createPatience = 5 * time.Minute
	patience       = 2 * time.Minute
)

// Object declares a resource that is one piece of MetalLB's configuration. M is its model: a struct that embeds Named,
// and has one field per attribute tagged metallb:"…" with the CRD's field name.
type Object[M any] struct {
	Type        string // "metallb_bgp_peer"
	Kind        metallb.Kind
	Noun        string // "MetalLB BGP peer"
	Description string
	Naming      string                      // what an import should know of its names, if there is something
	Attributes  map[string]schema.Attribute // without those of Named; their descriptions get the defaults and releases of the table of kinds
	Renaming    string                      // what a plan should say when a new name replaces the object; "" is nothing
	Force       func(model *M) bool         // whether Services may lose their addresses; nil is never
}

// Named is what every object's model embeds.
type Named struct {
	ID        types.String   `tfsdk:"id"`
	Name      types.String   `tfsdk:"name"`
	Namespace types.String   `tfsdk:"namespace"`
	Labels    types.Map      `tfsdk:"labels"`
	Backend   types.String   `tfsdk:"backend"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

func (n *Named) named() *Named { return n }

// labels are the object's labels, and whether all of them are known.
func (n *Named) labels() (labels map[string]string, known bool) {
	known = !n.Labels.IsUnknown()
	labels = map[string]string{}
	for key, label := range n.Labels.Elements() {
		text, ok := label.(types.String)
		known = known && ok && !text.IsUnknown()
		labels[key] = text.ValueString()
	}
	return labels, known
}

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
	_ resource.ResourceWithMoveState      = &objectResource[struct{}]{}
)

func (r *objectResource[M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.declared.Type
	resp.ResourceBehavior.MutableIdentity = true // a peer of the ConfigMap is known by its address, which may change
}

func (r *objectResource[M]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: r.declared.Description + movedFrom(manifestTypes()),
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`namespace/name`.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "Name of the object: lower-case letters, digits and dashes, and dots if it is no pool. " +
					"Another name is another object.",
				Validators:    []validator.String{value.Rule("the name of an object", r.declared.Kind.CheckName)},
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
			"labels": schema.MapAttribute{
				Optional:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "Labels of the object. Those of others stay as they are. The ConfigMap has none, and refuses them.",
			},
			"backend": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Where the object is: `crd` or `configmap`. After an upgrade of MetalLB to 0.13 or newer, a plan moves it " +
					"from the ConfigMap to a custom resource.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"timeouts": noted(timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Update: true, Delete: true,
				CreateDescription: "How long a create may take, such as `10m`; it waits for MetalLB's CRDs and webhook. Default: `5m`.",
				UpdateDescription: "How long an update may take. Default: `2m`.",
				DeleteDescription: "How long a delete may take. Default: `2m`.",
			}), "How long what Terraform does may take."),
		},
	}
	maps.Copy(resp.Schema.Attributes, r.declared.Attributes)
	for _, f := range fields(new(M), metallbTag) {
		resp.Schema.Attributes[f.attribute] = annotatedField(resp.Schema.Attributes[f.attribute], r.declared.Kind, f.backend)
	}
}

// store is MetalLB's configuration; nil, with a diagnostic, if no cluster is configured.
func (r *objectResource[M]) store(diags *diag.Diagnostics) *metallb.MetalLB {
	if r.MetalLB == nil {
		diags.Append(missing(r.declared.Type, r.MetalLBWhy))
	}
	return r.MetalLB
}

// object is the model as MetalLB knows it. Secrets that are not in a model it has as set already.
func (r *objectResource[M]) object(ctx context.Context, model *M) (*metallb.Object, error) {
	spec, err := encodeSpec(ctx, model)
	for _, f := range fields(model, versionTag) {
		if !f.isNull() {
			spec[f.backend] = metallb.ManagedPasswordSet
		}
	}
	who := naming(model)
	object := &metallb.Object{
		Kind: r.declared.Kind, Namespace: who.Namespace.ValueString(), Name: who.Name.ValueString(), Spec: spec,
		Force: r.declared.Force != nil && r.declared.Force(model),
	}
	object.Labels, _ = who.labels()
	if who.Backend.IsNull() && !who.ID.IsNull() {
		object.Backend = metallb.Misplaced // as adopt remembers it
	}
	return object, err
}

// adopt writes what MetalLB has into the model.
func (r *objectResource[M]) adopt(ctx context.Context, object *metallb.Object, model *M, imported bool) error {
	who := naming(model)
	who.ID = types.StringValue(object.Namespace + "/" + object.Name)
	who.Name = types.StringValue(object.Name)
	who.Namespace = types.StringValue(object.Namespace)
	who.Backend = types.StringValue(string(object.Backend))
	if object.Backend == metallb.Misplaced {
		who.Backend = types.StringNull()
	}
	labels := map[string]attr.Value{}
	for key := range who.Labels.Elements() {
		if text, there := object.Labels[key]; there {
			labels[key] = types.StringValue(text)
		}
	}
	if !who.Labels.IsNull() {
		who.Labels = types.MapValueMust(types.StringType, labels)
	}
	for _, f := range fields(model, versionTag) {
		if object.Spec[f.backend] == nil {
			f.clear() // somebody removed the secret: a plan sends it again
		}
	}
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
func (r *objectResource[M]) fail(ctx context.Context, diags *diag.Diagnostics, err error, verb, name string) {
	field := path.Empty()
	var answered *metallb.Error
	if errors.As(err, &answered) {
		field = specPath(ctx, new(M), answered.Field)
	}
	diags.Append(report(reworded{err}, fmt.Sprintf("Unable to %s %s %q", verb, r.declared.Noun, name), field))
}

// notify passes on what MetalLB itself would not tell, all in one warning: of several with the same title Terraform shows
// the first and counts the others.
func (r *objectResource[M]) notify(diags *diag.Diagnostics, object *metallb.Object) {
	if len(object.Notices) > 0 {
		diags.AddWarning(fmt.Sprintf("%s %q", r.declared.Noun, object.Name), inTerraform(strings.Join(object.Notices, "\n")))
	}
}
