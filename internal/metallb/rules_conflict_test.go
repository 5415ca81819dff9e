package metallb

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What goes together, whichever of them is judged. Each pair differs in little from one of metallbtest's bad inputs.
var harmonies = []struct {
	name   string
	mode   Mode
	object string // kind, name, spec
	others []string
}{
	{"pools that touch", "", "IPAddressPool a {addresses: [10.0.0.0/25]}", []string{"IPAddressPool b {addresses: [10.0.0.128/25, 'nonsense', '2001:db8::/64']}"}},
	{"itself, as it was", "", "IPAddressPool a {addresses: [10.0.0.0/25]}", []string{"IPAddressPool a {addresses: [10.0.0.0/24]}"}},
	{"same name, another kind", "", "Community a {communities: [{name: x, value: '1:2'}]}", []string{"IPAddressPool a {addresses: [10.0.0.0/24]}"}},
	{"other communities", "", "Community a {communities: [{name: x, value: '1:2'}]}", []string{"Community b {communities: [{name: y, value: '1:2'}]}"}},
	{"pool that is filled", "", "BGPAdvertisement a {aggregationLength: 24}", []string{"IPAddressPool p {addresses: [10.0.0.0-10.0.0.255, '2001:db8::/64']}"}},
	{"range with one long enough", "", "BGPAdvertisement a {aggregationLength: 30}", []string{"IPAddressPool p {addresses: [10.0.0.1-10.0.0.10]}"}},
	{"pool that is not chosen", "", "BGPAdvertisement a {aggregationLength: 24, ipAddressPools: [q]}", []string{"IPAddressPool p {addresses: [10.0.0.0/25]}"}},
	{"pools chosen by labels", "", "BGPAdvertisement a {aggregationLength: 24, ipAddressPoolSelectors: [{matchLabels: {a: b}}]}",
		[]string{"IPAddressPool p {addresses: [10.0.0.0/25]}"}},
	{"another pool's preference", "", "BGPAdvertisement a {localPref: 1, ipAddressPools: [p]}",
		[]string{"BGPAdvertisement b {ipAddressPools: [q]}", "IPAddressPool p {addresses: [10.0.0.0/24]}", "IPAddressPool q {addresses: [10.1.0.0/24]}"}},
	{"another length's preference", "", "BGPAdvertisement a {localPref: 1}", []string{"BGPAdvertisement b {aggregationLength: 24}", "IPAddressPool p {addresses: [10.0.0.0/24]}"}},
	{"another peer's preference", "", "BGPAdvertisement a {localPref: 1, peers: [x]}", []string{"BGPAdvertisement b {peers: [y]}", "IPAddressPool p {addresses: [10.0.0.0/24]}"}},
	{"other nodes' preference", "", "BGPAdvertisement a {localPref: 1, nodeSelectors: [{matchLabels: {rack: '1'}}]}",
		[]string{"BGPAdvertisement b {nodeSelectors: [{matchLabels: {rack: '2'}}]}", "IPAddressPool p {addresses: [10.0.0.0/24]}"}},
	{"some services' preference", "", "BGPAdvertisement a {localPref: 1}",
		[]string{"BGPAdvertisement b {serviceSelectors: [{matchLabels: {a: b}}]}", "IPAddressPool p {addresses: [10.0.0.0/24]}"}},
	{"preference for a peer of the same AS", "", "BGPAdvertisement a {localPref: 1}",
		[]string{"BGPPeer x {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1}", "BGPPeer y {myASN: 1, peerASN: 1, peerAddress: 10.0.0.2}"}},
	{"IPv4 in native mode", Native, "BGPAdvertisement a {}", []string{"IPAddressPool p {addresses: [10.0.0.0/24]}"}},
	{"IPv6 in FRR mode", FRR, "BGPAdvertisement a {}", []string{"IPAddressPool p {addresses: ['2001:db8::/64']}"}},
	{"peers of one node", FRR, "BGPPeer a {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1}", []string{"BGPPeer b {myASN: 1, peerASN: 3, peerAddress: 10.0.0.2}"}},
	{"peers of two racks", FRR, "BGPPeer a {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1, nodeSelectors: [{matchLabels: {rack: '1'}}]}",
		[]string{"BGPPeer b {myASN: 3, peerASN: 2, peerAddress: 10.0.0.1, routerID: 10.0.0.9, nodeSelectors: [{matchLabels: {rack: '2'}}]}"}},
	{"peers of two VRFs", FRRK8s, "BGPPeer a {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1, vrf: red}", []string{"BGPPeer b {myASN: 3, peerASN: 2, peerAddress: 10.0.0.1}"}},
	{"another port", Native, "BGPPeer a {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1}", []string{"BGPPeer b {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1, peerPort: 1179}"}},
	{"another AS in native mode", Native, "BGPPeer a {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1}",
		[]string{"BGPPeer b {myASN: 3, peerASN: 2, peerAddress: 10.0.0.2, routerID: 10.0.0.9}"}},
	{"echo with IPv4", FRR, "BFDProfile a {echoMode: true}",
		[]string{"BGPPeer b {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1, bfdProfile: a}", "BGPAdvertisement c {}", "IPAddressPool p {addresses: [10.0.0.0/24]}"}},
	{"echo of another peer", FRR, "BGPAdvertisement c {peers: [x]}",
		[]string{"BFDProfile a {echoMode: true}", "BGPPeer b {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1, bfdProfile: a}", "IPAddressPool p {addresses: ['2001:db8::/64']}"}},
	{"TTL of a multihop peer", FRR, "BFDProfile a {minimumTtl: 250}",
		[]string{"BGPPeer b {myASN: 1, peerASN: 2, peerAddress: 10.0.0.1, bfdProfile: a, ebgpMultiHop: true}"}},
}

