package acceptance

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// TestPlannedTogether: two resources of one configuration that MetalLB would not take together are refused at plan, at
// the attribute, by a cluster that nobody reaches.
func TestPlannedTogether(t *testing.T) {
	const nobody = `kubernetes = { host = "https://127.0.0.1:1", token = "none" }`
	for name, c := range map[string]struct{ resources, want string }{
		"overlapping pools": {`
			resource "metallb_address_pool" "each" {
			  provider  = routeros
			  for_each  = { a = "192.168.128.0/24", b = "192.168.128.200-192.168.129.9" }
			  name      = each.key
			  namespace = each.key == "a" ? "metallb-system" : null
			  addresses = [each.value]
			}`, "every address is in one pool only"},
		"one alias, two values": {`
			resource "metallb_community" "each" {
			  provider    = routeros
			  for_each    = { a = "65001:1", b = "65001:2" }
			  name        = each.key
			  communities = [{ name = "backup", value = each.value }]
			}`, `"backup"`},
		"an aggregation that its pool does not fit": {`
			resource "metallb_address_pool" "small" {
			  provider  = routeros
			  name      = "small"
			  addresses = ["192.168.128.0/28"]
			}
			resource "metallb_bgp_advertisement" "small" {
			  provider           = routeros
			  name               = "small"
			  ip_address_pools   = [metallb_address_pool.small.name]
			  aggregation_length = 24
			}`, "aggregation_length"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				Steps:                    []resource.TestStep{{Config: configure(nil, nobody, c.resources), PlanOnly: true, ExpectError: said(c.want)}},
			})
		})
	}
	t.Run("side by side", func(t *testing.T) {
		t.Parallel()
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			Steps: []resource.TestStep{{
				Config: configure(nil, nobody, `
					resource "metallb_address_pool" "each" {
					  provider  = routeros
					  for_each  = { a = "192.168.128.0/25", b = "192.168.128.128/25" }
					  name      = each.key
					  addresses = [each.value]
					}`),
				PlanOnly: true, ExpectNonEmptyPlan: true,
			}},
		})
	})
}
