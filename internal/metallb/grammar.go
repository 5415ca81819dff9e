package metallb

import (
	"fmt"
	"net/netip"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/util/version"
)

// word is a key of the ConfigMap's elements.
type word struct {
	field string // the CRD's name of it
	key   string
	since *version.Version // of MetalLB; nil is 0.9. An older one rejects the whole configuration.
	read  func(yaml.Node) (any, error)
}

// listOf is the key of the list that has the elements of a kind.
func listOf(kind Kind) string {
	if kind == BGPPeer {
		return "peers"
	}
	return "address-pools"
}

// The words in the order in which they are written.
var words = map[Kind][]word{
	AddressPool: {
		{"protocol", "protocol", nil, as[string]},
		{"addresses", "addresses", nil, as[[]any]},
		{"avoidBuggyIPs", "avoid-buggy-ips", nil, as[bool]},
		{"autoAssign", "auto-assign", nil, as[bool]},
	},
	BGPPeer: {
		{"myASN", "my-asn", nil, as[int64]},
		{"peerASN", "peer-asn", nil, as[int64]},
		{"peerAddress", "peer-address", nil, as[string]},
		{"peerPort", "peer-port", nil, as[int64]},
		{"holdTime", "hold-time", nil, as[string]},
		{"keepaliveTime", "keepalive-time", version.MustParseGeneric("0.12"), as[string]},
		{"routerID", "router-id", nil, as[string]},
		{"sourceAddress", "source-address", version.MustParseGeneric("0.11"), as[string]},
		{"ebgpMultiHop", "ebgp-multihop", version.MustParseGeneric("0.12"), as[bool]},
	},
}

func as[T any](node yaml.Node) (any, error) {
	var value T
	err := node.Decode(&value)
	return value, err
}

// identity is what tells an element from the others in its list: a pool's name, a peer's address and port.
type identity struct {
	name string
	peer netip.AddrPort
}

const nameless = "In the ConfigMap peers have no name, only an address: " +
	"identify it as name@address, or name@address:port, such as router@192.168.5.1."

// identify gives the identity of an object, and its name without an address.
func identify(o *Object) (identity, string, error) {
	if o.Kind == AddressPool {
		return identity{name: o.Name}, o.Name, nil
	}
	name, where, _ := strings.Cut(o.Name, "@")
	if address := o.text("peerAddress"); address != "" {
		where = address
	}
	peer, err := netip.ParseAddrPort(where)
	if err != nil {
		ip, err := netip.ParseAddr(where)
		if err != nil {
			return identity{}, name, fmt.Errorf("no address of the peer is known, %w", err)
		}
		peer = netip.AddrPortFrom(ip, usualPort)
	}
	if port, ok := o.Spec["peerPort"].(int64); ok {
		peer = netip.AddrPortFrom(peer.Addr(), uint16(port))
	}
	return identity{peer: peer}, name, nil
}

const usualPort = 179

// key is the name by which identify gives the identity again.
func (who identity) key(name string) string {
	switch {
	case !who.peer.IsValid():
		return name
	case who.peer.Port() == usualPort:
		return name + "@" + who.peer.Addr().String()
	}
	return name + "@" + who.peer.String()
}

// standIn is a name for what has none: peer-192-168-5-1.
func (who identity) standIn() string {
	if !who.peer.IsValid() {
		return who.name
	}
	name := "peer-" + strings.NewReplacer(".", "-", ":", "-").Replace(who.peer.Addr().StringExpanded())
	if who.peer.Port() != usualPort {
		name += fmt.Sprintf("-%d", who.peer.Port())
	}
	return name
}

// element is an entry of one of the lists.
type element struct {
	node   *yaml.Node
	values map[string]yaml.Node // aliases and merges resolved
}

func (d *document) elements(kind Kind) ([]element, error) {
	list, err := d.list(listOf(kind))
	if err != nil || list == nil {
		return nil, err
	}
	found := make([]element, 0, len(list.Content))
	for _, node := range list.Content {
		e := element{node: node}
		if err := node.Decode(&e.values); err != nil {
			return nil, fmt.Errorf("an element of %s: %w", listOf(kind), err)
		}
		found = append(found, e)
	}
	return found, nil
}

// find gives the element of an identity; nil if there is none. Peers for some nodes only are not looked at: they are
// none that this package writes.
func (d *document) find(kind Kind, who identity) (*element, error) {
	elements, err := d.elements(kind)
	for _, e := range elements {
		if id, ok := e.identity(kind); ok && id == who {
			return &e, nil
		}
	}
	return nil, err
}

func (e element) identity(kind Kind) (identity, bool) {
	if kind == AddressPool {
		return identity{name: e.text("name")}, true
	}
	if selectors := e.values["node-selectors"]; len(selectors.Content) > 0 {
		return identity{}, false
	}
	o := &Object{Kind: kind, Spec: map[string]any{"peerAddress": e.text("peer-address")}}
	if port, err := as[int64](e.values["peer-port"]); err == nil && port != int64(0) {
		o.Spec["peerPort"] = port
	}
	id, _, err := identify(o)
	return id, err == nil
}

// text is a word of the element, aliases resolved; "" if it is absent.
func (e element) text(key string) string {
	var text string
	node := e.values[key]
	_ = node.Decode(&text)
	return text
}

// spec is the element with the CRD's field names.
func (e element) spec(kind Kind) (map[string]any, error) {
	spec := map[string]any{}
	for _, w := range words[kind] {
		node, present := e.values[w.key]
		if !present || node.Tag == "!!null" {
			continue
		}
		value, err := w.read(node)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.key, err)
		}
		spec[w.field] = value
	}
	return spec, nil
}

// write gives the element what want says, and takes from it what only prior says.
func (e element) write(kind Kind, prior, want map[string]any) error {
	if e.node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: the element is an alias of another one: write it out first", e.node.Line)
	}
	for _, w := range words[kind] {
		if value, wanted := want[w.field]; wanted {
			if err := set(e.node, w.key, value); err != nil {
				return err
			}
		} else if _, had := prior[w.field]; had {
			drop(e.node, w.key)
		}
	}
	return nil
}
