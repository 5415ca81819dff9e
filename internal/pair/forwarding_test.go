package pair

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go4.org/netipx"
)

func addresses(ranges ...string) Value[[]netipx.IPRange] {
	all := []netipx.IPRange{}
	for _, r := range ranges {
		all = append(all, netipx.MustParseIPRange(r))
	}
	return Of(all)
}

func target(r string) Value[netipx.IPRange] { return Of(netipx.MustParseIPRange(r)) }

// TestForwarding changes the rule and the pool of examples/complete: want is what the only problem then names, or none is
// wanted.
func TestForwarding(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*DstNAT, *Pool)
		want   []string
	}{
		"the story":             {func(*DstNAT, *Pool) {}, nil},
		"disabled":              {func(r *DstNAT, _ *Pool) { r.Disabled = Of(true) }, []string{`routeros_dstnat "https" has disabled = true`, `metallb_address_pool "services"`}},
		"an action said":        {func(r *DstNAT, _ *Pool) { r.Action = Of("dst-nat") }, nil},
		"an action that is not": {func(r *DstNAT, _ *Pool) { r.Action, r.ToAddresses = Of("redirect"), target("10.0.0.1-10.0.0.1") }, []string{`action = "redirect"`}},
		"no target":             {func(r *DstNAT, _ *Pool) { r.ToAddresses = Value[netipx.IPRange]{} }, []string{"no to_addresses"}},
		"a port alone":          {func(r *DstNAT, _ *Pool) { r.ToAddresses, r.DstAddress = Value[netipx.IPRange]{}, Of("192.168.128.1") }, nil},
		"outside":               {func(r *DstNAT, _ *Pool) { r.ToAddresses = target("192.168.129.1-192.168.129.1") }, []string{`to_addresses = "192.168.129.1"`, `addresses = ["192.168.128.0/24"]`}},
		"half outside":          {func(r *DstNAT, _ *Pool) { r.ToAddresses = target("192.168.128.250-192.168.129.1") }, []string{`to_addresses = "192.168.128.250-192.168.129.1"`}},
		"an IPv6 pool":          {func(_ *DstNAT, p *Pool) { p.Addresses = addresses("2001:db8::-2001:db8::ff") }, []string{`addresses = ["2001:db8::/120"]`}},
		"an empty pool":         {func(_ *DstNAT, p *Pool) { p.Addresses = addresses() }, []string{"addresses = []"}},
		"no pool":               {func(_ *DstNAT, p *Pool) { p.Addresses = Value[[]netipx.IPRange]{} }, nil},
		"over two entries": {func(r *DstNAT, p *Pool) {
			r.ToAddresses, p.Addresses = target("10.0.0.4-10.0.0.9"), addresses("10.0.0.7-10.0.0.9", "10.0.0.1-10.0.0.6")
		}, nil},
		"a range":      {func(r *DstNAT, _ *Pool) { r.ToAddresses = target("192.168.128.1-192.168.128.254") }, nil},
		".0":           {func(r *DstNAT, _ *Pool) { r.ToAddresses = target("192.168.128.0-192.168.128.0") }, []string{`to_addresses = "192.168.128.0"`, "avoid_buggy_ips = true", "gives 192.168.128.0 to no"}},
		".255":         {func(r *DstNAT, _ *Pool) { r.ToAddresses = target("192.168.128.255-192.168.128.255") }, []string{"gives 192.168.128.255 to no"}},
		".255 of many": {func(r *DstNAT, _ *Pool) { r.ToAddresses = target("192.168.128.9-192.168.128.255") }, []string{"gives 192.168.128.255 to no"}},
		".0 of a netmap": {func(r *DstNAT, _ *Pool) {
			r.ToAddresses, r.Action = target("192.168.128.0-192.168.128.255"), Of("netmap")
		}, nil},
		".0 that is given": {func(r *DstNAT, p *Pool) {
			r.ToAddresses, p.AvoidBuggyIPs = target("192.168.128.0-192.168.128.0"), Of(false)
		}, nil},
		".0 by MetalLB's own": {func(r *DstNAT, p *Pool) {
			r.ToAddresses, p.AvoidBuggyIPs = target("192.168.128.0-192.168.128.0"), Value[bool]{}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			rule := DstNAT{Comment: Of("https"), ToAddresses: target("192.168.128.1-192.168.128.1")}
			pool := Pool{Name: Of("services"), Addresses: addresses("192.168.128.0-192.168.128.255"), AvoidBuggyIPs: Of(true)}
			c.change(&rule, &pool)
			found := Forwarding(rule, pool)
			assert.False(t, found.Open)
			if c.want == nil {
				assert.Empty(t, found.Problems)
				return
			}
			require.Len(t, found.Problems, 1)
			for _, part := range c.want {
				assert.Contains(t, found.Problems[0], part)
			}
		})
	}
}

// TestForwardingLater: what is known after apply keeps open only what it could decide.
func TestForwardingLater(t *testing.T) {
	rule := DstNAT{ToAddresses: target("10.0.0.1-10.0.0.1")}
	assert.True(t, Forwarding(rule, Pool{Addresses: addresses("10.0.1.0-10.0.1.255"), More: true}).Open)
	assert.True(t, Forwarding(rule, Pool{Addresses: Later[[]netipx.IPRange]()}).Open)
	assert.True(t, Forwarding(DstNAT{ToAddresses: Later[netipx.IPRange]()}, Pool{}).Open)
	assert.True(t, Forwarding(DstNAT{Action: Later[string]()}, Pool{}).Open)
	assert.Equal(t, Findings{}, Forwarding(rule, Pool{Addresses: addresses("10.0.0.0-10.0.0.255"), More: true, AvoidBuggyIPs: Later[bool]()}),
		"the target is in already, and not one that could be left out")
	rule.Disabled = Of(true)
	found := Forwarding(rule, Pool{Addresses: Later[[]netipx.IPRange]()})
	assert.Len(t, found.Problems, 1, "what is known is told")
}
