package lifecycle

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ImportState takes `name` or `namespace/name`.
func (r *objectResource[M]) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	store := r.store(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	namespace, name, both := strings.Cut(req.ID, "/")
	if !both {
		namespace, name = store.Namespace(), req.ID
	}
	if namespace == "" || name == "" || strings.Contains(name, "/") {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to import %s %q", r.declared.Noun, req.ID), "Accepted are: name, or namespace/name.")
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("name"), name)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("namespace"), namespace)...)
}
