package metallb

import (
	"maps"
	"strings"
	"testing"
)

func TestCheckStrings(t *testing.T) {
	for _, tt := range []struct {
		name        string
		check       func(string) error
		good, wrong []string
	}{
		{
			"CheckName", CheckName,
			[]string{"a", "avoid-buggy-ips", "1st", strings.Repeat("x", 63)},
			[]string{"", "My_Pool", "a.b", "-a", "a-", "a\n", strings.Repeat("x", 64)},
		}, {
			"checkAddress", checkAddress,
			[]string{
				"192.168.128.0/24", "10.0.0.5/24", "10.0.0.1/32", "2001:db8::/64", "0.0.0.0/0", "::/0",
				"10.0.0.1-10.0.0.9", "10.0.0.1 - 10.0.0.9", "10.0.0.1-10.0.0.1", "2001:db8::1-2001:db8::ff",
			},
			[]string{
				"", "10.0.0.1", " 10.0.0.0/24", "10.0.0.0/33", "010.0.0.0/24", "10.0.0.1-5", "10.0.0.9-10.0.0.1", "10.0.0.0/24-10.0.1.0/24",
				"10.0.0.1-2001:db8::1", "fe80::1%eth0-fe80::2%eth0", "::ffff:10.0.0.0/120", "::ffff:10.0.0.1-::ffff:10.0.0.2", "host-a", "1-2-3",
			},
		}, {
			"checkPeerAddress", checkPeerAddress,
			[]string{"192.168.5.1", "2001:db8::1"},
			[]string{"", "router.lan", "192.168.5.1/24", "192.168.5.1:179", "fe80::1%eth0", "192.168.05.1"},
		}, {
			"checkRouterID", checkRouterID,
			[]string{"192.168.5.10", "1.1.1.1"},
			[]string{"", "2001:db8::1", "0.0.0.0", "7"},
		}, {
			"checkHoldTime", checkHoldTime,
			[]string{"0s", "0", "3s", "90s", "1m30s", "65535s", "18h12m15s"},
			[]string{"", "90", "1s", "2999ms", "500ms", "3500ms", "-5s", "+5s", "70000s", "banana"},
		}, {
			"checkKeepaliveTime", checkKeepaliveTime,
			[]string{"0s", "1s", "30s", "65535s"},
			[]string{"", "30", "500ms", "-1s", "65536s"},
		},
	} {
		for _, text := range tt.good {
			if err := tt.check(text); err != nil {
				t.Errorf("%s(%q): %v", tt.name, text, err)
			}
		}
		for _, text := range tt.wrong {
			if err := tt.check(text); err == nil {
				t.Errorf("%s(%q): no error", tt.name, text)
			}
		}
	}
}

func TestCheckAddresses(t *testing.T) {
	for _, tt := range []struct {
		addresses []any
		wrong     string // part of the message; "" is good
	}{
		{nil, "no addresses"},
		{[]any{"10.0.0.0/25", "10.0.0.128/25"}, ""},
		{[]any{"10.0.0.0/24", "2001:db8::/64", "10.0.1.1-10.0.1.9"}, ""},
		{[]any{"::/1", "10.0.0.0/24"}, ""},
		{[]any{"10.0.0.0/24", "10.0.0.0/24"}, "overlap"},
		{[]any{"10.0.1.0/24", "10.0.0.0/16"}, `"10.0.1.0/24" and "10.0.0.0/16" overlap`},
		{[]any{"10.0.0.5/24", "10.0.0.1-10.0.0.2"}, "overlap"},
		{[]any{"2001:db8::/64", "2001:db8::5-2001:db8::6"}, "overlap"},
		{[]any{"0.0.0.0/0", "255.255.255.255/32"}, "overlap"},
	} {
		field, message := refused(AddressPool, map[string]any{"addresses": tt.addresses})
		if (field == "") != (tt.wrong == "") || !strings.Contains(message, tt.wrong) {
			t.Errorf("%q: %s, want %q", tt.addresses, message, tt.wrong)
		}
	}
}

func TestCheckPeer(t *testing.T) {
	for _, tt := range []struct {
		spec  map[string]any
		field string
	}{
		{nil, ""},
		{map[string]any{"myASN": int64(65001), "peerASN": int64(65000), "peerAddress": "192.168.5.1", "ebgpMultiHop": true}, ""},
		{map[string]any{"myASN": int64(65001), "peerASN": int64(65001), "ebgpMultiHop": false}, ""},
		{map[string]any{"myASN": int64(65001), "peerASN": int64(65001), "ebgpMultiHop": true}, "ebgpMultiHop"},
		{map[string]any{"ebgpMultiHop": true}, ""},
		{map[string]any{"peerASN": int64(0)}, "peerASN"},
		{map[string]any{"sourceAddress": "eth0"}, "sourceAddress"},
		{map[string]any{"holdTime": "9s", "keepaliveTime": "9s"}, ""},
		{map[string]any{"holdTime": "0s", "keepaliveTime": "0s"}, ""},
		{map[string]any{"holdTime": "9s", "keepaliveTime": "10s"}, "keepaliveTime"},
		{map[string]any{"holdTime": "0s", "keepaliveTime": "1s"}, "keepaliveTime"},
		{map[string]any{"holdTime": "9s", "keepaliveTime": "0s"}, "keepaliveTime"},
		{map[string]any{"keepaliveTime": "30s"}, ""},
	} {
		complete := map[string]any{"myASN": Unknown, "peerASN": Unknown, "peerAddress": Unknown}
		maps.Copy(complete, tt.spec)
		if field, message := refused(BGPPeer, complete); field != tt.field {
			t.Errorf("%v: %q, %s, want %q", tt.spec, field, message, tt.field)
		}
	}
}

// refused is the first field that Check refuses, and why.
func refused(kind Kind, spec map[string]any) (field, message string) {
	for _, problem := range Check(kind, spec) {
		if !problem.Warning {
			return problem.Field, problem.Err.Error()
		}
	}
	return "", ""
}
