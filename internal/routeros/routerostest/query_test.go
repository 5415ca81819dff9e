package routerostest

import "testing"

// TestQuery is the stack machine of the manual.
func TestQuery(t *testing.T) {
	shown := []pair{{"type", "ether"}, {"mtu", "1500"}, {"comment", ""}, {"uptime", "1m30s"}}
	for _, c := range []struct {
		query []string
		want  bool
	}{
		{nil, true},
		{[]string{"type"}, true}, {[]string{"vlan"}, false}, {[]string{"-vlan"}, true}, {[]string{"-type"}, false},
		{[]string{"comment"}, true},
		{[]string{"type=ether"}, true}, {[]string{"=type=ether"}, true}, {[]string{"type=vlan"}, false}, {[]string{"vlan="}, false},
		{[]string{">mtu=900"}, true}, {[]string{"<mtu=900"}, false}, {[]string{">uptime=80s"}, true}, {[]string{"<type=vlan"}, true},
		{[]string{"type=ether", "mtu=1500"}, true}, {[]string{"type=ether", "mtu=1"}, false},
		{[]string{"type=ether", "type=vlan", "#|"}, true}, {[]string{"type=ether", "type=vlan", "#&"}, false},
		{[]string{"type=vlan", "#!"}, true}, {[]string{"type=vlan", "#!!"}, false},
		{[]string{"type=vlan", "type=ether", "mtu=1", "#|&"}, false}, {[]string{"type=vlan", "type=ether", "mtu=1", "#||"}, true},
		{[]string{"type=vlan", "type=ether", "#0"}, true}, {[]string{"type=ether", "type=vlan", "#0"}, false},
		{[]string{"type=ether", "type=vlan", "#1.|&"}, true}, {[]string{"type=vlan", "#.!|"}, true},
	} {
		got, err := matches(c.query, in(shown))
		if err != nil || got != c.want {
			t.Errorf("%v: %v, %v", c.query, got, err)
		}
	}
	for _, bad := range [][]string{{"#!"}, {"type", "#&"}, {"type", "#7"}, {"type", "#x"}} {
		if _, err := matches(bad, in(shown)); err == nil {
			t.Errorf("%v is a query", bad)
		}
	}
}
