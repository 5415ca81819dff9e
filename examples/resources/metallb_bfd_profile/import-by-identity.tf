import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_bfd_profile.fast
  identity = {
    name = "fast"
  }
}
