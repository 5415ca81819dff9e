package metallb

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// unloadable is why MetalLB would not load a text, which it loads whole or not at all.
type unloadable struct {
	kind  Kind   // what it is about; "" is the text as such
	field string // of that, as in Error
	text  string
	err   error
}

func (u *unloadable) Error() string { return u.text }
func (u *unloadable) Unwrap() error { return u.err }

// load does with the text what the running MetalLB does: nil if all of it is loaded. Rules that not every version has
// are left out if the version is not known.
func (d *document) load(running release) error {
	top, err := valuesOf(d.root)
	if err != nil {
		return &unloadable{text: err.Error()}
	}
	if err := understood(top, slices.Collect(maps.Values(sections)), running); err != nil {
		return &unloadable{text: err.Error()}
	}
	l := loader{running: running, names: map[string]bool{}}
	for _, kind := range order {
		section := sections[kind]
		node := top.value(section.key)
		if node == nil {
			continue
		}
		if err := l.section(kind, section, node); err != nil {
			return err
		}
	}
	return l.frrPeers()
}

// understood refuses keys that are unknown to the running MetalLB, at any depth.
func understood(v values, words []word, running release) error {
	byLine := func(a, b string) int { return cmp.Or(v[a].Line-v[b].Line, cmp.Compare(a, b)) }
	for _, key := range slices.SortedFunc(maps.Keys(v), byLine) {
		node := v[key]
		i := slices.IndexFunc(words, func(w word) bool { return w.key == key })
		switch {
		case i < 0:
			return fmt.Errorf("line %d: MetalLB has no key %s there", node.Line, key)
		case words[i].since != nil && running.before(words[i].since):
			return fmt.Errorf("line %d: MetalLB knows %s from %s", node.Line, key, majorMinor(words[i].since))
		}
		inner := v.value(key)
		if words[i].words == nil || inner == nil {
			continue
		}
		elements, err := mappings(inner)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		for _, e := range elements {
			if err := understood(e, words[i].words, running); err != nil {
				return err
			}
		}
	}
	return nil
}

// loader has what was loaded before: later parts of the text refer to it, or must differ from it.
type loader struct {
	running  release
	profiles []string
	peers    []loadedPeer
	aliases  map[string]any
	names    map[string]bool // of pools
	blocks   []pooled
}

type loadedPeer struct {
	spec map[string]any
	as   string // all of it, in one spelling
}

// section loads what the text has of a kind.
func (l *loader) section(kind Kind, section word, node *yaml.Node) error {
	if kind == Community {
		return l.communities(node)
	}
	elements, err := mappings(node)
	if err != nil {
		return &unloadable{kind: kind, text: fmt.Sprintf("%s: %v", section.key, err)}
	}
	for i, e := range elements {
		what := fmt.Sprintf("%s, number %d", section.key, i+1)
		if name := e.name(); name != "" {
			what += ", " + name
		}
		spec, err := e.spec(section.words)
		if err != nil {
			return &unloadable{kind: kind, text: fmt.Sprintf("%s: %v", what, err)}
		}
		var field string
		switch kind {
		case BFDProfile:
			field, err = l.profile(e.name(), spec)
		case BGPPeer:
			field, err = l.peer(spec)
		case AddressPool:
			field, err = l.pool(e.name(), spec)
		}
		if err != nil {
			return &unloadable{kind: kind, field: field, text: fmt.Sprintf("%s: %v", what, err), err: err}
		}
	}
	return nil
}

func (l *loader) communities(node *yaml.Node) error {
	read, err := mapping(node)
	if err != nil {
		return &unloadable{kind: Community, text: fmt.Sprintf("%s: %v", sections[Community].key, err)}
	}
	l.aliases, _ = read.(map[string]any)
	for name, value := range l.aliases {
		if text, _ := value.(string); !isCommunity(text) {
			return &unloadable{kind: Community, field: "communities", text: fmt.Sprintf("%s: %s is %q, not %s",
				sections[Community].key, name, text, smallCommunityForm)}
		}
	}
	return nil
}

const smallCommunityForm = `two numbers of 16 bits such as "65000:100"`

func isCommunity(text string) bool {
	high, low, both := strings.Cut(text, ":")
	_, err := strconv.ParseUint(high, 10, 16)
	_, err2 := strconv.ParseUint(low, 10, 16)
	return both && err == nil && err2 == nil
}

var profileRanges = []struct {
	field       string
	least, most int64
}{
	{"receiveInterval", 10, 60000},
	{"transmitInterval", 10, 60000},
	{"detectMultiplier", 2, 255},
	{"echoInterval", 10, 60000},
	{"minimumTtl", 1, 254},
}

