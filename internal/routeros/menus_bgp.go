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
	to710    = Range{From: V(7, 0), Before: V(7, 10)} // some words are not yet of output
	to719    = Range{From: V(7, 0), Before: V(7, 19)} // afi is still address-families
	to720    = Range{From: V(7, 0), Before: V(7, 20)} // no instances: templates stand in for them
	to722    = Range{From: V(7, 0), Before: V(7, 22)} // add-path is one switch
	to721    = Range{From: V(7, 0), Before: V(7, 21)}
	since710 = Range{From: V(7, 10)}
	since719 = Range{From: V(7, 19)}
	since720 = Range{From: V(7, 20)}
	since721 = Range{From: V(7, 21)}
	since722 = Range{From: V(7, 22)}
)

const noRoutingPackage = "BGP is in the package routing: see /system/package, and enable it or add it"

// BGPInstance is /routing/bgp/instance of RouterOS 6 and from 7.20. In between there are no instances; there it is a
// /routing/bgp/template of that name, which carries the same words to the peers that name it.
var BGPInstance = &Menu{
	Noun:      "BGP instance",
	Key:       "name",
	Lack:      noRoutingPackage,
	Inherited: true,
	Paths: []Path{
		{v6, "/routing/bgp/instance"},
		{to720, "/routing/bgp/template"},
		{since720, "/routing/bgp/instance"},
	},
	Words: []Word{
		{Name: "name", Fixed: true},
		// RouterOS 6 cannot unset it; 65530 is what its instance `default` comes with.
		{Name: "as", Spelled: []Spelling{{Range: v6, Fixed: true, Encode: orElse("65530")}, {Range: v7}}},
		{Name: "router-id", Spelled: []Spelling{printed(v6, "router-id", "0.0.0.0"), {Range: v7}}},
		{Name: "cluster-id"},
		{Name: "confederation", Spelled: only(v6)},
		{Name: "confederation-peers", Spelled: only(v6)},
		{Name: "ignore-as-path-len", Default: "no", Spelled: []Spelling{
			{Range: v6, Fixed: true},
			{Range: to720, Word: "input.ignore-as-path-len"},
			{Range: since720},
		}},
		{Name: "multipath", Spelled: only(since722)},
		{Name: "routing-table", Spelled: []Spelling{{Range: v6, Fixed: true}, {Range: v7}}},
		{Name: "vrf", Spelled: only(v7)},
		{Name: "client-to-client-reflection", Default: "yes", Fixed: true, Spelled: only(v6)},
		{Name: "out-filter", Fixed: true, Spelled: only(v6)},
		{Name: "redistribute-connected", Default: "no", Fixed: true, Spelled: only(v6)},
		{Name: "redistribute-static", Default: "no", Fixed: true, Spelled: only(v6)},
		{Name: "redistribute-rip", Default: "no", Fixed: true, Spelled: only(v6)},
		{Name: "redistribute-ospf", Default: "no", Fixed: true, Spelled: only(v6)},
		{Name: "redistribute-other-bgp", Default: "no", Fixed: true, Spelled: only(v6)},
		{Name: "comment", Fixed: true},
		{Name: "disabled", Default: "no", Fixed: true, Watched: true},
	},
	// The upgrade to 7.20 gives peers an instance for each AS number and router ID that their templates say. The template
	// stays, and is the router's own from then on.
	Remade: &Remade{
		Range: since720,
		Names: regexp.MustCompile(`^(bgp-instance-\d+|default)$`),
		Words: []string{"as", "router-id"},
		Left:  "/routing/bgp/template",
	},
	split: splitConfederation,
	join:  joinConfederation,
}

