package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// MoveState takes over the state of another provider's resource, whoever published that provider and whatever its
// version. It is asked of a provider that is not configured: what was moved is therefore looked for by the Read that
// follows, as an import is read. Until then private state keeps what is known of it.
func (r *rowResource[M]) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

// movedFrom tells people of it.
func movedFrom(types []string) string {
	if types == nil {
		return ""
	}
	return "\n\nA `moved` block takes over, without making anything anew, a `" + strings.Join(types, "` or a `") + "` of another provider, as the provider's page tells."
}

// movedKey is that of private state for the words that a moved row had.
const movedKey = "moved"

func (r *rowResource[M]) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	if !slices.Contains(r.declared.MovedFrom, req.SourceTypeName) {
		return
	}
	refuse := func(why string) {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to move a %s to a %s", req.SourceTypeName, r.declared.Type), why)
	}
	source, err := sourceState(req.SourceRawState.JSON)
	if err != nil {
		refuse("Its state cannot be read: " + err.Error())
		return
	}
	for property, want := range r.declared.Menu.Fixed {
		if has, told := source[attributeName(property)]; told && has != want {
			refuse(fmt.Sprintf("Its %s is %s, and that of a %s is %s. Leave it with its provider: remove the moved block.",
				property, has, r.declared.Type, want))
			return
		}
	}
	words, id := r.words(source), source["id"]
	key := r.declared.Menu.Key
	if !strings.HasPrefix(id, "*") && key == "name" { // some providers have the name for an id
		if words[key] == "" && id != "" {
			words[key] = id
		}
		id = ""
	}
	if id == "" && words[key] == "" {
		refuse(fmt.Sprintf("Its state has neither an id nor a %s: import the row instead.", key))
		return
	}
	known, err := json.Marshal(words)
	if err != nil {
		refuse(err.Error())
		return
	}
	resp.Diagnostics.Append(resp.TargetPrivate.SetKey(ctx, movedKey, known)...)
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("id"), id)...)
	r.identifyRow(ctx, resp.TargetIdentity, routeros.Row{ID: id, Words: words}, &resp.Diagnostics)
}

// sourceState is a state as texts under its attributes' names, those of nested blocks joined by underscores:
// remote = [{address = …}] is remote_address.
func sourceState(raw []byte) (map[string]string, error) {
	var state map[string]any
	if err := json.Unmarshal(raw, &state); err != nil {
		return nil, err
	}
	flat := map[string]string{}
	var add func(name string, value any)
	add = func(name string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for inner, of := range v {
				add(strings.TrimPrefix(name+"_"+inner, "_"), of)
			}
		case []any:
			if len(v) == 1 { // a nested block; a list of texts is not worth knowing
				if block, ok := v[0].(map[string]any); ok {
					add(name, block)
				}
			}
		case bool:
			flat[name] = yesNo(v)
		case float64:
			flat[name] = fmt.Sprintf("%.0f", v)
		case string:
			flat[name] = v
		}
	}
	add("", state)
	return flat, nil
}

// words are what a source has of our own attributes, which bear RouterOS' words as its do; no secrets.
func (r *rowResource[M]) words(source map[string]string) routeros.Words {
	words := routeros.Words{}
	for _, f := range fields(new(M), rosTag) {
		if value := source[f.attribute]; value != "" && !r.declared.Attributes[f.attribute].IsSensitive() {
			words[f.backend] = value
		}
	}
	return words
}

// attributeName is a property's: dst-port is dst_port.
func attributeName(property string) string {
	return strings.NewReplacer("-", "_", ".", "_").Replace(property)
}

// moved are the words that a row had when it was moved here, which are its identity too as long as state has nothing
// else of it; nil if it was not, or was read since.
func (r *rowResource[M]) moved(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) (words routeros.Words) {
	known, problems := req.Private.GetKey(ctx, movedKey)
	resp.Diagnostics.Append(problems...)
	if known == nil {
		return nil
	}
	if err := json.Unmarshal(known, &words); err != nil {
		resp.Diagnostics.AddError("Unable to read what is known of a moved resource", err.Error())
		return nil
	}
	if resp.Identity != nil && resp.Identity.Raw.IsFullyNull() {
		r.identifyRow(ctx, resp.Identity, routeros.Row{Words: words}, &resp.Diagnostics)
	}
	return words
}

// firstSeen finds a row of which state has nothing but its id: it was imported, or, if known has something of it, moved
// here. What was moved is still itself only by its name, if it had one.
func (r *rowResource[M]) firstSeen(ctx context.Context, table *routeros.Table, id string, known routeros.Words, diags *diag.Diagnostics) (row routeros.Row, there bool, err error) {
	if known == nil {
		return table.ByID(ctx, id, nil)
	}
	row, there, err = table.Locate(ctx, id, known)
	if there && r.declared.Menu.Key == "name" && row.Words["name"] != known["name"] {
		there = false
	}
	switch {
	case err != nil:
		return row, false, err
	case there:
		return table.ByID(ctx, row.ID, nil) // once more, as if nothing were known of it
	}
	diags.AddWarning("Not found: "+r.title(known), fmt.Sprintf(
		"It was moved here, but router %s has none that is it, so that it is planned anew. If it is still there, import it.", r.Router.Address()))
	return row, false, nil
}
