# One site: a router, and the cluster behind it. Which one, the workspace says: the state of the workspace berlin and the
# file sites/berlin.yaml belong together, so that no state can be planned with another site's values.
terraform {
  required_version = ">= 1.11" # the first with write-only arguments, of Terraform and of OpenTofu
  required_providers {
    routeros = {
      source = "baremetal-lb/routeros"
    }
  }
}

locals {
  site = yamldecode(file("${path.module}/sites/${terraform.workspace}.yaml"))
}

# Who asks comes from the environment, since who plans may do less than who applies: ROS_USERNAME, ROS_PASSWORD,
# ROS_CERTIFICATE_FINGERPRINT, and KUBE_CONFIG_PATH, or KUBE_HOST, KUBE_TOKEN and KUBE_CLUSTER_CA_CERT_DATA.
provider "routeros" {
  hosturl = local.site.router.url
}

# The router's side.
resource "routeros_bgp_instance" "cluster" {
  name      = "cluster"
  as        = local.site.router.asn
  router_id = local.site.router.address
}

resource "routeros_bgp_peer" "node" {
  for_each = local.site.cluster.nodes

  name                   = each.key
  instance               = routeros_bgp_instance.cluster.name
  remote_address         = each.value
  remote_as              = local.site.cluster.asn
  multihop               = true
  tcp_md5_key_wo         = var.bgp_password
  tcp_md5_key_wo_version = local.site.bgp_password_version
}

resource "routeros_dstnat" "port" {
  for_each = local.site.ports

  comment      = "kubernetes ${each.key}"
  protocol     = "tcp"
  dst_port     = each.value
  in_interface = local.site.router.internet_interface
  to_addresses = local.site.cluster.ingress
}

# The cluster's side.
resource "metallb_address_pool" "services" {
  provider = routeros

  name      = "services"
  protocol  = "bgp"
  addresses = local.site.cluster.pool
}

resource "metallb_bgp_peer" "router" {
  provider = routeros

  name                = "router"
  my_asn              = local.site.cluster.asn
  peer_asn            = local.site.router.asn
  peer_address        = local.site.router.address
  ebgp_multi_hop      = true
  password_wo         = var.bgp_password
  password_wo_version = local.site.bgp_password_version
}
