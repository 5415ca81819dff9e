// Package datasources declares each data source: its model, its schema, and what it asks the router or
// the cluster. How it is read is
// written once, in package lifecycle.
package datasources

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// All are the data sources that the provider serves.
func All() []func() datasource.DataSource {
	return []func() datasource.DataSource{
		bgpSessions.DataSource,
		bgpAdvertisements.DataSource,
		routes.DataSource,
		natRules.DataSource,
		system.DataSource,
		loadBalancer.DataSource,
		nodes.DataSource,
		status.DataSource,
	}
}

// meant is a filter that is compared by its meaning; what has none is refused.
func meant(kind value.Meaning, description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, CustomType: kind, MarkdownDescription: description, Validators: []validator.String{kind}}
}

// patience is how long to wait for what may not be there yet.
func patience(description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, CustomType: value.DurationType{}, MarkdownDescription: description,
		Validators: []validator.String{value.DurationType{}, value.DurationBetween(time.Second, time.Hour, false)}}
}

// optional tells whether what was waited for may be missing.
func optional(required types.Bool) bool { return !required.IsNull() && !required.ValueBool() }

// awaited is what there is in the end. That it was waited for in vain is no error if it may be missing.
func awaited(patience value.Duration, required types.Bool, await func(time.Duration) ([]routeros.Words, error)) ([]routeros.Words, error) {
	timeout, err := value.ParseDuration(patience.ValueString())
	if err != nil {
		return nil, err
	}
	found, err := await(timeout)
	if errors.Is(err, routeros.ErrNotYet) && optional(required) {
		err = nil
	}
	return found, err
}

// rows are those of a menu that pass the filters; `.id` is among their words.
func rows(ctx context.Context, router *routeros.Router, menu *routeros.Menu, filters []routeros.Match) (lifecycle.Answer, error) {
	found, err := router.Table(menu).Query(ctx, filters...)
	var answer lifecycle.Answer
	for _, row := range found {
		row.Words[".id"] = row.ID
		answer.Rows = append(answer.Rows, row.Words)
	}
	return answer, err
}

// told is a text of an answer; "" is none.
func told(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
