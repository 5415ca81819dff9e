# The pool and its advertisement were each a kubernetes_manifest, the peer a kubectl_manifest.
moved {
  from = kubernetes_manifest.services
  to   = metallb_address_pool.services
}

moved {
  from = kubernetes_manifest.advertisement
  to   = metallb_bgp_advertisement.services
}

moved {
  from = kubectl_manifest.router
  to   = metallb_bgp_peer.router
}

resource "metallb_address_pool" "services" {
  provider = routeros

  name            = "services"
  addresses       = ["192.168.128.0/24"]
  avoid_buggy_ips = true
}

resource "metallb_bgp_advertisement" "services" {
  provider = routeros

  name             = "services"
  ip_address_pools = [metallb_address_pool.services.name]
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
  hold_time    = "30s"
}
