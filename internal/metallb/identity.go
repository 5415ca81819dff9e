package metallb

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// identity is what tells an element from the others in its list: a name, or, since peers have none, a peer's address,
// port and nodes.
type identity struct {
	name    string
	peer    netip.AddrPort
	nodes   string // digest of a peer's nodeSelectors; "" is all nodes
	unknown bool   // which nodes are meant: an import that does not say
}

const (
	usualPort = 179
	nameless  = "In the ConfigMap peers have no name, only an address: identify it as name@address, or name@address:port, such as " +
		"router@192.168.5.1, and one of several at one address, each for other nodes, as name@address#digest, with the digest of its " +
		"node-selectors that the list of all peers shows."
)

// identify gives the identity of an object, and its name without an address.
func identify(o *Object) (identity, string, error) {
	if o.Kind != BGPPeer {
		return identity{name: o.Name}, o.Name, nil
	}
	name, where, _ := strings.Cut(o.Name, "@")
	var who identity
	where, who.nodes, _ = strings.Cut(where, "#")
	who.unknown = who.nodes == ""
	if address := o.text("peerAddress"); address != "" {
		where, who.nodes, who.unknown = address, digest(o.Spec["nodeSelectors"]), false
	}
	peer, err := netip.ParseAddrPort(where)
	if err != nil {
		ip, err := netip.ParseAddr(where)
		if err != nil {
			return who, name, fmt.Errorf("no address of the peer is known, %w", err)
		}
		peer = netip.AddrPortFrom(ip, usualPort)
	}
	if port, ok := o.Spec["peerPort"].(int64); ok && port != 0 {
		peer = netip.AddrPortFrom(peer.Addr(), uint16(port))
	}
	who.peer = peer
	return who, name, nil
}

// digest is short for nodeSelectors, the same in whatever order they are written; "" if there are none.
func digest(selectors any) string {
	list, _ := selectors.([]any)
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256([]byte(canonical(list))))[:8]
}

// canonical is JSON without what is empty, and with lists sorted: neither means anything in selectors and advertisements.
func canonical(value any) string {
	switch value := value.(type) {
	case map[string]any:
		var parts []string
		for key, inner := range value {
			if text := canonical(inner); text != "[]" && text != "{}" {
				parts = append(parts, canonical(key)+":"+text)
			}
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		var parts []string
		for _, inner := range value {
			parts = append(parts, canonical(inner))
		}
		slices.Sort(parts)
		return "[" + strings.Join(parts, ",") + "]"
	default:
		text, _ := json.Marshal(value)
		return string(text)
	}
}

// at is the address, with the port if it is not the usual one.
func (who identity) at() string {
	if who.peer.Port() == usualPort {
		return who.peer.Addr().String()
	}
	return who.peer.String()
}

// key is the name by which identify gives the identity again.
func (who identity) key(name string) string {
	if !who.peer.IsValid() {
		return name
	}
	if who.nodes != "" {
		return name + "@" + who.at() + "#" + who.nodes
	}
	return name + "@" + who.at()
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
	if who.nodes != "" {
		name += "-" + who.nodes
	}
	return name
}

// String is for messages.
func (who identity) String() string {
	switch {
	case !who.peer.IsValid():
		return who.name
	case who.nodes != "":
		return who.at() + " for the nodes of node-selectors #" + who.nodes
	}
	return who.at()
}

// identity of an element; false if it has none that can be told.
func (e element) identity(kind Kind) (identity, bool) {
	if kind != BGPPeer {
		return identity{name: e.name()}, true
	}
	spec, err := e.spec(kind)
	if err != nil {
		return identity{}, false
	}
	who, _, err := identify(&Object{Kind: kind, Spec: spec})
	return who, err == nil
}

// find gives the element of an identity; nil if there is none. More than one is an error.
func (d *document) find(kind Kind, who identity) (*element, error) {
	elements, err := d.elements(kind)
	if err != nil {
		return nil, err
	}
	var found, near []element
	var digests []string
	for _, e := range elements {
		id, ok := e.identity(kind)
		if !ok {
			continue
		}
		if id.peer == who.peer && who.unknown {
			near = append(near, e)
			digests = append(digests, id.nodes)
			id.unknown = true
		}
		if id == who {
			found = append(found, e)
		}
	}
	if len(found) == 0 {
		found = near
	}
	switch {
	case len(found) == 0:
		return nil, nil
	case len(found) == 1:
		return &found[0], nil
	case len(near) > 0 && len(found) == len(near):
		return nil, fmt.Errorf("%d peers are at %s, each for other nodes, with the digests %s: "+
			"say which, as name@%s#digest", len(near), who.at(), strings.Join(digests, ", "), who.at())
	}
	return nil, fmt.Errorf("%s has %d of %s: which of them is meant nobody can tell", sections[kind].key, len(found), who)
}
