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

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

type toldModel struct {
	Name   types.String         `tfsdk:"name"`
	Text   types.String         `tfsdk:"text"`
	Flag   types.Bool           `tfsdk:"flag"`
	Number types.Int64          `tfsdk:"number"`
	Texts  []string             `tfsdk:"texts"`
	Parts  []partModel          `tfsdk:"parts"`
	ByName map[string]partModel `tfsdk:"by_name"`
}

type partModel struct {
	Name   types.String      `tfsdk:"name"`
	Labels map[string]string `tfsdk:"labels"`
}

// ask reads a view of a cluster whose input is name = "a".
func ask(t *testing.T, backends *Backends, answer func(*toldModel) (string, error)) (schema.Schema, toldModel, diag.Diagnostics) {
	t.Helper()
	source := ClusterView[toldModel]{
		Type: "metallb_things", Noun: "things", Inputs: map[string]schema.Attribute{"name": schema.StringAttribute{Optional: true}},
		Answers: map[string]string{"text": "A text.", "parts.labels": "The part's.", "by_name.labels": "Another's."},
		Ask:     func(_ context.Context, _ *metallb.MetalLB, model *toldModel) (string, error) { return answer(model) },
	}.DataSource()
	source.(datasource.DataSourceWithConfigure).Configure(t.Context(), datasource.ConfigureRequest{ProviderData: backends}, &datasource.ConfigureResponse{})
	var s datasource.SchemaResponse
	source.Schema(t.Context(), datasource.SchemaRequest{}, &s)
	object := s.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	given := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		given[name] = tftypes.NewValue(kind, nil)
	}
	given["name"] = tftypes.NewValue(tftypes.String, "a")
	resp := datasource.ReadResponse{State: tfsdk.State{Schema: s.Schema, Raw: tftypes.NewValue(object, nil)}}
	source.Read(t.Context(), datasource.ReadRequest{Config: tfsdk.Config{Schema: s.Schema, Raw: tftypes.NewValue(object, given)}}, &resp)
	var state toldModel
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Get(t.Context(), &state)...)
	}
	return s.Schema, state, resp.Diagnostics
}

func TestClusterView(t *testing.T) {
	cluster, err := kube.New(kube.Config{Host: "https://127.0.0.1:1"}) // never dialled
	require.NoError(t, err)
	some := &Backends{MetalLB: metallb.New(cluster, metallb.Config{})}
	part := partModel{types.StringValue("b"), map[string]string{"zone": "left"}}
	s, state, diags := ask(t, some, func(model *toldModel) (string, error) {
		assert.Equal(t, "a", model.Name.ValueString())
		model.Text, model.Flag, model.Number = types.StringValue("told"), types.BoolValue(true), types.Int64Value(7)
		model.Parts, model.ByName = []partModel{part}, map[string]partModel{"b": part}
		return "One is hidden.", nil
	})
	assert.Equal(t, diag.Diagnostics{diag.NewWarningDiagnostic("Incomplete answer about things", "One is hidden.")}, diags)
	assert.Equal(t, toldModel{Name: types.StringValue("a"), Text: types.StringValue("told"), Flag: types.BoolValue(true), Number: types.Int64Value(7),
		Parts: []partModel{part}, ByName: map[string]partModel{"b": part}}, state, "what is not told is null")
	assert.Equal(t, "A text.", s.Attributes["text"].GetMarkdownDescription())
	assert.False(t, s.Attributes["name"].IsComputed())
	assert.Equal(t, "The part's.", s.Attributes["parts"].(schema.ListNestedAttribute).NestedObject.Attributes["labels"].GetMarkdownDescription())
	assert.Equal(t, "Another's.", s.Attributes["by_name"].(schema.MapNestedAttribute).NestedObject.Attributes["labels"].GetMarkdownDescription())

	for field, err := range map[string]error{"": errors.New("down"), "name": At("name", errors.New("down"))} {
		_, _, diags = ask(t, some, func(*toldModel) (string, error) { return "", err })
		want := diag.Diagnostic(diag.NewErrorDiagnostic("Unable to read things", "down"))
		if field != "" {
			want = diag.NewAttributeErrorDiagnostic(path.Root(field), "Unable to read things", "down")
		}
		assert.Equal(t, diag.Diagnostics{want}, diags)
	}

	never := func(*toldModel) (string, error) { t.Error("asked"); return "", nil }
	_, _, diags = ask(t, &Backends{MetalLBWhy: "Later.", StillUnknown: true}, never)
	require.Len(t, diags, 1)
	assert.Contains(t, diags[0].Detail(), "Later. Give the data source a depends_on")
}
