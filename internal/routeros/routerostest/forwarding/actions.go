//go:build linux

package forwarding

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/nftables/expr"
	"golang.org/x/sys/unix"
)

// act sets what is done with the packets that a rule is for.
func (r *rule) act() error {
	action := cmp.Or(r.words["action"], "accept")
	switch action {
	case "accept":
		r.action = []expr.Any{&expr.Verdict{Kind: expr.VerdictAccept}}
		return nil
	case "return":
		r.action = []expr.Any{&expr.Verdict{Kind: expr.VerdictReturn}}
		return nil
	case "log", "passthrough": // the next rule's turn
		return nil
	case "jump":
		r.target = r.words["jump-target"]
		if r.target == "" || r.target == "input" || r.target == "output" {
			return fmt.Errorf("jump-target=%s is not simulated", r.target)
		}
		r.action = jumpTo(r.target)
		return nil
	}
	addresses, err := r.to("to-addresses", addresses, registers{1, 2})
	if err != nil {
		return err
	}
	ports, err := r.to("to-ports", ports, registers{3, 4})
	if err != nil {
		return err
	}
	if ports != (registers{}) && !slices.Contains(strings.Fields("tcp udp udp-lite dccp sctp"), r.words["protocol"]) {
		return errors.New("to-ports is for protocol=tcp, udp, udp-lite, dccp or sctp")
	}
	switch {
	case action == "redirect":
		r.action = append(r.action, &expr.Redir{RegisterProtoMin: ports.first, RegisterProtoMax: ports.last})
	case action == "masquerade" && ports != (registers{}): // the kernel takes them with a flag that the library cannot set
		return errors.New("to-ports is not simulated with action=masquerade")
	case action == "masquerade":
		r.action = append(r.action, &expr.Masq{})
	case action != "dst-nat" && action != "src-nat":
		return fmt.Errorf("action=%s is not simulated", action)
	case addresses == ports: // neither
		return fmt.Errorf("action=%s is for to-addresses or to-ports, and there are none", action)
	default:
		direction := expr.NATTypeDestNAT
		if action == "src-nat" {
			direction = expr.NATTypeSourceNAT
		}
		r.action = append(r.action, &expr.NAT{
			Type: direction, Family: unix.NFPROTO_IPV4,
			RegAddrMin: addresses.first, RegAddrMax: addresses.last, RegProtoMin: ports.first, RegProtoMax: ports.last,
		})
	}
	return nil
}

// registers are where the kernel keeps the two ends of a range, 0 for no range.
type registers struct{ first, last uint32 }

// to brings what a packet's address or port becomes into registers.
func (r *rule) to(property string, parse func(string) ([]span, error), into registers) (registers, error) {
	text := r.words[property]
	if text == "" {
		return registers{}, nil
	}
	spans, err := parse(text)
	if err != nil {
		return registers{}, fmt.Errorf("%s=%s: %w", property, text, err)
	}
	r.action = append(r.action, &expr.Immediate{Register: into.first, Data: spans[0].first},
		&expr.Immediate{Register: into.last, Data: spans[0].last})
	return into, nil
}
