resource "metallb_address_pool" "services" {
  provider  = routeros
  name      = "services"
  protocol  = "bgp"
  addresses = ["192.168.128.0/24"]
}

# Waits for the address of the Service. Where this configuration makes that too (helm_release, kubernetes_service), it
# belongs into depends_on.
data "metallb_load_balancer" "web" {
  provider   = routeros
  namespace  = "default"
  name       = "web"
  ip_family  = "ipv4"
  depends_on = [metallb_address_pool.services]
}

resource "routeros_dstnat" "web" {
  comment      = "kubernetes web"
  protocol     = "tcp"
  dst_port     = "80"
  to_addresses = data.metallb_load_balancer.web.ipv4
}
