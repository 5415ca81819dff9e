package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// Order declares a resource that is the order of a menu's rows, and owns none of them.
type Order struct {
	Type        string // "routeros_nat_order"
	Menu        *routeros.Menu
	ID          string // the id of every such resource, since a menu has one order: "dstnat"
	Description string
}

// Resource makes the resource that the framework serves.
func (d Order) Resource() resource.Resource { return &orderResource{declared: d} }

type orderResource struct {
	configured
	declared Order
}

var (
	_ resource.ResourceWithConfigure      = &orderResource{}
	_ resource.ResourceWithValidateConfig = &orderResource{}
	_ resource.ResourceWithImportState    = &orderResource{}
	_ resource.ResourceWithIdentity       = &orderResource{}
)

type orderModel struct {
	ID       types.String `tfsdk:"id"`
	Rules    types.List   `tfsdk:"rules"`
	Position types.String `tfsdk:"position"`
	Before   types.String `tfsdk:"before"`
	After    types.String `tfsdk:"after"`
}

// wish is the model as package routeros knows it.
func (m *orderModel) wish() routeros.Order {
	wish := routeros.Order{Rows: texts(m.Rules.Elements()), Place: routeros.Place(m.Position.ValueString())}
	switch {
	case !m.Before.IsNull():
		wish.Place, wish.Anchor = routeros.Before, m.Before.ValueString()
	case !m.After.IsNull():
		wish.Place, wish.Anchor = routeros.After, m.After.ValueString()
	}
	return wish
}

// becomes makes the model say what is so.
func (m *orderModel) becomes(is routeros.Order) {
	m.Rules = types.ListValueMust(types.StringType, values(is.Rows))
	if is.Place == routeros.Anywhere {
		m.Position, m.Before, m.After = types.StringNull(), types.StringNull(), types.StringNull()
	}
}

func (r *orderResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.declared.Type
	resp.ResourceBehavior.MutableIdentity = true // as of the rows that it orders
}

func (r *orderResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	others := func(names ...string) validator.String {
		var paths []path.Expression
		for _, name := range names {
			paths = append(paths, path.MatchRoot(name))
		}
		return stringvalidator.ConflictsWith(paths...)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: r.declared.Description,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: fmt.Sprintf("Always `%s`.", r.declared.ID),
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"rules": schema.ListAttribute{
				Required:    true,
				ElementType: types.StringType,
				MarkdownDescription: "The ids (`*1A`) of the rules, first to last; each once. Other rules may stand among them, unless a place is given. " +
					"A plan shows the order in which they stand on the router, without those that are gone, against the one wished.",
				Validators: []validator.List{listvalidator.NoNullValues(), listvalidator.UniqueValues(), listvalidator.ValueStringsAre(rowID)},
			},
			"position": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`first`: ahead of all other rules of the chain that an administrator made; `last`: behind them. Rules that the router " +
					"made itself (dynamic ones) do not count: nothing can be put before them.",
				Validators: []validator.String{
					stringvalidator.OneOf(string(routeros.First), string(routeros.Last)), others("before", "after"),
				},
			},
			"before": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Id of a rule of the chain, not one of `rules`: they stand directly before it, with no other rule of the chain among them. " +
					"At most one of `position`, `before` and `after` can be given; without any, the rules stay where they are and only their order matters.",
				Validators: []validator.String{rowID, others("position", "after")},
			},
			"after": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Like `before`, directly behind the rule.",
				Validators:          []validator.String{rowID, others("position", "before")},
			},
		},
	}
}

func (r *orderResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config orderModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if wish := config.wish(); wish.Anchor != "" && slices.Contains(wish.Rows, wish.Anchor) {
		resp.Diagnostics.AddAttributeError(path.Root(string(wish.Place)), "Invalid value",
			fmt.Sprintf("%s is one of rules: they cannot stand next to themselves. Name another rule, or take it out of the list.", wish.Anchor))
	}
}

// table is the router's menu; nil, with a diagnostic, if no router is configured.
func (r *orderResource) table(diags *diag.Diagnostics) *routeros.Table {
	router := r.router(r.declared.Type, diags)
	if router == nil {
		return nil
	}
	return router.Table(r.declared.Menu)
}

// fail reports an error at the first of the ids that it is about, if any is known.
func (r *orderResource) fail(diags *diag.Diagnostics, err error, verb string, wish routeros.Order) {
	field := path.Empty()
	var answered *routeros.Error
	if errors.As(err, &answered) && len(answered.IDs) > 0 {
		if id := answered.IDs[0]; id == wish.Anchor {
			field = path.Root(string(wish.Place))
		} else if i := slices.Index(wish.Rows, id); i >= 0 {
			field = path.Root("rules").AtListIndex(i)
		}
	}
	diags.Append(report(err, fmt.Sprintf("Unable to %s order of %ss", verb, r.declared.Menu.Noun), field))
}

// arrange makes the router's order the planned one.
func (r *orderResource) arrange(ctx context.Context, plan *orderModel, diags *diag.Diagnostics) {
	table := r.table(diags)
	if diags.HasError() {
		return
	}
	wish := plan.wish()
	if err := table.Arrange(ctx, wish); err != nil {
		r.fail(diags, err, "change", wish)
	}
	plan.ID = types.StringValue(r.declared.ID)
}

func (r *orderResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan orderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if r.arrange(ctx, &plan, &resp.Diagnostics); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		r.identify(ctx, resp.Identity, &resp.Diagnostics)
	}
}

func (r *orderResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan orderModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if r.arrange(ctx, &plan, &resp.Diagnostics); !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		r.identify(ctx, resp.Identity, &resp.Diagnostics)
	}
}

// Read takes the order from the router. Rules that do not stand where they should lose their place in state: that is
// what the plan then gives back to them.
func (r *orderResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orderModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	r.identify(ctx, resp.Identity, &resp.Diagnostics)
	if r.Router == nil && r.StillUnknown {
		return // the provider's own settings come later in this plan: keep what was last known
	}
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	wish := state.wish()
	var err error
	if state.Rules.IsNull() { // an import
		wish.Rows, err = all(ctx, table)
	} else {
		wish, err = table.Standing(ctx, wish)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "read", wish)
		return
	}
	state.becomes(wish)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

// Delete forgets the order. The rules stay where they are.
func (r *orderResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
