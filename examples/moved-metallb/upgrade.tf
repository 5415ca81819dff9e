resource "metallb_address_pool" "services" {
  provider = routeros

  name            = "avoid-buggy-ips"
  protocol        = "bgp"
  addresses       = ["192.168.128.0/24"]
  avoid_buggy_ips = true
  bgp_advertisements = [
    { communities = ["services"] },
    { aggregation_length = 24, communities = ["65535:65281"] },
  ]
}

resource "metallb_community" "aliases" {
  provider = routeros

  name        = "communities"
  communities = [{ name = "services", value = "65001:100" }]
}

resource "metallb_address_pool" "lan" {
  provider = routeros

  name        = "lan"
  protocol    = "layer2"
  addresses   = ["192.168.5.200-192.168.5.220"]
  auto_assign = false
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
  hold_time    = "90s" # what MetalLB 0.9 takes if it is left out; newer ones in FRR mode take 180s
}

resource "metallb_bgp_peer" "upstream" {
  provider = routeros

  name           = "upstream"
  my_asn         = 65001
  peer_asn       = 65100
  peer_address   = "192.168.6.1"
  ebgp_multi_hop = true # which MetalLB 0.9 always allows, and FRR mode only where it is said
}
