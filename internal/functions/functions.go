// Package functions declares each function: what can be told of objects without a router or a cluster. The rules are package
// pair's; here is how arguments are read.
package functions

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/pair"
)

// All are the functions that the provider serves.
func All() []func() function.Function {
	return []func() function.Function{peeringProblems.Function, forwardingProblems.Function}
}

// comparison is a function of objects that gives what is wrong between them, in a list of sentences.
type comparison struct {
	name        string
	summary     string
	description string
	parameters  []parameter
	compare     func(arguments []*object) pair.Findings
}

// parameter is a resource of that type, or an object that has some of its attributes.
type parameter struct{ name, typeName string }

// Function is what is served.
func (c comparison) Function() function.Function { return c }

// Metadata names the function.
func (c comparison) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = c.name
}

// Definition declares the function. It takes what is not known yet, since what is known may be wrong already.
func (c comparison) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             c.summary,
		MarkdownDescription: c.description,
		Return:              function.ListReturn{ElementType: types.StringType},
	}
	for _, p := range c.parameters {
		resp.Definition.Parameters = append(resp.Definition.Parameters, function.DynamicParameter{
			Name:                p.name,
			AllowUnknownValues:  true,
			MarkdownDescription: "A `" + p.typeName + "`, or an object that has some of its attributes: what it lacks is taken for not set.",
		})
	}
}

// Run compares. The result is not known yet if nothing is wrong so far and something may still be.
func (c comparison) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	arguments := make([]*object, len(c.parameters))
	for i, p := range c.parameters {
		var argument types.Dynamic
		if resp.Error = req.Arguments.GetArgument(ctx, i, &argument); resp.Error != nil {
			return
		}
		arguments[i] = newObject(p, argument)
	}
	findings := c.compare(arguments)
	for i, argument := range arguments {
		if err := argument.wrong(); err != nil {
			resp.Error = function.NewArgumentFuncError(int64(i), err.Error())
			return
		}
	}
	result := types.ListUnknown(types.StringType)
	if len(findings.Problems) > 0 || !findings.Open {
		list, diags := types.ListValueFrom(ctx, types.StringType, append([]string{}, findings.Problems...))
		resp.Error = function.FuncErrorFromDiags(ctx, diags)
		result = list
	}
	resp.Error = function.ConcatFuncErrors(resp.Error, resp.Result.Set(ctx, result))
}
