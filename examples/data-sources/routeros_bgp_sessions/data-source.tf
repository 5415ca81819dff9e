resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}

resource "routeros_bgp_peer" "worker" {
  for_each = { worker1 = "192.168.5.253", worker2 = "192.168.5.252" }

  name           = "kube-metallb-${each.key}"
  instance       = routeros_bgp_instance.private.name
  remote_address = each.value
  remote_as      = 65001
}

# What depends on this goes on when all nodes have answered. If they have not after two minutes, the error names them.
data "routeros_bgp_sessions" "kubernetes" {
  instance             = routeros_bgp_instance.private.name
  wait_for_established = "2m"
  depends_on           = [routeros_bgp_peer.worker]
}

output "prefixes" {
  value = { for s in data.routeros_bgp_sessions.kubernetes.sessions : s.name => s.prefix_count }
}

# Where a session that is down shall not stop Terraform, a check warns at every plan, and names it with the reason.
data "routeros_bgp_sessions" "down" {
  established = false
}

check "sessions" {
  assert {
    condition     = length(data.routeros_bgp_sessions.down.sessions) == 0
    error_message = join("\n", [for s in data.routeros_bgp_sessions.down.sessions : "${s.name}: ${s.reason}"])
  }
}
