# What does not fit together, though router and cluster take it. It is a warning of the plan, and stands above it in the pull
# request. Its sentences name no key, but what comes of a resource that may have one is taken for sensitive.
locals {
  problems = distinct(concat(
    nonsensitive(flatten([
      for peer in routeros_bgp_peer.node : provider::routeros::peering_problems(routeros_bgp_instance.cluster, peer, metallb_bgp_peer.router)
    ])),
    flatten([for rule in routeros_dstnat.port : provider::routeros::forwarding_problems(rule, metallb_address_pool.services)]),
  ))
}

check "site" {
  assert {
    condition     = length(local.problems) == 0
    error_message = join("\n", local.problems)
  }
}
