package metallb

import (
	"errors"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/version"
)

// releases are those between which the rules differ.
var releases = []struct {
	name string
	release
}{
	{"0.9", release{version: version.MustParseGeneric("0.9.6")}},
	{"0.10", release{version: version.MustParseGeneric("0.10.3")}},
	{"0.11", release{version: version.MustParseGeneric("0.11.0")}},
	{"native", release{version: version.MustParseGeneric("0.12.1"), mode: "native"}},
	{"frr", release{version: version.MustParseGeneric("0.12.1"), mode: "frr"}},
}

const all = "0.9 0.10 0.11 native frr"

// loads are texts, and which releases load them: what MetalLB's own parsers of 0.9.6, 0.11.0 and 0.12.1 say, and of
// 0.10 its history.
var loads = []struct{ text, by string }{
	{"", all},
	{"{}", all},
	{"peers:\naddress-pools: []\n", all},
	{foreign, "0.9 0.10 0.11 native"},
	{story, all},
	{whole, "frr"},
	{"bgp-peers: []", ""},
	{"a", ""},
	{"peers: {}", ""},
	{"peers: [a]", ""},
	{"peers: []\npeers: []", ""},
	{"peers: [&a {<<: *a}]", ""},
	{"bfd-profiles: []", "native frr"},
	{"bfd-profiles: [{name: a}]", "frr"},
	{"bfd-profiles: [{name: a}, {name: a}]", ""},
	{"bfd-profiles: [{echo-mode: true}]", ""},
	{"bfd-profiles: [{name: a, receive-interval: 10, transmit-interval: 60000, detect-multiplier: 255, minimum-ttl: 1}]", "frr"},
	{"bfd-profiles: [{name: a, receive-interval: 9}]", ""},
	{"bfd-profiles: [{name: a, echo-interval: 60001}]", ""},
	{"bfd-profiles: [{name: a, detect-multiplier: 1}]", ""},
	{"bfd-profiles: [{name: a, minimum-ttl: 255}]", ""},
	{peerText("bfd-profile: fast"), ""},
	{"bfd-profiles: [{name: fast}]\n" + peerText("bfd-profile: fast"), "frr"},
	{peerText(), all},
	{peerText("node-selectors: []", "password: 12", "peer-port: 0", "hold-time: ''"), all},
	{peerText("peer-port: 65536"), ""},
	{peerText("peer-port: -1"), ""},
	{peerText("colour: red"), ""},
	{peerText("my-asn: 2"), ""}, // twice
	{"peers: [{my-asn: 0, peer-asn: 1, peer-address: 10.0.0.1}]", ""},
	{"peers: [{my-asn: 1, peer-address: 10.0.0.1}]", ""},
	{"peers: [{my-asn: 1, peer-asn: 4294967296, peer-address: 10.0.0.1}]", ""},
	{"peers: [{my-asn: 1, peer-asn: 1, peer-address: router.lan}]", ""},
	{"peers: [{my-asn: 1, peer-asn: 1, peer-address: 10.0.0.1, ebgp-multihop: true}]", ""},
	{peerText("ebgp-multihop: true"), "native frr"},
	{peerText("router-id: one"), ""},
	{peerText("source-address: 10.0.0.9"), "0.11 native frr"},
	{peerText("source-address: eth0"), ""},
	{peerText("keepalive-time: 10s"), "frr"},
	{peerText("keepalive-time: 91s"), ""},
	{peerText("hold-time: 0s"), all},
	{peerText("hold-time: 2999ms"), ""},
	{peerText("hold-time: 900ms"), all}, // MetalLB takes it for 0s
	{peerText("hold-time: 90"), ""},
	{peerText("node-selectors: [{}]"), all},
	{peerText("node-selectors: [{match-labels: {rack: 1}}]"), all},
	{peerText("node-selectors: [{matchLabels: {rack: 1}}]"), ""},
	{peerText("node-selectors: [{match-expressions: [{key: rack, operator: In, values: [a]}]}]"), all},
	{peerText("node-selectors: [{match-expressions: [{key: rack, operator: In}]}]"), ""},
	{peerText("node-selectors: [{match-expressions: [{key: rack, operator: Exists, values: [a]}]}]"), ""},
	{peerText("node-selectors: [{match-expressions: [{key: rack, operator: Has}]}]"), ""},
	{twoPeers("", ""), "0.9"},
	{twoPeers("peer-port: 179", "hold-time: 90s"), "0.9"},
	{twoPeers("", "hold-time: 91s"), "0.9 0.10 0.11 native"},
	{twoPeers("", "node-selectors: [{match-labels: {rack: 1}}]"), "0.9 0.10 0.11 native"},
	{"peers: [{my-asn: 1, peer-asn: 2, peer-address: 10.0.0.1}, {my-asn: 1, peer-asn: 2, peer-address: 10.0.0.2}]", all},
	{"peers: [{my-asn: 1, peer-asn: 2, peer-address: 10.0.0.1}, {my-asn: 3, peer-asn: 2, peer-address: 10.0.0.2}]", "0.9 0.10 0.11 native"},
	{"peers: [{my-asn: 1, peer-asn: 2, peer-address: 10.0.0.1}, {my-asn: 1, peer-asn: 2, peer-address: 10.0.0.2, router-id: 1.1.1.1}]", "0.9 0.10 0.11 native"},
	{"peers: [{my-asn: 1, peer-asn: 2, peer-address: 10.0.0.1}, {my-asn: 1, peer-asn: 2, peer-address: 10.0.0.2, router-id: ''}]", all},
	{"bgp-communities: {a: '1:2'}", all},
	{"bgp-communities: {a: 1:2}", all},
	{"bgp-communities: {a: 65536:2}", ""},
	{"bgp-communities: {a: large:1:2:3}", ""},
	{"bgp-communities: {a: 1}", ""},
	{"bgp-communities: [a]", ""},
	{"bgp-communities: {a: '1:2', a: '1:3'}", ""},
	{poolText("bgp", "10.0.0.0/24"), all},
	{poolText("layer2", "10.0.0.0/24", "2001:db8::/64"), all},
	{poolText("bgp", "2001:db8::/64"), "0.9 0.10 0.11 frr"},
	{poolText("BGP", "10.0.0.0/24"), ""},
	{poolText("bgp"), ""},
	{"address-pools: [{name: a, addresses: [10.0.0.0/24]}]", ""},
	{"address-pools: [{protocol: bgp, addresses: [10.0.0.0/24]}]", ""},
	{poolText("bgp", "10.0.0.0/24") + poolText("bgp", "10.0.1.0/24")[len("address-pools:\n"):], ""}, // one name
	{poolText("bgp", "10.0.0.0/24", "10.0.0.9-10.0.0.9"), ""},
	{poolText("bgp", "10.0.0.0/24", "10.0.0.9/32"), ""},
	{poolText("bgp", "10.0.0.1"), ""},
	{poolText("bgp", "10.0.0.1-5"), ""},
	{poolText("bgp", "10.0.0.1 - 10.0.0.5"), all},
	{poolText("bgp", " 10.0.0.0/24"), ""},
	{poolText("bgp", "10.0.0.5/24"), all},
	{poolText("bgp", "10.0.0.9-10.0.0.1"), "0.9 0.10"},
	{poolText("bgp", "10.0.0.1-10.0.0.1"), "0.9 0.10 native frr"},
	{poolText("bgp", "10.0.0.1-2001:db8::1"), all},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: []\n", all},
	{poolText("layer2", "10.0.0.0/24") + "  bgp-advertisements: [{}]\n", ""},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{local-pref: 1}]\n", ""},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{localpref: 4294967295}]\n", all},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{localpref: 4294967296}]\n", ""},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{}, {}]\n", "0.9 0.10 0.11"},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{communities: ['1:1', '1:1']}]\n", "0.9 0.10 0.11"},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{communities: [vpn]}]\n", ""},
	{"bgp-communities: {vpn: '1:2'}\n" + poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{communities: [vpn]}]\n", all},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{aggregation-length: 24}]\n", all},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{aggregation-length: 23}]\n", ""},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{aggregation-length: 33}]\n", ""},
	{poolText("bgp", "10.0.0.0-10.0.0.255") + "  bgp-advertisements: [{aggregation-length: 24}]\n", all},
	{poolText("bgp", "10.0.0.1-10.0.0.255") + "  bgp-advertisements: [{aggregation-length: 24}]\n", ""},
	{poolText("bgp", "10.0.0.1-10.0.0.255") + "  bgp-advertisements: [{aggregation-length: 25}]\n", "native frr"},
	{poolText("bgp", "10.0.0.1-10.0.0.254") + "  bgp-advertisements: [{aggregation-length: 26}]\n", "native frr"},
	{poolText("bgp", "10.0.0.1-10.0.0.254") + "  bgp-advertisements: [{aggregation-length: 25}]\n", ""},
	{poolText("bgp", "2001:db8::/64") + "  bgp-advertisements: [{}]\n", "frr"},
	{poolText("bgp", "2001:db8::/64") + "  bgp-advertisements: [{aggregation-length-v6: 64}]\n", "frr"},
	{poolText("bgp", "2001:db8::/64") + "  bgp-advertisements: [{aggregation-length-v6: 63}]\n", ""},
	{poolText("bgp", "10.0.0.0/24") + "  bgp-advertisements: [{aggregation-length-v6: 129}]\n", ""},
}

