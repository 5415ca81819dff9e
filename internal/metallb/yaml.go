package metallb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is the text of a ConfigMap, as a tree that keeps what it does not understand: comments, order, quotes.
type document struct {
	file     *yaml.Node
	root     *yaml.Node // the mapping in it
	indented int        // by how much the dashes of its lists are
}

func parseDocument(text string) (*document, error) {
	file := &yaml.Node{}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	if err := decoder.Decode(file); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one YAML document")
	}
	if file.IsZero() { // nothing, or nothing but comments
		file.Kind = yaml.DocumentNode
		file.HeadComment = strings.TrimSpace(text)
	}
	if len(file.Content) == 0 || file.Content[0].Tag == "!!null" {
		file.Content = []*yaml.Node{{Kind: yaml.MappingNode}}
	}
	root := file.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: not a mapping with peers and address-pools", root.Line)
	}
	return &document{file: file, root: root, indented: indented(root)}, nil
}

// String renders the document with the dashes of lists where they were, or not indented in a new one.
func (d *document) String() (string, error) {
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(max(d.indented, 2))
	if d.indented == 0 {
		encoder.CompactSeqIndent()
	}
	err := errors.Join(encoder.Encode(d.file), encoder.Close())
	return text.String(), err
}

func indented(root *yaml.Node) int {
	for i := 1; i < len(root.Content); i += 2 {
		if value := root.Content[i]; value.Kind == yaml.SequenceNode && value.Style&yaml.FlowStyle == 0 {
			return value.Column - root.Content[i-1].Column
		}
	}
	return 0
}

// list is the list under a top-level key; nil if it is absent or null.
func (d *document) list(key string) (*yaml.Node, error) {
	value := lookUp(d.root, key)
	if value == nil || value.Tag == "!!null" {
		return nil, nil
	}
	if value.Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("line %d: %s is not a list", value.Line, key)
	}
	return value, nil
}

// add appends an element to the list of a kind, which is made if need be.
func (d *document) add(kind Kind, element *yaml.Node) error {
	list, err := d.list(sections[kind].key)
	if err != nil {
		return err
	}
	if list == nil {
		list = d.section(kind, yaml.SequenceNode)
	}
	if len(list.Content) == 0 {
		list.Style &^= yaml.FlowStyle // "[]"
	}
	list.Content = append(list.Content, element)
	return nil
}

// remove takes an element out of the list of a kind.
func (d *document) remove(kind Kind, element *yaml.Node) error {
	list, err := d.list(sections[kind].key)
	if err != nil {
		return err
	}
	list.Content = slices.DeleteFunc(list.Content, func(node *yaml.Node) bool { return node == element })
	return nil
}

// section makes the value of a kind's top-level key, which has none yet.
func (d *document) section(kind Kind, of yaml.Kind) *yaml.Node {
	value := &yaml.Node{Kind: of}
	if null := lookUp(d.root, sections[kind].key); null != nil {
		value.HeadComment, value.LineComment, value.FootComment = null.HeadComment, null.LineComment, null.FootComment
		*null = *value
		return null
	}
	at := len(d.root.Content)
	for _, later := range order[slices.Index(order, kind)+1:] {
		for i := 0; i < len(d.root.Content); i += 2 {
			if d.root.Content[i].Value == sections[later].key {
				at = min(at, i)
			}
		}
	}
	d.root.Content = slices.Insert(d.root.Content, at, &yaml.Node{Kind: yaml.ScalarNode, Value: sections[kind].key}, value)
	d.root.Style &^= yaml.FlowStyle // "{}"
	return value
}

// lookUp finds the value of a key that is written in a mapping; nil if it is not.
func lookUp(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// set gives a key of a mapping a value, in its place if it is there, at the end otherwise. What says the same already
// stays as it is spelled.
func set(mapping *yaml.Node, key string, fresh *yaml.Node) error {
	old := lookUp(mapping, key)
	if old == nil {
		name := &yaml.Node{}
		err := name.Encode(key)
		mapping.Content = append(mapping.Content, name, fresh)
		return err
	}
	if same(old, fresh) {
		return nil
	}
	if old.Kind == fresh.Kind {
		fresh.HeadComment, fresh.LineComment, fresh.FootComment = old.HeadComment, old.LineComment, old.FootComment
		if fresh.Kind == yaml.SequenceNode {
			fresh.Style = old.Style
			keepElements(fresh, old)
		}
	}
	*old = *fresh
	return nil
}

func same(a, b *yaml.Node) bool {
	var left, right any
	return a.Decode(&left) == nil && b.Decode(&right) == nil && reflect.DeepEqual(left, right)
}

// keepElements takes the elements of a list that stay from the old list, with their comments and quotes.
func keepElements(fresh, old *yaml.Node) {
	left := slices.Clone(old.Content)
	for i, element := range fresh.Content {
		if at := slices.IndexFunc(left, func(had *yaml.Node) bool { return same(had, element) }); at >= 0 {
			fresh.Content[i] = left[at]
			left = slices.Delete(left, at, at+1)
		}
	}
}

func drop(mapping *yaml.Node, key string) {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content = slices.Delete(mapping.Content, i, i+2)
			return
		}
	}
}
