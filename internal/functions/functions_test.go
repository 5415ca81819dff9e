package functions

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/resources"
)

// of wraps what a configuration may write.
func of(value any) attr.Value {
	switch v := value.(type) {
	case string:
		return types.StringValue(v)
	case int:
		return types.NumberValue(big.NewFloat(float64(v)))
	case bool:
		return types.BoolValue(v)
	case attr.Value:
		return v
	case []any:
		var elements []attr.Value
		var kinds []attr.Type
		for _, element := range v {
			elements, kinds = append(elements, of(element)), append(kinds, of(element).Type(context.Background()))
		}
		return types.TupleValueMust(kinds, elements)
	case map[string]any:
		values, kinds := map[string]attr.Value{}, map[string]attr.Type{}
		for name, is := range v {
			values[name] = of(is)
			kinds[name] = values[name].Type(context.Background())
		}
		return types.ObjectValueMust(kinds, values)
	}
	panic("no value")
}

type fields = map[string]any

var unknown = types.StringUnknown()

// call gives the result of a function: sentences, or nil if they are known after apply.
func call(t *testing.T, f comparison, arguments ...any) (problems []string, failed *function.FuncError) {
	t.Helper()
	var wrapped []attr.Value
	for _, argument := range arguments {
		wrapped = append(wrapped, types.DynamicValue(of(argument)))
	}
	resp := function.RunResponse{Result: function.NewResultData(types.ListNull(types.StringType))}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(wrapped)}, &resp)
	if resp.Error != nil {
		return nil, resp.Error
	}
	list, ok := resp.Result.Value().(types.List)
	require.True(t, ok)
	require.False(t, list.IsNull())
	if list.IsUnknown() {
		return nil, nil
	}
	problems = []string{}
	require.False(t, list.ElementsAs(t.Context(), &problems, false).HasError())
	return problems, nil
}

var (
	goodInstance = fields{"name": "private", "as": "65000", "id": unknown}
	goodMetalLB  = fields{"name": "router", "my_asn": 65001, "peer_asn": 65000, "peer_address": "192.168.5.1", "password": types.StringNull()}
)

// goodPeer is a peer that fits both, and has more.
func goodPeer(more fields) fields {
	peer := fields{"name": "worker1", "instance": "private", "remote_address": "192.168.5.253", "remote_as": 65001, "multihop": true}
	for name, is := range more {
		peer[name] = is
	}
	return peer
}

// TestEveryAttribute: what is read is an attribute of the resource, and each is compared as the resource has it.
func TestEveryAttribute(t *testing.T) {
	attributes := map[string]map[string]bool{}
	for _, make := range resources.All() {
		var meta resource.MetadataResponse
		var schema resource.SchemaResponse
		served := make()
		served.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "routeros"}, &meta)
		served.Schema(t.Context(), resource.SchemaRequest{}, &schema)
		attributes[meta.TypeName] = map[string]bool{}
		for name := range schema.Schema.Attributes {
			attributes[meta.TypeName][name] = true
		}
	}
	for _, f := range []comparison{peeringProblems, forwardingProblems} {
		var arguments []*object
		for _, p := range f.parameters {
			arguments = append(arguments, newObject(p, types.DynamicValue(of(fields{}))))
		}
		f.compare(arguments)
		for i, argument := range arguments {
			assert.Greater(t, len(argument.asked), 2)
			for _, name := range argument.asked {
				assert.True(t, attributes[f.parameters[i].typeName][name], "%s.%s", f.parameters[i].typeName, name)
			}
		}
	}
}

