resource "metallb_bgp_peer" "router" {
  provider = routeros

  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
}
