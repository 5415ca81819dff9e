package acceptance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// configured puts resources for that router, or for none, into the folder.
func (w workspace) configured(sim *routerostest.Router, settings, resources string) {
	w.t.Helper()
	require.NoError(w.t, os.WriteFile(filepath.Join(w.dir, "main.tf"), []byte(configure(sim, settings, resources)), 0o600))
}

// compared are checks of what is not a resource, which need no router.
const compared = `
variable "as" {
  default = 65001
}
resource "terraform_data" "made" {
  input = "192.168.5.1"
}
locals {
  metallb = { my_asn = 65001, peer_asn = 65000, peer_address = "192.168.5.1" }
  problems = { for name, peer in {
    known  = { remote_as = var.as }
    partly = { remote_as = var.as, local_address = terraform_data.made.output }
  } : name => provider::routeros::peering_problems({ as = "65000" }, peer, local.metallb) }
}
check "known" {
  assert {
    condition     = length(local.problems.known) == 0
    error_message = join("\n", nonsensitive(local.problems.known))
  }
}
check "partly" {
  assert {
    condition     = length(local.problems.partly) == 0
    error_message = join("\n", nonsensitive(local.problems.partly))
  }
}
`

// withKey is a peer whose key makes Terraform take all that comes of it for sensitive, and rules of two targets.
const withKey = `
resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}
resource "routeros_bgp_peer" "worker" {
  name           = "worker1"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.253"
  remote_as      = 65001
  tcp_md5_key    = "canary-key"
}
resource "routeros_dstnat" "web" {
  for_each     = { in = "192.168.128.1", out = "192.168.129.1" }
  comment      = each.key
  to_addresses = each.value
}
locals {
  pool    = { addresses = ["192.168.128.0/24"] }
  metallb = { my_asn = 65001, peer_asn = 65000, peer_address = "192.168.5.1" }
  fit = concat(
    provider::routeros::peering_problems(routeros_bgp_instance.private, routeros_bgp_peer.worker, merge(local.metallb, { password = "canary-key" })),
    provider::routeros::forwarding_problems(routeros_dstnat.web["in"], local.pool),
  )
  clash = concat(
    provider::routeros::peering_problems(routeros_bgp_instance.private, routeros_bgp_peer.worker, local.metallb),
    provider::routeros::forwarding_problems(routeros_dstnat.web["out"], local.pool),
  )
}
check "fit" {
  assert {
    condition     = length(local.fit) == 0
    error_message = join("\n", nonsensitive(local.fit))
  }
}
check "clash" {
  assert {
    condition     = length(local.clash) == 0
    error_message = join("\n", nonsensitive(local.clash))
  }
}
`

// TestFunctions compares in checks, on both CLIs: without any router, on resources, and as the examples do.
func TestFunctions(t *testing.T) {
	const failed, stillOpen = "Check block assertion failed", "Check block assertion known after apply"
	const otherAS = "routeros_bgp_peer has remote_as = 65009, but metallb_bgp_peer has my_asn = 65001"
	for name, use := range map[string]func(*testing.T){"terraform": func(*testing.T) {}, "tofu": useTofu} {
		t.Run(name, func(t *testing.T) {
			use(t)
			w := newWorkspace(t)
			t.Run("objects", func(t *testing.T) {
				w.t = t
				w.configured(nil, "", compared)
				told := w.succeed(plan, stillOpen, `in check "partly"`)
				assert.NotContains(t, told, failed)
				told = w.succeed(append(plan, "-var=as=65009"), failed, `in check "known"`, `in check "partly"`, otherAS)
				assert.NotContains(t, told, stillOpen, "what is known is wrong already")
				assert.NotContains(t, w.succeed(apply), "Check block")
				w.succeed(destroy)
			})
			t.Run("resources", func(t *testing.T) {
				w.t = t
				w.configured(router(t, "7.24"), "", withKey)
				for _, args := range [][]string{plan, apply, plan} {
					told := w.succeed(args, `in check "clash"`,
						`routeros_bgp_peer "worker1" has a tcp_md5_key, but metallb_bgp_peer has no password`,
						`routeros_dstnat "out" has to_addresses = "192.168.129.1", but metallb_address_pool has addresses = ["192.168.128.0/24"]`)
					assert.NotContains(t, told, `in check "fit"`)
					assert.NotContains(t, told, "sensitive values")
					assert.NotContains(t, told, "canary-key")
				}
				w.succeed(destroy)
			})
			for _, function := range []string{"peering_problems", "forwarding_problems"} {
				t.Run(function, func(t *testing.T) {
					w.t = t
					// A plan needs no cluster, but one that is named.
					w.configured(router(t, "7.24"), `kubernetes = { host = "https://127.0.0.1:1", token = "t" }`, example(t, "functions", function, "function.tf"))
					assert.NotContains(t, w.succeed(plan), "Check block")
				})
			}
		})
	}
}