// TestPeeringArguments: how attributes are written; want is in the only problem, "" wants none, and "later" a result that
// is known after apply.
func TestPeeringArguments(t *testing.T) {
	const later = "later"
	for name, c := range map[string]struct {
		instance, peer, metallb any
		want                    string
	}{
		"whole":                       {goodInstance, goodPeer(nil), goodMetalLB, ""},
		"little":                      {fields{"as": 65000}, fields{"remote_as": "65001"}, fields{"my_asn": "65001"}, ""},
		"AS-dot":                      {fields{"as": "1.10"}, fields{"remote_as": 65001}, fields{"peer_asn": 65546}, ""},
		"confederation":               {fields{"as": "65000/65101"}, fields{"remote_as": 65001}, fields{"peer_asn": 65101}, "as = 65000/65101"},
		"a list of nulls":             {goodInstance, goodPeer(fields{"templates": types.ListNull(types.StringType), "tcp_md5_key": types.StringNull()}), goodMetalLB, ""},
		"an empty key":                {goodInstance, goodPeer(fields{"tcp_md5_key": ""}), goodMetalLB, ""},
		"a key":                       {goodInstance, goodPeer(fields{"tcp_md5_key": "hush"}), goodMetalLB, "has no password"},
		"a key written only":          {goodInstance, goodPeer(fields{"tcp_md5_key_wo_version": 1}), goodMetalLB, "has no password"},
		"a key in a Secret":           {goodInstance, goodPeer(nil), fields{"my_asn": 65001, "password_secret": fields{"name": unknown}}, "has no tcp_md5_key"},
		"a Secret for a key":          {goodInstance, goodPeer(fields{"tcp_md5_key": "hush"}), fields{"my_asn": 65001, "password_secret": fields{"name": "s"}}, ""},
		"a prefix":                    {goodInstance, goodPeer(fields{"remote_address": "192.168.5.9/24"}), fields{"my_asn": 65001, "source_address": "192.168.6.1"}, `remote_address = "192.168.5.0/24"`},
		"an interface":                {goodInstance, goodPeer(fields{"remote_address": "ether1", "local_address": "ether1"}), fields{"my_asn": 65001, "source_address": "192.168.6.1"}, ""},
		"link-local":                  {goodInstance, goodPeer(fields{"remote_address": "fe80::1%ether1", "local_address": "fe80::2%ether1"}), fields{"my_asn": 65001, "peer_address": "fe80::3"}, `local_address = "fe80::2"`},
		"a local host":                {goodInstance, goodPeer(fields{"local_address": "192.168.5.2"}), goodMetalLB, `local_address = "192.168.5.2"`},
		"infinity":                    {goodInstance, goodPeer(fields{"hold_time": "infinity"}), fields{"my_asn": 65001, "hold_time": "3h", "keepalive_time": "1h"}, ""},
		"durations":                   {goodInstance, goodPeer(fields{"hold_time": "00:01:30"}), fields{"my_asn": 65001, "hold_time": "3h", "keepalive_time": "1h"}, "hold_time = 1m30s"},
		"text for a bool":             {goodInstance, goodPeer(fields{"disabled": "true"}), goodMetalLB, "disabled = true"},
		"a template":                  {goodInstance, goodPeer(fields{"templates": []any{"t"}}), fields{"my_asn": 65001, "ebgp_multi_hop": true, "bfd_profile": "fast", "keepalive_time": "1h"}, ""},
		"what no template says":       {goodInstance, goodPeer(fields{"templates": []any{"t"}}), fields{"my_asn": 65001, "password": "hush"}, "has no tcp_md5_key"},
		"a template that is unknown":  {goodInstance, goodPeer(fields{"templates": []any{unknown}}), goodMetalLB, later},
		"no template":                 {goodInstance, goodPeer(fields{"templates": []any{}}), fields{"my_asn": 65001, "password": "hush"}, "has no tcp_md5_key"},
		"a dynamic value":             {goodInstance, goodPeer(fields{"remote_as": types.DynamicValue(of(65002))}), goodMetalLB, "remote_as = 65002"},
		"a null dynamic value":        {goodInstance, goodPeer(fields{"remote_as": types.DynamicNull()}), goodMetalLB, ""},
		"an unknown of unknown type":  {goodInstance, goodPeer(fields{"remote_as": types.DynamicUnknown()}), goodMetalLB, later},
		"nothing known":               {goodInstance, types.DynamicUnknown(), goodMetalLB, later},
		"nothing known of an object":  {goodInstance, types.ObjectUnknown(map[string]attr.Type{"as": types.StringType}), goodMetalLB, later},
		"one unknown":                 {goodInstance, goodPeer(fields{"remote_as": unknown}), goodMetalLB, later},
		"one unknown that is nothing": {goodInstance, goodPeer(fields{"comment": unknown}), goodMetalLB, ""},
		"one unknown, one wrong":      {goodInstance, goodPeer(fields{"remote_as": unknown, "disabled": true}), goodMetalLB, "disabled = true"},
		"an unknown key":              {goodInstance, goodPeer(fields{"tcp_md5_key": unknown}), goodMetalLB, later},
		"an unknown version":          {goodInstance, goodPeer(fields{"tcp_md5_key_wo_version": types.NumberUnknown()}), goodMetalLB, later},
		"a key of unknown version":    {goodInstance, goodPeer(fields{"tcp_md5_key": "hush", "tcp_md5_key_wo_version": types.NumberUnknown()}), goodMetalLB, "has no password"},
	} {
		t.Run(name, func(t *testing.T) {
			problems, failed := call(t, peeringProblems, c.instance, c.peer, c.metallb)
			require.Nil(t, failed)
			assert.NotContains(t, strings.Join(problems, " "), "hush")
			switch c.want {
			case "":
				assert.Equal(t, []string{}, problems)
			case later:
				assert.Nil(t, problems)
			default:
				require.Len(t, problems, 1)
				assert.Contains(t, problems[0], c.want)
			}
		})
	}
}

