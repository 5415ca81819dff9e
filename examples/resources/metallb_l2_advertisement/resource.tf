resource "metallb_address_pool" "office" {
  provider = routeros

  name      = "office"
  addresses = ["192.168.5.200-192.168.5.219"]
}

resource "metallb_l2_advertisement" "office" {
  provider = routeros

  name             = "office"
  ip_address_pools = [metallb_address_pool.office.name]
  interfaces       = ["eth0"]
}
