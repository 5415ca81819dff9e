package metallb

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// document is the text of a ConfigMap, as a tree that keeps what it does not understand: comments, order, quotes.
type document struct {
	file     *yaml.Node
	root     *yaml.Node // the mapping in it
	indented bool       // the dashes of its lists
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
	encoder.SetIndent(2)
	if !d.indented {
		encoder.CompactSeqIndent()
	}
	err := errors.Join(encoder.Encode(d.file), encoder.Close())
	return text.String(), err
}

func indented(root *yaml.Node) bool {
	for i := 1; i < len(root.Content); i += 2 {
		if value := root.Content[i]; value.Kind == yaml.SequenceNode && value.Style&yaml.FlowStyle == 0 {
			return value.Column > root.Content[i-1].Column
		}
	}
	return false
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

// add appends an element to the list under a top-level key, which is made if need be: peers before address-pools.
func (d *document) add(key string, element *yaml.Node) error {
	list, err := d.list(key)
	if err != nil {
		return err
	}
	if list == nil {
		list = &yaml.Node{Kind: yaml.SequenceNode}
		if null := lookUp(d.root, key); null != nil {
			list.HeadComment, list.LineComment, list.FootComment = null.HeadComment, null.LineComment, null.FootComment
			*null = *list
			list = null
		} else {
			at := len(d.root.Content)
			for i := 0; i < len(d.root.Content); i += 2 {
				switch d.root.Content[i].Value {
				case "address-pools":
					at = min(at, i)
				case "peers":
					at = i + 2
				}
			}
			d.root.Content = slices.Insert(d.root.Content, at, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, list)
			d.root.Style &^= yaml.FlowStyle // "{}"
		}
	}
	if len(list.Content) == 0 {
		list.Style &^= yaml.FlowStyle // "[]"
	}
	list.Content = append(list.Content, element)
	return nil
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

// set gives a key of a mapping a value, in its place if it is there, at the end otherwise.
func set(mapping *yaml.Node, key string, value any) error {
	fresh := &yaml.Node{}
	if err := fresh.Encode(value); err != nil {
		return err
	}
	old := lookUp(mapping, key)
	if old == nil {
		mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, fresh)
		return nil
	}
	if old.Kind == yaml.ScalarNode && old.Value == fresh.Value && old.ShortTag() == fresh.ShortTag() {
		return nil // with the quotes that it has
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

// keepElements takes the elements of a list that stay from the old list, with their comments and quotes.
func keepElements(fresh, old *yaml.Node) {
	for i, element := range fresh.Content {
		for _, had := range old.Content {
			if had.Kind == yaml.ScalarNode && had.Value == element.Value {
				fresh.Content[i] = had
			}
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
