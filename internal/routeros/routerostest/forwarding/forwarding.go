//go:build linux

// Package forwarding makes a simulated router forward real packets, in the network namespace of the program: its NAT
// rules become rules of nftables, its routes become routes of the kernel, and its interfaces are those of the namespace
// that have the names that the rules say.
package forwarding

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"

	"github.com/google/nftables"
	"github.com/mdlayher/netlink"
)

type forwarder struct {
	rules  *nftables.Conn
	before map[string]string // the switches of the kernel as they were
}

// New makes a forwarder for [routerostest.Forwards], of which a program can have one at a time. It refuses to work where
// kubetest.Isolate has not made a namespace for the program, so that it can never touch what a machine really forwards.
//
// It knows the chains dstnat and srcnat and those that one jumps to from there; the actions accept, dst-nat, jump, log
// (which does not log), masquerade, passthrough, redirect, return and src-nat; and the matchers protocol, src-address,
// dst-address, src-port, dst-port, port, in-interface, out-interface, src-address-type and dst-address-type. A rule that
// has more to it is an error and has no effect.
//
// What the program sends to itself by way of lo is left alone, as a router's own connections are by its dstnat.
func New() (routerostest.Forwarder, error) {
	if !kubetest.Isolated() {
		return nil, errors.New("forwarding is for a network namespace of the program's own, and this is the machine's: " +
			"call kubetest.Isolate first (or kubetest.Main in a test)")
	}
	rules, err := nftables.New(nftables.WithSockOptions(roomy))
	if err != nil {
		return nil, fmt.Errorf("talking to the kernel about nftables: %w", err)
	}
	f := &forwarder{rules: rules, before: map[string]string{}}
	tables, err := f.rules.ListTablesOfFamily(nftables.TableFamilyIPv4)
	if err != nil {
		return nil, fmt.Errorf("asking the kernel for its tables of nftables, which takes root in the namespace: %w", err)
	}
	for _, t := range tables {
		if t.Name == tableName {
			return nil, errors.New("another forwarder is at work in this program: close its router first")
		}
	}
	if err := errors.Join(f.turn(switches()), f.install(nil)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// roomy lets thousands of rules, and the answers to them, through a socket at once.
func roomy(socket *netlink.Conn) error {
	const size = 32 << 20
	return errors.Join(socket.SetWriteBuffer(size), socket.SetReadBuffer(size))
}

// Forward implements [routerostest.Forwarder].
func (f *forwarder) Forward(rules []map[string]string, routes []routerostest.Route) error {
	known, unknown := translate(rules)
	return errors.Join(unknown, f.install(known), replaceRoutes(routes))
}

// Close implements [routerostest.Forwarder].
func (f *forwarder) Close() error {
	return errors.Join(f.remove(), replaceRoutes(nil), f.turn(f.before))
}

// switches are what the kernel has to do apart from rules and routes.
func switches() map[string]string {
	return map[string]string{
		"net/ipv4/ip_forward":          "1",
		"net/ipv6/conf/all/forwarding": "1",
		// Rules are for what is routed; what a bridge carries from port to port RouterOS does not show them either.
		"net/bridge/bridge-nf-call-iptables": "0",
	}
}

// turn sets switches. Those that the kernel does not have are of something that it does not do.
func (f *forwarder) turn(to map[string]string) error {
	var failed error
	for name, value := range to {
		path := filepath.Join("/proc/sys", name)
		was, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(path, []byte(value), 0o644)
		}
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("setting %s to %s: %w", name, value, err))
			continue
		}
		if _, known := f.before[name]; !known {
			f.before[name] = string(was)
		}
	}
	return failed
}
