package routerostest

import (
	"strings"
	"testing"
)

// TestMatchers is what each matcher of a NAT rule makes of what clients write; want "" is a refusal.
func TestMatchers(t *testing.T) {
	v, err := parseVersion("7.24")
	if err != nil {
		t.Fatal(err)
	}
	asWritten := defaults()
	VerbatimMatchers()(&asWritten)
	plain, verbatim := newWorld(v, defaults()), newWorld(v, asWritten)
	args := plain.tables[natMenu].args
	for _, c := range []struct{ arg, in, want string }{
		{"limit", "10,5", "10,5:packet"}, {"limit", "10/1s,05:packet", "10,5:packet"}, {"limit", "!10/s,5", "!10,5:packet"},
		{"limit", "2/60s,0", "2/1m,0:packet"}, {"limit", "10M,1k:bit", "10000000,1000:bit"}, {"limit", "10", ""}, {"limit", "10/0s,5", ""},
		{"limit", "10,5:byte", ""}, {"limit", "10,5,5", ""}, {"limit", "0,5", ""}, {"limit", "k,5", ""}, {"limit", "0x1k,5", ""},
		{"dst-limit", "1,5,src-address", "1,5,src-address/1m40s"}, {"dst-limit", "1/60,5,dst-address/10", "1/1m,5,dst-address/10s"},
		{"dst-limit", "1,5", ""}, {"dst-limit", "1,5,nothing", ""}, {"dst-limit", "1,5,src-address/", ""},
		{"psd", "21,00:00:03,3,1", "21,3s,3,1"}, {"psd", "21,3s,3", ""}, {"psd", "21,3s,3,1,1", ""},
		{"time", "08:00-17:30:00,tue,mon", "8h-17h30m,mon,tue"}, {"time", "!0s-86400,sat", "!0s-1d,sat"}, {"time", "8h-17h", ""},
		{"time", "8h-17h,", ""}, {"time", "8h-25h,mon", ""}, {"time", "8h-17h,today", ""},
		{"icmp-options", "8", "8:0-255"}, {"icmp-options", "08:0-0", "8:0"}, {"icmp-options", "!3:0-15", "!3:0-15"},
		{"icmp-options", "8:9-3", ""}, {"icmp-options", "256", ""}, {"icmp-options", ":3", ""},
		{"connection-limit", "!0100,32", "!100,32"}, {"connection-limit", "100", ""}, {"connection-limit", "100,33", ""},
		{"nth", "2", "2,1"}, {"nth", "02,2", "2,2"}, {"nth", "0", ""}, {"ttl", "equal:064", "equal:64"}, {"ttl", "64", ""},
		{"per-connection-classifier", "both-addresses:02/0", "both-addresses:2/0"}, {"per-connection-classifier", "both-addresses:2", ""},
		{"per-connection-classifier", "any:2/0", ""}, {"ipsec-policy", "in,ipsec", "in,ipsec"}, {"ipsec-policy", "in", ""},
		{"connection-bytes", "2M-0", "2000000-0"}, {"connection-bytes", "500-0500", "500"}, {"connection-bytes", "2-1", ""},
		{"connection-rate", "!0-100k", "!0-100000"}, {"connection-rate", "20M-1G", "20000000-1000000000"}, {"connection-rate", "5-0", ""},
		{"realm", "!007", "!7"}, {"realm", "x", ""}, {"tos", "0x10", "16"}, {"tos", "16/255", "16"}, {"tos", "16/0xf0", "16/240"},
		{"tos", "256", ""}, {"hotspot", "http,!auth,http", "!auth,http"}, {"hotspot", "!!auth", ""}, {"hotspot", "guest", ""},
	} {
		got, err := args[c.arg].kind.normal(plain, c.arg, c.in)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s=%s: %q, %v; want %q", c.arg, c.in, got, err, c.want)
		}
		kept, err := args[c.arg].kind.normal(verbatim, c.arg, c.in)
		if (err == nil && kept != c.in) || (err != nil) != (c.want == "") {
			t.Errorf("%s=%s verbatim: %q, %v", c.arg, c.in, kept, err)
		}
		if again, err := args[c.arg].kind.normal(plain, c.arg, got); c.want != "" && (err != nil || again != got) {
			t.Errorf("%s=%s is written back as %q, %v", c.arg, got, again, err)
		}
	}
}

func TestQuirkSpelling(t *testing.T) {
	for _, c := range []struct {
		option   Option
		arg, out string
	}{
		{nil, "=dst-port=443,80,81", "443,80,81"}, {TidySets(), "=dst-port=443,80,81", "80-81,443"},
		{TidySets(), "=dst-port=!65530-65535,65529,0", "!0,65529-65535"},
		{nil, "=to-addresses=10.0.0.0-10.0.0.255", "10.0.0.0-10.0.0.255"}, {TidySets(), "=to-addresses=10.0.0.0-10.0.0.255", "10.0.0.0/24"},
		{TidySets(), "=to-addresses=10.0.0.1-10.0.0.2", "10.0.0.1-10.0.0.2"}, {TidySets(), "=to-addresses=10.0.0.1-10.0.0.1", "10.0.0.1"},
		{TidySets(), "=dst-address=0.0.0.0-255.255.255.255", "0.0.0.0/0"},
		{nil, "=limit=10,5", "10,5:packet"}, {VerbatimMatchers(), "=limit=10,5", "10,5"},
		{nil, "=address-list-timeout=0s", "none-dynamic"}, {nil, "=address-list-timeout=01:00:00", "1h"},
	} {
		var options []Option
		if c.option != nil {
			options = append(options, c.option)
		}
		r := StartTest(t, "7.24", options...)
		run(t, r, "", natMenu+"/add", "=chain=dstnat", "=protocol=tcp", c.arg)
		name, _, _ := strings.Cut(c.arg[1:], "=")
		if got := r.Print(natMenu)[0][name]; got != c.out {
			t.Errorf("%s reads back as %s, want %s", c.arg, got, c.out)
		}
	}
	r := StartTest(t, "7.24", VerbatimMatchers())
	refused(t, r, "invalid value for argument limit", natMenu+"/add", "=chain=dstnat", "=limit=often")
	old := StartTest(t, "6.49.15")
	run(t, old, "", "/routing/bgp/instance/add", "=name=c", "=as=1", "=confederation-peers=20,10,30-1.10")
	refused(t, old, "invalid value for argument confederation-peers", "/routing/bgp/instance/add", "=name=d", "=as=1", "=confederation-peers=50-30")
}