// TestForwardingArguments does the same for a rule and its pool.
func TestForwardingArguments(t *testing.T) {
	pool := fields{"name": "services", "addresses": []any{"192.168.128.0/25", "192.168.128.128 - 192.168.128.255"}, "avoid_buggy_ips": true}
	strung := fields{"addresses": types.ListValueMust(types.StringType, []attr.Value{types.StringValue("192.168.128.0/24")})}
	for name, c := range map[string]struct {
		to   any
		pool any
		want []string
	}{
		"host":        {"192.168.128.1", pool, []string{}},
		"prefix":      {"192.168.128.64/26", fields{"addresses": []any{"192.168.128.0/24"}}, []string{}},
		"list":        {"192.168.128.1", strung, []string{}},
		"range":       {"192.168.128.1-192.168.128.200", pool, []string{}},
		"elsewhere":   {"10.0.0.1", strung, []string{`routeros_dstnat has to_addresses = "10.0.0.1", but metallb_address_pool has addresses = ["192.168.128.0/24"]: MetalLB gives no Service an address outside of its pool. Give to_addresses one of the pool's.`}},
		"wrapped":     {"192.168.128.1", fields{"addresses": []any{types.DynamicValue(of("192.168.128.0/24"))}}, []string{}},
		"later":       {unknown, pool, nil},
		"later, pool": {"10.0.0.1", fields{"addresses": []any{"192.168.128.0/24", unknown}}, nil},
		"in already":  {"192.168.128.1", fields{"addresses": []any{"192.168.128.0/24", unknown}}, []string{}},
		"whole later": {"192.168.128.1", types.DynamicUnknown(), nil},
	} {
		t.Run(name, func(t *testing.T) {
			problems, failed := call(t, forwardingProblems, fields{"action": "dst-nat", "to_addresses": c.to}, c.pool)
			require.Nil(t, failed)
			assert.Equal(t, c.want, problems)
		})
	}
}

