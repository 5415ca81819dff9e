package metallb

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// alias is one line of bgp-communities. The objects of that kind have no place of their own there: one is the aliases
// that it names, and the others are somebody else's.
type alias struct{ name, value string }

const allAliases = "communities" // a name for the object that has all, the one that MetalLB's own converter gives it

func named(aliases []alias, name string) bool {
	return slices.ContainsFunc(aliases, func(a alias) bool { return a.name == name })
}

// aliasesOf are those that a Community names.
func aliasesOf(spec map[string]any) (found []alias) {
	list, _ := spec["communities"].([]any)
	for _, entry := range list {
		entry, _ := entry.(map[string]any)
		name, _ := entry["name"].(string)
		value, _ := entry["value"].(string)
		found = append(found, alias{name, value})
	}
	return found
}

func communitySpec(aliases []alias) map[string]any {
	list := make([]any, len(aliases))
	for i, a := range aliases {
		list[i] = map[string]any{"name": a.name, "value": a.value}
	}
	return map[string]any{"communities": list}
}

// aliases are all, in the order of the text.
func (d *document) aliases() (found []alias, err error) {
	node := lookUp(d.root, sections[Community].key)
	if node == nil || node.Tag == "!!null" {
		return nil, nil
	}
	read, err := mapping(node)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", sections[Community].key, err)
	}
	all, _ := read.(map[string]any)
	for i := 0; i+1 < len(node.Content); i += 2 {
		if value, ok := all[node.Content[i].Value].(string); ok {
			found = append(found, alias{node.Content[i].Value, value})
		}
	}
	return found, nil
}

// known are the aliases that an object, as known, has in the text: all of them, if it is not known which are its own.
func (d *document) known(o *Object) ([]alias, error) {
	all, err := d.aliases()
	if _, told := o.Spec["communities"]; !told || err != nil {
		return all, err
	}
	var found []alias
	for _, own := range aliasesOf(o.Spec) {
		if i := slices.IndexFunc(all, func(a alias) bool { return a.name == own.name }); i >= 0 {
			found = append(found, all[i])
		}
	}
	return found, nil
}

// writeAliases makes the prior ones what want says.
func (d *document) writeAliases(prior, want []alias) error {
	node := lookUp(d.root, sections[Community].key)
	if node == nil || node.Tag == "!!null" {
		node = d.section(Community, yaml.MappingNode)
	}
	for _, a := range prior {
		if !named(want, a.name) {
			drop(node, a.name)
		}
	}
	if len(node.Content) == 0 {
		node.Style &^= yaml.FlowStyle // "{}"
	}
	for _, a := range want {
		value := &yaml.Node{}
		if err := errors.Join(value.Encode(a.value), set(node, a.name, value)); err != nil {
			return err
		}
	}
	return nil
}

func (s *configMapStore) createAliases(want *Object) change {
	return func(d *document, unsure bool) error {
		had, err := d.known(want)
		switch {
		case err != nil:
			return err
		case unsure && reflect.DeepEqual(had, aliasesOf(want.Spec)):
			return nil // an earlier attempt made it, and its answer was lost
		case len(had) > 0:
			return s.taken(had)
		}
		return d.writeAliases(nil, aliasesOf(want.Spec))
	}
}

func (s *configMapStore) updateAliases(prior, want *Object) change {
	return func(d *document, _ bool) error {
		had, err := d.known(prior)
		if err != nil {
			return err
		}
		if len(had) == 0 {
			return s.absent()
		}
		there, err := d.known(want)
		if err != nil {
			return err
		}
		own := aliasesOf(prior.Spec)
		there = slices.DeleteFunc(there, func(a alias) bool { return named(own, a.name) })
		if len(there) > 0 {
			return s.taken(there)
		}
		return d.writeAliases(own, aliasesOf(want.Spec))
	}
}

// removeAliases removes those that the object is known to have: never all, as it is read when none is known.
func (s *configMapStore) removeAliases(known *Object) change {
	own := aliasesOf(known.Spec)
	return func(d *document, _ bool) error {
		had, err := d.known(known)
		if err != nil {
			return err
		}
		if len(own) == 0 || len(had) == 0 {
			return s.absent()
		}
		return d.writeAliases(own, nil)
	}
}

func (s *configMapStore) taken(aliases []alias) error {
	var names []string
	for _, a := range aliases {
		names = append(names, a.name)
	}
	return s.where.refuse(ErrExists, "communities", fmt.Sprintf("%s of ConfigMap %s has %s already",
		sections[Community].key, s.name, strings.Join(names, ", ")), "")
}
