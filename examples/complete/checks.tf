# What one would otherwise look up by hand. A check that fails is a warning: the apply has been carried out all the same.

# The two ends of each peering, and of each forward, fit together. This is known before anything is applied.
locals {
  peering_problems = distinct(flatten([
    for peer in routeros_bgp_peer.worker :
    provider::routeros::peering_problems(routeros_bgp_instance.private, peer, metallb_bgp_peer.router)
  ]))
  forwarding_problems = flatten([
    for rule in routeros_dstnat.web : provider::routeros::forwarding_problems(rule, metallb_address_pool.services)
  ])
}

check "configuration" {
  assert {
    condition     = length(local.peering_problems) == 0
    error_message = join("\n", nonsensitive(local.peering_problems))
  }
  assert {
    condition     = length(local.forwarding_problems) == 0
    error_message = join("\n", local.forwarding_problems)
  }
}

# Every node's session is up. If one is not, the warning says which, and why.
check "sessions" {
  data "routeros_bgp_sessions" "workers" {
    instance             = routeros_bgp_instance.private.name
    wait_for_established = var.patience
    depends_on           = [routeros_bgp_peer.worker, metallb_bgp_peer.router]
  }
  assert {
    condition     = alltrue([for session in data.routeros_bgp_sessions.workers.sessions : session.established])
    error_message = "Not every session is established."
  }
}

# The router has learned the way to the address that it forwards to: a Service has it, and MetalLB announces it.
check "route" {
  data "routeros_routes" "load_balancer" {
    dst_address     = var.load_balancer_address
    protocol        = "bgp"
    wait_for_active = var.patience
    depends_on      = [routeros_bgp_peer.worker, metallb_bgp_peer.router, metallb_address_pool.services]
  }
  assert {
    condition     = anytrue([for route in data.routeros_routes.load_balancer.routes : contains(values(var.workers), route.gateway)])
    error_message = "${var.load_balancer_address} is not reached by one of the workers."
  }
}
