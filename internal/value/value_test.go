package value

import (
	"testing"
	"time"

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
			assert.True(t, allowed(t, Type[K]{}, a), a)
		}
	}
	for _, text := range bad {
		var resp validator.StringResponse
		Type[K]{}.ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringValue(text)}, &resp)
		if assert.True(t, resp.Diagnostics.HasError(), "%q", text) {
			assert.Contains(t, resp.Diagnostics[0].Detail(), "give", "says the accepted form")
		}
	}
}

// allowed tells whether a validator lets a text pass.
func allowed(t *testing.T, v validator.String, text string) bool {
	t.Helper()
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringValue(text)}, &resp)
	return !resp.Diagnostics.HasError()
}

func TestASN(t *testing.T) {
	forms[asn](t, []string{"", "-1", "4294967296", "1.65536", "65536.1", "AS65000", "1/2/3", "65000 "},
		[]string{"65000", "065000"}, []string{"65546", "1.10"}, []string{"0"}, []string{"4294967295", "65535.65535"},
		[]string{"65000/65101", "65000/0.65101"})
	forms[asnRanges](t, []string{"", "10,", "50-30", "!10", "10-", "4294967296"},
		[]string{"10,20,30-50", "30-50,20,10", "10,20,30-40,35-50"}, []string{"10-11", "10,11"}, []string{"65546", "1.10"})
}

func TestDuration(t *testing.T) {
	forms[duration](t, []string{"", "s", "1x", "-1s", "1s1m", "90 s", "1:2", "01:60", "99999999999999w", "15000w400000d", "1d 2h"},
		[]string{"90s", "1m30s", "90", "00:01:30", "1m30s0ms"}, []string{"3m", "180s", "00:03:00"}, []string{"1w2d", "9d", "216h"},
		[]string{"1d", "1d00:00:00", "24:00:00", "1d 00:00:00"}, []string{"18h8m41s680ms"}, []string{"1s500ms", "1500ms"},
		[]string{"8h", "08:00"}, []string{"2w1d1h2m3s", "2w1d01:02:03"}, []string{"500ms"}, []string{"0s", "0", "00:00:00"},
		[]string{"infinity"})
	forms[listTimeout](t, []string{"", "never", "infinity"},
		[]string{"1h", "01:00:00"}, []string{"none-dynamic", "0s", "00:00:00"}, []string{"none-static"})
}

func TestDurationBetween(t *testing.T) {
	for text, ok := range map[string]bool{"2s": false, "3s": true, "65535s": true, "18h12m16s": false, "infinity": true, "rubbish": true} {
		assert.Equal(t, ok, allowed(t, DurationBetween(3*time.Second, 65535*time.Second, true), text), text)
	}
	assert.Equal(t, "from 3s to 18h12m15s, or infinity", DurationBetween(3*time.Second, 65535*time.Second, true).Description(t.Context()))
	assert.Equal(t, "from 1s to 30m", DurationBetween(time.Second, 30*time.Minute, false).Description(t.Context()))
}

func TestAddress(t *testing.T) {
	mistyped := []string{"", "192.168.5", "192.168.5.256", "192.168.5.1/33", "010.0.0.1", "2001:db8::zz", "ether1/24", "a b", "a,b"}
	forms[address](t, mistyped,
		[]string{"192.168.5.1", "192.168.5.1/32"}, []string{"192.168.5.0/24", "192.168.5.7/24"},
		[]string{"2001:db8::1", "2001:DB8:0::1/128"}, []string{"fe80::1%ether1", "FE80:0::1%ether1/128"}, []string{"ether1"})
	forms[localAddress](t, append(mistyped, "192.168.5.0/24", "2001:db8::/64"),
		[]string{"192.168.5.1", "192.168.5.1/32"}, []string{"2001:db8::1"}, []string{"fe80::1%ether1"}, []string{"vlan202"})
}

func TestRouterID(t *testing.T) {
	forms[routerID](t, []string{"", "0.0.0.0", "2001:db8::1", "192.168.5.1/32", "main"}, []string{"192.168.5.1"})
	forms[routerIDOrName](t, []string{"", "0.0.0.0", "2001:db8::1", "192.168.5.1/32", "300.1.1.1"}, []string{"192.168.5.1"}, []string{"main"})
}

