package value

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
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
	judge(r.check(req.ConfigValue.ValueString()), req.Path, &resp.Diagnostics)
}

// ListRule is Rule for a list of texts; it waits until all are known.
func ListRule(what string, check func([]string) error) validator.List {
	return listRule{what, check}
}

type listRule struct {
	what  string
	check func([]string) error
}

func (r listRule) Description(context.Context) string { return "must be " + r.what }

func (r listRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r listRule) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	var texts []string
	for _, element := range req.ConfigValue.Elements() {
		text, ok := element.(basetypes.StringValue)
		if !ok || text.IsNull() || text.IsUnknown() {
			return
		}
		texts = append(texts, text.ValueString())
	}
	judge(r.check(texts), req.Path, &resp.Diagnostics)
}

func judge(err error, at path.Path, diags *diag.Diagnostics) {
	if err != nil {
		diags.AddAttributeError(at, "Invalid value", err.Error())
	}
}
