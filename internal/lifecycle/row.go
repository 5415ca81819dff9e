package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// Row declares a resource that is one row of a router's menu. M is its model: a struct with a field
// `ID types.String` tagged tfsdk:"id", and one field per attribute tagged ros:"…" with the newest RouterOS' word.
type Row[M any] struct {
	Type        string // "routeros_bgp_peer"
	Menu        *routeros.Menu
	Description string
	Attributes  map[string]schema.Attribute // without id; their descriptions get the menu's releases and defaults
	Validate    func(M) diag.Diagnostics    // what needs several attributes at once; may be nil
	MovedFrom   []string                    // other providers' types whose state this one takes over
}

// Resource makes the resource that the framework serves.
func (d Row[M]) Resource() resource.Resource { return &rowResource[M]{declared: d} }

type rowResource[M any] struct {
	configured
	declared Row[M]
}

var (
	_ resource.ResourceWithConfigure      = &rowResource[struct{}]{}
	_ resource.ResourceWithValidateConfig = &rowResource[struct{}]{}
	_ resource.ResourceWithModifyPlan     = &rowResource[struct{}]{}
	_ resource.ResourceWithImportState    = &rowResource[struct{}]{}
	_ resource.ResourceWithIdentity       = &rowResource[struct{}]{}
	_ resource.ResourceWithMoveState      = &rowResource[struct{}]{}
	_ Steady                              = &rowResource[struct{}]{}
)

func (r *rowResource[M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.declared.Type
	resp.ResourceBehavior.MutableIdentity = true // names change in place, ids when a router is restored
}

func (r *rowResource[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: r.declared.Description + movedFrom(r.declared.MovedFrom),
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Where the row is in its menu, as RouterOS numbers it (`*1A`). It may change when a router " +
					"is restored or upgraded; the row is then found again by its " + r.declared.Menu.Key + ".",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
	maps.Copy(resp.Schema.Attributes, r.declared.Attributes)
	for _, f := range fields(new(M), rosTag) {
		resp.Schema.Attributes[f.attribute] = annotated(resp.Schema.Attributes[f.attribute], r.declared.Menu, f.backend)
	}
}

func (r *rowResource[M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var model M
	resp.Diagnostics.Append(get(ctx, req.Config.Raw, &model)...)
	if !resp.Diagnostics.HasError() && r.declared.Validate != nil {
		resp.Diagnostics.Append(r.declared.Validate(model)...)
	}
}

// ModifyPlan plans no change where only the spelling changes, refuses what the router's release does not have, and
// replaces what it cannot change.
func (r *rowResource[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // a destroy
	}
	var plan, state M
	resp.Diagnostics.Append(get(ctx, req.Plan.Raw, &plan)...)
	exists := !req.State.Raw.IsNull()
	if exists {
		resp.Diagnostics.Append(get(ctx, req.State.Raw, &state)...)
		keepSpelling(ctx, &plan, &state, rosTag)
		resp.Diagnostics.Append(put(ctx, &resp.Plan.Raw, &plan)...)
	}
	if r.Backends == nil || r.Router == nil || resp.Diagnostics.HasError() {
		return
	}
	words, err := encode(ctx, &plan)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "plan", words)
		return
	}
	version, known := r.Router.KnownVersion()
	if !known && r.declared.Menu.VersionMatters(words) {
		version, known = r.Router.AskVersion(ctx)
	}
	if !known {
		return
	}
	for word, why := range r.declared.Menu.Unsupported(version, words) {
		resp.Diagnostics.AddAttributeError(wordPath(&plan, word), "Not in this RouterOS version",
			fmt.Sprintf("Router %s runs RouterOS %s. Of a %s, %s. Leave it out, or give it only to routers that have it.", r.Router.Address(), version, r.declared.Menu.Noun, why))
	}
	if !exists {
		return
	}
	for _, f := range fields(&plan, rosTag) {
		if f.get().IsUnknown() {
			words[f.backend] = "" // something, if not yet known what
		}
	}
	prior, err := encode(ctx, &state)
	if word, must := r.declared.Menu.Replaces(version, prior, words); err == nil && must {
		resp.RequiresReplace = append(resp.RequiresReplace, wordPath(&plan, word))
	}
}

// table is the router's menu; nil, with a diagnostic, if no router is configured.
func (r *rowResource[M]) table(diags *diag.Diagnostics) *routeros.Table {
	router := r.router(r.declared.Type, diags)
	if router == nil {
		return nil
	}
	return router.Table(r.declared.Menu).Comparing(means[M])
}

// title is the object for people: BGP peer "kube-metallb-worker1".
func (r *rowResource[M]) title(words routeros.Words) string {
	if key := words[r.declared.Menu.Key]; key != "" {
		return fmt.Sprintf("%s %q", r.declared.Menu.Noun, key)
	}
	return r.declared.Menu.Noun
}

// fail reports an error at the attribute that it is about, if that is known.
func (r *rowResource[M]) fail(diags *diag.Diagnostics, err error, verb string, words routeros.Words) {
	field := path.Empty()
	var answered *routeros.Error
	if errors.As(err, &answered) {
		field = wordPath(new(M), answered.Word)
		if answered.Word == placeWord {
			field = path.Root(placeBefore)
		}
	}
	diags.Append(report(err, "Unable to "+verb+" "+r.title(words), field))
}

// warn tells that the router has the row but does not use it.
func (r *rowResource[M]) warn(diags *diag.Diagnostics, row routeros.Row) {
	if row.Trouble != "" {
		diags.AddWarning("Not in use: "+r.title(row.Words),
			fmt.Sprintf("Router %s has it as %s, but does not use it. It says: %s.", r.Router.Address(), row.ID, row.Trouble))
	}
}

// warnOfTwins tells of rows that have the key of a new one, which is then of no use to tell them apart.
func (r *rowResource[M]) warnOfTwins(diags *diag.Diagnostics, words routeros.Words, twins []routeros.Row) {
	if len(twins) == 0 {
		return
	}
	key := r.declared.Menu.Key
	diags.AddAttributeWarning(wordPath(new(M), key), "Not the only one: "+r.title(words),
		fmt.Sprintf("Router %s has another with the same %s (%s). By it a row is found again after somebody removed it, or the router was "+
			"restored: Terraform could then take the one for the other. Give each its own.", r.Router.Address(), key, twins[0].ID))
}

func setID(model any, id string) { idField(model).set(types.StringValue(id)) }

func getID(model any) string {
	id, _ := idField(model).get().(types.String)
	return id.ValueString()
}

func idField(model any) field {
	for _, f := range fields(model, "tfsdk") {
		if f.attribute == "id" {
			return f
		}
	}
	panic(fmt.Sprintf("%T has no field tagged tfsdk:\"id\"", model))
}