// TestBadArguments: what is no such object is an error of that argument, which says what is accepted; no password is in it.
func TestBadArguments(t *testing.T) {
	for name, c := range map[string]struct {
		f         comparison
		arguments []any
		argument  int64
		want      string
	}{
		"text":            {peeringProblems, []any{"private", goodPeer(nil), goodMetalLB}, 0, "instance is no object: give a routeros_bgp_instance, or an object"},
		"list":            {peeringProblems, []any{goodInstance, []any{goodPeer(nil)}, goodMetalLB}, 1, "peer is no object"},
		"null":            {peeringProblems, []any{goodInstance, goodPeer(nil), types.ObjectNull(map[string]attr.Type{})}, 2, "metallb_peer is no object"},
		"null of no type": {peeringProblems, []any{goodInstance, goodPeer(nil), types.DynamicNull()}, 2, "metallb_peer is no object"},
		"for_each":        {peeringProblems, []any{goodInstance, fields{"worker1": goodPeer(nil)}, goodMetalLB}, 1, "routeros_bgp_peer.name[…]"},
		"AS number":       {peeringProblems, []any{fields{"as": "one"}, goodPeer(nil), goodMetalLB}, 0, `as: "one" is no AS number`},
		"MetalLB's":       {peeringProblems, []any{goodInstance, goodPeer(nil), fields{"my_asn": "1.10"}}, 2, `my_asn: "1.10" is no AS number`},
		"address":         {peeringProblems, []any{goodInstance, goodPeer(nil), fields{"peer_address": "router"}}, 2, `peer_address: "router" is no address`},
		"remote address":  {peeringProblems, []any{goodInstance, goodPeer(fields{"remote_address": "1.2.3"}), goodMetalLB}, 1, `remote_address: "1.2.3" is no address`},
		"local address":   {peeringProblems, []any{goodInstance, goodPeer(fields{"local_address": "10.0.0.0/8"}), goodMetalLB}, 1, `local_address: "10.0.0.0/8" is no local address`},
		"duration":        {peeringProblems, []any{goodInstance, goodPeer(fields{"hold_time": "long"}), goodMetalLB}, 1, `hold_time: "long" is no duration`},
		"MetalLB's timer": {peeringProblems, []any{goodInstance, goodPeer(nil), fields{"hold_time": 90}}, 2, `hold_time: "90" is no duration`},
		"bool":            {peeringProblems, []any{goodInstance, goodPeer(fields{"multihop": "yes"}), goodMetalLB}, 1, `multihop: "yes" is no bool`},
		"port":            {peeringProblems, []any{goodInstance, goodPeer(fields{"local_port": "bgp"}), goodMetalLB}, 1, `local_port: "bgp" is no whole number`},
		"nested":          {peeringProblems, []any{goodInstance, goodPeer(fields{"tcp_md5_key": []any{"hush"}}), goodMetalLB}, 1, "tcp_md5_key: give a string"},
		"templates":       {peeringProblems, []any{goodInstance, goodPeer(fields{"templates": "t"}), goodMetalLB}, 1, "templates: give a list"},
		"pool":            {forwardingProblems, []any{fields{"to_addresses": "10.0.0.1"}, fields{"addresses": []any{"10.0.0.1"}}}, 1, `addresses: "10.0.0.1" is not a prefix`},
		"no text":         {forwardingProblems, []any{fields{"to_addresses": "10.0.0.1"}, fields{"addresses": []any{[]any{}}}}, 1, "addresses: give a string"},
		"target":          {forwardingProblems, []any{fields{"to_addresses": "web"}, fields{"addresses": []any{}}}, 0, `to_addresses: "web" is no IPv4 address`},
	} {
		t.Run(name, func(t *testing.T) {
			_, failed := call(t, c.f, c.arguments...)
			require.NotNil(t, failed)
			require.NotNil(t, failed.FunctionArgument)
			assert.Equal(t, c.argument, *failed.FunctionArgument)
			assert.Contains(t, failed.Text, c.want)
			assert.NotContains(t, failed.Text, "hush")
		})
	}
}
