package kubetest

import (
	"context"
	"fmt"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"
)

// NodeOption changes the Node that CreateNode creates.
type NodeOption func(*place)

// In puts the node into a network namespace, which is the caller's to make, to wire and to close after the cluster. The
// node's speaker runs there, and reaches the API server, as on a real node, although that is elsewhere.
func In(namespace *netns.Namespace) NodeOption {
	return func(p *place) { p.namespace = namespace }
}

// place is where the processes of a node run.
type place struct {
	namespace *netns.Namespace
	starter   *starter
}

// CreateNode creates a Node that is ready, with an internal address. Its processes run in the program's own network
// namespace, unless it is In another.
func (c *Cluster) CreateNode(ctx context.Context, name, address string, options ...NodeOption) error {
	var p place
	for _, option := range options {
		option(&p)
	}
	if p.namespace != nil {
		if err := c.join(name, p); err != nil {
			return fmt.Errorf("node %s in a network namespace: %w", name, err)
		}
	}
	return c.apply(ctx, nodes, object{
		"kind":     "Node",
		"metadata": object{"name": name},
		"status": object{
			"addresses":  []any{object{"type": "InternalIP", "address": address}},
			"conditions": []any{object{"type": "Ready", "status": "True"}},
		},
	})
}

// join prepares a namespace for a node's processes. A relay has the API server's address there, so that one kubeconfig
// serves everywhere.
func (c *Cluster) join(node string, p place) (err error) {
	if _, joined := c.places[node]; joined {
		return nil
	}
	if p.starter, err = c.newStarter(p.namespace.Enter); err != nil {
		return err
	}
	listener, err := p.namespace.Listen(loopback(c.port))
	if err != nil {
		return err
	}
	c.relays = append(c.relays, newRelay(listener, loopback(c.port)))
	c.places[node] = p
	return nil
}

// placeOf gives the place of a node's speaker.
func (c *Cluster) placeOf(node string) place {
	if p, joined := c.places[node]; joined {
		return p
	}
	return c.here()
}

// here is where the control plane is, and MetalLB's controller with the webhooks that the API server calls.
func (c *Cluster) here() place { return place{starter: c.starters[0]} }
