resource "routeros_dstnat" "web" {
  for_each = toset(["80", "443"])

  comment      = "kubernetes ingress, port ${each.key}"
  protocol     = "tcp"
  dst_port     = each.key
  in_interface = "ether1"
  to_addresses = "192.168.128.1"
}
