package lifecycle

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// View declares a data source: what a router sees. M is its model, a struct with a field per filter, tagged ros:"…"
// with the newest RouterOS' word, and one field of type []R for the answer. R is the model of one row, its fields tagged
// likewise. An M without []R is itself the one row of the answer.
type View[M, R any] struct {
	Type        string // "routeros_routes"
	Noun        string // "routes": completes "Unable to read …"
	Description string
	Filters     map[string]schema.Attribute
	List        string            // what the rows of the answer are
	Row         map[string]string // what each attribute of a row is
	Sorted      []string          // the words that rows are sorted by; none keeps the router's own order
	Ask         func(ctx context.Context, router *routeros.Router, model M, filters []routeros.Match) (Answer, error)
}

// Answer is what a router says to a View: rows, and perhaps something that one should know about them.
type Answer struct {
	Rows   []routeros.Words
	Notice string
}

// At says which attribute an error is about.
func At(attribute string, err error) error {
	if err == nil {
		return nil
	}
	return &attributeError{attribute, err}
}

type attributeError struct {
	attribute string
	error
}

func (e *attributeError) Unwrap() error { return e.error }

// DataSource makes the data source that the framework serves.
func (d View[M, R]) DataSource() datasource.DataSource { return &viewSource[M, R]{declared: d} }

type viewSource[M, R any] struct {
	*Backends
	declared View[M, R]
}

var _ datasource.DataSourceWithConfigure = &viewSource[struct{}, struct{}]{}

func (s *viewSource[M, R]) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = s.declared.Type
}

func (s *viewSource[M, R]) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.Backends = backendsOf(req.ProviderData, &resp.Diagnostics)
}

func (s *viewSource[M, R]) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema.MarkdownDescription = s.declared.Description
	list, _ := answer[R](new(M))
	if list == "" {
		resp.Schema.Attributes = computed(ctx, new(M), s.declared.Row)
		return
	}
	resp.Schema.Attributes = maps.Clone(s.declared.Filters)
	resp.Schema.Attributes[list] = schema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: s.declared.List,
		NestedObject:        schema.NestedAttributeObject{Attributes: computed(ctx, new(R), s.declared.Row)},
	}
}

// unread is missing for what is only read. If the provider's values are not known yet it has, unlike a resource, no
// earlier state to keep, and Terraform takes no unknown one.
func (b *Backends) unread(typeName, why string) diag.Diagnostic {
	if b.StillUnknown {
		why += " Give the data source a depends_on of what that value comes from: it is read at apply then."
	}
	return missing(typeName, why)
}

func (s *viewSource[M, R]) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model M
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if s.Router == nil {
		resp.Diagnostics.Append(s.unread(s.declared.Type, s.RouterWhy))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	filters, err := matches(ctx, &model)
	var found Answer
	if err == nil {
		found, err = s.declared.Ask(ctx, s.Router, model, filters)
	}
	if err == nil {
		err = s.tell(ctx, found.Rows, &model)
	}
	if err != nil {
		resp.Diagnostics.Append(report(err, "Unable to read "+s.declared.Noun, about(&model, err)))
		return
	}
	if found.Notice != "" {
		resp.Diagnostics.AddWarning("Not all of the "+s.declared.Noun+" can be seen", found.Notice)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// tell writes the rows into the model.
func (s *viewSource[M, R]) tell(ctx context.Context, rows []routeros.Words, model *M) error {
	name, list := answer[R](model)
	if name == "" {
		for _, words := range rows {
			if err := fill(ctx, words, model); err != nil {
				return err
			}
		}
		return nil
	}
	slices.SortStableFunc(rows, s.order)
	*list = make([]R, len(rows))
	for i, words := range rows {
		if err := fill(ctx, words, &(*list)[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *viewSource[M, R]) order(a, b routeros.Words) int {
	for _, word := range s.declared.Sorted {
		c := cmp.Compare(a[word], b[word])
		n, errN := strconv.Atoi(a[word])
		m, errM := strconv.Atoi(b[word])
		if errN == nil && errM == nil {
			c = cmp.Compare(n, m) // a distance of 20 comes before one of 110
		}
		if c != 0 {
			return c
		}
	}
	return 0
}

// answer is the field of a model that takes the rows; "" if it has none.
func answer[R any](model any) (attribute string, rows *[]R) {
	v := reflect.ValueOf(model).Elem()
	for i := range v.NumField() {
		if rows, ok := v.Field(i).Addr().Interface().(*[]R); ok {
			return v.Type().Field(i).Tag.Get("tfsdk"), rows
		}
	}
	return "", nil
}

// matches are the filters that were given.
func matches(ctx context.Context, model any) ([]routeros.Match, error) {
	words, err := encode(ctx, model)
	var filters []routeros.Match
	for _, word := range slices.Sorted(maps.Keys(words)) {
		filters = append(filters, routeros.Match{Word: word, AnyOf: []string{words[word]}})
	}
	return filters, err
}

// about is the attribute that an error is about, empty if that is not known.
func about(model any, err error) path.Path {
	var at *attributeError
	var answered *routeros.Error
	switch {
	case errors.As(err, &at):
		return path.Root(at.attribute)
	case errors.As(err, &answered):
		return wordPath(model, answered.Word)
	}
	return path.Empty()
}

// fill writes what a router says into an empty model.
func fill(ctx context.Context, words routeros.Words, model any) error {
	for _, f := range fields(model, rosTag) {
		text := words[f.backend]
		if text == "" {
			f.clear()
			continue
		}
		if err := f.decode(ctx, text); err != nil {
			return fmt.Errorf("reading %s %q: %w", f.backend, text, err)
		}
	}
	return nil
}

// computed are the attributes of a model that is only read.
func computed(ctx context.Context, model any, descriptions map[string]string) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range fields(model, rosTag) {
		text := descriptions[f.attribute]
		switch v := f.get().(type) {
		case basetypes.BoolValue:
			attributes[f.attribute] = schema.BoolAttribute{Computed: true, MarkdownDescription: text}
		case basetypes.Int64Value:
			attributes[f.attribute] = schema.Int64Attribute{Computed: true, MarkdownDescription: text}
		case basetypes.ListValue:
			attributes[f.attribute] = schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: text}
		default:
			attributes[f.attribute] = schema.StringAttribute{Computed: true, CustomType: textType(ctx, v), MarkdownDescription: text}
		}
	}
	return attributes
}

// textType is the type of a text of its own kind; nil for plain text.
func textType(ctx context.Context, v attr.Value) basetypes.StringTypable {
	kind, _ := v.Type(ctx).(basetypes.StringTypable)
	return kind
}
