# A bare-metal load balancer: the router and MetalLB peer with each other, MetalLB gives Services addresses of a pool, and
# the router forwards ports to them.
terraform {
  required_version = ">= 1.11" # for a key that is never in state
  required_providers {
    routeros = {
      source = "baremetal-lb/routeros"
    }
  }
}

locals {
  nodes          = var.nodes != null ? var.nodes : { for name, node in one(data.metallb_nodes.speakers).nodes : name => node.ipv4 }
  router_address = coalesce(var.router_address, var.router_id)
}

data "metallb_nodes" "speakers" {
  provider = routeros
  count    = var.nodes == null ? 1 : 0
}

# The router's side: an instance, and each node that runs a speaker as a peer.
resource "routeros_bgp_instance" "this" {
  name      = var.name
  as        = var.router_as
  router_id = var.router_id
}

resource "routeros_bgp_peer" "node" {
  for_each = local.nodes

  name                   = "${var.name}-${each.key}"
  instance               = routeros_bgp_instance.this.name
  remote_address         = each.value
  remote_as              = var.metallb_as
  multihop               = var.multihop
  tcp_md5_key_wo         = var.md5_key
  tcp_md5_key_wo_version = var.md5_key_version
}

# The cluster's side: the pool, and the router as MetalLB's peer.
resource "metallb_address_pool" "this" {
  provider = routeros

  name            = var.name
  protocol        = "bgp"
  addresses       = var.pool
  avoid_buggy_ips = var.avoid_buggy_ips
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name                = var.name
  my_asn              = var.metallb_as
  peer_asn            = var.router_as
  peer_address        = local.router_address
  ebgp_multi_hop      = var.multihop
  password_wo         = var.md5_key
  password_wo_version = var.md5_key_version
}

# The way in.
resource "routeros_dstnat" "forward" {
  for_each = var.forwards

  comment      = "${var.name} ${each.key}"
  protocol     = each.value.protocol
  src_address  = each.value.source
  dst_address  = var.public_address
  dst_port     = each.value.port
  in_interface = var.internet_interface
  to_addresses = each.value.to
  to_ports     = each.value.to_port
}
