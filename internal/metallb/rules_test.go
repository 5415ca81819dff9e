package metallb

import (
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
			"CheckAddress", CheckAddress,
			[]string{
				"192.168.128.0/24", "10.0.0.5/24", "10.0.0.1/32", "2001:db8::/64", "0.0.0.0/0", "::/0",
				"10.0.0.1-10.0.0.9", "10.0.0.1 - 10.0.0.9", "10.0.0.1-10.0.0.1", "2001:db8::1-2001:db8::ff",
			},
			[]string{
				"", "10.0.0.1", " 10.0.0.0/24", "10.0.0.0/33", "010.0.0.0/24", "10.0.0.1-5", "10.0.0.9-10.0.0.1", "10.0.0.0/24-10.0.1.0/24",
				"10.0.0.1-2001:db8::1", "fe80::1%eth0-fe80::2%eth0", "::ffff:10.0.0.0/120", "::ffff:10.0.0.1-::ffff:10.0.0.2", "host-a", "1-2-3",
			},
		}, {
			"CheckPeerAddress", CheckPeerAddress,
			[]string{"192.168.5.1", "2001:db8::1"},
			[]string{"", "router.lan", "192.168.5.1/24", "192.168.5.1:179", "fe80::1%eth0", "192.168.05.1"},
		}, {
			"checkRouterID", checkRouterID,
			[]string{"192.168.5.10", "1.1.1.1"},
			[]string{"", "2001:db8::1", "0.0.0.0", "7"},
		}, {
			"CheckHoldTime", CheckHoldTime,
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
		addresses []string
		wrong     string // part of the message; "" is good
	}{
		{nil, "no addresses"},
		{[]string{"10.0.0.0/25", "10.0.0.128/25"}, ""},
		{[]string{"10.0.0.0/24", "2001:db8::/64", "10.0.1.1-10.0.1.9"}, ""},
		{[]string{"::/1", "10.0.0.0/24"}, ""},
		{[]string{"10.0.0.0/24", "10.0.0.0/24"}, "overlap"},
		{[]string{"10.0.1.0/24", "10.0.0.0/16"}, `"10.0.1.0/24" and "10.0.0.0/16" overlap`},
		{[]string{"10.0.0.5/24", "10.0.0.1-10.0.0.2"}, "overlap"},
		{[]string{"2001:db8::/64", "2001:db8::5-2001:db8::6"}, "overlap"},
		{[]string{"0.0.0.0/0", "255.255.255.255/32"}, "overlap"},
		{[]string{"nonsense", "nonsense"}, ""}, // CheckAddress's business
	} {
		err := CheckAddresses(tt.addresses)
		if (err == nil) != (tt.wrong == "") || err != nil && !strings.Contains(err.Error(), tt.wrong) {
			t.Errorf("%q: %v, want %q", tt.addresses, err, tt.wrong)
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
		if field, err := CheckPeer(tt.spec); field != tt.field || (err == nil) != (field == "") {
			t.Errorf("%v: %q, %v, want %q", tt.spec, field, err, tt.field)
		}
	}
}
