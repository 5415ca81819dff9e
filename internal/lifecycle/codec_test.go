package lifecycle

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type peer struct {
	ID       types.String   `tfsdk:"id"`
	Name     types.String   `tfsdk:"name"      ros:"name"`
	Address  value.Address  `tfsdk:"address"   ros:"remote.address"`
	Hold     value.Duration `tfsdk:"hold_time" ros:"hold-time"`
	Multihop types.Bool     `tfsdk:"multihop"  ros:"multihop"`
	Families types.Set      `tfsdk:"afi"       ros:"afi"`
}

func written() peer {
	return peer{
		Name:     types.StringValue("worker"),
		Address:  value.Address{StringValue: types.StringValue("192.168.5.253")},
		Hold:     value.Duration{StringValue: types.StringUnknown()},
		Multihop: types.BoolValue(false),
		Families: types.SetValueMust(types.StringType, values([]string{"ipv6", "ip"})),
	}
}

func TestEncode(t *testing.T) {
	model := written()
	words, err := encode(t.Context(), &model)
	require.NoError(t, err)
	assert.Equal(t, routeros.Words{"name": "worker", "remote.address": "192.168.5.253", "multihop": "no", "afi": "ip,ipv6"}, words,
		"what is not known or left out is not sent")
}

func TestDecode(t *testing.T) {
	model := written()
	model.Hold = value.Duration{}
	read := routeros.Words{"name": "worker", "remote.address": "192.168.5.254/32", "hold-time": "1m30s", "afi": "ipv6,ip"}
	require.NoError(t, decode(t.Context(), routeros.BGPPeer, read, &model, false))
	assert.Equal(t, "192.168.5.254/32", model.Address.ValueString(), "drift")
	assert.True(t, model.Hold.IsNull(), "left out is no drift, whatever the router says")
	assert.Equal(t, types.BoolValue(false), model.Multihop, "absent means the default, which was written")

	model.Multihop = types.BoolValue(true)
	require.NoError(t, decode(t.Context(), routeros.BGPPeer, read, &model, false))
	assert.True(t, model.Multihop.IsNull(), "absent is not what was written")

	var imported peer
	imported.Families = types.SetNull(types.StringType)
	read["multihop"], read["afi"] = "false", "ip"
	require.NoError(t, decode(t.Context(), routeros.BGPPeer, read, &imported, true))
	assert.Equal(t, "1m30s", imported.Hold.ValueString())
	assert.True(t, imported.Multihop.IsNull() && imported.Families.IsNull(), "defaults are not imported")
}

func TestKeepSpelling(t *testing.T) {
	plan, state := written(), written()
	plan.Hold, state.Hold = value.Duration{StringValue: types.StringValue("90s")}, value.Duration{StringValue: types.StringValue("1m30s")}
	plan.Address = value.Address{StringValue: types.StringValue("192.168.5.252")}
	keepSpelling(t.Context(), &plan, &state, rosTag)
	assert.Equal(t, "1m30s", plan.Hold.ValueString())
	assert.Equal(t, "192.168.5.252", plan.Address.ValueString())
	assert.Equal(t, path.Root("hold_time"), wordPath(&plan, "hold-time"))
	assert.Equal(t, path.Empty(), wordPath(&plan, ""))
}

type pool struct {
	Named
	Addresses  types.List `tfsdk:"addresses"   metallb:"addresses"`
	AutoAssign types.Bool `tfsdk:"auto_assign" metallb:"autoAssign"`
}

func TestSpec(t *testing.T) {
	model := pool{Addresses: types.ListValueMust(types.StringType, values([]string{"10.0.0.0/24"}))}
	spec, err := encodeSpec(t.Context(), &model)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"addresses": []any{"10.0.0.0/24"}}, spec)

	spec["autoAssign"] = true
	require.NoError(t, decodeSpec(t.Context(), metallb.AddressPool, spec, &model, true))
	assert.True(t, model.AutoAssign.IsNull(), "a default is not imported")

	model.AutoAssign = types.BoolValue(true)
	delete(spec, "autoAssign")
	require.NoError(t, decodeSpec(t.Context(), metallb.AddressPool, spec, &model, false))
	assert.Equal(t, types.BoolValue(true), model.AutoAssign, "absent means the default, which was written")
	spec["autoAssign"] = false
	require.NoError(t, decodeSpec(t.Context(), metallb.AddressPool, spec, &model, false))
	assert.Equal(t, types.BoolValue(false), model.AutoAssign)
}
