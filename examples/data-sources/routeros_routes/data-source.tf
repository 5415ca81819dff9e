# Which nodes announce the address of a service?
data "routeros_routes" "web" {
  dst_address = "192.168.128.1"
  protocol    = "bgp"
}

output "gateways" {
  value = data.routeros_routes.web.routes[*].gateway
}
