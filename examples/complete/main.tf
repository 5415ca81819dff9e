# A bare-metal load balancer in one apply: MetalLB gives Services addresses of a pool and announces them over BGP to the
# router; the router sends what arrives from the internet on ports 80 and 443 to the first of them.
terraform {
  required_version = ">= 1.8"
  required_providers {
    routeros = {
      source = "baremetal-lb/routeros"
    }
  }
}

# The password comes from ROS_PASSWORD, and, if the router signed its certificate itself, the certificate's fingerprint
# from ROS_CERTIFICATE_FINGERPRINT.
provider "routeros" {
  hosturl  = var.router
  username = var.username

  kubernetes = {
    config_path = var.kubeconfig
  }
}

# The router's side: an instance, and each node that runs a speaker as a peer. Nodes on a network of the router need no multihop;
# with it they may be anywhere.
resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = var.router_as
  router_id = var.router_id
}

resource "routeros_bgp_peer" "worker" {
  for_each = var.workers

  name           = each.key
  instance       = routeros_bgp_instance.private.name
  remote_address = each.value
  remote_as      = var.metallb_as
  multihop       = true
}

# The cluster's side: the pool, and the router as MetalLB's peer.
resource "metallb_address_pool" "services" {
  provider = routeros

  name            = "avoid-buggy-ips"
  protocol        = "bgp"
  addresses       = [var.pool]
  avoid_buggy_ips = true
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name         = "router"
  my_asn       = var.metallb_as
  peer_asn     = var.router_as
  peer_address = var.router_id
}

# The way in.
resource "routeros_dstnat" "web" {
  for_each = var.ports

  comment      = "kubernetes ${each.key}"
  protocol     = "tcp"
  dst_port     = each.value
  in_interface = var.internet_interface
  to_addresses = var.load_balancer_address
}
