package lab

import (
	"errors"
	"fmt"
	"net/netip"
	"os"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
)

// The story's addresses, and such of an internet that documentation may use (RFC 5737).
const (
	// Outside is the router's address towards the internet, on ether1.
	Outside = "203.0.113.1"
	// Client is an address of the internet, from which Get asks.
	Client = "203.0.113.10"
	// inside is the router's address towards the nodes, on ether2.
	inside = "192.168.5.1"
	// upstreamAddress is that of the router's own upstream router, whose AS number is upstreamAS.
	upstreamAddress = "203.0.113.2"
	upstreamAS      = 64500
	// transit is the router's address on ether3, behind which there may be a node further away, and hop the way to it.
	transit, hop = "198.51.100.1", "198.51.100.2"
)

// Workers are the story's nodes and their addresses.
var Workers = map[string]string{
	"kube-metallb-worker1": "192.168.5.253",
	"kube-metallb-worker2": "192.168.5.252",
	"kube-metallb-worker3": "192.168.5.251",
	"kube-metallb-worker4": "192.168.5.250",
}

// network is an internet and nodes, and the cables between them and the router, which is the program's own namespace:
//
//	internet 203.0.113.0/24 ── ether1 router ether2 ── 192.168.5.0/24 nodes
type network struct {
	router   *netns.Namespace // nil, which is the program's
	internet *netns.Namespace
	nodes    map[string]*netns.Namespace
	between  *netns.Namespace // the router and a node that is two hops away
	links    []string         // of the router
}

func newNetwork() (_ *network, err error) {
	n := &network{nodes: map[string]*netns.Namespace{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if n.internet, err = netns.New(); err != nil {
		return nil, err
	}
	if err := n.connect("ether1", n.internet); err != nil {
		return nil, err
	}
	for _, address := range []string{Client, upstreamAddress} {
		if err := n.internet.Address("eth0", address+"/24"); err != nil {
			return nil, err
		}
	}
	var ports []string
	for name, address := range Workers {
		port := fmt.Sprintf("node%d", len(ports)+1) // an interface's name is short
		if err := n.addNode(name, address, port); err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	if err := n.router.Bridge("ether2", ports...); err != nil {
		return nil, err
	}
	n.links = append(n.links, "ether2")
	return n, errors.Join(n.router.Address("ether1", Outside+"/24"), n.router.Address("ether2", inside+"/24"))
}

// addNode makes a node and its cable to a port of the router, through which all that is not for its own network goes.
func (n *network) addNode(name, address, port string) error {
	node, err := netns.New()
	if err != nil {
		return err
	}
	n.nodes[name] = node
	if err := n.connect(port, node); err != nil {
		return err
	}
	if err := node.Address("eth0", address+"/24"); err != nil {
		return err
	}
	return node.Route(anywhere, netip.MustParseAddr(inside))
}

// addFar makes a node that is two hops away: a namespace between forwards, from ether3 of the router.
func (n *network) addFar(name, address string) error {
	var err error
	if n.between, err = netns.New(); err != nil {
		return err
	}
	if n.nodes[name], err = netns.New(); err != nil {
		return err
	}
	far, forward := netip.MustParseAddr(address), func() error {
		return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
	}
	near := netip.PrefixFrom(far, 24).Masked().Addr().Next().String() // the hop's address on the node's network
	for _, do := range []func() error{
		func() error { return n.connect("ether3", n.between) },
		func() error { return n.router.Address("ether3", transit+"/24") },
		func() error { return n.between.Address("eth0", hop+"/24") },
		func() error { return n.between.Connect("eth1", n.nodes[name], "eth0") },
		func() error { return n.between.Address("eth1", near+"/24") },
		func() error { return n.nodes[name].Address("eth0", address+"/24") },
		func() error { return n.nodes[name].Route(anywhere, netip.MustParseAddr(near)) },
		func() error { return n.between.Route(anywhere, netip.MustParseAddr(transit)) },
		func() error { return n.between.Route(pool, far) }, // who is in between has to know the way, too
		func() error { return n.between.Do(forward) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

var (
	anywhere = netip.MustParsePrefix("0.0.0.0/0")
	pool     = netip.MustParsePrefix("192.168.128.0/24")
)

// connect makes a cable to the eth0 of a namespace.
func (n *network) connect(link string, to *netns.Namespace) error {
	err := n.router.Connect(link, to, "eth0")
	if err == nil {
		n.links = append(n.links, link)
	}
	return err
}

// close takes all of it away.
func (n *network) close() error {
	var all []error
	for _, link := range n.links {
		all = append(all, n.router.Remove(link))
	}
	all = append(all, n.internet.Close(), n.between.Close())
	for _, node := range n.nodes {
		all = append(all, node.Close())
	}
	return errors.Join(all...)
}