func TestIPv4Set(t *testing.T) {
	forms[ipv4Set](t, []string{"", "!", "10.0.0.9-10.0.0.1", "10.0.0.0/33", "2001:db8::1", "2001:db8::/64", "10.0.0.1-",
		"10.0.0.1-10.0.0.2-10.0.0.3", "any", "10.0.0.0/255.0.255.0", "10.0.0.0/ffff::"},
		[]string{"10.0.0.1", "10.0.0.1/32", "10.0.0.1-10.0.0.1"}, []string{"10.0.0.1-10.0.0.9"}, []string{"!10.0.0.1", "!10.0.0.1/32"},
		[]string{"10.0.0.0/24", "10.0.0.7/24", "10.0.0.0/255.255.255.0", "10.0.0.0-10.0.0.255"},
		[]string{"0.0.0.0/0", "0.0.0.0-255.255.255.255"})
}

func TestPorts(t *testing.T) {
	forms[ports](t, []string{"", "http", "65536", "80,", "443-80", "80 ,443", "-1"},
		[]string{"80", "080", "80-80"}, []string{"80,443", "443,80", "80,443,80"}, []string{"!80"},
		[]string{"1000-2000", "1000-1500,1400-2000", "1001-2000,1000"}, []string{"0-65535", "1-65535,0"})
}

func TestNumber(t *testing.T) {
	forms[number](t, []string{"", "!", "x", "-1", "1-2", "0x", "1m", "18446744073709551616", "18446744073709552k"},
		[]string{"46", "046", "0x2e"}, []string{"!46", "!0x2E"}, []string{"100k", "100000"}, []string{"2G", "2000M"}, []string{"0"})
	forms[numberRange](t, []string{"", "5-", "-5", "10-5", "1-2-3", "100-0"},
		[]string{"1500", "1500-1500"}, []string{"0-100k", "0-100000"}, []string{"20M-1G", "20000k-1000M"}, []string{"!0-500", "!0-0500"})
	forms[maskedNumber](t, []string{"", "256", "16/256", "16/", "1-2"},
		[]string{"16", "0x10", "16/255", "16/0xff"}, []string{"16/240", "0x10/0xf0"}, []string{"!16"})
	forms[byteRange](t, []string{"", "!1-2", "100-", "2-1"},
		[]string{"2000000-0", "2M-0"}, []string{"500", "500-500"}, []string{"0-500"})
}

func TestNumberBetween(t *testing.T) {
	for text, ok := range map[string]bool{"0": true, "63": true, "0x3f": true, "64": false, "!64": false, "1-64": false, "1-63": true,
		"60/70": false, "1k": false, "rubbish": true} {
		assert.Equal(t, ok, allowed(t, NumberBetween(0, 63), text), text)
	}
}

func TestFlags(t *testing.T) {
	forms[flags](t, []string{"", "!", "a,", "a, b", "a,!b", "A"},
		[]string{"unicast,local", "local,unicast", "local,unicast,local"}, []string{"!local,unicast", "!unicast,local"}, []string{"local"})
	forms[conditions](t, []string{"", "!", "auth,", "auth, http"},
		[]string{"http,!auth", "!auth,http"}, []string{"!http,auth"}, []string{"auth"})
	for text, ok := range map[string]bool{"auth": true, "!auth,http": true, "auth,https": false, "!x": false, "A B": true} {
		assert.Equal(t, ok, allowed(t, WordsOf("auth", "http"), text), text)
	}
}