func peerText(more ...string) string {
	text := "peers:\n- my-asn: 1\n  peer-asn: 2\n  peer-address: 10.0.0.1\n"
	for _, line := range more {
		text += "  " + line + "\n"
	}
	return text
}

func twoPeers(first, second string) string {
	return peerText(first) + peerText(second)[len("peers:\n"):]
}

func poolText(protocol string, addresses ...string) string {
	text := "address-pools:\n- name: a\n  protocol: " + protocol + "\n  addresses: ["
	return text + "'" + strings.Join(addresses, "', '") + "']\n"
}

func TestLoad(t *testing.T) {
	loaded := func(text string, running release) error {
		d, err := parseDocument(text)
		if err == nil {
			err = d.load(running)
		}
		return err
	}
	for _, tt := range loads {
		for _, r := range releases {
			err := loaded(tt.text, r.release)
			if want := strings.Contains(" "+tt.by+" ", " "+r.name+" "); (err == nil) != want {
				t.Errorf("by %s, %q: %v, want it loaded: %v", r.name, tt.text, err, want)
			}
		}
		if err := loaded(tt.text, release{}); (err == nil) != (tt.by != "") {
			t.Errorf("by an unknown one, %q: %v", tt.text, err)
		}
	}
}

// TestNothingUnloadable: no edit makes MetalLB ignore the ConfigMap, and none is lost in one that it ignores.
func TestNothingUnloadable(t *testing.T) {
	const broken = "peers:\n- my-asn: 1\n  peer-asn: 2\n  peer-address: 10.0.0.1\n  colour: red\naddress-pools: []\n"
	f := newFake(t, Config{}, configMap(broken))
	_, err := f.metallb.Create(t.Context(), storyPool())
	if !errors.Is(err, ErrRefused) {
		t.Fatal(err)
	}
	for _, part := range []string{"ignores the whole ConfigMap config already", "line 5", "colour", "Correct it by hand first"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in: %v", part, err)
		}
	}
	check(t, f.metallb.Delete(t.Context(), &Object{Kind: BGPPeer, Name: "x@10.0.0.1"}))
	f.wantText("peers: []\naddress-pools: []\n") // what was wrong is what was removed

	for _, tt := range []struct {
		image  string
		object *Object
		field  string
	}{
		{"metallb/controller:v0.9.6", pool("p", map[string]any{"protocol": "layer2", "addresses": []any{"10.0.0.0/24"}, "bgpAdvertisements": []any{map[string]any{}}}), "bgpAdvertisements"},
		{"metallb/controller:v0.9.6", pool("p", map[string]any{"protocol": "bgp", "addresses": []any{"10.0.0.1-10.0.0.255"}, "bgpAdvertisements": []any{map[string]any{"aggregationLength": int64(25)}}}), "bgpAdvertisements[0].aggregationLength"},
		{"metallb/controller:v0.12.1", pool("p", map[string]any{"protocol": "bgp", "addresses": []any{"2001:db8::/64"}}), "addresses"},
		{"metallb/controller:v0.12.1", pool("p", map[string]any{"protocol": "bgp", "addresses": []any{"10.0.0.0"}}), "addresses"},
		{"metallb/controller:v0.12.1", profile(), ""},
		{"metallb/controller:v0.9.6", profile(), ""},
	} {
		f := newFake(t, Config{}, configMap(story), controller(tt.image), speaker(""))
		_, err := f.metallb.Create(t.Context(), tt.object)
		var refused *Error
		if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) || refused.Field != tt.field {
			t.Errorf("%s, %v: %v", tt.image, tt.object.Spec, err)
		}
		f.wantText(story)
	}
}
