package routerostest

import (
	"testing"
	"time"
)

// TestValues is what each type makes of what clients write; want "" with a refusal is a refusal.
func TestValues(t *testing.T) {
	model := func(version string) *world {
		v, err := parseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		return newWorld(v, defaults())
	}
	w, old := model("7.20.8"), model("6.49.15")
	for _, c := range []struct {
		w             *world
		kind          kind
		in, want, err string
	}{
		{w, boolean(), "yes", "true", ""}, {w, boolean(), "false", "false", ""}, {w, boolean(), "1", "", "invalid value for argument x"},
		{w, number(1, 9), "007", "7", ""}, {w, number(1, 9), "10", "", "value of x out of range (1..9)"},
		{w, number(1, 9), "a", "", "invalid value for argument x"},
		{w, numberOrRange(99), "5-10", "5-10", ""}, {w, numberOrRange(99), "10-5", "", "invalid value for argument x"},
		{w, not(ports()), "!80,1000-2000", "!80,1000-2000", ""}, {w, ports(), "80,", "", "invalid value for argument x"},
		{w, asn(false), "1.10", "65546", ""}, {w, asn(false), "65521/1", "", "invalid value for argument x"},
		{w, asn(true), "0.1/1.0", "1/65536", ""}, {w, asn(true), "1.70000", "", "invalid value for argument x"},
		{w, holdTime(), "600", "10m", ""}, {w, holdTime(), "90s", "1m30s", ""}, {w, holdTime(), "infinity", "infinity", ""},
		{w, holdTime(), "00:03:00", "3m", ""}, {w, holdTime(), "soon", "", "invalid value for argument x"},
		{w, duration(0, 20*week), "2w 1d 01:02:03", "2w1d1h2m3s", ""}, {w, duration(0, week), "1500ms", "1s500ms", ""},
		{w, duration(0, week), "0", "0s", ""}, {w, duration(0, week), "5x", "", "invalid value for argument x"},
		{w, ipv4Range(), "192.0.2.74/32", "192.0.2.74", ""}, {w, ipv4Range(), "10.0.0.7/24", "10.0.0.0/24", ""},
		{w, ipv4Range(), "10.0.0.0/255.255.0.0", "10.0.0.0/16", ""}, {w, ipv4Range(), "10.0.0.9-10.0.0.1", "", "invalid value for argument x"},
		{w, ipv4Range(), "::1", "", "invalid value for argument x"}, {w, ipv4Range(), "10.0.0.0/255.0.255.0", "", "invalid value for argument x"},
		{w, ip(), "FE80::1%ether1", "fe80::1%ether1", ""}, {w, ip(), "10.0.0.1/24", "", "invalid value for argument x"},
		{w, ipOrPrefix(), "2001:DB8::1/64", "2001:db8::/64", ""}, {w, ipOrPrefix(), "10.0.0.1/33", "", "invalid value for argument x"},
		{w, mac(), "02:00:00:aa:bb:cc", "02:00:00:AA:BB:CC", ""}, {w, mac(), "02", "", "invalid value for argument x"},
		{w, protocol(), "17", "udp", ""}, {w, protocol(), "200", "200", ""}, {w, protocol(), "ipx", "", "input does not match any value of x"},
		{w, enum("a", "b@7.20-"), "b", "b", ""}, {old, enum("a", "b@7.20-"), "b", "", "input does not match any value of x"},
		{w, set("a", "b", "c"), "c,a,c", "a,c", ""}, {w, set("a"), "z", "", "input does not match any value of x"},
		{w, textUpTo(3, "7.20-"), "four", "", "failure: contents too long"}, {old, textUpTo(3, "7.20-"), "four", "four", ""},
		{w, reference("/interface"), "*2", "ether2", ""}, {w, reference("/interface"), "", "", "input does not match any value of x"},
		{w, references(templateMenu), "default", "default", ""}, {old, reference(templateMenu), "default", "", "input does not match any value of x"},
		{w, routerID(), "main", "main", ""}, {w, routerID(), "10.0.0.1", "10.0.0.1", ""},
		{w, fib(), "yes", "", ""}, {w, fib(), "maybe", "", "invalid value for argument x"},
	} {
		got, err := c.kind.normal(c.w, "x", c.in)
		text := ""
		if err != nil {
			got, text = "", err.Error()
		}
		if got != c.want || text != c.err {
			t.Errorf("%q on %s: %q, %q; want %q, %q", c.in, c.w.version, got, text, c.want, c.err)
		}
	}
	if got := formatDuration(18*time.Hour + 8*time.Minute + 41680*time.Millisecond); got != "18h8m41s680ms" {
		t.Error(got)
	}
}

// TestDefaultsAreValid sets every property that prints a default to that default: a client may write what it reads.
func TestDefaultsAreValid(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.9.2", "7.22.3"} {
		v, err := parseVersion(version)
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(v, defaults())
		for path, table := range w.tables {
			for _, a := range table.order {
				if a.def == nil {
					continue
				}
				if got, err := a.kind.normal(w, a.name, *a.def); err != nil || got != *a.def {
					t.Errorf("%s %s %s=%s: %q, %v", version, path, a.name, *a.def, got, err)
				}
			}
		}
	}
}
