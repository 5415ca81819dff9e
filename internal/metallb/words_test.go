package metallb

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// wholePool and wholePeer have every field that MetalLB 0.9 has a key for.
func wholePool() *Object {
	return pool("whole", map[string]any{
		"protocol": "bgp", "addresses": []any{"10.1.0.0/24", "10.2.0.0-10.2.0.255"}, "avoidBuggyIPs": true, "autoAssign": true,
		"bgpAdvertisements": []any{
			map[string]any{"aggregationLength": int64(32), "localPref": int64(100), "communities": []any{"65000:1", "no-export"}},
			map[string]any{"aggregationLength": int64(24)},
		},
	})
}

func wholePeer() *Object {
	o := storyPeer()
	o.Spec["peerPort"], o.Spec["holdTime"], o.Spec["routerID"] = int64(1179), "1m30s", "192.168.5.10"
	o.Spec["managedPassword"] = "s3cret: #1"
	o.Spec["nodeSelectors"] = []any{
		map[string]any{"matchLabels": map[string]any{"rack": "1"}},
		map[string]any{"matchExpressions": []any{
			map[string]any{"key": "zone", "operator": "In", "values": []any{"a", "b"}},
			map[string]any{"key": "edge", "operator": "Exists"},
		}},
	}
	return o
}

func communities(pairs ...string) *Object {
	var aliases []alias
	for i := 0; i < len(pairs); i += 2 {
		aliases = append(aliases, alias{pairs[i], pairs[i+1]})
	}
	return &Object{Kind: Community, Name: "ours", Spec: communitySpec(aliases)}
}

func profile() *Object {
	return &Object{Kind: BFDProfile, Name: "fast", Spec: map[string]any{
		"receiveInterval": int64(100), "transmitInterval": int64(100), "detectMultiplier": int64(3), "echoInterval": int64(50),
		"echoMode": false, "passiveMode": true, "minimumTtl": int64(254),
	}}
}

const whole = `bfd-profiles:
- name: fast
  receive-interval: 100
  transmit-interval: 100
  detect-multiplier: 3
  echo-interval: 50
  echo-mode: false
  passive-mode: true
  minimum-ttl: 254
peers:
- my-asn: 65001
  peer-asn: 65000
  peer-address: 192.168.5.1
  peer-port: 1179
  hold-time: 1m30s
  keepalive-time: 30s
  router-id: 192.168.5.10
  source-address: 192.168.5.2
  password: 's3cret: #1'
  bfd-profile: fast
  ebgp-multihop: true
  node-selectors:
  - match-labels:
      rack: "1"
  - match-expressions:
    - key: zone
      operator: In
      values:
      - a
      - b
    - key: edge
      operator: Exists
bgp-communities:
  no-export: 65535:65281
address-pools:
- name: whole
  protocol: bgp
  addresses:
  - 10.1.0.0/24
  - 10.2.0.0-10.2.0.255
  - 2001:db8::/64
  avoid-buggy-ips: true
  auto-assign: true
  bgp-advertisements:
  - aggregation-length: 32
    aggregation-length-v6: 64
    localpref: 100
    communities:
    - "65000:1"
    - no-export
  - aggregation-length: 24
`

