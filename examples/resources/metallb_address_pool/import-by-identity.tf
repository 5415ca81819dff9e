import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_address_pool.services
  identity = {
    namespace = "metallb-system" # the provider's, if left out
    name      = "avoid-buggy-ips"
  }
}
