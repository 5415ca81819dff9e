//go:build linux

package forwarding_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/forwarding"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { kubetest.Main(m) }

// lab is what is around the router, whose interfaces are those of the program's own namespace:
//
//	internet 203.0.113.9 ── ether1 203.0.113.1
//	                        ether2 192.168.5.1 ──┬── node 192.168.5.253 with 192.168.128.1 and 192.168.128.2
//	                        (a bridge)           └── host 192.168.5.77
//	office 192.168.88.9 ─── ether3 192.168.88.1
type lab struct{ internet, node, host, office *netns.Namespace }

// theLab is there for all tests, which have one router after the other.
var theLab = sync.OnceValues(newLab)

func newLab() (l lab, err error) {
	var router *netns.Namespace // the program's own
	step := func(f func() error) {
		if err == nil {
			err = f()
		}
	}
	host := func(into **netns.Namespace, cable, address, gateway string) {
		step(func() (err error) { *into, err = netns.New(); return err })
		step(func() error { return router.Connect(cable, *into, "eth0") })
		step(func() error { return (*into).Address("eth0", address) })
		if gateway != "" {
			step(func() error { return (*into).Route(netip.MustParsePrefix("0.0.0.0/0"), netip.MustParseAddr(gateway)) })
		}
	}
	host(&l.internet, "ether1", "203.0.113.9/24", "")
	host(&l.node, "port1", "192.168.5.253/24", "192.168.5.1")
	host(&l.host, "port2", "192.168.5.77/24", "192.168.5.1")
	host(&l.office, "ether3", "192.168.88.9/24", "192.168.88.1")
	step(func() error { return router.Bridge("ether2", "port1", "port2") })
	step(func() error { return router.Address("ether1", "203.0.113.1/24") })
	step(func() error { return router.Address("ether2", "192.168.5.1/24") })
	step(func() error { return router.Address("ether3", "192.168.88.1/24") })
	for _, address := range []string{"192.168.128.1", "192.168.128.2"} {
		step(func() error { return l.node.Address("lo", address+"/32") })
		for _, port := range []string{":80", ":443", ":8080"} {
			step(func() error { return serve(l.node, address+port) })
		}
	}
	for where, address := range map[*netns.Namespace][2]string{
		router: {"ether1", "2001:db8:1::1/64"}, l.internet: {"eth0", "2001:db8:1::9/64"}, l.node: {"eth0", "2001:db8:5::253/64"},
	} {
		step(func() error { return where.Address(address[0], address[1]) })
	}
	step(func() error { return router.Address("ether2", "2001:db8:5::1/64") })
	step(func() error { return l.node.Address("lo", "2001:db8:128::1/128") })
	step(func() error { return serve(l.node, "[2001:db8:128::1]:80") })
	for from, gateway := range map[*netns.Namespace]string{l.internet: "2001:db8:1::1", l.node: "2001:db8:5::1"} {
		step(func() error { return from.Route(netip.MustParsePrefix("::/0"), netip.MustParseAddr(gateway)) })
	}
	step(func() error { return serve(l.internet, "203.0.113.9:80") })
	step(func() error { return serve(router, "0.0.0.0:8088") })
	step(func() error { return serve(router, "127.0.0.1:80") })
	return l, err
}

// serve answers each HTTP request with where it came in and from whom: "192.168.128.1:80 from 203.0.113.9", with the
// port only if it is not one that hosts choose themselves.
func serve(where *netns.Namespace, address string) error {
	l, err := where.Listen(address)
	if err != nil {
		return err
	}
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := netip.MustParseAddrPort(r.RemoteAddr)
		fmt.Fprintf(w, "%s from %s", r.Context().Value(http.LocalAddrContextKey), from.Addr())
		if from.Port() < 32768 {
			fmt.Fprintf(w, ":%d", from.Port())
		}
	}))
	return nil
}

// get is what a host gets from an address: what the server says, or "refused", or "silence" when the patience is over.
func get(from *netns.Namespace, address string, patience time.Duration) string {
	client := http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return from.Dial(ctx, address)
		},
	}}
	response, err := client.Get("http://" + address)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return refused
	case err != nil && (errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "timeout")):
		return silence
	case err != nil:
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

const (
	nat    = "/ip/firewall/nat"
	routes = "/ip/route"
)

// start gives the lab a router that forwards, with a route to what the node announces.
func start(t *testing.T, version string) (lab, *routerostest.Router) {
	t.Helper()
	l, err := theLab()
	require.NoError(t, err)
	f, err := forwarding.New()
	require.NoError(t, err)
	r := routerostest.StartTest(t, version, routerostest.Forwards(f))
	run(t, r, routes+"/add", "dst-address=192.168.128.0/24", "gateway=192.168.5.253")
	require.NoError(t, r.Failure())
	return l, r
}

// run carries out a command and returns the id of what it adds.
func run(t *testing.T, r *routerostest.Router, command string, arguments ...string) string {
	t.Helper()
	words := []string{command}
	for _, a := range arguments {
		words = append(words, "="+a)
	}
	answer, err := r.Run(words...)
	require.NoError(t, err)
	if len(answer) == 0 {
		return ""
	}
	return answer[0]["ret"]
}

func add(t *testing.T, r *routerostest.Router, rule string) string {
	t.Helper()
	return run(t, r, nat+"/add", strings.Fields(rule)...)
}

// expect compares an answer with a regular expression. Only silence is not waited for.
func expect(t *testing.T, from *netns.Namespace, address, answer string) {
	t.Helper()
	patience := 10 * time.Second
	if answer == silence {
		patience = 300 * time.Millisecond
	}
	assert.Regexp(t, "^("+answer+")$", get(from, address, patience))
}
