package lifecycle

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type seen struct {
	Name   types.String `tfsdk:"name"   ros:"name"`
	Active types.Bool   `tfsdk:"active" ros:"active"`
	Wait   types.String `tfsdk:"wait"`
	Things []thing      `tfsdk:"things"`
}

type thing struct {
	Name    types.String  `tfsdk:"name"    ros:"name"`
	Active  types.Bool    `tfsdk:"active"  ros:"active"`
	Count   types.Int64   `tfsdk:"count"   ros:"count"`
	Address value.Address `tfsdk:"address" ros:"remote.address"`
	Path    types.List    `tfsdk:"path"    ros:"path"`
}

// read reads a view of things whose filters are name = "a" and active = true.
func read(t *testing.T, backends *Backends, ask func(filters []routeros.Match) (Answer, error)) (seen, diag.Diagnostics) {
	t.Helper()
	source := View[seen, thing]{
		Type: "routeros_things", Noun: "things", Sorted: []string{"name", "remote.address"},
		Filters: map[string]schema.Attribute{
			"name": schema.StringAttribute{Optional: true}, "active": schema.BoolAttribute{Optional: true}, "wait": schema.StringAttribute{Optional: true},
		},
		Ask: func(_ context.Context, _ *routeros.Router, _ seen, filters []routeros.Match) (Answer, error) {
			return ask(filters)
		},
	}.DataSource()
	source.(datasource.DataSourceWithConfigure).Configure(t.Context(), datasource.ConfigureRequest{ProviderData: backends}, &datasource.ConfigureResponse{})
	var s datasource.SchemaResponse
	source.Schema(t.Context(), datasource.SchemaRequest{}, &s)
	object := s.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	config := tfsdk.Config{Schema: s.Schema, Raw: tftypes.NewValue(object, map[string]tftypes.Value{
		"name": tftypes.NewValue(tftypes.String, "a"), "active": tftypes.NewValue(tftypes.Bool, true),
		"wait": tftypes.NewValue(tftypes.String, nil), "things": tftypes.NewValue(object.AttributeTypes["things"], nil),
	})}
	resp := datasource.ReadResponse{State: tfsdk.State{Schema: s.Schema, Raw: tftypes.NewValue(object, nil)}}
	source.Read(t.Context(), datasource.ReadRequest{Config: config}, &resp)
	var state seen
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Get(t.Context(), &state)...)
	}
	return state, resp.Diagnostics
}

func TestView(t *testing.T) {
	some := &Backends{Router: routeros.New(routeros.Config{Address: "127.0.0.1:1"})} // never dialled
	state, diags := read(t, some, func(filters []routeros.Match) (Answer, error) {
		assert.Equal(t, []routeros.Match{{Word: "active", AnyOf: []string{"yes"}}, {Word: "name", AnyOf: []string{"a"}}}, filters)
		return Answer{Notice: "One is hidden.", Rows: []routeros.Words{
			{"name": "b", "active": "no"},
			{"name": "a", "remote.address": "10.0.0.2", "active": "true", "count": "7", "path": "x,y", "new-in-8": "?"},
			{"name": "a", "remote.address": "10.0.0.1"},
		}}, nil
	})
	require.Len(t, diags, 1)
	assert.Equal(t, diag.NewWarningDiagnostic("Not all of the things can be seen", "One is hidden."), diags[0])
	assert.Equal(t, "a", state.Name.ValueString(), "filters stay as they were written")
	require.Len(t, state.Things, 3)
	assert.Equal(t, "10.0.0.1", state.Things[0].Address.ValueString(), "sorted")
	assert.True(t, state.Things[0].Active.IsNull() && state.Things[0].Count.IsNull() && state.Things[0].Path.IsNull(), "what the router does not tell is null")
	assert.Equal(t, thing{types.StringValue("a"), types.BoolValue(true), types.Int64Value(7), state.Things[1].Address,
		types.ListValueMust(types.StringType, values([]string{"x", "y"}))}, state.Things[1])
	assert.Equal(t, types.BoolValue(false), state.Things[2].Active)

	state, diags = read(t, some, func([]routeros.Match) (Answer, error) { return Answer{}, nil })
	require.Empty(t, diags)
	assert.NotNil(t, state.Things, "nothing found is an empty list")
}

func TestViewErrors(t *testing.T) {
	some := &Backends{Router: routeros.New(routeros.Config{Address: "127.0.0.1:1"})}
	for _, c := range []struct {
		err   error
		field path.Path
	}{
		{errors.New("down"), path.Empty()},
		{&routeros.Error{Kind: routeros.ErrNoVersion, Word: "name", Message: "down"}, path.Root("name")},
		{At("wait", errors.New("down")), path.Root("wait")},
	} {
		_, diags := read(t, some, func([]routeros.Match) (Answer, error) { return Answer{}, c.err })
		require.Len(t, diags, 1)
		assert.Equal(t, "Unable to read things", diags[0].Summary())
		assert.Contains(t, diags[0].Detail(), "down")
		at := path.Empty()
		if d, ok := diags[0].(diag.DiagnosticWithPath); ok {
			at = d.Path()
		}
		assert.Equal(t, c.field, at)
	}
	_, diags := read(t, some, func([]routeros.Match) (Answer, error) { return Answer{Rows: []routeros.Words{{"count": "many"}}}, nil })
	require.Len(t, diags, 1)
	assert.Contains(t, diags[0].Detail(), `reading count "many"`)

	never := func([]routeros.Match) (Answer, error) { t.Error("asked"); return Answer{}, nil }
	_, diags = read(t, &Backends{RouterWhy: "Set hosturl."}, never)
	require.Len(t, diags, 1)
	assert.Equal(t, "Set hosturl.", diags[0].Detail())
	_, diags = read(t, &Backends{RouterWhy: "Later.", StillUnknown: true}, never)
	require.Len(t, diags, 1)
	assert.Contains(t, diags[0].Detail(), "Later. Give the data source a depends_on")
}

// TestViewSortsNumbers: a distance of 20 is preferred to one of 110, though its text is not less.
func TestViewSortsNumbers(t *testing.T) {
	source := viewSource[seen, thing]{declared: View[seen, thing]{Sorted: []string{"name", "distance"}}}
	var state seen
	require.NoError(t, source.tell(t.Context(), []routeros.Words{
		{"name": "a", "distance": "110", "count": "2"}, {"name": "a", "distance": "20", "count": "1"},
		{"name": "a", "count": "0"}, {"name": "10.0.0.0/8"},
	}, &state))
	assert.Equal(t, "10.0.0.0/8", state.Things[0].Name.ValueString())
	for i, row := range state.Things[1:] {
		assert.EqualValues(t, i, row.Count.ValueInt64())
	}
}
