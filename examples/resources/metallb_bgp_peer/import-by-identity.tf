# A peer in the ConfigMap of MetalLB 0.9 to 0.12 is router@192.168.5.1.
import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_bgp_peer.router
  identity = {
    name = "router"
  }
}
