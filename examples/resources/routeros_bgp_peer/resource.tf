resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}

resource "routeros_bgp_peer" "worker" {
  for_each = {
    kube-metallb-worker1 = "192.168.5.253"
    kube-metallb-worker2 = "192.168.5.252"
  }

  name           = each.key
  instance       = routeros_bgp_instance.private.name
  remote_address = each.value
  remote_as      = 65001
  multihop       = true
  hold_time      = "90s"
}
