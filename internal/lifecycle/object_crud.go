package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

func (r *objectResource[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	limit, diags := naming(&plan).Timeouts.Create(ctx, createPatience)
	resp.Diagnostics.Append(diags...)
	store := r.store(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	name := naming(&plan).Name.ValueString()
	want, err := r.object(ctx, &plan)
	hide(want, secrets(&config))
	var made *metallb.Object
	if err == nil {
		made, err = store.Create(ctx, want)
	}
	var taken *metallb.Error
	if errors.As(err, &taken) && errors.Is(err, metallb.ErrExists) && taken.Field == "" {
		err = fmt.Errorf("%w\nTo manage it, import it: terraform import %s.<resource name> %s/%s", err, r.declared.Type, taken.Namespace,
			cmp.Or(taken.Key, name))
	}
	if err != nil {
		r.fail(ctx, &resp.Diagnostics, err, "create", name)
	}
	if made == nil {
		return
	}
	if err := r.adopt(ctx, made, &plan, false); err != nil {
		r.fail(ctx, &resp.Diagnostics, err, "read back", name)
	}
	r.notify(&resp.Diagnostics, made)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	identify(ctx, resp.Identity, made, &resp.Diagnostics)
}

func (r *objectResource[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Identity != nil && resp.Identity.Raw.IsFullyNull() {
		// Terraform before 1.12 keeps no identity, and the framework wants one even of what is gone.
		who := naming(&state)
		identify(ctx, resp.Identity, &metallb.Object{Namespace: who.Namespace.ValueString(), Key: who.Name.ValueString()}, &resp.Diagnostics)
	}
	if r.MetalLB == nil && r.StillUnknown {
		return // the provider's own settings come later in this plan: keep what was last known
	}
	store := r.store(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	name := naming(&state).Name.ValueString()
	known, err := r.object(ctx, &state)
	imported := naming(&state).ID.IsNull()
	var found *metallb.Object
	if err == nil {
		found, err = store.Get(ctx, known)
	}
	switch {
	case errors.Is(err, metallb.ErrNotFound):
		resp.State.RemoveResource(ctx)
		return
	case err == nil:
		err = r.adopt(ctx, found, &state, imported)
	}
	if err != nil {
		r.fail(ctx, &resp.Diagnostics, err, "read", name)
		return
	}
	r.notify(&resp.Diagnostics, found)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	identify(ctx, resp.Identity, found, &resp.Diagnostics)
}

func (r *objectResource[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	limit, diags := naming(&plan).Timeouts.Update(ctx, patience)
	resp.Diagnostics.Append(diags...)
	store := r.store(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	name := naming(&plan).Name.ValueString()
	want, err := r.object(ctx, &plan)
	prior, priorErr := r.object(ctx, &state)
	sent, _ := changedSecrets(&state, &plan, &config)
	hide(want, sent)
	var made *metallb.Object
	if err = errors.Join(err, priorErr); err == nil {
		made, err = store.Update(ctx, prior, want)
	}
	if errors.Is(err, metallb.ErrNotFound) {
		err = fmt.Errorf("%w\nIt was removed by somebody else since the plan was made: plan again", err)
	}
	if err != nil {
		// State keeps what was there: the next plan reads what this one left behind.
		r.fail(ctx, &resp.Diagnostics, err, "update", name)
		return
	}
	if err := r.adopt(ctx, made, &plan, false); err != nil {
		r.fail(ctx, &resp.Diagnostics, err, "read back", name)
	}
	r.notify(&resp.Diagnostics, made)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	identify(ctx, resp.Identity, made, &resp.Diagnostics)
}

func (r *objectResource[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	limit, diags := naming(&state).Timeouts.Delete(ctx, patience)
	resp.Diagnostics.Append(diags...)
	store := r.store(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	known, err := r.object(ctx, &state)
	if err == nil {
		err = store.Delete(ctx, known)
	}
	if err != nil {
		r.fail(ctx, &resp.Diagnostics, err, "delete", naming(&state).Name.ValueString())
	}
}

// hide adds secrets to what is written.
func hide(object *metallb.Object, secrets map[string]string) {
	for field, secret := range secrets {
		object.Spec[field] = secret
	}
}