func (l *loader) profile(name string, spec map[string]any) (string, error) {
	switch {
	case l.running.mode == "native":
		return "", errors.New("in its native mode MetalLB takes no BFD profile: it needs the FRR mode")
	case name == "":
		return "", errors.New("it has no name")
	case slices.Contains(l.profiles, name):
		return "", errors.New("there are two of that name")
	}
	l.profiles = append(l.profiles, name)
	for _, r := range profileRanges {
		if n, present := spec[r.field].(int64); present && (n < r.least || n > r.most) {
			return r.field, fmt.Errorf("%s is %d, not %d to %d", r.field, n, r.least, r.most)
		}
	}
	return "", nil
}

func (l *loader) peer(spec map[string]any) (string, error) {
	for _, field := range []string{"myASN", "peerASN"} {
		if asn, _ := spec[field].(int64); asn == 0 {
			return field, errors.New("an AS number is missing")
		}
	}
	if spec["ebgpMultiHop"] == true && spec["myASN"] == spec["peerASN"] {
		return "ebgpMultiHop", errors.New("multihop is for a peer of another AS")
	}
	for _, field := range []string{"peerAddress", "routerID", "sourceAddress"} {
		if text, _ := spec[field].(string); (text != "" || field == "peerAddress") && net.ParseIP(text) == nil {
			return field, fmt.Errorf("%s is %q, not an address", field, text)
		}
	}
	times, field, err := timers(spec)
	if err != nil {
		return field, err
	}
	selectors, _ := spec["nodeSelectors"].([]any)
	for i, selector := range selectors {
		if _, err := selectorOf(selector); err != nil {
			return fmt.Sprintf("nodeSelectors[%d]", i), err
		}
	}
	if profile, _ := spec["bfdProfile"].(string); profile != "" {
		if l.running.mode == "native" {
			return "bfdProfile", errors.New("in its native mode MetalLB takes no BFD profile: it needs the FRR mode")
		}
		if !slices.Contains(l.profiles, profile) {
			return "bfdProfile", sibling("there is no BFD profile %s", profile)
		}
	}
	if keepalive, _ := spec["keepaliveTime"].(string); keepalive != "" && l.running.mode == "native" {
		return "keepaliveTime", errors.New("in its native mode MetalLB takes no keepalive time: it needs the FRR mode")
	}
	return l.distinct(spec, times)
}

// distinct refuses two peers that MetalLB, from 0.10, takes for one.
func (l *loader) distinct(spec map[string]any, times [2]time.Duration) (string, error) {
	said := func(field string) string { text, _ := spec[field].(string); return text }
	who, _, _ := identify(&Object{Kind: BGPPeer, Spec: spec})
	as := fmt.Sprint(who, spec["myASN"], spec["peerASN"], times, net.ParseIP(said("routerID")), net.ParseIP(said("sourceAddress")),
		spec["ebgpMultiHop"] == true, strconv.Quote(said("password")), said("bfdProfile"))
	if l.running.from(since010) && slices.ContainsFunc(l.peers, func(p loadedPeer) bool { return p.as == as }) {
		return "", errors.New("there are two of it")
	}
	l.peers = append(l.peers, loadedPeer{spec, as})
	return "", nil
}

// frrPeers applies what FRR, through MetalLB 0.12, cannot do.
func (l *loader) frrPeers() error {
	if l.running.mode != "frr" {
		return nil
	}
	for i, peer := range l.peers {
		first := l.peers[0]
		refuse := func(field, text string) error {
			return &unloadable{kind: BGPPeer, field: field, text: fmt.Sprintf("peers, number %d: in its FRR mode %s", i+1, text)}
		}
		switch {
		case cmp.Or(peer.spec["routerID"], any("")) != cmp.Or(first.spec["routerID"], any("")):
			return refuse("routerID", "MetalLB takes one router ID for all peers")
		case peer.spec["myASN"] != first.spec["myASN"]:
			return refuse("myASN", "MetalLB takes one AS number of its own for all peers")
		case slices.ContainsFunc(l.peers[:i], func(other loadedPeer) bool {
			return other.spec["peerAddress"] == peer.spec["peerAddress"]
		}):
			return refuse("peerAddress", "MetalLB takes one peer at an address")
		}
	}
	return nil
}

// timers are a peer's hold time and keepalive time as MetalLB rounds them.
func timers(spec map[string]any) (times [2]time.Duration, field string, err error) {
	times[0] = 90 * time.Second
	if text, _ := spec["holdTime"].(string); text != "" {
		d, err := time.ParseDuration(text)
		times[0] = d.Truncate(time.Second)
		if err != nil || times[0] != 0 && times[0] < 3*time.Second {
			return times, "holdTime", fmt.Errorf("the hold time is %q, not 0s or at least 3s", text)
		}
	}
	times[1] = times[0] / 3
	if text, _ := spec["keepaliveTime"].(string); text != "" {
		d, err := time.ParseDuration(text)
		times[1] = d.Truncate(time.Second)
		if err != nil || times[1] > times[0] {
			return times, "keepaliveTime", fmt.Errorf("the keepalive time is %q, not a time of at most the hold time", text)
		}
	}
	return times, "", nil
}
