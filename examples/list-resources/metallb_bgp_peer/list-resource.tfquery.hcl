# Peers in a ConfigMap have no names: they get some, after their addresses.
list "metallb_bgp_peer" "all" {
  provider         = routeros
  include_resource = true
}
