# Which nodes announce the address of a service?
data "routeros_routes" "web" {
  dst_address = "192.168.128.1"
  protocol    = "bgp"
}

output "gateways" {
  value = data.routeros_routes.web.routes[*].gateway
}

# Is there a way to it by now? A plan waits up to ten seconds, and a check warns if there is none, without stopping Terraform.
data "routeros_routes" "ingress" {
  dst_address     = "192.168.128.1"
  protocol        = "bgp"
  wait_for_active = "10s"
  required        = false
}

check "ingress" {
  assert {
    condition     = anytrue(data.routeros_routes.ingress.routes[*].active)
    error_message = "The router knows no way to 192.168.128.1: no Service has the address, or MetalLB does not announce it."
  }
}
