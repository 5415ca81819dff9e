//go:build linux

package forwarding_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/forwarding"

	"github.com/google/nftables"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vishvananda/netlink"
)

const (
	web       = "chain=dstnat protocol=tcp dst-address=203.0.113.1 dst-port=80 action=dst-nat to-addresses=192.168.128.1"
	outside   = "203.0.113.1:80"
	reached   = "192.168.128.1:80 from 203.0.113.9"
	refused   = "refused"
	silence   = "silence"
	ipForward = "/proc/sys/net/ipv4/ip_forward"
)

// A connection from outside comes to the node, and the node sees who it is from; without the rule nobody listens. What
// is changed is in force at once for new connections, and leaves those there are alone.
func TestAWayIn(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.20.8"} {
		t.Run(version, func(t *testing.T) {
			l, r := start(t, version)
			expect(t, l.internet, outside, refused)
			id := add(t, r, web)
			require.NoError(t, r.Failure())
			expect(t, l.internet, outside, reached)

			conn, err := l.internet.Dial(t.Context(), outside)
			require.NoError(t, err)
			defer conn.Close()
			run(t, r, nat+"/disable", "numbers="+id)
			expect(t, l.internet, outside, refused)
			fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err, "a connection that was there before")
			assert.NoError(t, response.Body.Close())

			run(t, r, nat+"/enable", "numbers="+id)
			expect(t, l.internet, outside, reached)
			run(t, r, nat+"/set", ".id="+id, "to-addresses=192.168.128.2")
			expect(t, l.internet, outside, "192.168.128.2:80 from 203.0.113.9")
			run(t, r, nat+"/remove", "numbers="+id)
			expect(t, l.internet, outside, refused)
			assert.NoError(t, r.Failure())
		})
	}
}

// The program's connections to itself, like those of Terraform to the router, and those that it opens are no business
// of dstnat, however much a rule matches.
func TestTheProgramItself(t *testing.T) {
	l, r := start(t, "7.20.8")
	add(t, r, "chain=dstnat protocol=tcp dst-port=80 action=dst-nat to-addresses=192.168.128.1")
	add(t, r, "chain=srcnat action=masquerade")
	require.NoError(t, r.Failure())
	expect(t, nil, "127.0.0.1:80", "127.0.0.1:80 from 127.0.0.1")
	expect(t, nil, outside, refused)
	expect(t, nil, "192.168.128.2:80", "192.168.128.2:80 from 192.168.5.1")
	expect(t, l.internet, outside, "192.168.128.1:80 from 192.168.5.1")
}

// What is not simulated is an error that says which rule and why, and the rule has no effect; others go on.
func TestWhatIsNotSimulated(t *testing.T) {
	l, r := start(t, "7.20.8")
	for rule, why := range map[string]string{
		web + " dst-limit=1,5,dst-address":                                "dst-limit is not simulated",
		web + " random=50 in-interface-list=all":                          "in-interface-list, random is not simulated",
		web + " randomise-ports=yes":                                      "randomise-ports is not simulated",
		web + " in-interface=all-ethernet":                                "in-interface=all-ethernet: only single interfaces",
		web + " out-interface=ether2":                                     "out-interface is not possible in dstnat",
		web + " src-port=":                                                "src-port=: an empty matcher",
		"chain=dstnat protocol=egp action=dst-nat to-addresses=192.0.2.1": "protocol=egp: the number",
		"chain=dstnat action=netmap to-addresses=192.168.128.1":           "action=netmap is not simulated",
		"chain=dstnat action=dst-nat":                                     "for to-addresses or to-ports",
		"chain=dstnat action=redirect to-ports=8088":                      "to-ports is for protocol=tcp",
		"chain=srcnat protocol=tcp action=masquerade to-ports=5000-5999":  "to-ports is not simulated with action=masquerade",
		"chain=dstnat action=masquerade":                                  "masquerade is not possible in dstnat",
		"chain=srcnat action=dst-nat to-addresses=192.168.128.1":          "dst-nat is not possible in srcnat",
		"chain=srcnat action=accept in-interface=ether1":                  "in-interface is not possible in srcnat",
		"chain=dstnat action=jump":                                        "jump-target= is not simulated",
		"chain=dstnat action=jump jump-target=dstnat":                     "other rules come back to the chain dstnat",
		"chain=input action=redirect":                                     "chain=input is not simulated",
	} {
		t.Run(why, func(t *testing.T) {
			id := add(t, r, rule)
			assert.ErrorContains(t, r.Failure(), why)
			assert.ErrorContains(t, r.Failure(), "the NAT rule "+id)
			expect(t, l.internet, outside, refused)
			another := add(t, r, web)
			expect(t, l.internet, outside, reached)
			run(t, r, nat+"/remove", "numbers="+id)
			assert.NoError(t, r.Failure())
			run(t, r, nat+"/remove", "numbers="+another)
		})
	}
}

