package metallb

import (
	"fmt"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/util/version"
)

// word is a key of the ConfigMap's text.
type word struct {
	field string           // the CRD's name of it; "" if it is the object's own name
	key   string           // MetalLB's name of it, there
	since *version.Version // of MetalLB; nil is 0.9. An older one rejects the whole configuration.
	read  func(*yaml.Node) (any, error)
	words []word // where the value is a list of mappings: what each has, in the order in which it is written
}

var (
	since010 = version.MustParseGeneric("0.10")
	since011 = version.MustParseGeneric("0.11")
	since012 = version.MustParseGeneric("0.12")
)

// sections are the top-level keys, by the kind that each holds.
var sections = map[Kind]word{
	BFDProfile: {key: "bfd-profiles", since: since012, words: []word{
		{"", "name", nil, as[string], nil},
		{"receiveInterval", "receive-interval", nil, number[uint32], nil},
		{"transmitInterval", "transmit-interval", nil, number[uint32], nil},
		{"detectMultiplier", "detect-multiplier", nil, number[uint32], nil},
		{"echoInterval", "echo-interval", nil, number[uint32], nil},
		{"echoMode", "echo-mode", nil, as[bool], nil},
		{"passiveMode", "passive-mode", nil, as[bool], nil},
		{"minimumTtl", "minimum-ttl", nil, number[uint32], nil},
	}},
	BGPPeer: {key: "peers", words: []word{
		{"myASN", "my-asn", nil, number[uint32], nil},
		{"peerASN", "peer-asn", nil, number[uint32], nil},
		{"peerAddress", "peer-address", nil, as[string], nil},
		{"peerPort", "peer-port", nil, number[uint16], nil},
		{"holdTime", "hold-time", nil, as[string], nil},
		{"keepaliveTime", "keepalive-time", since012, as[string], nil},
		{"routerID", "router-id", nil, as[string], nil},
		{"sourceAddress", "source-address", since011, as[string], nil},
		{"password", "password", nil, as[string], nil},
		{"bfdProfile", "bfd-profile", since012, as[string], nil},
		{"ebgpMultiHop", "ebgp-multihop", since012, as[bool], nil},
		{"nodeSelectors", "node-selectors", nil, nil, []word{
			{"matchLabels", "match-labels", nil, mapping, nil},
			{"matchExpressions", "match-expressions", nil, nil, []word{
				{"key", "key", nil, as[string], nil},
				{"operator", "operator", nil, as[string], nil},
				{"values", "values", nil, list, nil},
			}},
		}},
	}},
	Community: {key: "bgp-communities", read: mapping},
	AddressPool: {key: "address-pools", words: []word{
		{"", "name", nil, as[string], nil},
		{"protocol", "protocol", nil, as[string], nil},
		{"addresses", "addresses", nil, list, nil},
		{"avoidBuggyIPs", "avoid-buggy-ips", nil, as[bool], nil},
		{"autoAssign", "auto-assign", nil, as[bool], nil},
		{"bgpAdvertisements", "bgp-advertisements", nil, nil, []word{
			{"aggregationLength", "aggregation-length", nil, number[int], nil},
			{"aggregationLengthV6", "aggregation-length-v6", since012, number[int], nil},
			{"localPref", "localpref", nil, number[uint32], nil},
			{"communities", "communities", nil, list, nil},
		}},
	}},
}

// order is that of the top-level keys which are made here: first what others refer to.
var order = []Kind{BFDProfile, BGPPeer, Community, AddressPool}

func as[T any](node *yaml.Node) (any, error) {
	var value T
	err := node.Decode(&value)
	return value, err
}

// number reads what MetalLB reads into a T: one that does not fit there is an error to it.
func number[T int | uint16 | uint32](node *yaml.Node) (any, error) {
	var value T
	err := node.Decode(&value)
	return int64(value), err
}

func list(node *yaml.Node) (any, error) {
	var texts []string
	err := node.Decode(&texts)
	values := make([]any, len(texts))
	for i, text := range texts {
		values[i] = text
	}
	return values, err
}

func mapping(node *yaml.Node) (any, error) {
	var texts map[string]string
	err := node.Decode(&texts)
	values := make(map[string]any, len(texts))
	for key, text := range texts {
		values[key] = text
	}
	return values, err
}

// values are those of a mapping, merges resolved.
type values map[string]yaml.Node

// value is the one of a word, aliases resolved; nil if it is absent or null, which is the same to MetalLB.
func (v values) value(key string) *yaml.Node {
	node, present := v[key]
	if !present {
		return nil
	}
	found := &node
	if found.Kind == yaml.AliasNode {
		found = found.Alias
	}
	if found.Tag == "!!null" {
		return nil
	}
	return found
}

// text is a value of type string, "" if it is absent.
func (v values) text(key string) string {
	var text string
	if node := v.value(key); node != nil {
		_ = node.Decode(&text)
	}
	return text
}

// spec gives the values the CRD's field names.
func (v values) spec(words []word) (map[string]any, error) {
	spec := map[string]any{}
	for _, w := range words {
		node := v.value(w.key)
		if node == nil || w.field == "" {
			continue
		}
		value, err := w.value(node)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.key, err)
		}
		spec[w.field] = value
	}
	return spec, nil
}

func (w word) value(node *yaml.Node) (any, error) {
	if w.words == nil {
		return w.read(node)
	}
	var elements []values
	if err := node.Decode(&elements); err != nil {
		return nil, err
	}
	specs := make([]any, len(elements))
	for i, e := range elements {
		spec, err := e.spec(w.words)
		if err != nil {
			return nil, err
		}
		specs[i] = spec
	}
	return specs, nil
}

// node is what spells a value.
func (w word) node(value any) (*yaml.Node, error) {
	node := &yaml.Node{}
	if w.words == nil {
		return node, node.Encode(value)
	}
	node.Kind = yaml.SequenceNode
	elements, _ := value.([]any)
	for _, e := range elements {
		spec, _ := e.(map[string]any)
		spelled := &yaml.Node{Kind: yaml.MappingNode}
		for _, inner := range w.words {
			if value, present := spec[inner.field]; present {
				if err := inner.set(spelled, value); err != nil {
					return nil, err
				}
			}
		}
		node.Content = append(node.Content, spelled)
	}
	return node, nil
}

// set gives the word a value in a mapping.
func (w word) set(mapping *yaml.Node, value any) error {
	node, err := w.node(value)
	if err == nil {
		set(mapping, w.key, node)
	}
	return err
}

// element is an entry of one of the lists.
type element struct {
	values
	node *yaml.Node
}

func (d *document) elements(kind Kind) ([]element, error) {
	list, err := d.list(sections[kind].key)
	if err != nil || list == nil {
		return nil, err
	}
	found := make([]element, 0, len(list.Content))
	for _, node := range list.Content {
		e := element{node: node}
		if err := node.Decode(&e.values); err != nil {
			return nil, fmt.Errorf("an element of %s: %w", sections[kind].key, err)
		}
		found = append(found, e)
	}
	return found, nil
}

// spec is the element with the CRD's field names.
func (e element) spec(kind Kind) (map[string]any, error) { return e.values.spec(sections[kind].words) }

// write gives the element what want says, and takes from it what only prior says.
func (e element) write(kind Kind, prior, want map[string]any) error {
	if e.node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: the element is an alias of another one: write it out first", e.node.Line)
	}
	for _, w := range sections[kind].words {
		if value, wanted := want[w.field]; wanted {
			if err := w.set(e.node, value); err != nil {
				return err
			}
		} else if _, had := prior[w.field]; had {
			drop(e.node, w.key)
		}
	}
	return nil
}