func TestPacket(t *testing.T) {
	forms[mac](t, []string{"", "02:00:00:aa:bb", "02-00-00-aa-bb-cc", "0g:00:00:aa:bb:cc", "2:0:0:a:b:c"},
		[]string{"02:00:00:AA:BB:CC", "02:00:00:aa:Bb:cc"}, []string{"!02:00:00:AA:BB:CC", "!02:00:00:aa:bb:cc"})
	forms[protocol](t, []string{"", "!", "ipx", "TCP", "256", "-1"},
		[]string{"tcp", "6", "06"}, []string{"!udp", "!17"}, []string{"200"}, []string{"icmpv6", "58"})
	forms[icmpOptions](t, []string{"", "256", "8:", "8:0-256", "8:3-1", "8-9"},
		[]string{"8", "8:0-255"}, []string{"8:0", "8:0-0", "08:0"}, []string{"!3:0-15"})
	forms[ttlMatch](t, []string{"", "64", "equal", "equal:256", "above:1"},
		[]string{"equal:64", "equal:064"}, []string{"not-equal:64"}, []string{"less-than:2"})
	forms[ipsecPolicy](t, []string{"", "in", "in,ipsec,none", "ipsec,in", "forward,ipsec"}, []string{"in,ipsec"}, []string{"out,none"})
	forms[classifier](t, []string{"", "both-addresses", "both-addresses:2", "both-addresses:0/0", "ports:2/0"},
		[]string{"both-addresses:2/0", "both-addresses:02/0"}, []string{"!both-addresses:2/0"}, []string{"both-addresses-and-ports:2/0"})
}

func TestRate(t *testing.T) {
	forms[rate](t, []string{"", "10", "0,5", "10/0s,5", "10,5:bytes", "10/:30,5", "10/infinity,5", "33G,5"},
		[]string{"10,5", "10/1s,5:packet", "10/s,5", "10/1,5", "10/00:00:01,05"}, []string{"10/1m,5", "10/m,5:packet", "10/60s,5"},
		[]string{"10,5:bit"}, []string{"!10,5"}, []string{"10M,5", "10000000,5"}, []string{"600/1m,5"})
	forms[dstLimit](t, []string{"", "1,5", "1,5,address", "1,5,src-address/0s", "!1,5,src-address"},
		[]string{"1,5,src-address", "1/1s,5,src-address/1m40s", "1/s,5,src-address/100"}, []string{"1,5,src-and-dst-addresses/10s"},
		[]string{"1,5,dst-address"}, []string{"1,5,dst-address-and-port"})
	forms[connectionLimit](t, []string{"", "100", "100,33", "100,"}, []string{"100,32", "0100,32"}, []string{"!100,32"}, []string{"100,24"})
	forms[nth](t, []string{"", "0", "2,0", "2,1,1"}, []string{"2", "2,1"}, []string{"2,2"}, []string{"!2,1"})
	forms[psd](t, []string{"", "21,3s,3", "21,3x,3,1", "!21,3s,3,1"},
		[]string{"21,3s,3,1", "21,3,3,1", "21,00:00:03,3,1"}, []string{"21,3s,1,3"})
}

func TestTimeOfDay(t *testing.T) {
	forms[timeOfDay](t, []string{"", "8h-17h", "8h,mon", "8h-17h,", "8h-17h,monday", "8h-25h,mon", "8h-infinity,mon"},
		[]string{"8h-17h,mon,tue", "08:00-17:00,tue,mon", "08:00:00-17:00:00,tue,mon,tue"}, []string{"!8h-17h,mon,tue"},
		[]string{"0s-1d,sun", "0-24:00:00,sun"}, []string{"22h-6h,sat"})
}

// TestStateKeepsTheUsersSpelling: what means the same is the same to the framework.
func TestStateKeepsTheUsersSpelling(t *testing.T) {
	same, diags := Of[duration]("90s").StringSemanticEquals(t.Context(), Of[duration]("1m30s"))
	require.False(t, diags.HasError())
	assert.True(t, same)
	assert.False(t, Of[duration]("90s").Equal(Of[duration]("1m30s")))
	assert.False(t, DurationType{}.Equal(ASNType{}))
	assert.True(t, Of[protocol]("6").Means("tcp"))
	unknown := Duration{StringValue: types.StringUnknown()}
	assert.False(t, unknown.Means("") || Duration{}.Means(""))
	var resp validator.StringResponse
	DurationType{}.ValidateString(t.Context(), validator.StringRequest{ConfigValue: types.StringUnknown()}, &resp)
	assert.False(t, resp.Diagnostics.HasError())
}
