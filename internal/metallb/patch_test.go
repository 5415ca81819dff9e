package metallb

import (
	"fmt"
	"strings"
	"testing"
)

// handmade has what a YAML library does away with: empty lines, alignment, another indentation.
const handmade = `# head

peers:
    # rack 1

    - my-asn: 1
      peer-asn:   2
      peer-address: 10.0.0.1     # aligned

    # rack 2
    - my-asn: 1
      peer-asn: 2
      peer-address: 10.0.0.2

    # ---- third ----

    - { my-asn: 1, peer-asn: 2, peer-address: 10.0.0.3 }
    # trailing of peers

address-pools:

    - name: a
      protocol: bgp
      addresses:
        - 10.0.0.0/24

        # second range
        - 10.0.1.0/24   # why


    - name: b
      protocol:   layer2
      addresses: [ 10.0.2.0/24,
                   10.0.3.0/24 ]
`

// TestHandmadeText: an edit changes its own lines, and no other.
func TestHandmadeText(t *testing.T) {
	f := newFake(t, Config{}, configMap(handmade))
	f.create(storyPool(), storyPeer())
	added := strings.Replace(handmade, "    # trailing of peers\n", `    # trailing of peers
    - my-asn: 65001
      peer-asn: 65000
      peer-address: 192.168.5.1
`, 1) + `    - name: avoid-buggy-ips
      protocol: bgp
      addresses:
        - 192.168.128.0/24
      avoid-buggy-ips: true
`
	f.wantText(added)
	shrunk := storyPool()
	shrunk.Spec = map[string]any{"protocol": "layer2", "addresses": []any{"192.168.128.0/25"}}
	_, err := f.metallb.Update(t.Context(), storyPool(), shrunk)
	check(t, err)
	f.wantText(strings.NewReplacer("      protocol: bgp\n      addresses:\n        - 192.168.128.0/24\n      avoid-buggy-ips: true\n",
		"      protocol: layer2\n      addresses:\n        - 192.168.128.0/25\n").Replace(added))
	for _, o := range []*Object{shrunk, storyPeer()} {
		check(t, f.metallb.Delete(t.Context(), o))
	}
	f.wantText(handmade)

	// What was imported goes without the comments around it.
	left := handmade
	for _, gone := range []struct{ address, lines string }{
		{"10.0.0.2", "    - my-asn: 1\n      peer-asn: 2\n      peer-address: 10.0.0.2\n"},
		{"10.0.0.3", "    - { my-asn: 1, peer-asn: 2, peer-address: 10.0.0.3 }\n"},
		{"10.0.0.1", "    - my-asn: 1\n      peer-asn:   2\n      peer-address: 10.0.0.1     # aligned\n"},
	} {
		check(t, f.metallb.Delete(t.Context(), &Object{Kind: BGPPeer, Name: "x@" + gone.address}))
		left = strings.Replace(left, gone.lines, "", 1)
		if gone.address == "10.0.0.1" {
			left = strings.Replace(left, "peers:\n", "peers: []\n", 1)
		}
		f.wantText(left)
	}
}

// TestLongText: what goes from a text of some thousand lines takes no other line with it.
func TestLongText(t *testing.T) {
	const pools = 1500
	text := "address-pools:\n"
	want := text
	var gone *Object
	for i := range pools {
		pool := fmt.Sprintf("- name: p%d\n  protocol: layer2\n  addresses: [ 10.%d.%d.0/24 ]\n\n", i, i/250, i%250)
		text += pool
		if i == pools/2 {
			gone = &Object{Kind: AddressPool, Name: fmt.Sprintf("p%d", i)}
			pool = "\n"
		}
		want += pool
	}
	f := newFake(t, Config{}, configMap(text))
	check(t, f.metallb.Delete(t.Context(), gone))
	f.wantText(want)
}

func TestMatches(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 1}, {"abc", "abc", 3}, {"abc", "", 0}, {"", "abc", 0}, {"abcabba", "cbabac", 4}, {"xay", "bac", 1}, {"aaaa", "aa", 2},
	} {
		a, b := strings.Split(tt.a, ""), strings.Split(tt.b, "")
		pairs := matches(a, b)
		last := [2]int{-1, -1}
		for _, pair := range pairs {
			if a[pair[0]] != b[pair[1]] || pair[0] <= last[0] || pair[1] <= last[1] {
				t.Errorf("%q, %q: %v", tt.a, tt.b, pairs)
			}
			last = pair
		}
		if tt.a != "" || tt.b != "" {
			if len(pairs) != tt.want {
				t.Errorf("%q, %q: %d pairs, want %d", tt.a, tt.b, len(pairs), tt.want)
			}
		}
	}
}
