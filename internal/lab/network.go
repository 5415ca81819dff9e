package lab

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
)

// The story's addresses, and such of an internet that documentation may use (RFC 5737).
const (
	// Outside is the router's address towards the internet, on ether1.
	Outside = "203.0.113.1"
	// Inside is its address towards the nodes, on ether2.
	Inside = "192.168.5.1"
	// Client is an address of the internet.
	Client = "203.0.113.10"
	// UpstreamAddress is that of the router's own upstream router, whose AS number is UpstreamAS.
	UpstreamAddress = "203.0.113.2"
	UpstreamAS      = 64500
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
	links    []string // of the router
}

func newNetwork(nodes map[string]string) (_ *network, err error) {
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
	for _, address := range []string{Client, UpstreamAddress} {
		if err := n.internet.Address("eth0", address+"/24"); err != nil {
			return nil, err
		}
	}
	var ports []string
	for name, address := range nodes {
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
	return n, errors.Join(n.router.Address("ether1", Outside+"/24"), n.router.Address("ether2", Inside+"/24"))
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
	return node.Route(netip.MustParsePrefix("0.0.0.0/0"), netip.MustParseAddr(Inside))
}

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
	all = append(all, n.internet.Close())
	for _, node := range n.nodes {
		all = append(all, node.Close())
	}
	return errors.Join(all...)
}
