# What one would otherwise look up by hand. A check that fails is a warning, at every plan; what was to be applied has been
# applied all the same.

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

# Every node's session is up.
data "routeros_bgp_sessions" "workers" {
  instance             = routeros_bgp_instance.private.name
  wait_for_established = var.patience
  required             = false
  depends_on           = [routeros_bgp_peer.worker, metallb_bgp_peer.router]
}

check "sessions" {
  assert {
    condition     = length(data.routeros_bgp_sessions.workers.sessions) >= length(var.workers)
    error_message = "The router has ${length(data.routeros_bgp_sessions.workers.sessions)} peers for ${length(var.workers)} nodes: see whether any is disabled."
  }
  assert {
    condition = alltrue(data.routeros_bgp_sessions.workers.sessions[*].established)
    error_message = join("\n", [
      for session in data.routeros_bgp_sessions.workers.sessions : "${session.name}: ${session.reason}" if !session.established
    ])
  }
}

# The router has learned the way to the address that it forwards to: a Service has it, and MetalLB announces it.
data "routeros_routes" "load_balancer" {
  dst_address     = var.load_balancer_address
  protocol        = "bgp"
  wait_for_active = var.patience
  required        = false
  depends_on      = [routeros_bgp_peer.worker, metallb_bgp_peer.router, metallb_address_pool.services]
}

check "route" {
  assert {
    condition     = anytrue(data.routeros_routes.load_balancer.routes[*].active)
    error_message = "The router knows no way to ${var.load_balancer_address}: no Service has the address yet, or MetalLB does not announce it."
  }
}
