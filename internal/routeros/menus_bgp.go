package routeros

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var (
	v6       = Range{Before: V(7, 0)}
	v7       = Range{From: V(7, 0)}
	to719    = Range{From: V(7, 0), Before: V(7, 19)} // afi is still address-families
	to720    = Range{From: V(7, 0), Before: V(7, 20)} // no instances: templates stand in for them
	since719 = Range{From: V(7, 19)}
	since720 = Range{From: V(7, 20)}
)

// BGPInstance is /routing/bgp/instance of RouterOS 6 and from 7.20. In between there are no instances; there it is a
// /routing/bgp/template of that name, which carries the same words to the peers that name it.
var BGPInstance = &Menu{
	Noun: "BGP instance",
	Key:  "name",
	Paths: []Path{
		{v6, "/routing/bgp/instance"},
		{to720, "/routing/bgp/template"},
		{since720, "/routing/bgp/instance"},
	},
	Words: []Word{
		{Name: "name", Fixed: true},
		// RouterOS 6 cannot unset it; 65530 is what its instance `default` comes with.
		{Name: "as", Spelled: []Spelling{{Range: v6, Fixed: true, Encode: orElse("65530")}, {Range: v7}}},
		{Name: "router-id", Spelled: []Spelling{
			{Range: v6, Fixed: true, Decode: absentAs("0.0.0.0"), Encode: orElse("0.0.0.0")},
			{Range: v7},
		}},
		{Name: "comment", Fixed: true},
		{Name: "disabled", Default: "no", Fixed: true},
	},
	// The upgrade to 7.20 gives peers an instance for each AS number and router ID that their templates say. The template
	// stays, and is the router's own from then on.
	Remade: &Remade{
		Range: since720,
		Names: regexp.MustCompile(`^(bgp-instance-\d+|default)$`),
		Words: []string{"as", "router-id"},
		Left:  "/routing/bgp/template",
	},
}

// BGPPeer is /routing/bgp/peer of RouterOS 6 and /routing/bgp/connection of RouterOS 7.
var BGPPeer = &Menu{
	Noun: "BGP peer",
	Key:  "name",
	Paths: []Path{
		{v6, "/routing/bgp/peer"},
		{v7, "/routing/bgp/connection"},
	},
	Words: []Word{
		{Name: "name", Fixed: true},
		{Name: "instance", Fixed: true, Spelled: []Spelling{
			{Range: v6},
			{Range: to720, Word: "templates", Decode: first},
			{Range: since720},
		}},
		{Name: "as", Spelled: []Spelling{{Range: v7}}},
		{Name: "router-id", Spelled: []Spelling{{Range: to720}}},
		{Name: "remote.address", Spelled: []Spelling{{Range: v6, Word: "remote-address"}, {Range: v7}}},
		{Name: "remote.as", Spelled: []Spelling{{Range: v6, Word: "remote-as"}, {Range: v7}}},
		{Name: "local.role", Fixed: true, Spelled: []Spelling{
			{Range: v6, Word: "route-reflect", Encode: reflects, Decode: roleOf},
			{Range: v7},
		}},
		{Name: "multihop", Default: "no", Spelled: []Spelling{{Range: v6, Fixed: true}, {Range: v7}}},
		{Name: "hold-time", Default: "3m", Spelled: []Spelling{{Range: v6, Fixed: true}, {Range: v7}}},
		{Name: "keepalive-time"},
		{Name: "afi", Default: "ip", Spelled: []Spelling{
			{Range: v6, Word: "address-families", Fixed: true},
			{Range: to719, Word: "address-families"},
			{Range: since719},
		}},
		{Name: "comment", Fixed: true},
		{Name: "disabled", Default: "no", Fixed: true},
	},
	// The upgrade from RouterOS 6 may write what an instance says onto its peers, where it hides what the instance says later.
	Copies:   &Copies{Of: BGPInstance, By: "instance", Words: []string{"as", "router-id"}},
	complete: completeRole,
	implied:  []string{"local.role"},
}

func first(list, _ string) string {
	head, _, _ := strings.Cut(list, ",")
	return head
}

func absentAs(value string) func(wire, prior string) string {
	return func(wire, prior string) string {
		if wire == value && prior != value {
			return ""
		}
		return wire
	}
}

func orElse(value string) func(string) string {
	return func(given string) string {
		if given == "" {
			return value
		}
		return given
	}
}

// RouterOS 6 knows of the roles only whether a peer is a route reflector's client.
func reflects(role string) string {
	if role == "ibgp-rr" {
		return "yes"
	}
	return "no"
}

func roleOf(reflects, prior string) string {
	switch {
	case reflects == "true":
		return "ibgp-rr"
	case prior == "ibgp-rr":
		return ""
	}
	return prior
}

// completeRole gives RouterOS 7, which demands a role, the one that follows from the two AS numbers.
func completeRole(ctx context.Context, r *Router, version Version, words Words) error {
	if v6.Contains(version) || words["local.role"] != "" {
		return nil
	}
	refuse := func(why string) error {
		return &Error{Kind: ErrRefused, Router: r.Address(), Version: version.String(), Word: "local.role",
			Message: fmt.Sprintf("BGP peer %q: %s", words["name"], why), Advice: "Set local_role."}
	}
	instances, err := r.Table(BGPInstance).Find(ctx, "name", words["instance"])
	switch {
	case err != nil:
		return err
	case len(instances) == 0:
		return &Error{Kind: ErrRefused, Router: r.Address(), Version: version.String(), Word: "instance",
			Message: fmt.Sprintf("BGP peer %q: there is no BGP instance %q", words["name"], words["instance"]),
			Advice:  "Create it, or refer to it as routeros_bgp_instance.….name so that Terraform creates it first."}
	}
	role, err := DeriveRole(instances[0].Words["as"], words["remote.as"])
	if err != nil {
		return refuse(err.Error())
	}
	words["local.role"] = role
	return nil
}

// DeriveRole tells the role that RouterOS 7 demands from the two AS numbers, in RouterOS' plain form. A confederation
// ("65000/65101"), or an AS that is not known, leaves it open.
func DeriveRole(own, remote string) (string, error) {
	switch {
	case own == "" || remote == "":
		return "", errors.New("the role does not follow from the AS numbers, since one is not known")
	case strings.Contains(own, "/"):
		return "", errors.New("in a confederation the role does not follow from the AS numbers")
	case own == remote:
		return "ibgp", nil
	}
	return "ebgp", nil
}
