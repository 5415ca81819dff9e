list "metallb_l2_advertisement" "all" {
  provider         = routeros
  include_resource = true
}
