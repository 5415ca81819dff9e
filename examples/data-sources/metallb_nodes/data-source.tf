# Every node that runs a speaker becomes a BGP peer of the router.
data "metallb_nodes" "all" {
  provider = routeros
}

resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}

resource "routeros_bgp_peer" "node" {
  for_each = data.metallb_nodes.all.nodes

  name           = "kube-metallb-${each.key}"
  instance       = routeros_bgp_instance.private.name
  remote_address = each.value.ipv4
  remote_as      = 65001
}
