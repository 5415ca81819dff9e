package lifecycle

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// objectIdentity is a namespace and the name by which MetalLB's configuration finds the object there, knowing nothing
// else: for a peer of the ConfigMap that is name@address.
type objectIdentity struct {
	Namespace types.String `tfsdk:"namespace"`
	Name      types.String `tfsdk:"name"`
}

func (r *objectResource[M]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{
		"namespace": identityschema.StringAttribute{
			OptionalForImport: true,
			Description:       "Namespace of MetalLB. Default: the provider's metallb.namespace.",
		},
		"name": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       strings.TrimSpace("Name of the " + r.declared.Noun + ". " + r.declared.Naming),
		},
	}
}

// identify gives the identity of what MetalLB has.
func identify(ctx context.Context, identity *tfsdk.ResourceIdentity, object *metallb.Object, diags *diag.Diagnostics) {
	if identity != nil {
		diags.Append(identity.Set(ctx, objectIdentity{types.StringValue(object.Namespace), types.StringValue(object.Key)})...)
	}
}

// ImportState takes an identity, or, as text, `name` or `namespace/name`.
func (r *objectResource[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	store := r.store(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	namespace, name, both := strings.Cut(req.ID, "/")
	if !both {
		namespace, name = store.Namespace(), req.ID
	}
	if req.ID == "" && req.Identity != nil {
		var wanted objectIdentity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &wanted)...)
		name = wanted.Name.ValueString()
		if !wanted.Namespace.IsNull() {
			namespace = wanted.Namespace.ValueString()
		}
	}
	if namespace == "" || name == "" || strings.Contains(name, "/") {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to import %s %q", r.declared.Noun, req.ID),
			strings.TrimSpace("Accepted are: name, or namespace/name. "+r.declared.Naming))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("namespace"), namespace)...)
	identify(ctx, resp.Identity, &metallb.Object{Namespace: namespace, Key: name}, &resp.Diagnostics)
}