// TestEveryWord: each field has its key, and comes back from it.
func TestEveryWord(t *testing.T) {
	f := newFake(t, Config{Backend: "configmap"}, controller("quay.io/metallb/controller:v0.12.1"), speaker("frr"))
	peer, pool := wholePeer(), wholePool()
	peer.Spec["keepaliveTime"], peer.Spec["sourceAddress"], peer.Spec["bfdProfile"], peer.Spec["ebgpMultiHop"] = "30s", "192.168.5.2", "fast", true
	pool.Spec["addresses"] = append(pool.Spec["addresses"].([]any), "2001:db8::/64")
	pool.Spec["bgpAdvertisements"].([]any)[0].(map[string]any)["aggregationLengthV6"] = int64(64)
	all := []*Object{profile(), communities("no-export", "65535:65281"), peer, pool}
	for _, o := range all {
		_, err := f.metallb.Create(t.Context(), o)
		check(t, err)
		if _, err := f.metallb.Create(t.Context(), o); !errors.Is(err, ErrExists) {
			t.Errorf("%s twice: %v", o.Kind, err)
		}
	}
	f.wantText(whole)
	for _, o := range all {
		want := o.copy()
		if o == peer {
			want.Spec["managedPassword"] = ManagedPasswordSet
		}
		f.wantBack(want)
		imported, err := f.metallb.List(t.Context(), o.Kind, "")
		check(t, err)
		if o == peer {
			delete(want.Spec, "managedPassword")
			want.Spec["password"] = "s3cret: #1"
		}
		if len(imported) != 1 || !reflect.DeepEqual(imported[0].Spec, want.Spec) {
			t.Errorf("%s: imported %v, want %v", o.Kind, imported, want.Spec)
		}
		bare := o.copy() // what can go, goes
		for field := range bare.Spec {
			switch field {
			case "myASN", "peerASN", "peerAddress", "peerPort", "nodeSelectors", "protocol", "addresses", "communities":
			default:
				delete(bare.Spec, field)
			}
		}
		made, err := f.metallb.Update(t.Context(), o, bare)
		check(t, err)
		if !reflect.DeepEqual(made.Spec, bare.Spec) {
			t.Errorf("made %v, want %v", made.Spec, bare.Spec)
		}
		if _, managed := want.Spec["password"]; managed {
			if strings.Contains(f.text(), "password") {
				t.Error("the password stays")
			}
		}
		f.wantBack(bare)
		_, err = f.metallb.Update(t.Context(), bare, o)
		check(t, err)
	}
	for i := len(all) - 1; i >= 0; i-- {
		check(t, f.metallb.Delete(t.Context(), all[i]))
	}
	f.wantText("bfd-profiles: []\npeers: []\nbgp-communities: {}\naddress-pools: []\n")
	f.create(all[0], all[1])
}

// TestManagedPassword: it stays as it is if only that is known, and never comes back.
func TestManagedPassword(t *testing.T) {
	f := newFake(t, Config{Backend: "configmap"})
	made, err := f.metallb.Create(t.Context(), wholePeer())
	check(t, err)
	if made.Spec["managedPassword"] != ManagedPasswordSet || made.Spec["password"] != nil {
		t.Errorf("made %v", made.Spec)
	}
	slower := made.copy()
	slower.Spec["holdTime"] = "3m"
	_, err = f.metallb.Update(t.Context(), made, slower)
	check(t, err)
	f.wantBack(slower)
	if !strings.Contains(f.text(), "password: 's3cret: #1'") {
		t.Errorf("the password is lost:\n%s", f.text())
	}
	both := slower.copy()
	both.Spec["password"] = "plain"
	var refused *Error
	if _, err := f.metallb.Update(t.Context(), slower, both); !errors.As(err, &refused) || refused.Field != "managedPassword" {
		t.Errorf("two passwords: %v", err)
	}
}

// TestPeersAtOneAddress: each is for other nodes, and each can be managed.
func TestPeersAtOneAddress(t *testing.T) {
	f := newFake(t, Config{Backend: "configmap"})
	rack := func(labels map[string]any) *Object {
		o := storyPeer()
		if labels != nil {
			o.Spec["nodeSelectors"] = []any{map[string]any{"matchLabels": labels}}
		}
		return o
	}
	one, two, all := rack(map[string]any{"rack": "1"}), rack(map[string]any{"rack": "2"}), rack(nil)
	f.create(one)
	lone, err := f.metallb.Get(t.Context(), &Object{Kind: BGPPeer, Name: "router@192.168.5.1"})
	if err != nil || !reflect.DeepEqual(lone.Spec, one.Spec) {
		t.Errorf("the only one at its address: %v, %v", lone, err)
	}
	f.create(two)
	_, err = f.metallb.Get(t.Context(), &Object{Kind: BGPPeer, Name: "router@192.168.5.1"})
	if !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), digest(one.Spec["nodeSelectors"])) {
		t.Errorf("which of two: %v", err)
	}
	f.create(all)
	for _, want := range []*Object{one, two, all} {
		who, _, _ := identify(want)
		found, err := f.metallb.Get(t.Context(), &Object{Kind: BGPPeer, Name: who.key("router")})
		if err != nil || !reflect.DeepEqual(found.Spec, want.Spec) || found.Key != who.key("router") {
			t.Errorf("%s: %v, %v", who.key("router"), found, err)
		}
		slow := want.copy()
		slow.Spec["holdTime"] = "3m"
		_, err = f.metallb.Update(t.Context(), want, slow)
		check(t, err)
		f.wantBack(slow)
	}
	if _, err := f.metallb.Update(t.Context(), one, two); !errors.Is(err, ErrExists) {
		t.Errorf("two of one identity: %v", err)
	}
	check(t, f.metallb.Delete(t.Context(), two))
	f.wantText(`peers:
- my-asn: 65001
  peer-asn: 65000
  peer-address: 192.168.5.1
  node-selectors:
  - match-labels:
      rack: "1"
  hold-time: 3m
- my-asn: 65001
  peer-asn: 65000
  peer-address: 192.168.5.1
  hold-time: 3m
`)
}

