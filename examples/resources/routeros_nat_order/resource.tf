resource "routeros_dstnat" "web" {
  for_each = { office = "198.51.100.0/24", everybody = null }

  comment      = "kubernetes ingress, ${each.key}"
  protocol     = "tcp"
  dst_port     = 443
  src_address  = each.value
  to_addresses = each.value == null ? "192.168.128.1" : "192.168.128.2"
}

# The office comes first: everybody is in the other rule too.
resource "routeros_nat_order" "web" {
  rules    = [for who in ["office", "everybody"] : routeros_dstnat.web[who].id]
  position = "first"
}
