resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}