func objectOf(t *testing.T, text string) *Object {
	t.Helper()
	words := strings.SplitN(text, " ", 3)
	return &Object{Kind: Kind(words[0]), Name: words[1], Spec: specOf(t, words[2])}
}

func TestNoConflicts(t *testing.T) {
	for _, tt := range harmonies {
		all := []*Object{objectOf(t, tt.object)}
		for _, text := range tt.others {
			all = append(all, objectOf(t, text))
		}
		for i, object := range all {
			others := slices.Delete(slices.Clone(all), i, i+1)
			if found := Conflicts(object, others, tt.mode); len(found) > 0 {
				t.Errorf("%s: %s: %v", tt.name, object.Name, found)
			}
		}
	}
}

func TestNothingMissing(t *testing.T) {
	others := []*Object{
		objectOf(t, "IPAddressPool p {}"), objectOf(t, "BGPPeer x {}"), objectOf(t, "BFDProfile fast {}"),
		objectOf(t, "Community c {communities: [{name: no-export, value: '65535:65281'}]}"),
	}
	for _, text := range []string{
		"BGPAdvertisement a {ipAddressPools: [p], peers: [x], communities: [no-export, '1:2', 'large:1:2:3']}",
		"L2Advertisement a {ipAddressPools: [p]}",
		"BGPPeer a {bfdProfile: fast}",
		"IPAddressPool a {bgpAdvertisements: [{communities: [no-export]}]}",
	} {
		if found := Missing(objectOf(t, text), others); len(found) > 0 {
			t.Errorf("%s: %v", text, found)
		}
	}
	pending := objectOf(t, "Community d {}")
	pending.Spec["communities"] = []any{Unknown}
	if found := Missing(objectOf(t, "BGPAdvertisement a {communities: [later]}"), append(others, pending)); len(found) > 0 {
		t.Errorf("a name that may be among unknown ones: %v", found)
	}
}

// spot is the n-th of 256 addresses of a family.
type spot struct{ bits, n int }

func (s spot) String() string {
	if s.bits == 32 {
		return fmt.Sprintf("10.0.0.%d", s.n)
	}
	return fmt.Sprintf("2001:db8::%x", s.n)
}

// drawPool gives a pool, and the addresses that it stands for.
func drawPool(t *rapid.T, name string) (*Object, map[spot]bool) {
	var entries []any
	set := map[spot]bool{}
	for range rapid.IntRange(1, 4).Draw(t, name) {
		bits := rapid.SampledFrom([]int{32, 128}).Draw(t, "family")
		first := rapid.IntRange(0, 255).Draw(t, "first")
		last := rapid.IntRange(first, 255).Draw(t, "last")
		text := fmt.Sprintf("%s - %s", spot{bits, first}, spot{bits, last})
		if rapid.Bool().Draw(t, "prefix") {
			length := rapid.IntRange(0, 8).Draw(t, "hosts")
			text = fmt.Sprintf("%s/%d", spot{bits, first}, bits-length)
			first &^= 1<<length - 1
			last = first + 1<<length - 1
		}
		entries = append(entries, text)
		for n := first; n <= last; n++ {
			set[spot{bits, n}] = true
		}
	}
	return &Object{Kind: AddressPool, Name: name, Spec: map[string]any{"addresses": entries}}, set
}

// TestOverlapsAgainstSets holds pools against the sets of addresses that they stand for.
func TestOverlapsAgainstSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ours, ourSet := drawPool(t, "ours")
		theirs, theirSet := drawPool(t, "theirs")
		shared := false
		for ip := range ourSet {
			shared = shared || theirSet[ip]
		}
		for _, found := range [][]Problem{Conflicts(ours, []*Object{theirs}, ""), Conflicts(theirs, []*Object{ours}, "")} {
			if (len(found) > 0) != shared {
				t.Fatalf("%v and %v share addresses: %v, but %v", ours.Spec, theirs.Spec, shared, found)
			}
		}
	})
}

// TestAggregationAgainstSets holds aggregates against what an entry fills: the largest prefix that is all of the entry's.
func TestAggregationAgainstSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.IntRange(0, 255).Draw(t, "first")
		last := rapid.IntRange(first, 255).Draw(t, "last")
		largest := 0
		for hosts := 0; hosts <= 8; hosts++ {
			for start := 0; start < 256; start += 1 << hosts {
				if first <= start && start+1<<hosts-1 <= last {
					largest = hosts
				}
			}
		}
		length := rapid.IntRange(20, 32).Draw(t, "length")
		spec := map[string]any{
			"addresses": []any{fmt.Sprintf("%s-%s", spot{32, first}, spot{32, last})}, "protocol": "bgp",
			"bgpAdvertisements": []any{map[string]any{"aggregationLength": int64(length)}},
		}
		if found := Check(AddressPool, spec); (len(found) > 0) != (length < 32-largest) {
			t.Fatalf("%v, which fills a /%d: %v", spec, 32-largest, found)
		}
	})
}
