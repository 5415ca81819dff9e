list "metallb_address_pool" "all" {
  provider         = routeros
  include_resource = true
}
