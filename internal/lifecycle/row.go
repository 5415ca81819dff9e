package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strings"

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
	Attributes  map[string]schema.Attribute // without id
	Validate    func(M) diag.Diagnostics    // what needs several attributes at once; may be nil
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
)

func (r *rowResource[M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.declared.Type
}

func (r *rowResource[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: r.declared.Description,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Where the row is in its menu, as RouterOS numbers it (`*1A`). It may change when a router " +
					"is restored or upgraded; the row is then found again by its " + r.declared.Menu.Key + ".",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
		},
	}
	for name, attribute := range r.declared.Attributes {
		resp.Schema.Attributes[name] = attribute
	}
}

func (r *rowResource[M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if !resp.Diagnostics.HasError() && r.declared.Validate != nil {
		resp.Diagnostics.Append(r.declared.Validate(model)...)
	}
}

// ModifyPlan plans no change where only the spelling changes, and refuses what the router's version does not have, where
// the router was asked already.
func (r *rowResource[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return // a destroy
	}
	var plan, state M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		keepSpelling(ctx, &plan, &state, rosTag)
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
	if r.Backends == nil || r.Router == nil {
		return
	}
	version, known := r.Router.KnownVersion()
	if !known {
		return
	}
	words, err := encode(ctx, &plan)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "plan", words)
		return
	}
	for word, where := range r.declared.Menu.Unsupported(version, words) {
		resp.Diagnostics.AddAttributeError(attributePath(&plan, rosTag, word), "Not in this RouterOS version",
			fmt.Sprintf("Router %s runs RouterOS %s; RouterOS has %s of a %s %s only.",
				r.Router.Address(), version, word, r.declared.Menu.Noun, where))
	}
}

// table is the router's menu; nil, with a diagnostic, if no router is configured.
func (r *rowResource[M]) table(diags *diag.Diagnostics) *routeros.Table {
	if r.Router == nil {
		diags.Append(missing(r.declared.Type, r.RouterWhy))
		return nil
	}
	return r.Router.Table(r.declared.Menu)
}

// summary is a diagnostic's first line: Unable to create BGP peer "kube-metallb-worker1".
func (r *rowResource[M]) summary(verb string, words routeros.Words) string {
	if key := words[r.declared.Menu.Key]; key != "" {
		return fmt.Sprintf("Unable to %s %s %q", verb, r.declared.Menu.Noun, key)
	}
	return fmt.Sprintf("Unable to %s %s", verb, r.declared.Menu.Noun)
}

// fail reports an error at the attribute that it is about, if that is known.
func (r *rowResource[M]) fail(diags *diag.Diagnostics, err error, verb string, words routeros.Words) {
	field := path.Empty()
	var answered *routeros.Error
	if errors.As(err, &answered) {
		field = attributePath(new(M), rosTag, answered.Word)
		if answered.Word == placeWord {
			field = path.Root(placeBefore)
		}
	}
	diags.Append(report(err, r.summary(verb, words), field))
}

