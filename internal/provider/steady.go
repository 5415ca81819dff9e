package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/defaults"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/resources"
)

// steady answers for the resource types whose objects mostly stay as they are and can tell so themselves.
type steady struct {
	provider *routerosProvider
	types    func() map[string]steadyType // by name
}

type steadyType struct {
	make     func() resource.Resource // a lifecycle.Steady
	state    tftypes.Object
	identity tftypes.Object
	left     map[string]tftypes.Value // what becomes of attributes of which the configuration says nothing, if not nothing
	unstored map[string]tftypes.Value // the attributes that no state has
}

func newSteady(p *routerosProvider) steady {
	return steady{p, sync.OnceValue(func() map[string]steadyType {
		types := map[string]steadyType{}
		for _, make := range resources.All() {
			if r, is := make().(lifecycle.Steady); is {
				var meta resource.MetadataResponse
				r.Metadata(context.Background(), resource.MetadataRequest{}, &meta)
				if t, known := newSteadyType(make); known {
					types[meta.TypeName] = t
				}
			}
		}
		return types
	})}
}

// of is the type of that name; false if it is none of them, or if the provider is not configured, be it for a value of its
// block that is known only after apply.
func (s steady) of(name string) (steadyType, bool) {
	t, is := s.types()[name]
	return t, is && s.provider.backends.Load() != nil
}

// served is a configured resource of the type.
func (s steady) served(t steadyType) lifecycle.Steady {
	r, _ := t.make().(lifecycle.Steady)
	r.Configure(context.Background(), resource.ConfigureRequest{ProviderData: s.provider.backends.Load()}, &resource.ConfigureResponse{})
	return r
}

// newSteadyType is not ok of a type that has defaults other than texts, which nobody here knows of.
func newSteadyType(make func() resource.Resource) (t steadyType, ok bool) {
	ctx := context.Background()
	t = steadyType{make: make, left: map[string]tftypes.Value{}, unstored: map[string]tftypes.Value{}}
	var declared resource.SchemaResponse
	make().Schema(ctx, resource.SchemaRequest{}, &declared)
	t.state, _ = declared.Schema.Type().TerraformType(ctx).(tftypes.Object)
	var known resource.IdentitySchemaResponse
	make().(resource.ResourceWithIdentity).IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &known) //nolint:forcetypeassert // each of them is
	t.identity, _ = known.IdentitySchema.Type().TerraformType(ctx).(tftypes.Object)
	for name, attribute := range declared.Schema.Attributes {
		kind := t.state.AttributeTypes[name]
		text, _ := attribute.(schema.StringAttribute)
		switch {
		case text.Default != nil:
			var resp defaults.StringResponse
			text.Default.DefaultString(ctx, defaults.StringRequest{}, &resp)
			t.left[name], _ = resp.PlanValue.ToTerraformValue(ctx)
		case attribute.IsComputed() && attribute.IsOptional():
			return t, false
		case attribute.IsComputed():
			t.left[name] = tftypes.NewValue(kind, tftypes.UnknownValue)
		case attribute.IsWriteOnly():
			t.unstored[name] = tftypes.NewValue(kind, nil)
		}
	}
	return t, true
}

// isCurrent tells whether state has exactly today's attributes: the CLI then reads it as well as the framework does.
func (s steady) isCurrent(req *tfprotov6.UpgradeResourceStateRequest) bool {
	t, is := s.types()[req.TypeName]
	if !is || req.Version != 0 || req.RawState == nil {
		return false
	}
	var attributes map[string]json.RawMessage
	if json.Unmarshal(req.RawState.JSON, &attributes) != nil || len(attributes) != len(t.state.AttributeTypes) {
		return false
	}
	for name := range attributes {
		if _, is := t.state.AttributeTypes[name]; !is {
			return false
		}
	}
	return true
}

// stillThere tells whether an object is on its router as it is in state, and gives its identity. What was just imported or
// moved has private state, and needs a proper Read.
func (s steady) stillThere(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ResourceIdentityData, bool, error) {
	t, is := s.of(req.TypeName)
	if !is || len(req.Private) > 0 {
		return nil, false, nil
	}
	attributes := unpacked(req.CurrentState, t.state)
	if attributes == nil {
		return nil, false, nil
	}
	known, unchanged, err := s.served(t).Unchanged(ctx, attributes)
	if !unchanged {
		return nil, false, err
	}
	identity, err := tfprotov6.NewDynamicValue(t.identity, tftypes.NewValue(t.identity, known))
	return &tfprotov6.ResourceIdentityData{IdentityData: &identity}, err == nil, nil
}

// stays tells whether an object is there and is proposed to stay as it is. Where the configuration says nothing, Terraform
// proposes what was there before, which a default then overrules.
func (s steady) stays(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) bool {
	t, is := s.of(req.TypeName)
	if !is || req.PriorState == nil || req.ProposedNewState == nil || len(req.PriorState.MsgPack) == 0 ||
		!bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return false
	}
	prior, config := unpacked(req.PriorState, t.state), unpacked(req.Config, t.state)
	if prior == nil || config == nil {
		return false
	}
	for name, standard := range t.left {
		if standard.IsKnown() && config[name].IsNull() && !prior[name].Equal(standard) {
			return false
		}
	}
	return s.served(t).Plain(ctx, prior)
}

// comes gives the plan of an object that is not there yet, if that is no more than what is proposed, defaults, and what will
// be known once it is made.
func (s steady) comes(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.DynamicValue, bool) {
	t, is := s.of(req.TypeName)
	if !is || req.PriorState == nil {
		return nil, false
	}
	if absent, err := req.PriorState.IsNull(); err != nil || !absent {
		return nil, false
	}
	planned, config := unpacked(req.ProposedNewState, t.state), unpacked(req.Config, t.state)
	if planned == nil || config == nil {
		return nil, false
	}
	for name, value := range t.left {
		if config[name].IsNull() {
			planned[name] = value
		}
	}
	maps.Copy(planned, t.unstored)
	if !s.served(t).Plain(ctx, planned) {
		return nil, false
	}
	plan, err := tfprotov6.NewDynamicValue(t.state, tftypes.NewValue(t.state, planned))
	return &plan, err == nil
}

// unpacked gives the attributes of an object; nil if there is none.
func unpacked(value *tfprotov6.DynamicValue, kind tftypes.Object) (attributes map[string]tftypes.Value) {
	if value == nil {
		return nil
	}
	object, err := value.Unmarshal(kind)
	if err != nil || object.IsNull() || object.As(&attributes) != nil {
		return nil
	}
	return attributes
}
