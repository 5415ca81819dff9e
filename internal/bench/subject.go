package main

import (
	"fmt"
	"path/filepath"
	"strings"
)

// The names of the subjects.
const (
	floor = "floor"
	ours  = "ours"
	peer  = "peer"
)

const (
	oursSource = "baremetal-lb/routeros"
	peerSource = "terraform-routeros/routeros"
	natMenu    = "/ip/firewall/nat"
)

// subject is a provider, and its resource that does the work.
type subject struct {
	name      string
	program   string // the provider's file; "" for one that is inside of the CLI, and talks to no router
	source    string // the provider's address
	protocol  int    // of the provider, towards the CLI
	kind      string // the resource's type
	arguments string
	// varies gives the attributes in which the object of an index, with that id, differs from the first in the state.
	varies func(index int, id string) map[string]any
	// template is the state of one object, once it was made.
	template []byte
}

// The object of an index matches one port, and forwards to another.
const (
	firstPort   = 10_000
	firstTarget = 20_000
)

var rule = fmt.Sprintf(`
  protocol     = "tcp"
  dst_port     = %d + count.index
  in_interface = "ether1"
  to_addresses = "192.168.128.1"
  to_ports     = %d + count.index
  comment      = "rule ${count.index}"`, firstPort, firstTarget)

func ruleVaries(index int, id string) map[string]any {
	return map[string]any{
		"id": id, "comment": fmt.Sprintf("rule %d", index),
		"dst_port": fmt.Sprint(firstPort + index), "to_ports": fmt.Sprint(firstTarget + index),
	}
}

func newOurs(program string) *subject {
	return &subject{
		name: ours, program: program, source: oursSource, protocol: 6, kind: "routeros_dstnat", arguments: rule, varies: ruleVaries,
	}
}

func newPeer(program string) *subject {
	return &subject{
		name: peer, program: program, source: peerSource, protocol: 5, kind: "routeros_ip_firewall_nat",
		arguments: "\n  chain        = \"dstnat\"\n  action       = \"dst-nat\"" + rule, varies: ruleVaries,
	}
}

// newFloor is what Terraform needs for as many objects that say the same, and do nothing.
func newFloor() *subject {
	return &subject{
		name: floor, kind: "terraform_data",
		arguments: fmt.Sprintf("\n  input = \"tcp ${%d + count.index} ether1 192.168.128.1 ${%d + count.index} rule ${count.index}\"",
			firstPort, firstTarget),
		varies: func(index int, id string) map[string]any {
			said := map[string]any{
				"type":  "string",
				"value": fmt.Sprintf("tcp %d ether1 192.168.128.1 %d rule %d", firstPort+index, firstTarget+index, index),
			}
			return map[string]any{"id": id, "input": said, "output": said}
		},
	}
}

// row are the words that add to the router what the rule of an index is there.
func row(index int) []string {
	return []string{
		natMenu + "/add", "=chain=dstnat", "=action=dst-nat", "=protocol=tcp", fmt.Sprintf("=dst-port=%d", firstPort+index),
		"=in-interface=ether1", "=to-addresses=192.168.128.1", fmt.Sprintf("=to-ports=%d", firstTarget+index),
		fmt.Sprintf("=comment=rule %d", index),
	}
}

// configuration has that many objects of the subject, on the router at an address.
func (s *subject) configuration(router string, objects int) []byte {
	var text strings.Builder
	if s.source != "" {
		fmt.Fprintf(&text, `terraform {
  required_providers {
    routeros = { source = %q }
  }
}

provider "routeros" {
  hosturl  = "api://%s"
  username = "admin"
  password = ""
}

`, s.source, router)
	}
	fmt.Fprintf(&text, "resource %q \"rule\" {\n  count = %d%s\n}\n", s.kind, objects, s.arguments)
	return []byte(text.String())
}

// describe says what the subject is.
func (s *subject) describe() string {
	switch s.name {
	case floor:
		return "*floor* is `terraform_data` with the same text, which is what Terraform itself costs"
	case peer:
		return fmt.Sprintf("*peer* is `%s` of %s, another provider", s.kind, strings.Replace(filepath.Base(s.program), "-v", " v", 1))
	}
	return fmt.Sprintf("*ours* is `%s`", s.kind)
}
