package lifecycle

import (
	"context"
	"fmt"
	"maps"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// ClusterView declares a data source: what a cluster tells of MetalLB. M is its model, a struct with a field per
// attribute. One that is not among Inputs is an answer: a types.String, types.Bool or types.Int64, a list of texts
// ([]string), a map of texts, or a list or map of structs of the same kind. What is nil or not set is null.
type ClusterView[M any] struct {
	Type        string // "metallb_status"
	Noun        string // "MetalLB's status": completes "Unable to read …"
	Description string
	Inputs      map[string]schema.Attribute
	Answers     map[string]string // what each answer is, by its name, within another one "nodes.ipv4"
	// Ask fills the answers in. A notice is what one should know about them. At says which attribute an error is
	// about.
	Ask func(ctx context.Context, from *metallb.MetalLB, model *M) (notice string, err error)
}

// DataSource makes the data source that the framework serves.
func (d ClusterView[M]) DataSource() datasource.DataSource { return &clusterSource[M]{declared: d} }

type clusterSource[M any] struct {
	*Backends
	declared ClusterView[M]
}

var _ datasource.DataSourceWithConfigure = &clusterSource[struct{}]{}

func (s *clusterSource[M]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = s.declared.Type
}

func (s *clusterSource[M]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.Backends = backendsOf(req.ProviderData, &resp.Diagnostics)
}

func (s *clusterSource[M]) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema.MarkdownDescription = s.declared.Description
	resp.Schema.Attributes = map[string]schema.Attribute{}
	maps.Copy(resp.Schema.Attributes, s.declared.Inputs)
	answers(reflect.TypeFor[M](), "", s.declared.Answers, resp.Schema.Attributes)
}

func (s *clusterSource[M]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if s.MetalLB == nil {
		resp.Diagnostics.Append(s.unread(s.declared.Type, s.MetalLBWhy))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	notice, err := s.declared.Ask(ctx, s.MetalLB, &model)
	if err != nil {
		resp.Diagnostics.Append(report(err, "Unable to read "+s.declared.Noun, about(&model, err)))
		return
	}
	if notice != "" {
		resp.Diagnostics.AddWarning("Incomplete answer about "+s.declared.Noun, notice)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// answers adds an attribute for each field of a model that has none yet: what is only read.
func answers(model reflect.Type, within string, descriptions map[string]string, attributes map[string]schema.Attribute) {
	for _, f := range reflect.VisibleFields(model) {
		name := f.Tag.Get("tfsdk")
		if _, isInput := attributes[name]; isInput {
			continue
		}
		text := descriptions[within+name]
		nested := func() schema.NestedAttributeObject {
			inner := map[string]schema.Attribute{}
			answers(f.Type.Elem(), within+name+".", descriptions, inner)
			return schema.NestedAttributeObject{Attributes: inner}
		}
		switch reflect.Zero(f.Type).Interface().(type) {
		case types.String:
			attributes[name] = schema.StringAttribute{Computed: true, MarkdownDescription: text}
		case types.Bool:
			attributes[name] = schema.BoolAttribute{Computed: true, MarkdownDescription: text}
		case types.Int64:
			attributes[name] = schema.Int64Attribute{Computed: true, MarkdownDescription: text}
		case []string:
			attributes[name] = schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: text}
		case map[string]string:
			attributes[name] = schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: text}
		default:
			switch f.Type.Kind() {
			case reflect.Slice:
				attributes[name] = schema.ListNestedAttribute{Computed: true, MarkdownDescription: text, NestedObject: nested()}
			case reflect.Map:
				attributes[name] = schema.MapNestedAttribute{Computed: true, MarkdownDescription: text, NestedObject: nested()}
			default:
				panic(fmt.Sprintf("%s.%s: no attribute for a %s", model, f.Name, f.Type))
			}
		}
	}
}