func (r *rowResource[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	words, err := encode(ctx, &plan)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "create", words)
		return
	}
	id, err := r.place(ctx, table, words, next(&plan))
	setID(&plan, id)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "create", words)
		if errors.Is(err, routeros.ErrUnsure) {
			// State must not forget what may exist: the next refresh finds it by its key, or drops it.
			resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
		}
		return
	}
	row, there, err := table.ByID(ctx, id, words)
	switch {
	case err != nil:
		// It exists: state must hold it whatever comes after, and not as tainted.
		resp.Diagnostics.AddWarning("Could not read back "+r.declared.Menu.Noun, err.Error())
	case !there:
		resp.Diagnostics.AddWarning("Could not read back "+r.declared.Menu.Noun,
			"The router accepted it as "+id+", but has no such row. The next plan will tell.")
	default:
		err = decode(ctx, r.declared.Menu, row.Words, &plan, false)
	}
	if err != nil && there {
		r.fail(&resp.Diagnostics, err, "read back", words)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// place adds the row, unless one with its name is there: RouterOS may accept a second of the same name, and then
// nobody can tell the two apart. The one that comes with RouterOS is adopted, since it can be neither added nor removed.
func (r *rowResource[M]) place(ctx context.Context, table *routeros.Table, words routeros.Words, next string) (id string, err error) {
	if name := words["name"]; name != "" {
		there, err := table.Find(ctx, "name", name)
		if err != nil {
			return "", err
		}
		if len(there) > 0 && there[0].BuiltIn {
			return there[0].ID, table.Set(ctx, there[0].ID, nil, words)
		}
		if len(there) > 0 {
			return "", &routeros.Error{Kind: routeros.ErrDuplicate, Router: r.Router.Address(), Word: "name",
				Message: fmt.Sprintf("there is a %s %q already (%s)", r.declared.Menu.Noun, name, there[0].ID),
				Advice:  fmt.Sprintf("To manage it, import it: terraform import %s.<resource name> %s", r.declared.Type, name)}
		}
	}
	return table.AddBefore(ctx, next, words)
}

func (r *rowResource[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if r.Router == nil && r.StillUnknown {
		return // the provider's own settings come later in this plan: keep what was last known
	}
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, err := encode(ctx, &state)
	imported := len(prior) == 0
	var row routeros.Row
	var there bool
	if err == nil && imported {
		row, there, err = table.ByID(ctx, getID(&state), nil)
	} else if err == nil {
		row, there, err = table.Locate(ctx, getID(&state), prior)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "read", prior)
		return
	}
	if !there {
		resp.State.RemoveResource(ctx)
		return
	}
	setID(&state, row.ID)
	if imported {
		row.Words, err = table.Plain(ctx, row)
	}
	if err == nil {
		err = decode(ctx, r.declared.Menu, row.Words, &state, imported)
	}
	if err == nil {
		err = forgetPlace(ctx, table, row.ID, &state)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "read", prior)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
}

func (r *rowResource[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	want, err := encode(ctx, &plan)
	prior, priorErr := encode(ctx, &state)
	id := getID(&state)
	if err = errors.Join(err, priorErr); err == nil {
		err = table.Set(ctx, id, prior, want)
	}
	if errors.Is(err, routeros.ErrNotFound) {
		err = fmt.Errorf("%w\nIt was removed by somebody else since the plan was made: plan again", err)
	}
	if err == nil {
		err = stepBefore(ctx, table, id, &plan)
	}
	// What a refused change has left behind is what state must say, so that the next plan repairs it.
	known := &plan
	if err != nil {
		r.fail(&resp.Diagnostics, err, "update", want)
		known = &state
	}
	row, there, readErr := table.ByID(ctx, id, want)
	if readErr == nil && there {
		setID(known, row.ID)
		readErr = decode(ctx, r.declared.Menu, row.Words, known, false)
	}
	if readErr != nil && err == nil {
		resp.Diagnostics.AddWarning("Could not read back "+r.declared.Menu.Noun, readErr.Error())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, known)...)
}

func (r *rowResource[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, err := encode(ctx, &state)
	if err == nil {
		err = remove(ctx, table, getID(&state), prior)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "delete", prior)
	}
}

// remove deletes the row that is still ours; what comes with RouterOS gets its defaults back.
func remove(ctx context.Context, table *routeros.Table, id string, prior routeros.Words) error {
	row, there, err := table.Locate(ctx, id, prior)
	switch {
	case err != nil || !there:
		return err
	case row.BuiltIn:
		return table.Set(ctx, row.ID, prior, routeros.Words{"name": prior["name"]})
	}
	return table.Remove(ctx, row.ID, prior)
}

// ImportState takes `*1A`, or the name, or, for rows without a name, `comment=…`.
func (r *rowResource[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	rows, err := r.find(ctx, table, req.ID)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "import", nil)
		return
	}
	if len(rows) != 1 {
		var ids []string
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		found := "There is none on router " + r.Router.Address() + "."
		if len(ids) > 0 {
			found = "There are several: " + strings.Join(ids, ", ") + ". Import the right one by its id."
		}
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to import %s %q", r.declared.Menu.Noun, req.ID),
			found+"\nAccepted are: "+r.importForms())
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), rows[0].ID)...)
}

func (r *rowResource[M]) find(ctx context.Context, table *routeros.Table, id string) ([]routeros.Row, error) {
	if strings.HasPrefix(id, "*") {
		row, there, err := table.ByID(ctx, "*"+strings.ToUpper(id[1:]), nil)
		if err != nil || !there {
			return nil, err
		}
		return []routeros.Row{row}, nil
	}
	if key := r.declared.Menu.Key; key != "name" {
		value, ok := strings.CutPrefix(id, key+"=")
		if !ok {
			return nil, nil
		}
		return table.Find(ctx, key, value)
	}
	return table.Find(ctx, "name", strings.TrimPrefix(id, "name="))
}

func (r *rowResource[M]) importForms() string {
	if r.declared.Menu.Key == "name" {
		return "the name (private), or the row's id (*1A)."
	}
	return fmt.Sprintf("%s=… (%s=kube http), or the row's id (*1A).", r.declared.Menu.Key, r.declared.Menu.Key)
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