// BGPPeer is /routing/bgp/peer of RouterOS 6 and /routing/bgp/connection of RouterOS 7.
var BGPPeer = &Menu{
	Noun: "BGP peer",
	Key:  "name",
	Lack: noRoutingPackage,
	Paths: []Path{
		{v6, "/routing/bgp/peer"},
		{v7, "/routing/bgp/connection"},
	},
	Words: []Word{
		{Name: "name", Fixed: true},
		{Name: "instance", Fixed: true, Spelled: []Spelling{{Range: v6}, {Range: to720, Word: "templates"}, {Range: since720}}},
		{Name: "templates", Spelled: only(v7)},
		// Before 7.20 a peer can say itself what an instance says.
		{Name: "router-id", Spelled: only(to720)},
		{Name: "cluster-id", Spelled: only(to720)},
		{Name: "input.ignore-as-path-len", Default: "no", Spelled: only(to720)},
		{Name: "as", Spelled: only(v7)},
		{Name: "remote.address", Spelled: []Spelling{{Range: v6, Word: "remote-address", Encode: host}, {Range: v7}}},
		{Name: "remote.as", Spelled: since6("remote-as")},
		{Name: "remote.port", Spelled: since6("remote-port")},
		{Name: "remote.ttl", Spelled: []Spelling{{Range: v7, Sticky: true}}},
		{Name: "remote.allowed-as", Spelled: only(v7)},
		{Name: "local.address", Spelled: since6("update-source")},
		{Name: "local.port", Spelled: only(v7)},
		{Name: "local.role", Fixed: true, Watched: true, Spelled: []Spelling{
			{Range: v6, Word: "route-reflect", Encode: reflects, Decode: roleOf},
			{Range: v7},
		}},
		{Name: "local.ttl", Spelled: []Spelling{printed(v6, "ttl", "default"), {Range: v7, Sticky: true}}},
		// RouterOS 6 has one switch for both: it is passive or not, and always listens.
		{Name: "connect", Default: "yes", Fixed: true, Spelled: []Spelling{
			{Range: v6, Word: "passive", Encode: opposite, Decode: oppositeOf},
			{Range: v7},
		}},
		{Name: "listen", Default: "yes", Fixed: true, Spelled: []Spelling{{Range: v6, Always: "yes"}, {Range: v7}}},
		{Name: "multihop", Default: "no", Spelled: fixedOn6("multihop")},
		// From 7.21 a print hides it, by a mask or altogether.
		{Name: "tcp-md5-key", Spelled: []Spelling{
			{Range: v6, Fixed: true, Decode: unmask}, {Range: to721, Decode: unmask}, {Range: since721, Decode: unmask, Silent: true},
		}},
		{Name: "hold-time", Default: "3m", Spelled: fixedOn6("hold-time")},
		{Name: "keepalive-time"},
		{Name: "afi", Default: "ip", Values: map[string]Range{"vpnv6": {From: V(7, 15)}, "evpn": since720}, Spelled: []Spelling{
			{Range: v6, Word: "address-families", Fixed: true},
			{Range: to719, Word: "address-families"},
			{Range: since719},
		}},
		{Name: "nexthop-choice", Default: "default", Spelled: fixedOn6("nexthop-choice")},
		{Name: "use-bfd", Default: "no", Spelled: fixedOn6("use-bfd")},
		{Name: "cisco-vpls-nlri-len-fmt"},
		{Name: "routing-table", Spelled: only(v7)},
		{Name: "vrf", Spelled: only(v7)},
		{Name: "add-path-out", Spelled: only(to722)},
		{Name: "save-to", Spelled: only(v7)},
		{Name: "max-prefix-limit", Spelled: only(v6)},
		{Name: "max-prefix-restart-time", Spelled: only(v6)},

		{Name: "input.accept-communities", Spelled: only(v7)},
		{Name: "input.accept-ext-communities", Spelled: only(v7)},
		{Name: "input.accept-large-communities", Spelled: only(v7)},
		{Name: "input.accept-nlri", Spelled: only(v7)},
		{Name: "input.accept-unknown", Spelled: only(to719)},
		{Name: "input.add-path", Spelled: only(since722)},
		{Name: "input.affinity", Spelled: only(v7)},
		{Name: "input.allow-as", Spelled: since6("allow-as-in")},
		// It came to 7.20 late, and 7.21 was older then.
		{Name: "input.attr-error-handling", Default: "default", Fixed: true, Spelled: []Spelling{
			{Range: Range{From: V(7, 20, 8), Before: V(7, 21)}}, {Range: Range{From: V(7, 21, 2)}},
		}},
		{Name: "input.filter", Spelled: []Spelling{{Range: v6, Word: "in-filter", Fixed: true}, {Range: v7}}},
		{Name: "input.filter-communities", Spelled: only(since719)},
		{Name: "input.filter-ext-communities", Spelled: only(since719)},
		{Name: "input.filter-large-communities", Spelled: only(since719)},
		{Name: "input.filter-nlri", Spelled: only(since720)},
		{Name: "input.filter-unknown", Spelled: only(since719)},
		{Name: "input.limit-process-routes-ipv4", Spelled: only(v7)},
		{Name: "input.limit-process-routes-ipv6", Spelled: only(v7)},

		{Name: "output.add-path", Spelled: only(since722)},
		{Name: "output.affinity", Spelled: only(v7)},
		{Name: "output.as-override", Default: "no", Spelled: []Spelling{
			{Range: v6, Word: "as-override", Fixed: true}, {Range: to710, Word: "as-override"}, {Range: since710},
		}},
		{Name: "output.default-originate", Default: "never", Spelled: []Spelling{
			{Range: v6, Word: "default-originate", Fixed: true}, {Range: v7},
		}},
		{Name: "output.default-prepend", Spelled: only(v7)},
		{Name: "output.filter-chain", Spelled: []Spelling{{Range: v6, Word: "out-filter", Fixed: true}, {Range: v7}}},
		{Name: "output.filter-select", Spelled: only(v7)},
		{Name: "output.keep-sent-attributes", Default: "no", Spelled: only(v7)},
		{Name: "output.network", Spelled: only(v7)},
		{Name: "output.network-blackhole", Default: "no", Spelled: only(Range{From: V(7, 20, 1)})},
		{Name: "output.no-client-to-client-reflection", Default: "no", Spelled: only(v7)},
		{Name: "output.no-early-cut", Default: "no", Spelled: only(v7)},
		{Name: "output.redistribute", Values: map[string]Range{"isis": {From: V(7, 16)}, "slaac": {From: V(7, 21, 4)}}, Spelled: only(v7)},
		{Name: "output.remove-private-as", Default: "no", Spelled: []Spelling{
			{Range: v6, Word: "remove-private-as", Fixed: true}, {Range: to710, Word: "remove-private-as"}, {Range: since710},
		}},
		{Name: "comment", Fixed: true},
		{Name: "disabled", Default: "no", Fixed: true, Watched: true},
	},
	// The upgrade from RouterOS 6 may write what an instance says onto its peers, where it hides what the instance says later.
	Copies:   &Copies{Of: BGPInstance, By: "instance", Words: []string{"as", "router-id"}},
	complete: completeRole,
	implied:  inherited,
	split:    splitTemplates,
	join:     joinTemplates,
}

