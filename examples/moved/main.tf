# The instance and the peers were made by terraform-routeros, which is still needed for the masquerading.
terraform {
  required_providers {
    routeros = {
      source = "baremetal-lb/routeros"
    }
    other = {
      source = "terraform-routeros/routeros"
    }
  }
}

provider "routeros" {
  hosturl  = "apis://192.168.5.1"
  username = "terraform"
}

provider "other" {
  hosturl  = "apis://192.168.5.1"
  username = "terraform"
}

moved {
  from = routeros_routing_bgp_instance.private
  to   = routeros_bgp_instance.private
}

moved {
  from = routeros_routing_bgp_connection.worker
  to   = routeros_bgp_peer.worker
}

resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}

resource "routeros_bgp_peer" "worker" {
  for_each = {
    kube-metallb-worker1 = "192.168.5.253"
    kube-metallb-worker2 = "192.168.5.252"
  }

  name           = each.key
  instance       = routeros_bgp_instance.private.name
  remote_address = each.value
  remote_as      = 65001
}

resource "routeros_ip_firewall_nat" "masquerade" {
  provider = other

  chain         = "srcnat"
  action        = "masquerade"
  out_interface = "ether1"
}
