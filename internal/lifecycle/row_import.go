package lifecycle

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// IdentitySchema: a row that has a name is known by it; one that has none by its id, or by its comment.
func (r *rowResource[M]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	key := r.declared.Menu.Key
	if key == "name" {
		resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{
			key: identityschema.StringAttribute{RequiredForImport: true, Description: "Name of the " + r.declared.Menu.Noun + "."},
		}
		return
	}
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{OptionalForImport: true, Description: "The row's id (*1A)."},
		key:  identityschema.StringAttribute{OptionalForImport: true, Description: "The row's " + key + ", if no other row has the same."},
	}
}

// identify gives the identity of what is in the model.
func (r *rowResource[M]) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, model *M, diags *diag.Diagnostics) {
	if identity == nil {
		return
	}
	for name, value := range r.identity(model) {
		if name != "name" || !value.IsNull() { // which is not known before an import is read
			diags.Append(identity.SetAttribute(ctx, path.Root(name), value)...)
		}
	}
}

// identity is what IdentitySchema tells of, of what is in the model.
func (r *rowResource[M]) identity(model *M) map[string]attr.Value {
	key := r.declared.Menu.Key
	known := map[string]attr.Value{}
	if key != "name" {
		known["id"] = types.StringValue(getID(model))
	}
	for _, f := range fields(model, rosTag) {
		if f.backend == key {
			known[key] = f.get()
		}
	}
	return known
}

// identifyRow gives the identity of a row.
func (r *rowResource[M]) identifyRow(ctx context.Context, identity *tfsdk.ResourceIdentity, row routeros.Row, diags *diag.Diagnostics) {
	if identity == nil {
		return
	}
	key := r.declared.Menu.Key
	if key != "name" {
		diags.Append(identity.SetAttribute(ctx, path.Root("id"), row.ID)...)
	}
	if value, has := row.Words[key]; has {
		diags.Append(identity.SetAttribute(ctx, path.Root(key), value)...)
	}
}

// ImportState takes an identity, or, as text, `*1A`, or the name, or, for rows without a name, `comment=…`.
func (r *rowResource[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	table := r.table(&resp.Diagnostics)
	wanted, key := req.ID, types.StringNull()
	if wanted == "" && req.Identity != nil {
		wanted, key = r.wanted(ctx, req.Identity, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	row := r.single(ctx, table, wanted, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if has := row.Words[r.declared.Menu.Key]; !key.IsNull() && key.ValueString() != has {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to import %s %s", r.declared.Menu.Noun, row.ID), fmt.Sprintf(
			"On router %s its %s is %q, not %q. Routers number their rows anew when they are restored: give only the id, or only the %s, "+
				"whichever is right.",
			r.Router.Address(), r.declared.Menu.Key, has, key.ValueString(), r.declared.Menu.Key))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), row.ID)...)
	r.identifyRow(ctx, resp.Identity, row, &resp.Diagnostics)
}

// wanted is an identity as the text that stands for it, and the key that it has.
func (r *rowResource[M]) wanted(ctx context.Context, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) (text string, key types.String) {
	word := r.declared.Menu.Key
	diags.Append(identity.GetAttribute(ctx, path.Root(word), &key)...)
	if word != "name" {
		var id types.String
		diags.Append(identity.GetAttribute(ctx, path.Root("id"), &id)...)
		if id.ValueString() != "" {
			return id.ValueString(), key
		}
	}
	return word + "=" + key.ValueString(), key
}

// single finds the one row that a text stands for; otherwise diags tell which there are.
func (r *rowResource[M]) single(ctx context.Context, table *routeros.Table, wanted string, diags *diag.Diagnostics) routeros.Row {
	rows, err := r.find(ctx, table, wanted)
	if err != nil {
		r.fail(diags, err, "import", nil)
		return routeros.Row{}
	}
	if len(rows) == 1 {
		return rows[0]
	}
	var ids []string
	for _, row := range rows {
		ids = append(ids, row.ID)
	}
	found := "There is none on router " + r.Router.Address() + "."
	if len(ids) > 0 {
		found = "There are several: " + strings.Join(ids, ", ") + ". Import the right one by its id."
	}
	diags.AddError(fmt.Sprintf("Unable to import %s %q", r.declared.Menu.Noun, wanted), found+"\nAccepted are: "+r.importForms())
	return routeros.Row{}
}

func (r *rowResource[M]) find(ctx context.Context, table *routeros.Table, wanted string) ([]routeros.Row, error) {
	if strings.HasPrefix(wanted, "*") {
		row, there, err := table.ByID(ctx, "*"+strings.ToUpper(wanted[1:]), nil)
		if err != nil || !there {
			return nil, err
		}
		return []routeros.Row{row}, nil
	}
	key := r.declared.Menu.Key
	value, prefixed := strings.CutPrefix(wanted, key+"=")
	if value == "" || (!prefixed && key != "name") {
		return nil, nil
	}
	return table.Find(ctx, key, value)
}

func (r *rowResource[M]) importForms() string {
	if r.declared.Menu.Key == "name" {
		return "the name (private), or the row's id (*1A)."
	}
	return fmt.Sprintf("%s=… (%s=kube http), or the row's id (*1A).", r.declared.Menu.Key, r.declared.Menu.Key)
}
