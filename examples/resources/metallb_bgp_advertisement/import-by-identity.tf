import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_bgp_advertisement.services
  identity = {
    name = "services"
  }
}
