package provider

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestSteadyAnswers has our server and the framework's own answer the same questions about objects that stayed as they were
// and about objects to which something happened. Both must say the same, and of what stayed ours must have said it itself.
func TestSteadyAnswers(t *testing.T) {
	for _, release := range []string{"6.49.15", "7.12.2", "7.20.8"} {
		for _, kind := range []struct {
			name, menu string
			config     map[string]any
			happens    [][]string // to the row, as the administrator does it
		}{
			{"routeros_dstnat", "/ip/firewall/nat",
				map[string]any{"protocol": "tcp", "dst_port": "80", "in_interface": "ether1", "to_addresses": "192.168.128.1", "comment": "http"},
				[][]string{{"set", "=dst-port=8080"}, {"set", "=comment=other"}, {"set", "=disabled=yes"}, {"set", "=action=accept"}, {"set", "=log=yes"}, {"remove"}}},
			{"routeros_dstnat", "/ip/firewall/nat", map[string]any{"action": "accept"}, [][]string{{"set", "=action=redirect"}, {"remove"}}},
			{"routeros_bgp_instance", map[string]string{"7.12.2": "/routing/bgp/template"}[release], map[string]any{"name": "private", "as": "1.10", "router_id": "192.168.5.1"},
				[][]string{{"set", "=as=65001"}, {"set", "=name=other"}, {"set", "=disabled=yes"}, {"remove"}}},
			{"routeros_bgp_peer", map[string]string{"6.49.15": "/routing/bgp/peer"}[release],
				map[string]any{"name": "worker1", "instance": "default", "remote_address": "192.168.5.253", "remote_as": "65001", "multihop": true, "hold_time": "90s"},
				[][]string{{"set", "=multihop=no"}, {"set", "=hold-time=3m"}, {"set", "=disabled=yes"}, {"remove"}}},
		} {
			menu := kind.menu
			if menu == "" && kind.name == "routeros_bgp_instance" {
				menu = "/routing/bgp/instance"
			} else if menu == "" {
				menu = "/routing/bgp/connection"
			}
			for _, happens := range append(kind.happens, nil) {
				t.Run(release+" "+kind.name, func(t *testing.T) {
					s := serve(t, release)
					if kind.name == "routeros_bgp_peer" && release != "6.49.15" {
						s.create("routeros_bgp_instance", map[string]any{"name": "default", "as": "65000"})
					}
					o := s.create(kind.name, kind.config)
					_, itself, err := s.ours.steady.stillThere(t.Context(), o.read())
					require.NoError(t, err)
					assert.True(t, itself, "what was just made is as it was made")
					assert.True(t, s.ours.steady.isCurrent(o.upgrade()))
					assert.True(t, s.ours.steady.stays(t.Context(), o.plan()))
					if happens != nil {
						_, err := s.router.Run(slices.Concat([]string{menu + "/" + happens[0], "=.id=" + o.id()}, happens[1:])...)
						require.NoError(t, err)
						s.configure() // what was read is as good as new for half a minute
					}
					s.same(o)
				})
			}
		}
	}
}

// TestOtherRelease: a rule that stays as it is may still be one that the router's release, another one now, does not know.
func TestOtherRelease(t *testing.T) {
	for _, randomise := range []bool{false, true} {
		s := serve(t, "7.12.2")
		o := s.create("routeros_dstnat", map[string]any{"action": "accept", "randomise_ports": randomise, "comment": "http"})
		s.router = routerostest.StartTest(t, "6.49.15")
		s.configure()
		s.planSame(o.kind, o.plan())
		_, err := s.router.Run("/ip/firewall/nat/add", "=chain=dstnat", "=action=accept", "=comment=http")
		require.NoError(t, err)
		s.same(o)
	}
}

// TestReadInVain wants one print, and the framework's words, of a router that does not answer.
func TestReadInVain(t *testing.T) {
	s := serve(t, "7.20.8")
	o := s.create("routeros_dstnat", map[string]any{"comment": "http"})
	s.router.Configure(routerostest.CutBefore("nat/print", 1), routerostest.CutBefore("nat/print", 2))
	s.configure()
	s.router.ResetStats()
	resp, err := s.ours.ReadResource(t.Context(), o.read())
	require.NoError(t, err)
	require.Len(t, resp.Diagnostics, 1)
	assert.Contains(t, resp.Diagnostics[0].Summary, "Unable to read dst-nat rule \"http\"")
	assert.Equal(t, 2, s.router.Stats().Commands["/ip/firewall/nat/print"], "one, and once more since it was cut")
}

