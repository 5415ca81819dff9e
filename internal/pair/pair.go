// Package pair compares what stands on both sides of the load balancer: a BGP session's two ends, the router's and
// MetalLB's, and a rule of the router with the pool that it forwards to. Each rule is pure, and each problem a sentence that
// names both attributes. It knows no Terraform but the names.
package pair

import (
	"fmt"
	"strings"
	"time"
)

// Value is what an attribute says. The zero value says nothing: the attribute is not set.
type Value[T any] struct {
	is    T
	state state
}

type state int

const (
	unset state = iota
	known
	later
	hidden
)

// Of is what an attribute is known to say.
func Of[T any](is T) Value[T] { return Value[T]{is, known} }

// Later is what is known after apply.
func Later[T any]() Value[T] { return Value[T]{state: later} }

// Hidden is what cannot be compared: a template may say it, or it is an interface's name where an address could be.
func Hidden[T any]() Value[T] { return Value[T]{state: hidden} }

// Findings are what is wrong between two sides.
type Findings struct {
	// Problems are what is certain to be wrong, each a sentence that says what to do. No secret is in them.
	Problems []string
	// Open tells that more may be wrong, by a value that is known after apply.
	Open bool
}

// problem adds one: what one side has, what the other has, what comes of it and what to do.
func (f *Findings) problem(one, other, so string) {
	f.Problems = append(f.Problems, fmt.Sprintf("%s, but %s: %s", one, other, so))
}

// said is what an attribute says; not ok if it says nothing, or nothing that is known here.
func said[T any](f *Findings, v Value[T]) (is T, ok bool) {
	f.Open = f.Open || v.state == later
	return v.is, v.state == known
}

// orDefault is what an attribute comes down to; not ok if that is not known here.
func orDefault[T any](f *Findings, v Value[T], what T) (is T, ok bool) {
	if v.state == unset {
		return what, true
	}
	return said(f, v)
}

// given tells whether an attribute is set; not ok if that is not known here.
func given[T any](f *Findings, v Value[T]) (yes, ok bool) {
	_, yes = said(f, v)
	return yes, yes || v.state == unset
}

// subject is an object as sentences call it, by its type and, if it is known, its name.
type subject struct {
	kind string
	name Value[string]
}

func (s subject) String() string {
	if s.name.is == "" {
		return s.kind
	}
	return fmt.Sprintf("%s %q", s.kind, s.name.is)
}

// has says what an attribute is.
func (s subject) has(attribute string, is any) string {
	if text, ok := is.(string); ok {
		is = fmt.Sprintf("%q", text)
	}
	if d, ok := is.(time.Duration); ok {
		is = spell(d)
	}
	return fmt.Sprintf("%s has %s = %v", s, attribute, is)
}

// lacks says that an attribute is not set, and what that means.
func (s subject) lacks(attribute, meaning string) string {
	return fmt.Sprintf("%s has no %s, which means %s", s, attribute, meaning)
}

// spell writes whole seconds without units that are zero: 3m for 3m0s.
func spell(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
