# MetalLB's part as a module. Here the provider's local name is metallb, so that no resource needs `provider = …`;
# the caller passes it as `providers = { metallb = routeros }`.
terraform {
  required_providers {
    metallb = {
      source = "baremetal-lb/routeros"
    }
  }
}

resource "metallb_address_pool" "this" {
  for_each = var.pools

  name            = each.key
  protocol        = var.protocol
  addresses       = each.value
  avoid_buggy_ips = var.avoid_buggy_ips
}

resource "metallb_bgp_peer" "this" {
  for_each = var.peers

  name         = each.key
  my_asn       = var.my_asn
  peer_asn     = each.value.asn
  peer_address = each.value.address
}
