list "metallb_community" "all" {
  provider         = routeros
  include_resource = true
}
