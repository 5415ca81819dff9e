package lifecycle

import (
	"context"
	"iter"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// queried ends the description of each list, since an older Terraform does not say why it knows no such block.
const queried = " Needs Terraform 1.14 or newer, and a file whose name ends in `.tfquery.hcl`."

// patternAttribute is a filter of a list block.
func patternAttribute(of string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "Only those with this " + of + ", in which `*` stands for any text (`kube-*`). Default: all.",
	}
}

// pattern reads a filter of a list block; without one, all match.
func pattern(ctx context.Context, config tfsdk.Config, attribute string, diags *diag.Diagnostics) (matches func(string) bool) {
	var wanted types.String
	diags.Append(config.GetAttribute(ctx, path.Root(attribute), &wanted)...)
	if wanted.IsNull() {
		return func(string) bool { return true }
	}
	return regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(wanted.ValueString()), `\*`, ".*") + "$").MatchString
}

// upTo ends a stream after that many results; 0 is no limit.
func upTo(limit int64, results iter.Seq[list.ListResult]) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		pushed := int64(0)
		for result := range results {
			pushed++
			if !push(result) || pushed == limit {
				return
			}
		}
	}
}

// failed is the stream of a list that came to nothing. Its diagnostics must come as a result: Terraform sees no others.
func failed(diags diag.Diagnostics) iter.Seq[list.ListResult] {
	return list.ListResultsStreamDiagnostics(diags)
}
