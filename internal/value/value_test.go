package value

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// forms are texts of a kind: each group means one thing, and no two groups mean the same.
func forms[K Kind](t *testing.T, bad []string, groups ...[]string) {
	t.Helper()
	for i, group := range groups {
		for _, a := range group {
			for j, others := range groups {
				for _, b := range others {
					assert.Equal(t, i == j, Same[K](a, b), "%q and %q", a, b)
				}
			}
			var resp xattr.ValidateAttributeResponse
			Of[K](a).ValidateAttribute(context.Background(), xattr.ValidateAttributeRequest{}, &resp)
			assert.False(t, resp.Diagnostics.HasError(), a)
		}
	}
	for _, text := range bad {
		var resp xattr.ValidateAttributeResponse
		at := path.Root("here")
		Of[K](text).ValidateAttribute(context.Background(), xattr.ValidateAttributeRequest{Path: at}, &resp)
		if assert.True(t, resp.Diagnostics.HasError(), "%q", text) {
			assert.Contains(t, resp.Diagnostics[0].Detail(), "give", "says the accepted form")
		}
	}
}

func TestASN(t *testing.T) {
	forms[asn](t, []string{"", "-1", "4294967296", "1.65536", "65536.1", "AS65000", "1/2/3", "65000 "},
		[]string{"65000", "065000"}, []string{"65546", "1.10"}, []string{"0"}, []string{"4294967295", "65535.65535"}, []string{"65000/65101"})
}

func TestDuration(t *testing.T) {
	forms[duration](t, []string{"", "s", "1x", "-1s", "1s1m", "90 s", "1:2", "99999999999999w"},
		[]string{"90s", "1m30s", "90", "00:01:30", "1m30s0ms"}, []string{"3m", "180s", "00:03:00"}, []string{"1w2d", "9d", "216h"},
		[]string{"500ms"}, []string{"0s", "0"}, []string{"infinity"})
}

func TestDurationBetween(t *testing.T) {
	for text, ok := range map[string]bool{"2s": false, "3s": true, "65535s": true, "18h12m16s": false, "infinity": true, "rubbish": true} {
		var resp validator.StringResponse
		DurationBetween(3*time.Second, 65535*time.Second, true).ValidateString(t.Context(),
			validator.StringRequest{ConfigValue: types.StringValue(text)}, &resp)
		assert.Equal(t, ok, !resp.Diagnostics.HasError(), text)
	}
	assert.Equal(t, "from 3s to 18h12m15s, or infinity", DurationBetween(3*time.Second, 65535*time.Second, true).Description(t.Context()))
	assert.Equal(t, "from 1s to 30m", DurationBetween(time.Second, 30*time.Minute, false).Description(t.Context()))
}

func TestAddress(t *testing.T) {
	forms[address](t, []string{"", "192.168.5", "192.168.5.256", "router", "192.168.5.1/33", "010.0.0.1"},
		[]string{"192.168.5.1", "192.168.5.1/32"}, []string{"192.168.5.0/24"}, []string{"2001:db8::1", "2001:DB8:0::1/128"}, []string{"fe80::1%ether1"})
}

func TestRouterID(t *testing.T) {
	forms[routerID](t, []string{"", "0.0.0.0", "2001:db8::1", "192.168.5.1/32", "main"}, []string{"192.168.5.1"})
}

func TestIPv4Set(t *testing.T) {
	forms[ipv4Set](t, []string{"", "!", "10.0.0.9-10.0.0.1", "10.0.0.0/33", "2001:db8::1", "10.0.0.1-", "10.0.0.1-10.0.0.2-10.0.0.3", "any"},
		[]string{"10.0.0.1", "10.0.0.1/32", "10.0.0.1-10.0.0.1"}, []string{"10.0.0.0/24"}, []string{"10.0.0.1-10.0.0.9"}, []string{"!10.0.0.1", "!10.0.0.1/32"})
}

func TestPorts(t *testing.T) {
	forms[ports](t, []string{"", "http", "65536", "80,", "443-80", "80 ,443", "-1"},
		[]string{"80", "080", "80-80"}, []string{"80,443"}, []string{"443,80"}, []string{"1000-2000"}, []string{"!80"})
}

// TestStateKeepsTheUsersSpelling: what means the same is the same to the framework.
func TestStateKeepsTheUsersSpelling(t *testing.T) {
	same, diags := Of[duration]("90s").StringSemanticEquals(t.Context(), Of[duration]("1m30s"))
	require.False(t, diags.HasError())
	assert.True(t, same)
	assert.False(t, Of[duration]("90s").Equal(Of[duration]("1m30s")))
	assert.False(t, DurationType{}.Equal(ASNType{}))
	unknown := Duration{StringValue: types.StringUnknown()}
	var resp xattr.ValidateAttributeResponse
	unknown.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{}, &resp)
	assert.False(t, resp.Diagnostics.HasError())
}
