// Command schema prints what the provider serves, as `terraform providers schema -json` does for one provider: with list
// resources, identities and actions, which only the newest CLIs print, and with functions.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/provider"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server := provider.Server("docs")()
	served, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return err
	}
	for _, problem := range append(served.Diagnostics, identities.Diagnostics...) {
		return fmt.Errorf("%s: %s", problem.Summary, problem.Detail)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{
		"provider":                  schema(served.Provider),
		"resource_schemas":          all(served.ResourceSchemas, schema),
		"data_source_schemas":       all(served.DataSourceSchemas, schema),
		"list_resource_schemas":     all(served.ListResourceSchemas, schema),
		"resource_identity_schemas": all(identities.IdentitySchemas, identity),
		"action_schemas":            all(served.ActionSchemas, action),
		"functions":                 all(served.Functions, function),
	})
}

func all[S any](schemas map[string]S, one func(S) any) map[string]any {
	out := map[string]any{}
	for name, s := range schemas {
		out[name] = one(s)
	}
	return out
}

// object is one of JSON. What is not so is left out of it.
type object map[string]any

func (o object) note(key string, yes bool) {
	if yes {
		o[key] = true
	}
}

func (o object) describe(description string, kind tfprotov6.StringKind) {
	if description != "" {
		o["description"] = description
	}
	o["description_kind"] = map[bool]string{true: "markdown", false: "plain"}[kind == tfprotov6.StringKindMarkdown]
}

func schema(s *tfprotov6.Schema) any { return object{"version": s.Version, "block": block(s)} }

func action(s *tfprotov6.ActionSchema) any { return object{"block": block(s.Schema)} }

func function(f *tfprotov6.Function) any {
	parameters := []object{}
	for _, p := range f.Parameters {
		one := object{"name": p.Name, "type": p.Type}
		one.describe(p.Description, p.DescriptionKind)
		one.note("is_nullable", p.AllowNullValue)
		parameters = append(parameters, one)
	}
	out := object{"summary": f.Summary, "return_type": f.Return.Type, "parameters": parameters}
	out.describe(f.Description, f.DescriptionKind)
	return out
}

func block(s *tfprotov6.Schema) object {
	out := object{"attributes": attributes(s.Block.Attributes)}
	out.describe(s.Block.Description, s.Block.DescriptionKind)
	return out
}

func attributes(list []*tfprotov6.SchemaAttribute) object {
	out := object{}
	for _, a := range list {
		one := object{}
		one.describe(a.Description, a.DescriptionKind)
		for key, yes := range map[string]bool{
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive,
			"write_only": a.WriteOnly, "deprecated": a.Deprecated,
		} {
			one.note(key, yes)
		}
		if a.NestedType == nil {
			one["type"] = a.Type
		} else {
			one["nested_type"] = object{
				"attributes": attributes(a.NestedType.Attributes),
				"nesting_mode": map[tfprotov6.SchemaObjectNestingMode]string{
					tfprotov6.SchemaObjectNestingModeSingle: "single", tfprotov6.SchemaObjectNestingModeList: "list",
					tfprotov6.SchemaObjectNestingModeSet: "set", tfprotov6.SchemaObjectNestingModeMap: "map",
				}[a.NestedType.Nesting],
			}
		}
		out[a.Name] = one
	}
	return out
}

func identity(s *tfprotov6.ResourceIdentitySchema) any {
	out := object{}
	for _, a := range s.IdentityAttributes {
		one := object{"type": a.Type, "description": a.Description}
		one.note("required_for_import", a.RequiredForImport)
		one.note("optional_for_import", a.OptionalForImport)
		out[a.Name] = one
	}
	return object{"version": s.Version, "attributes": out}
}
