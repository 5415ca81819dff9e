package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

func (r *rowResource[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan, config M
	resp.Diagnostics.Append(get(ctx, req.Plan.Raw, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.Config.Raw, &config)...)
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	words, err := encode(ctx, &plan)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "create", words)
		return
	}
	maps.Copy(words, secrets(&config))
	id, err := r.place(ctx, table, words, next(&plan))
	setID(&plan, id)
	if err != nil {
		r.fail(&resp.Diagnostics, err, "create", words)
		if errors.Is(err, routeros.ErrUnsure) {
			// State must not forget what may exist: the next refresh finds it by its key, or drops it.
			resp.Diagnostics.Append(put(ctx, &resp.State.Raw, &plan)...)
			r.identify(ctx, resp.Identity, &plan, &resp.Diagnostics)
		}
		return
	}
	row, there, twins, err := table.WithTwins(ctx, id, words)
	r.warnOfTwins(&resp.Diagnostics, words, twins)
	switch {
	case err != nil:
		// It exists: state must hold it whatever comes after, and not as tainted.
		resp.Diagnostics.AddWarning("Could not read back "+r.declared.Menu.Noun, err.Error())
	case !there:
		resp.Diagnostics.AddWarning("Could not read back "+r.declared.Menu.Noun,
			"The router accepted it as "+id+", but has no such row. The next plan will tell.")
	default:
		r.warn(&resp.Diagnostics, row)
		err = decode(ctx, r.declared.Menu, row.Words, &plan, false)
	}
	if err != nil && there {
		r.fail(&resp.Diagnostics, err, "read back", words)
	}
	resp.Diagnostics.Append(put(ctx, &resp.State.Raw, &plan)...)
	r.identify(ctx, resp.Identity, &plan, &resp.Diagnostics)
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
	resp.Diagnostics.Append(get(ctx, req.State.Raw, &state)...)
	r.identify(ctx, resp.Identity, &state, &resp.Diagnostics) // wanted even of what is gone
	before := r.moved(ctx, req, resp)
	if r.Router == nil && r.StillUnknown {
		return // the provider's own settings come later in this plan: keep what was last known
	}
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	prior, err := encode(ctx, &state)
	if err == nil {
		err, _ = ctx.Value(inVain{}).(error)
	}
	imported := len(prior) == 0
	var row routeros.Row
	var there bool
	if err == nil && imported {
		row, there, err = r.firstSeen(ctx, table, getID(&state), before, &resp.Diagnostics)
	} else if err == nil {
		row, there, err = table.Recognise(ctx, getID(&state), prior)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "read", prior)
		return
	}
	if !there {
		resp.State.RemoveResource(ctx)
		return
	}
	if imported {
		err = r.adopt(ctx, table, row, &state, true)
	} else {
		err = r.follow(ctx, table, row, prior, &state)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "read", prior)
		return
	}
	r.warn(&resp.Diagnostics, row)
	if before != nil {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, movedKey, nil)...)
	}
	resp.Diagnostics.Append(put(ctx, &resp.State.Raw, &state)...)
	r.identify(ctx, resp.Identity, &state, &resp.Diagnostics)
}

// adopt writes a row into the model; of one that was never seen before, all that is worth saying.
func (r *rowResource[M]) adopt(ctx context.Context, table *routeros.Table, row routeros.Row, model *M, imported bool) error {
	setID(model, row.ID)
	if !imported {
		return decode(ctx, r.declared.Menu, row.Words, model, false)
	}
	words, err := table.Plain(ctx, row)
	for _, f := range fields(model, rosTag) {
		if r.declared.Attributes[f.attribute].IsSensitive() {
			delete(words, f.backend) // generated configuration leaves secrets out, and would take it away again
		}
	}
	if err == nil {
		err = decode(ctx, r.declared.Menu, words, model, true)
	}
	for _, f := range fields(model, rosTag) {
		// What Terraform has a default for must be said where it is RouterOS' own: left out it would mean the other.
		if word, _ := r.declared.Menu.Word(f.backend); err == nil && f.isNull() && r.declared.Attributes[f.attribute].IsComputed() {
			err = f.decode(ctx, cmp.Or(words[f.backend], word.Default))
		}
	}
	return err
}

// watch writes into the model what nobody wrote, if the router has it otherwise than that means.
func (r *rowResource[M]) watch(ctx context.Context, table *routeros.Table, row routeros.Row, prior routeros.Words, model *M) error {
	strays, err := table.Strays(ctx, row, prior)
	for _, f := range fields(model, rosTag) {
		if text, stray := strays[f.backend]; stray && err == nil {
			err = f.decode(ctx, text)
		}
	}
	return err
}

func (r *rowResource[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state, config M
	resp.Diagnostics.Append(get(ctx, req.Plan.Raw, &plan)...)
	resp.Diagnostics.Append(get(ctx, req.State.Raw, &state)...)
	resp.Diagnostics.Append(get(ctx, req.Config.Raw, &config)...)
	table := r.table(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	want, err := encode(ctx, &plan)
	prior, priorErr := encode(ctx, &state)
	id := getID(&state)
	if err = errors.Join(err, priorErr); err == nil {
		err = r.stillThere(ctx, table, id, prior)
	}
	if err != nil {
		r.fail(&resp.Diagnostics, err, "update", want)
		return // state stays: what stands there now may be none of ours
	}
	sent, dropped := changedSecrets(&state, &plan, &config)
	maps.Copy(want, sent)
	for _, word := range dropped {
		if _, known := prior[word]; !known {
			prior[word] = routeros.Masked // there is one, whatever it is
		}
	}
	err = table.Set(ctx, id, prior, want)
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
		r.warn(&resp.Diagnostics, row)
		readErr = r.adopt(ctx, table, row, known, false)
	}
	if readErr != nil && err == nil {
		resp.Diagnostics.AddWarning("Could not read back "+r.declared.Menu.Noun, readErr.Error())
	}
	resp.Diagnostics.Append(put(ctx, &resp.State.Raw, known)...)
	r.identify(ctx, resp.Identity, known, &resp.Diagnostics)
}

// stillThere refuses to change what stands at the id now, if that is not what the plan was made for: the plan may be old,
// or made without a refresh.
func (r *rowResource[M]) stillThere(ctx context.Context, table *routeros.Table, id string, prior routeros.Words) error {
	row, there, err := table.Locate(ctx, id, prior)
	if err != nil || (there && row.ID == id) {
		return err
	}
	return &routeros.Error{Kind: routeros.ErrNotFound, Router: r.Router.Address(),
		Message: fmt.Sprintf("%s is not at %s any more", r.title(prior), id),
		Advice:  "It was removed, or the router restored, since the plan was made: plan again, with a refresh."}
}

func (r *rowResource[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state M
	resp.Diagnostics.Append(get(ctx, req.State.Raw, &state)...)
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
