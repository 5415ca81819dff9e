package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// Steady is a resource that can tell, without the framework's help, what a plan nearly always finds out: that nothing has
// happened to an object, or that a new one is as plain as it looks.
type Steady interface {
	resource.ResourceWithConfigure
	// Unchanged tells whether Read would change nothing and say nothing of an object with these attributes, and gives its
	// identity. It is false if that is not known; an error is of the router, and what Read should be told by InVain.
	Unchanged(ctx context.Context, attributes map[string]tftypes.Value) (identity map[string]tftypes.Value, unchanged bool, err error)
	// Plain tells whether ModifyPlan would change nothing and say nothing of an object with these attributes that is new, or
	// that stays as it is. It is false if that is not known.
	Plain(ctx context.Context, attributes map[string]tftypes.Value) bool
}

type inVain struct{}

// InVain is the context for the Read of an object that could not be read just now: it need not wait for the router again.
func InVain(ctx context.Context, err error) context.Context {
	return context.WithValue(ctx, inVain{}, err)
}

func (r *rowResource[M]) Unchanged(ctx context.Context, attributes map[string]tftypes.Value) (identity map[string]tftypes.Value, unchanged bool, err error) {
	if r.Backends == nil || r.Router == nil {
		return nil, false, nil
	}
	var was M
	var prior routeros.Words
	if err = load(ctx, attributes, &was); err == nil {
		prior, err = encode(ctx, &was)
	}
	if err != nil || len(prior) == 0 {
		return nil, false, nil //nolint:nilerr // Read says it better
	}
	table := r.Router.Table(r.declared.Menu).Comparing(means[M])
	row, there, err := table.Locate(ctx, getID(&was), prior)
	if err != nil || !there || row.Trouble != "" {
		return nil, false, err
	}
	is := was
	if err := r.follow(ctx, table, row, prior, &is); err != nil || !same(ctx, &was, &is) {
		return nil, false, err
	}
	identity = map[string]tftypes.Value{}
	for name, value := range r.identity(&is) {
		if identity[name], err = value.ToTerraformValue(ctx); err != nil {
			return nil, false, err
		}
	}
	return identity, true, nil
}

func (r *rowResource[M]) Plain(ctx context.Context, attributes map[string]tftypes.Value) bool {
	var plan M
	if r.Backends == nil || r.Router == nil || load(ctx, attributes, &plan) != nil {
		return false
	}
	words, err := encode(ctx, &plan)
	if err != nil {
		return false
	}
	version, known := r.Router.KnownVersion()
	return !r.declared.Menu.VersionMatters(words) || (known && len(r.declared.Menu.Unsupported(version, words)) == 0)
}

// follow writes into the model what has become of a row that is known.
func (r *rowResource[M]) follow(ctx context.Context, table *routeros.Table, row routeros.Row, prior routeros.Words, model *M) error {
	err := r.adopt(ctx, table, row, model, false)
	if err == nil {
		err = forgetPlace(ctx, table, row.ID, model)
	}
	if err == nil {
		err = r.watch(ctx, table, row, prior, model)
	}
	return err
}

// same tells whether two models mean the same.
func same[M any](ctx context.Context, one, other *M) bool {
	others := fields(other, "tfsdk")
	for i, f := range fields(one, "tfsdk") {
		if !f.get().Equal(others[i].get()) && (f.isNull() || others[i].isNull() || !f.equals(ctx, others[i])) {
			return false
		}
	}
	return true
}
