# MetalLB's part as a module. Here the provider's local name is metallb, so that no resource needs `provider = …`;
# the caller passes it as `providers = { metallb = routeros }`.
terraform {
  required_version = ">= 1.11" # for passwords that are never in state
  required_providers {
    metallb = {
      source = "baremetal-lb/routeros"
    }
  }
}

resource "metallb_address_pool" "this" {
  for_each = var.pools

  name               = each.key
  addresses          = each.value.addresses
  protocol           = each.value.protocol
  bgp_advertisements = each.value.bgp_advertisements
  avoid_buggy_ips    = each.value.avoid_buggy_ips
  auto_assign        = each.value.auto_assign
}

resource "metallb_bgp_peer" "this" {
  for_each = var.peers

  name                = each.key
  my_asn              = var.my_asn
  peer_asn            = each.value.asn
  peer_address        = each.value.address
  peer_port           = each.value.port
  hold_time           = each.value.hold_time
  ebgp_multi_hop      = each.value.multihop
  bfd_profile         = each.value.bfd_profile
  node_selectors      = each.value.node_labels == null ? null : [{ match_labels = each.value.node_labels }]
  password_wo         = lookup(var.passwords, each.key, null)
  password_wo_version = each.value.password_version
}
