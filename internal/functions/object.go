package functions

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/pair"
)

// object is an argument whose attributes are read one by one. Whether it was right is known when all are.
type object struct {
	typeName string
	values   map[string]attr.Value
	asked    []string // the attributes that were read, there or not
	errs     []error

	later      bool     // it is known after apply
	templated  []string // the attributes that may be set in a template if they are not set here
	inherits   bool     // there is a template
	mayInherit bool     // whether there is one is known after apply
}

func newObject(p parameter, argument types.Dynamic) *object {
	o := &object{typeName: p.typeName, later: argument.IsUnknown() || argument.IsUnderlyingValueUnknown()}
	whole, ok := argument.UnderlyingValue().(types.Object)
	switch {
	case o.later:
	case !ok || whole.IsNull():
		o.errs = []error{fmt.Errorf("%s is no object: %s", p.name, o.form())}
	default:
		o.values = whole.Attributes()
	}
	return o
}

func (o *object) form() string {
	return fmt.Sprintf("give a %s, or an object that has some of its attributes; of a resource with count or for_each, one (%s.name[…])",
		o.typeName, o.typeName)
}

// wrong tells what is wrong with the argument, once it is read.
func (o *object) wrong() error {
	has := func(name string) bool { _, there := o.values[name]; return there }
	if len(o.errs) == 0 && !o.later && !slices.ContainsFunc(o.asked, has) {
		return fmt.Errorf("the object has no attribute of a %s that is compared: %s", o.typeName, o.form())
	}
	return errors.Join(o.errs...)
}

// at is the value of an attribute; nil if it is not set.
func (o *object) at(name string) attr.Value {
	o.asked = append(o.asked, name)
	value := unwrapped(o.values[name])
	if value == nil || value.IsNull() {
		return nil
	}
	return value
}

// unwrapped is a value whose type was open until it was given. One whose type is still unknown stays wrapped.
func unwrapped(value attr.Value) attr.Value {
	if dynamic, ok := value.(types.Dynamic); ok && !dynamic.IsUnknown() {
		return dynamic.UnderlyingValue()
	}
	return value
}

// read gives what an attribute says, in the form that parse makes of its text. An empty text says nothing.
func read[T any](o *object, name string, parse func(text string) (pair.Value[T], error)) pair.Value[T] {
	value := o.at(name)
	elsewhere := value == nil && slices.Contains(o.templated, name)
	switch {
	case o.later || (elsewhere && o.mayInherit) || (value != nil && value.IsUnknown()):
		return pair.Later[T]()
	case elsewhere && o.inherits:
		return pair.Hidden[T]()
	case value == nil:
		return pair.Value[T]{}
	}
	text, err := textOf(value)
	if err == nil && text == "" {
		return pair.Value[T]{}
	}
	var is pair.Value[T]
	if err == nil {
		is, err = parse(text)
	}
	if err != nil {
		o.refuse(name, err)
	}
	return is
}

func (o *object) refuse(name string, err error) {
	o.errs = append(o.errs, fmt.Errorf("%s: %w", name, err))
}

// textOf converts as Terraform does.
func textOf(value attr.Value) (string, error) {
	switch v := value.(type) {
	case types.String:
		return v.ValueString(), nil
	case types.Number:
		return v.ValueBigFloat().Text('f', -1), nil
	case types.Bool:
		return strconv.FormatBool(v.ValueBool()), nil
	}
	return "", errors.New("give a string, a number or a bool, as the resource has it")
}

// plain makes a value of what a parser gives.
func plain[T any](parse func(string) (T, error)) func(string) (pair.Value[T], error) {
	return func(text string) (pair.Value[T], error) {
		is, err := parse(text)
		return pair.Of(is), err
	}
}

func (o *object) text(name string) pair.Value[string] {
	return read(o, name, func(text string) (pair.Value[string], error) { return pair.Of(text), nil })
}

func (o *object) flag(name string) pair.Value[bool] {
	return read(o, name, plain(func(text string) (bool, error) {
		on, err := strconv.ParseBool(text)
		if err != nil {
			return on, fmt.Errorf("%q is no bool: give true or false", text)
		}
		return on, nil
	}))
}

func (o *object) number(name string) pair.Value[int] {
	return read(o, name, plain(func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return n, fmt.Errorf("%q is no whole number", text)
		}
		return n, nil
	}))
}

// elements are those of a list, a set or a tuple. Not all are known if more is true.
func (o *object) elements(name string) (known []attr.Value, more, set bool) {
	value := o.at(name)
	if o.later || (value != nil && value.IsUnknown()) {
		return nil, true, true
	}
	if value == nil {
		return nil, false, false
	}
	list, ok := value.(interface{ Elements() []attr.Value })
	if !ok {
		o.refuse(name, errors.New("give a list, as the resource has it"))
		return nil, false, false
	}
	for _, element := range list.Elements() {
		if more = more || element.IsUnknown(); !element.IsUnknown() {
			known = append(known, unwrapped(element))
		}
	}
	return known, more, true
}
