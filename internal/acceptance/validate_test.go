package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestValidateNamesTheAttribute: `terraform validate` needs no cluster, and shows the line of each attribute that is wrong.
// One within another, whose line Terraform does not find, is named in the text.
func TestValidateNamesTheAttribute(t *testing.T) {
	const selected = `[{ match_expressions = [{ key = "a", operator = "Is" }] }]`
	wrong := []struct{ typeName, given, wrong, within, want string }{
		{"metallb_address_pool", "", `addresses = ["10.0.0.0/24", "10.0.0.7/32"]`, "", "overlap"},
		{"metallb_address_pool", `addresses = ["10.0.0.0/24"]`, `protocol = "ospf"`, "", `"ospf" is not one of`},
		{"metallb_address_pool", "addresses = [\"10.0.0.0/24\"]\nprotocol = \"bgp\"", `bgp_advertisements = [{ aggregation_length = 16 }]`, "bgp_advertisements[0].aggregation_length", "at least 24"},
		{"metallb_address_pool", `addresses = ["10.0.0.0/24"]`, `service_allocation = { namespace_selectors = ` + selected + ` }`, "service_allocation.namespace_selectors[0].match_expressions[0].operator", `"Is" is not one of`},
		{"metallb_bgp_peer", "my_asn = 1\npeer_asn = 2", `peer_address = "router"`, "", `"router" is not an address`},
		{"metallb_bgp_peer", "my_asn = 1\npeer_asn = 1\npeer_address = \"10.0.0.1\"", `ebgp_multi_hop = true`, "", "multihop is for a peer of another AS"},
		{"metallb_bgp_peer", "my_asn = 1\npeer_asn = 2\npeer_address = \"10.0.0.1\"", `node_selectors = ` + selected, "node_selectors[0].match_expressions[0].operator", `"Is" is not one of`},
		{"metallb_bgp_peer", "my_asn = 1\npeer_asn = 2\npeer_address = \"10.0.0.1\"\nhold_time = \"9s\"", `keepalive_time = "10s"`, "", "longer than the hold time"},
		{"metallb_bgp_peer", "my_asn = 1\npeer_asn = 2\npeer_address = \"10.0.0.1\"", `password_secret = { name = "A" }`, "password_secret.name", `"A" is not the name`},
		{"metallb_bgp_advertisement", "", `communities = ["1:70000"]`, "", `"1:70000" is not a community`},
		{"metallb_bgp_advertisement", "", `node_selectors = ` + selected, "node_selectors[0].match_expressions[0].operator", `"Is" is not one of`},
		{"metallb_l2_advertisement", "", `ip_address_pool_selectors = ` + selected, "ip_address_pool_selectors[0].match_expressions[0].operator", `"Is" is not one of`},
		{"metallb_bfd_profile", "", `receive_interval = 9`, "", "10 to 60000"},
		{"metallb_community", "", `communities = [{ name = "a:b", value = "1:1" }]`, "", `"a:b" is not the name of a community`},
	}
	resources := ""
	for i, c := range wrong {
		resources += fmt.Sprintf("resource %q \"x%d\" {\n  provider = routeros\n  name = \"x%d\"\n%s\n%s\n}\n", c.typeName, i, i, c.given, c.wrong)
	}
	program := build(t, os.Getenv("TF_ACC_TERRAFORM_PATH"))
	dir, _ := program.in(t, map[string]string{"main.tf": configure(nil, "", resources)})
	out, _ := program.command(t, dir, "validate", "-json").Output() // it fails, which is the point
	var told struct {
		Diagnostics []struct {
			Severity, Detail, Address string
			Snippet                   struct{ Code string }
		}
	}
	require.NoError(t, json.Unmarshal(out, &told), string(out))
	refused := map[string][2]string{}
	for _, d := range told.Diagnostics {
		if d.Severity == "error" {
			refused[d.Address] = [2]string{d.Detail, d.Snippet.Code}
		}
	}
	assert.Len(t, refused, len(wrong))
	for i, c := range wrong {
		is := refused[fmt.Sprintf("%s.x%d", c.typeName, i)]
		assert.Contains(t, is[0], c.want)
		if c.within == "" {
			assert.Equal(t, c.wrong, is[1], "the line")
		} else {
			assert.True(t, strings.HasPrefix(is[0], c.within+": "), is[0])
		}
	}
}
