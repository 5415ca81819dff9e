package value

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Rule makes a validator of a pure function, whose error tells the accepted form. what names that form for the
// documentation: "a DNS label".
func Rule(what string, check func(string) error) validator.String {
	return rule{what, check}
}

type rule struct {
	what  string
	check func(string) error
}

func (r rule) Description(context.Context) string { return "must be " + r.what }

func (r rule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r rule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := r.check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", err.Error())
	}
}
