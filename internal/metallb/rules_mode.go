package metallb

import (
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	needsFRR    = "MetalLB's native mode, which runs there, refuses %s: leave it out, or run MetalLB in frr-k8s mode"
	needsOldFRR = "MetalLB's native mode, which runs there, refuses %s: leave it out, or run MetalLB in frr mode (frr-k8s does nothing with it)"
	needsFRRK8s = "MetalLB's %s mode, which runs there, refuses %s: leave it out, or run MetalLB in frr-k8s mode"
	inVain      = "MetalLB's frr-k8s mode, which runs there, does nothing with %s"
)

// InMode names what MetalLB does not do in a mode: nothing if the mode is not known.
func InMode(kind Kind, spec map[string]any, mode Mode) []Problem {
	var found []Problem
	whole := part{value: spec, found: &found}
	switch mode {
	case Native:
		checkNative(kind, whole)
		refuseFRRK8s(kind, whole, mode)
	case FRR:
		refuseFRRK8s(kind, whole, mode)
	case FRRK8s:
		for _, field := range []string{"sourceAddress", "localASN"} {
			if kind == BGPPeer && whole.at(field).known() {
				whole.at(field).doubtful(inVain, field)
			}
		}
	}
	return found
}

func refuseFRRK8s(kind Kind, spec part, mode Mode) {
	for _, field := range slices.Sorted(maps.Keys(kinds[kind].fields)) {
		if p := spec.at(field); kind.OnlyFRRK8s(field) && p.known() {
			p.wrong(needsFRRK8s, mode, field)
		}
	}
}

func checkNative(kind Kind, spec part) {
	if kind == BFDProfile {
		spec.wrong(needsFRR, "BFD profiles")
	}
	for _, field := range slices.Sorted(maps.Keys(kinds[kind].fields)) {
		p := spec.at(field)
		switch {
		case !kind.OnlyFRR(field), !p.known(), idle(p):
		case field == "localASN":
			p.wrong(needsOldFRR, field)
		default:
			p.wrong(needsFRR, field)
		}
	}
	switch kind {
	case AddressPool:
		if spec.at("protocol").value != "bgp" {
			return
		}
		for _, address := range entriesOf(spec.at("addresses")) {
			if !address.From().Is4() {
				address.wrong(needsFRR, `IPv6 with protocol "bgp"`)
			}
		}
		for _, advertisement := range spec.at("bgpAdvertisements").elements() {
			refuseLarge(advertisement.at("communities").elements())
		}
	case BGPAdvertisement:
		refuseLarge(spec.at("communities").elements())
	case Community:
		for _, community := range spec.at("communities").elements() {
			refuseLarge([]part{community.at("value")})
		}
	}
}

// idle tells a field that asks for nothing.
func idle(p part) bool {
	text, _ := p.value.(string)
	d, err := time.ParseDuration(text)
	return p.value == false || p.value == "" || p.path == "keepaliveTime" && err == nil && d == 0
}

func refuseLarge(communities []part) {
	for _, community := range communities {
		if text, ok := community.value.(string); ok && strings.HasPrefix(text, "large:") {
			community.wrong(needsFRR, "large communities")
		}
	}
}
