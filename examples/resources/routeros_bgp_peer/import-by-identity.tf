import {
  for_each = toset(["kube-metallb-worker1", "kube-metallb-worker2"])

  to = routeros_bgp_peer.worker[each.key]
  identity = {
    name = each.key
  }
}
