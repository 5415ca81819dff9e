package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// A row of an ordered menu stands somewhere. No word of the row says where, so the codec knows nothing of it: a model
// that has a field `types.String` tagged tfsdk:"place_before" has its row kept before the one of that id.
const (
	placeBefore = "place_before"
	placeWord   = "place-before" // how errors of package routeros call it
)

// PlaceBefore is the attribute for the row whose id it is given.
func PlaceBefore(description string) schema.Attribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: description,
		Validators:          []validator.String{rowID},
	}
}

var rowID = value.Rule("a row's id (*1A)", routeros.CheckID)

// next is the id of the row that the model's row has to stand before; "" if it may stand anywhere.
func next(model any) string {
	for _, f := range fields(model, "tfsdk") {
		if id, ok := f.get().(types.String); ok && f.attribute == placeBefore {
			return id.ValueString()
		}
	}
	return ""
}

// stepBefore moves a row to where the model wants it, unless that is where it stands.
func stepBefore(ctx context.Context, table *routeros.Table, id string, model any) error {
	if next(model) == "" {
		return nil
	}
	return table.MoveBefore(ctx, id, next(model))
}

// forgetPlace takes the place out of the model of a row that no longer stands there, so that the plan puts it back.
func forgetPlace(ctx context.Context, table *routeros.Table, id string, model any) error {
	if next(model) == "" {
		return nil
	}
	there, err := table.Precedes(ctx, id, next(model))
	if err != nil || there {
		return err
	}
	for _, f := range fields(model, "tfsdk") {
		if f.attribute == placeBefore {
			f.clear()
		}
	}
	return nil
}
