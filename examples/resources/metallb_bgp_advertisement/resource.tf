resource "metallb_address_pool" "services" {
  provider = routeros

  name      = "services"
  addresses = ["192.168.128.0/24"]
}

# The router hears of the whole pool at once, from the nodes of one rack.
resource "metallb_bgp_advertisement" "services" {
  provider = routeros

  name               = "services"
  ip_address_pools   = [metallb_address_pool.services.name]
  aggregation_length = 24
  communities        = ["65001:100"]
  node_selectors     = [{ match_labels = { rack = "a" } }]
}
