resource "metallb_address_pool" "services" {
  provider = routeros

  name            = "avoid-buggy-ips"
  protocol        = "bgp"
  addresses       = ["192.168.128.0/24"]
  avoid_buggy_ips = true
}

resource "routeros_dstnat" "https" {
  comment      = "kubernetes https"
  protocol     = "tcp"
  dst_port     = 443
  in_interface = "ether1"
  to_addresses = "192.168.128.1"
}

locals {
  forwarding_problems = provider::routeros::forwarding_problems(routeros_dstnat.https, metallb_address_pool.services)
}

# A warning of each plan and apply, as long as something does not fit.
check "forwarding" {
  assert {
    condition     = length(local.forwarding_problems) == 0
    error_message = join("\n", local.forwarding_problems)
  }
}
