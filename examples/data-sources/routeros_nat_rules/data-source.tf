# Who else forwards to the address of the service?
data "routeros_nat_rules" "web" {
  chain        = "dstnat"
  to_addresses = "192.168.128.1"
  disabled     = false
}

output "ports" {
  value = data.routeros_nat_rules.web.rules[*].dst_port
}
