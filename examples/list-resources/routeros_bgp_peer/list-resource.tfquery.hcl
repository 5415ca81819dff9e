# terraform query -generate-config-out=peers.tf writes their resources and import blocks.
list "routeros_bgp_peer" "workers" {
  provider         = routeros
  include_resource = true
  limit            = 1000 # 100, if left out

  config {
    name     = "kube-metallb-*"
    disabled = false
  }
}