// A route whose gateway cannot be reached is an error for as long as that is so, and the others are there.
func TestRoutes(t *testing.T) {
	_, r := start(t, "7.20.8")
	near := run(t, r, routes+"/add", "dst-address=10.9.0.0/24", "gateway=10.8.0.1")
	assert.ErrorContains(t, r.Failure(), "the route to 10.9.0.0/24 is left out until there is a way to its gateway 10.8.0.1")
	assert.Equal(t, map[string]string{"192.168.128.0/24": "192.168.5.253"}, kernelRoutes(t))

	ether3, err := netlink.LinkByName("ether3")
	require.NoError(t, err)
	address, err := netlink.ParseAddr("10.8.0.2/24")
	require.NoError(t, err)
	require.NoError(t, netlink.AddrAdd(ether3, address))
	run(t, r, routes+"/print")
	assert.NoError(t, r.Failure(), "with the next command")
	assert.Equal(t, map[string]string{"192.168.128.0/24": "192.168.5.253", "10.9.0.0/24": "10.8.0.1"}, kernelRoutes(t))

	far := run(t, r, routes+"/add", "dst-address=10.9.0.0/24", "gateway=192.168.88.9", "distance=5")
	assert.Equal(t, "10.8.0.1", kernelRoutes(t)["10.9.0.0/24"], "the nearer one")
	run(t, r, routes+"/set", ".id="+near, "distance=6")
	assert.Equal(t, "192.168.88.9", kernelRoutes(t)["10.9.0.0/24"], "now the other one is")
	run(t, r, routes+"/set", ".id="+near, "distance=4")
	run(t, r, routes+"/set", ".id="+far, "distance=1", "dst-address=192.168.128.0/25")
	run(t, r, routes+"/add", "dst-address=192.168.5.0/24", "gateway=192.168.88.9")
	assert.Equal(t, map[string]string{"192.168.128.0/24": "192.168.5.253", "10.9.0.0/24": "10.8.0.1",
		"192.168.128.0/25": "192.168.88.9", "192.168.5.0/24": "192.168.88.9"}, kernelRoutes(t))
	expect(t, nil, "192.168.5.253:80", refused) // the node: connected networks come first

	require.NoError(t, netlink.AddrDel(ether3, address))
	run(t, r, "/routing/table/add", "name=other", "fib=")
	run(t, r, routes+"/set", ".id="+far, "routing-table=other")
	assert.ErrorContains(t, r.Failure(), "10.8.0.1", "its gateway is gone, and the kernel has forgotten it")
	assert.NotContains(t, kernelRoutes(t), "192.168.128.0/25")
}

// Close leaves nothing behind, and there is one forwarder at a time, in a namespace of the program's own.
func TestOneAtATime(t *testing.T) {
	require.NoError(t, os.WriteFile(ipForward, []byte("0"), 0o644))
	t.Run("a router", func(t *testing.T) {
		_, r := start(t, "7.20.8")
		add(t, r, web)
		assert.NotEmpty(t, kernelRoutes(t))
		assert.Len(t, tables(t), 1)
		assert.Equal(t, "1", forwards(t))
		_, err := forwarding.New()
		assert.ErrorContains(t, err, "another forwarder is at work")
	})
	assert.Empty(t, kernelRoutes(t))
	assert.Empty(t, tables(t))
	assert.Equal(t, "0", forwards(t))

	t.Setenv("KUBETEST_OUTSIDE", "")
	_, err := forwarding.New()
	assert.ErrorContains(t, err, "kubetest.Isolate")
}

// Where the kernel refuses the rules, those before do not stay in force either.
func TestWhatTheKernelRefuses(t *testing.T) {
	l, r := start(t, "7.20.8")
	add(t, r, web)
	expect(t, l.internet, outside, reached)
	id := add(t, r, "action=accept chain="+strings.Repeat("long", 70))
	assert.ErrorContains(t, r.Failure(), "the kernel refuses the NAT rules")
	expect(t, l.internet, outside, refused)
	run(t, r, nat+"/remove", "numbers="+id)
	assert.NoError(t, r.Failure())
	expect(t, l.internet, outside, reached)
}

// A forwarder by itself takes thousands of rules as one, and routes of both families, as BGP brings them.
func TestThousandsOfRules(t *testing.T) {
	l, err := theLab()
	require.NoError(t, err)
	f, err := forwarding.New()
	require.NoError(t, err)
	defer func() { assert.NoError(t, f.Close()) }()
	var rules []map[string]string
	for port := range 3000 {
		rules = append(rules, map[string]string{
			".id": fmt.Sprintf("*%X", port), "chain": "dstnat", "protocol": "tcp", "dst-port": fmt.Sprintf("%d,%d", port+1, port+20000),
			"action": "dst-nat", "to-addresses": "192.168.128.2",
		})
	}
	route := func(to, by string) routerostest.Route {
		return routerostest.Route{Destination: netip.MustParsePrefix(to), Gateway: netip.MustParseAddr(by)}
	}
	for range 2 {
		require.NoError(t, f.Forward(rules, []routerostest.Route{
			route("192.168.128.2/32", "192.168.5.253"), route("2001:db8:128::1/128", "2001:db8:5::253"),
		}))
		expect(t, l.internet, outside, "192.168.128.2:80 from 203.0.113.9")
		assert.Eventually(t, func() bool { // the kernel asks for neighbours only when it is sure of its link-local address
			return get(l.internet, "[2001:db8:128::1]:80", time.Second) == "[2001:db8:128::1]:80 from 2001:db8:1::9"
		}, time.Minute, 50*time.Millisecond)
	}
}

func kernelRoutes(t *testing.T) map[string]string {
	t.Helper()
	all, err := netlink.RouteListFiltered(netlink.FAMILY_ALL, &netlink.Route{Protocol: 82}, netlink.RT_FILTER_PROTOCOL)
	require.NoError(t, err)
	out := map[string]string{}
	for _, r := range all {
		out[r.Dst.String()] = r.Gw.String()
	}
	return out
}

func tables(t *testing.T) []*nftables.Table {
	t.Helper()
	all, err := new(nftables.Conn).ListTables()
	require.NoError(t, err)
	return all
}

func forwards(t *testing.T) string {
	t.Helper()
	value, err := os.ReadFile(ipForward)
	require.NoError(t, err)
	return strings.TrimSpace(string(value))
}
