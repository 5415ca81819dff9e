import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_l2_advertisement.office
  identity = {
    name = "office"
  }
}
