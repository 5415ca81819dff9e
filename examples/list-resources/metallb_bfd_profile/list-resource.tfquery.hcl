list "metallb_bfd_profile" "all" {
  provider         = routeros
  include_resource = true
}
