resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}

resource "routeros_bgp_peer" "worker" {
  for_each = { kube-metallb-worker1 = "192.168.5.253", kube-metallb-worker2 = "192.168.5.252" }

  name           = each.key
  instance       = routeros_bgp_instance.private.name
  remote_address = each.value
  remote_as      = 65001
  multihop       = true
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
}

locals {
  peering_problems = flatten([
    for peer in routeros_bgp_peer.worker :
    provider::routeros::peering_problems(routeros_bgp_instance.private, peer, metallb_bgp_peer.router)
  ])
}

# A warning of each plan and apply, as long as something does not fit.
check "peering" {
  assert {
    condition     = length(local.peering_problems) == 0
    error_message = join("\n", nonsensitive(local.peering_problems))
  }
}
