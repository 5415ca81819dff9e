data "routeros_bgp_advertisements" "worker1" {
  peer = "kube-metallb-worker1"
}

check "no_default_route" {
  assert {
    condition     = !contains(data.routeros_bgp_advertisements.worker1.advertisements[*].dst, "0.0.0.0/0")
    error_message = "The router announces a default route to the cluster."
  }
}
