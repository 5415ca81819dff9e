//go:build linux

package forwarding

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/nftables/expr"
)

// rule is a NAT rule that can be carried out.
type rule struct {
	words  map[string]string // as the router has it
	chain  string
	target string       // the chain that it jumps to, "" for none
	ways   [][]expr.Any // what a packet has to be like: everything of one of them
	action []expr.Any
}

// translate turns the rules of /ip/firewall/nat into those that can be carried out, and tells which cannot.
func translate(rows []map[string]string) ([]rule, error) {
	var known []rule
	var unknown []error
	leaveOut := func(words map[string]string, why error) {
		unknown = append(unknown, fmt.Errorf("%s is left out: %w", describe(words), why))
	}
	jumps := map[string][]string{}
	for _, words := range rows {
		r, err := newRule(words)
		switch {
		case err != nil:
			leaveOut(words, err)
			continue
		case r.target != "" && reached(r.target, jumps)[r.chain]:
			leaveOut(words, fmt.Errorf("from jump-target=%s other rules come back to the chain %s", r.target, r.chain))
			continue
		case r.target != "":
			jumps[r.chain] = append(jumps[r.chain], r.target)
		}
		known = append(known, r)
	}
	fromWhere := map[string]map[string]bool{dstnat: reached(dstnat, jumps), srcnat: reached(srcnat, jumps)}
	known = slices.DeleteFunc(known, func(r rule) bool {
		err := r.misplaced(fromWhere)
		if err != nil {
			leaveOut(r.words, err)
		}
		return err != nil
	})
	return known, errors.Join(unknown...)
}

// reached are the chains that a packet may come to from one, which is one of them.
func reached(from string, jumps map[string][]string) map[string]bool {
	all := map[string]bool{from: true}
	for next := []string{from}; len(next) > 0; next = next[1:] {
		for _, target := range jumps[next[0]] {
			if !all[target] {
				all[target] = true
				next = append(next, target)
			}
		}
	}
	return all
}

// misplaced says which of a rule's words has no meaning where the rule is: a destination can only be changed before the
// packet's way is decided, a source only after.
func (r rule) misplaced(fromWhere map[string]map[string]bool) error {
	for _, where := range []struct{ chain, words string }{
		{dstnat, "masquerade src-nat out-interface"},
		{srcnat, "dst-nat redirect in-interface"},
	} {
		for word := range strings.FieldsSeq(where.words) {
			if (r.words["action"] == word || r.words[word] != "") && fromWhere[where.chain][r.chain] {
				return fmt.Errorf("%s is not possible in %s, where packets of the chain %s come from", word, where.chain, r.chain)
			}
		}
	}
	return nil
}

func describe(words map[string]string) string {
	text := fmt.Sprintf("the NAT rule %s (%s in the chain %s", words[".id"], words["action"], words["chain"])
	if c := words["comment"]; c != "" {
		text += fmt.Sprintf(", %q", c)
	}
	return text + ")"
}

// harmless are the properties that do not say which packets a rule is for, apart from its action's own.
const harmless = ` .id about action bytes chain comment disabled dynamic invalid log log-prefix packets
	address-list address-list-timeout jump-target same-not-by-dst socks5-port socks5-server socksify-service to-addresses to-ports `

func newRule(words map[string]string) (rule, error) {
	r := rule{words: words, chain: words["chain"], ways: [][]expr.Any{nil}}
	rest := maps.Clone(words)
	maps.DeleteFunc(rest, func(name, value string) bool {
		return slices.Contains(strings.Fields(harmless), name) || name == "randomise-ports" && value == "false"
	})
	if r.chain == "input" || r.chain == "output" {
		return rule{}, fmt.Errorf("chain=%s is not simulated", r.chain)
	}
	for _, m := range matchers() {
		value, asked := rest[m.name]
		if !asked {
			continue
		}
		delete(rest, m.name)
		ways, err := m.ways(value)
		if err != nil {
			return rule{}, fmt.Errorf("%s=%s: %w", m.name, value, err)
		}
		r.ways = both(r.ways, ways)
	}
	if len(rest) > 0 {
		return rule{}, fmt.Errorf("%s is not simulated", strings.Join(slices.Sorted(maps.Keys(rest)), ", "))
	}
	return r, r.act()
}

// both are the ways in which a packet can be one of each.
func both(some, others [][]expr.Any) [][]expr.Any {
	var out [][]expr.Any
	for _, a := range some {
		for _, b := range others {
			out = append(out, slices.Concat(a, b))
		}
	}
	return out
}
