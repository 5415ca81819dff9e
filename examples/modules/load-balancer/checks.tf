# What does not fit together, though router and cluster take it. Its sentences name no key, but what comes of a resource that
# may have one is taken for sensitive.
locals {
  peering_problems = nonsensitive(flatten([
    for peer in routeros_bgp_peer.node : provider::routeros::peering_problems(routeros_bgp_instance.this, peer, metallb_bgp_peer.router)
  ]))
  forwarding_problems = flatten([
    for rule in routeros_dstnat.forward : provider::routeros::forwarding_problems(rule, metallb_address_pool.this)
  ])
}

check "peering" {
  assert {
    condition     = length(local.peering_problems) == 0
    error_message = join("\n", local.peering_problems)
  }
}

check "forwarding" {
  assert {
    condition     = length(local.forwarding_problems) == 0
    error_message = join("\n", local.forwarding_problems)
  }
}
