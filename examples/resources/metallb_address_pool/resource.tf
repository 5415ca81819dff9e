resource "metallb_address_pool" "services" {
  provider = routeros

  name            = "avoid-buggy-ips"
  protocol        = "bgp"
  addresses       = ["192.168.128.0/24"]
  avoid_buggy_ips = true
}
