list "metallb_bgp_advertisement" "all" {
  provider         = routeros
  include_resource = true
}