// TestPlainAnswers has both servers plan new objects, those that are as plain as they look and others.
func TestPlainAnswers(t *testing.T) {
	unknown := msgpack.RawMessage{0xd4, 0, 0}
	for _, release := range []string{"6.49.15", "7.12.2", "7.20.8"} {
		s := serve(t, release)
		for _, asked := range []bool{false, true} { // what release the router has, for which the first that matters is planned by the framework
			for _, object := range []struct {
				kind   string
				config map[string]any
				plain  bool
			}{
				{"routeros_dstnat", map[string]any{"protocol": "tcp", "dst_port": "80", "to_addresses": "192.168.128.1", "comment": "http"}, true},
				{"routeros_dstnat", map[string]any{"action": "accept"}, true},
				{"routeros_dstnat", map[string]any{"protocol": "tcp", "dst_port": unknown, "action": unknown}, true},
				{"routeros_dstnat", map[string]any{"action": "dst-nat", "randomise_ports": true}, asked && release != "6.49.15"},
				{"routeros_bgp_instance", map[string]any{"name": "private", "as": "1.10"}, true},
				{"routeros_bgp_instance", map[string]any{"name": "private", "as": "65000", "redistribute_static": true}, release == "6.49.15"},
				{"routeros_bgp_peer", map[string]any{"name": "worker1", "instance": "private", "remote_address": "192.168.5.253", "remote_as": "65001",
					"tcp_md5_key_wo": "canary", "tcp_md5_key_wo_version": 1, "afi": []string{"ip"}}, true},
			} {
				request := s.creation(object.kind, object.config)
				_, plain := s.ours.steady.comes(t.Context(), request)
				assert.Equal(t, object.plain, plain, "%s %s %v", release, object.kind, object.config)
				s.planSame(object.kind, request)
			}
		}
	}
}

// served is our server, with the framework's own behind it, for a simulated router.
type served struct {
	testing.TB
	router  *routerostest.Router
	ours    *server
	schemas *tfprotov6.GetProviderSchemaResponse
}

func serve(t testing.TB, release string) *served {
	t.Helper()
	s := &served{TB: t, router: routerostest.StartTest(t, release)}
	s.ours, _ = Server("test")().(*server)
	var err error
	s.schemas, err = s.ours.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	require.NoError(t, err)
	s.configure()
	return s
}

func (s *served) configure() {
	s.Helper()
	resp, err := s.ours.ConfigureProvider(s.Context(), &tfprotov6.ConfigureProviderRequest{Config: s.pack(complete(s.schemas.Provider,
		map[string]any{"hosturl": "api://" + s.router.Addr(), "username": "admin", "password": ""}))})
	s.succeeded(resp.Diagnostics, err)
}

func (s *served) succeeded(diagnostics []*tfprotov6.Diagnostic, err error) {
	s.Helper()
	require.NoError(s, err)
	for _, d := range diagnostics {
		require.NotEqual(s, tfprotov6.DiagnosticSeverityError, d.Severity, d.Summary+"\n"+d.Detail)
	}
}

// complete is an object with all attributes of a schema.
func complete(schema *tfprotov6.Schema, values map[string]any) map[string]any {
	all := map[string]any{}
	for _, attribute := range schema.Block.Attributes {
		all[attribute.Name] = values[attribute.Name]
	}
	return all
}

func (s *served) pack(object map[string]any) *tfprotov6.DynamicValue {
	s.Helper()
	text, err := msgpack.Marshal(object)
	require.NoError(s, err)
	return &tfprotov6.DynamicValue{MsgPack: text}
}

// servedObject is an object in state, and what Terraform asks about it.
type servedObject struct {
	*served
	kind     string
	config   *tfprotov6.DynamicValue
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// create makes an object by the framework's own server.
func (s *served) create(kind string, values map[string]any) *servedObject {
	s.Helper()
	request := s.creation(kind, values)
	planned, err := s.ours.frameworkServer.PlanResourceChange(s.Context(), request)
	s.succeeded(planned.Diagnostics, err)
	made, err := s.ours.frameworkServer.ApplyResourceChange(s.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: kind, Config: request.Config, PriorState: request.PriorState, PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate})
	s.succeeded(made.Diagnostics, err)
	return &servedObject{s, kind, request.Config, made.NewState, made.NewIdentity, made.Private}
}

// creation proposes a new object as Terraform does.
func (s *served) creation(kind string, values map[string]any) *tfprotov6.PlanResourceChangeRequest {
	schema := s.schemas.ResourceSchemas[kind]
	config, proposed := complete(schema, values), complete(schema, values)
	for _, attribute := range schema.Block.Attributes {
		if attribute.WriteOnly {
			proposed[attribute.Name] = nil
		}
	}
	return &tfprotov6.PlanResourceChangeRequest{TypeName: kind, Config: s.pack(config), ProposedNewState: s.pack(proposed),
		PriorState: &tfprotov6.DynamicValue{MsgPack: []byte{0xc0}}}
}

