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
		{"", "name", nil, text, nil},
		{"receiveInterval", "receive-interval", nil, number[uint32], nil},
		{"transmitInterval", "transmit-interval", nil, number[uint32], nil},
		{"detectMultiplier", "detect-multiplier", nil, number[uint32], nil},
		{"echoInterval", "echo-interval", nil, number[uint32], nil},
		{"echoMode", "echo-mode", nil, boolean, nil},
		{"passiveMode", "passive-mode", nil, boolean, nil},
		{"minimumTtl", "minimum-ttl", nil, number[uint32], nil},
	}},
	BGPPeer: {key: "peers", words: []word{
		{"myASN", "my-asn", nil, number[uint32], nil},
		{"peerASN", "peer-asn", nil, number[uint32], nil},
		{"peerAddress", "peer-address", nil, text, nil},
		{"peerPort", "peer-port", nil, number[uint16], nil},
		{"holdTime", "hold-time", nil, text, nil},
		{"keepaliveTime", "keepalive-time", since012, text, nil},
		{"routerID", "router-id", nil, text, nil},
		{"sourceAddress", "source-address", since011, text, nil},
		{"password", "password", nil, text, nil},
		{"bfdProfile", "bfd-profile", since012, text, nil},
		{"ebgpMultiHop", "ebgp-multihop", since012, boolean, nil},
		{"nodeSelectors", "node-selectors", nil, nil, []word{
			{"matchLabels", "match-labels", nil, mapping, nil},
			{"matchExpressions", "match-expressions", nil, nil, []word{
				{"key", "key", nil, text, nil},
				{"operator", "operator", nil, text, nil},
				{"values", "values", nil, list, nil},
			}},
		}},
	}},
	Community: {key: "bgp-communities", read: mapping},
	AddressPool: {key: "address-pools", words: []word{
		{"", "name", nil, text, nil},
		{"protocol", "protocol", nil, text, nil},
		{"addresses", "addresses", nil, list, nil},
		{"avoidBuggyIPs", "avoid-buggy-ips", nil, boolean, nil},
		{"autoAssign", "auto-assign", nil, boolean, nil},
		{"bgpAdvertisements", "bgp-advertisements", nil, nil, []word{
			{"aggregationLength", "aggregation-length", nil, number[int], nil},
			{"aggregationLengthV6", "aggregation-length-v6", since012, number[int], nil},
			{"localPref", "localpref", nil, number[uint32], nil},
			{"communities", "communities", nil, list, nil},
		}},
	}},
}

// ConfigMapSince is the first MetalLB whose ConfigMap has the field of an object, such as "0.12", "" if all have it; false
// if none has.
func (k Kind) ConfigMapSince(field string) (since string, there bool) {
	for _, w := range sections[k].words {
		if w.field == field {
			if w.since != nil {
				since = w.since.String()
			}
			return since, true
		}
	}
	return "", k == Community
}

// InConfigMap tells a kind that the ConfigMap has.
func (k Kind) InConfigMap() bool { return sections[k].key != "" }

// order is that of the top-level keys which are made here: first what others refer to.
var order = []Kind{BFDProfile, BGPPeer, Community, AddressPool}

func text(node *yaml.Node) (any, error) {
	if node.Kind != yaml.ScalarNode {
		return nil, fmt.Errorf("line %d: not a text", node.Line)
	}
	return node.Value, nil
}

func boolean(node *yaml.Node) (any, error) {
	var value bool
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
	if node.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("line %d: not a list", node.Line)
	}
	texts := make([]any, len(node.Content))
	for i, element := range node.Content {
		var err error
		if texts[i], err = text(resolved(element)); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

func mapping(node *yaml.Node) (any, error) {
	read, err := valuesOf(node)
	if err != nil {
		return nil, err
	}
	texts := make(map[string]any, len(read))
	for key, value := range read {
		if texts[key], err = text(value); err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// values are those of a mapping, aliases and merges resolved.
type values map[string]*yaml.Node

// valuesOf reads a mapping. A key that is there twice is an error, as it is to MetalLB.
func valuesOf(node *yaml.Node) (values, error) { return mergedValues(node, 0) }

func mergedValues(node *yaml.Node, depth int) (values, error) {
	if depth > 20 {
		return nil, fmt.Errorf("line %d: a mapping merges itself", node.Line)
	}
	node = resolved(node)
	if node.Tag == "!!null" {
		return nil, nil
	}
	if node.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: not a mapping of keys to values", node.Line)
	}
	found := make(values, len(node.Content)/2)
	var merged []*yaml.Node
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := resolved(node.Content[i]), resolved(node.Content[i+1])
		switch {
		case key.Tag == "!!merge" && value.Kind == yaml.SequenceNode:
			merged = append(merged, value.Content...)
		case key.Tag == "!!merge":
			merged = append(merged, value)
		case found[key.Value] != nil:
			return nil, fmt.Errorf("line %d: the key %s is there twice", key.Line, key.Value)
		default:
			found[key.Value] = value
		}
	}
	for _, other := range merged {
		inherited, err := mergedValues(other, depth+1)
		if err != nil {
			return nil, err
		}
		for key, value := range inherited {
			if found[key] == nil {
				found[key] = value
			}
		}
	}
	return found, nil
}

// mappings reads a list of them.
func mappings(node *yaml.Node) ([]values, error) {
	if node.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("line %d: not a list", node.Line)
	}
	found := make([]values, len(node.Content))
	for i, element := range node.Content {
		var err error
		if found[i], err = valuesOf(element); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// value is the one of a word; nil if it is absent or null, which is the same to MetalLB.
func (v values) value(key string) *yaml.Node {
	if node := v[key]; node != nil && node.Tag != "!!null" {
		return node
	}
	return nil
}

// name is that of an element, "" if it has none.
func (v values) name() string {
	if node := v.value("name"); node != nil {
		return node.Value
	}
	return ""
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
	elements, err := mappings(node)
	if err != nil {
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
		err = set(mapping, w.key, node)
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
		read, err := valuesOf(node)
		if err != nil {
			return nil, fmt.Errorf("an element of %s: %w", sections[kind].key, err)
		}
		found = append(found, element{read, node})
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