// only is a word that some releases have, under its own name.
func only(in Range) []Spelling { return []Spelling{{Range: in}} }

// since6 is a word that RouterOS 6 calls otherwise.
func since6(word string) []Spelling { return []Spelling{{Range: v6, Word: word}, {Range: v7}} }

// fixedOn6 is a word that RouterOS 6 prints always, and cannot unset.
func fixedOn6(word string) []Spelling {
	return []Spelling{{Range: v6, Word: word, Fixed: true}, {Range: v7}}
}

// printed is a word that those releases cannot unset, and whose absence they print as a value of its own.
func printed(in Range, word, absent string) Spelling {
	return Spelling{Range: in, Word: word, Fixed: true, Encode: orElse(absent), Decode: func(wire, prior string) string {
		if wire == absent && prior != absent {
			return ""
		}
		return wire
	}}
}

func orElse(value string) func(string) string {
	return func(given string) string {
		if given == "" {
			return value
		}
		return given
	}
}

func opposite(yes string) string {
	if spelled(yes) == "true" {
		return "no"
	}
	return "yes"
}

func oppositeOf(wire, _ string) string { return opposite(wire) }

// Masked is how RouterOS prints a secret that the user may not see, or, from 7.21, that a print did not ask for.
const Masked = "*****"

// unmask takes a secret that cannot be seen for the one that is known: it is neither compared nor written back.
func unmask(wire, prior string) string {
	if wire == Masked {
		return prior
	}
	return wire
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

// splitConfederation writes 65000/65101 as RouterOS 6 does: the AS 65101, of the confederation 65000.
func splitConfederation(v Version, words Words) {
	if outer, inner, both := strings.Cut(words["as"], "/"); both && v6.Contains(v) {
		words["as"], words["confederation"] = inner, outer
	}
}

func joinConfederation(v Version, words, prior Words) {
	if outer := words["confederation"]; v6.Contains(v) && strings.Contains(prior["as"], "/") && outer != "" {
		words["as"] = outer + "/" + words["as"]
		delete(words, "confederation")
	}
}

// splitTemplates puts the instance first among the templates, where it is one.
func splitTemplates(v Version, words Words) {
	if more := words["templates"]; more != "" && to720.Contains(v) {
		words["instance"] = strings.TrimPrefix(words["instance"]+","+more, ",")
		delete(words, "templates")
	}
}

func joinTemplates(v Version, words, _ Words) {
	first, more, several := strings.Cut(words["instance"], ",")
	switch {
	case !to720.Contains(v):
	case several:
		words["instance"], words["templates"] = first, more
	default:
		delete(words, "templates") // the one there is is the instance
	}
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
	own := words["as"]
	if own == "" {
		own = instances[0].Words["as"]
	}
	role, err := DeriveRole(spelled(own), spelled(words["remote.as"]))
	if err != nil {
		return refuse(err.Error())
	}
	words["local.role"] = role
	return nil
}

// inherited are the words that RouterOS 7 shows of a peer although its instance gives them, and the role that follows.
func inherited(ctx context.Context, r *Router, version Version, words Words) Words {
	if v6.Contains(version) {
		return nil
	}
	instances, err := r.Table(BGPInstance).Find(ctx, "name", words["instance"])
	if err != nil || len(instances) == 0 {
		return nil
	}
	from := instances[0].Words
	follow := Words{"routing-table": orElse("main")(from["routing-table"])}
	for _, word := range []string{"as", "router-id", "cluster-id"} {
		follow[word] = from[word]
	}
	if role, err := DeriveRole(from["as"], words["remote.as"]); err == nil {
		follow["local.role"] = role
	}
	return follow
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
