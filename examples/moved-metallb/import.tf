import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_address_pool.services
  id       = "services"
}

import {
  provider = routeros
  to       = metallb_bgp_advertisement.services
  id       = "services"
}

import {
  provider = routeros
  to       = metallb_bgp_peer.router
  id       = "metallb-system/router" # in the ConfigMap, where peers have no name: router@192.168.5.1
}

resource "metallb_address_pool" "services" {
  provider = routeros

  name            = "services"
  addresses       = ["192.168.128.0/24"]
  avoid_buggy_ips = true
}

resource "metallb_bgp_advertisement" "services" {
  provider = routeros

  name             = "services"
  ip_address_pools = [metallb_address_pool.services.name]
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
  hold_time    = "30s"
}