func (o *servedObject) attributes(value *tfprotov6.DynamicValue) map[string]tftypes.Value {
	return unpacked(value, o.ours.steady.types()[o.kind].state)
}

func (o *servedObject) id() (id string) {
	_ = o.attributes(o.state)["id"].As(&id)
	return id
}

func (o *servedObject) upgrade() *tfprotov6.UpgradeResourceStateRequest {
	o.Helper()
	var state map[string]any
	require.NoError(o, msgpack.Unmarshal(o.state.MsgPack, &state))
	text, err := json.Marshal(state)
	require.NoError(o, err)
	return &tfprotov6.UpgradeResourceStateRequest{TypeName: o.kind, RawState: &tfprotov6.RawState{JSON: text}}
}

func (o *servedObject) validate() *tfprotov6.ValidateResourceConfigRequest {
	return &tfprotov6.ValidateResourceConfigRequest{TypeName: o.kind, Config: o.config}
}

func (o *servedObject) read() *tfprotov6.ReadResourceRequest {
	return &tfprotov6.ReadResourceRequest{TypeName: o.kind, CurrentState: o.state, CurrentIdentity: o.identity, Private: o.private}
}

// plan proposes what the configuration says, and what was there before where that says nothing of what has a value by itself.
func (o *servedObject) plan() *tfprotov6.PlanResourceChangeRequest {
	o.Helper()
	config, proposed := o.attributes(o.config), maps.Clone(o.attributes(o.state))
	for _, attribute := range o.schemas.ResourceSchemas[o.kind].Block.Attributes {
		if value := config[attribute.Name]; !attribute.Computed || !value.IsNull() {
			proposed[attribute.Name] = value
		}
	}
	kind := o.ours.steady.types()[o.kind].state
	packed, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, proposed))
	require.NoError(o, err)
	return &tfprotov6.PlanResourceChangeRequest{TypeName: o.kind, Config: o.config, PriorState: o.state, ProposedNewState: &packed,
		PriorPrivate: o.private, PriorIdentity: o.identity}
}

// same asks both servers for all that a plan asks about the object.
func (s *served) same(o *servedObject) {
	s.Helper()
	mine, err := s.ours.UpgradeResourceState(s.Context(), o.upgrade())
	s.succeeded(mine.Diagnostics, err)
	theirs, err := s.ours.frameworkServer.UpgradeResourceState(s.Context(), o.upgrade())
	s.succeeded(theirs.Diagnostics, err)
	assert.Equal(s, o.attributes(theirs.UpgradedState), o.attributes(mine.UpgradedState))

	myRead, err := s.ours.ReadResource(s.Context(), o.read())
	s.succeeded(myRead.Diagnostics, err)
	theirRead, err := s.ours.frameworkServer.ReadResource(s.Context(), o.read())
	s.succeeded(theirRead.Diagnostics, err)
	assert.Equal(s, theirRead.Diagnostics, myRead.Diagnostics)
	assert.Equal(s, o.attributes(theirRead.NewState), o.attributes(myRead.NewState))
	assert.Equal(s, theirRead.Private, myRead.Private)
	types := s.ours.steady.types()[o.kind]
	assert.Equal(s, identityOf(theirRead.NewIdentity, types), identityOf(myRead.NewIdentity, types))
	if o.attributes(myRead.NewState) == nil {
		return
	}

	o.state = myRead.NewState
	s.planSame(o.kind, o.plan())
}

// planSame asks both servers for a plan.
func (s *served) planSame(kind string, request *tfprotov6.PlanResourceChangeRequest) {
	s.Helper()
	mine, err := s.ours.PlanResourceChange(s.Context(), request)
	require.NoError(s, err)
	theirs, err := s.ours.frameworkServer.PlanResourceChange(s.Context(), request)
	require.NoError(s, err)
	types := s.ours.steady.types()[kind]
	assert.Equal(s, theirs.Diagnostics, mine.Diagnostics)
	assert.Equal(s, unpacked(theirs.PlannedState, types.state), unpacked(mine.PlannedState, types.state))
	assert.Equal(s, theirs.RequiresReplace, mine.RequiresReplace)
	assert.Equal(s, theirs.PlannedPrivate, mine.PlannedPrivate)
	assert.Equal(s, identityOf(theirs.PlannedIdentity, types), identityOf(mine.PlannedIdentity, types))
}

// identityOf gives an identity; nil if there is none.
func identityOf(data *tfprotov6.ResourceIdentityData, types steadyType) map[string]tftypes.Value {
	if data == nil {
		return nil
	}
	return unpacked(data.IdentityData, types.identity)
}
