list "routeros_bgp_instance" "all" {
  provider         = routeros
  include_resource = true
}