// TestAliasesOfOthers: a Community changes and removes its own only.
func TestAliasesOfOthers(t *testing.T) {
	const text = "bgp-communities:\n  theirs: 1:1 # by hand\n"
	f := newFake(t, Config{}, configMap(text))
	ours := communities("a", "65000:1", "b", "65000:2")
	f.create(ours)
	if _, err := f.metallb.Create(t.Context(), communities("c", "65000:3", "theirs", "1:1")); !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), "theirs") {
		t.Errorf("took what is there: %v", err)
	}
	changed := communities("b", "65000:9", "c", "65000:3")
	_, err := f.metallb.Update(t.Context(), ours, changed)
	check(t, err)
	f.wantBack(changed)
	f.wantText(text + "  b: \"65000:9\"\n  c: \"65000:3\"\n")
	if _, err := f.metallb.Update(t.Context(), changed, communities("theirs", "1:2")); !errors.Is(err, ErrExists) {
		t.Errorf("took theirs by an update: %v", err)
	}
	all, err := f.metallb.Get(t.Context(), &Object{Kind: Community, Name: "imported"})
	if err != nil || len(aliasesOf(all.Spec)) != 3 {
		t.Errorf("imported %v, %v", all, err)
	}
	check(t, f.metallb.Delete(t.Context(), &Object{Kind: Community, Name: "ours"})) // of which no alias is known
	check(t, f.metallb.Delete(t.Context(), changed))
	check(t, f.metallb.Delete(t.Context(), changed))
	f.wantText(text)
	if _, err := f.metallb.Get(t.Context(), changed); !errors.Is(err, ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
	if _, err := f.metallb.Update(t.Context(), changed, changed); !errors.Is(err, ErrNotFound) {
		t.Errorf("updated what is gone: %v", err)
	}
	for _, wrong := range []*Object{communities(), communities("x", "1:1", "x", "1:2"), communities("x", "large:1:2:3")} {
		if _, err := f.metallb.Create(t.Context(), wrong); !errors.Is(err, ErrRefused) {
			t.Errorf("%v: %v", wrong.Spec, err)
		}
	}
	f.wantText(text)
}

// TestOnlyCustomResources: what the ConfigMap has no words for is refused with advice, and is not there.
func TestOnlyCustomResources(t *testing.T) {
	f := newFake(t, Config{}, configMap(story))
	for _, kind := range []Kind{BGPAdvertisement, L2Advertisement} {
		o := &Object{Kind: kind, Name: "one", Spec: map[string]any{}}
		_, err := f.metallb.Create(t.Context(), o)
		var refused *Error
		if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) || refused.Advice == "" {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := f.metallb.Update(t.Context(), o, o); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", kind, err)
		}
		if _, err := f.metallb.Get(t.Context(), o); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", kind, err)
		}
		check(t, f.metallb.Delete(t.Context(), o))
	}
	nested := wholePool()
	nested.Spec["bgpAdvertisements"].([]any)[1].(map[string]any)["peers"] = []any{"router"}
	if _, err := f.metallb.Create(t.Context(), nested); err == nil || !strings.Contains(err.Error(), "bgpAdvertisements[1].peers") {
		t.Errorf("nested: %v", err)
	}
	words := map[Kind][]word{AddressPool: sections[AddressPool].words, BGPPeer: sections[BGPPeer].words, BFDProfile: sections[BFDProfile].words}
	refusals := 0
	for kind, words := range words {
		for field := range kinds[kind].fields {
			if field == "managedPassword" || containsField(words, field) {
				continue
			}
			refusals++
			o := &Object{Kind: kind, Name: "x", Spec: map[string]any{"peerAddress": "10.0.0.9", "protocol": "bgp", field: "x"}}
			if kind == AddressPool {
				delete(o.Spec, "peerAddress")
			} else {
				delete(o.Spec, "protocol")
			}
			_, err := f.metallb.Create(t.Context(), o)
			var refused *Error
			if !errors.As(err, &refused) || refused.Field != field || refused.Advice == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
	}
	if refusals < 10 {
		t.Errorf("%d fields have no word", refusals)
	}
	f.wantText(story)
}

func containsField(words []word, field string) bool {
	for _, w := range words {
		if w.field == field {
			return true
		}
	}
	return false
}
