import {
  provider = routeros # for OpenTofu; Terraform takes the resource's
  to       = metallb_community.communities
  identity = {
    name = "communities"
  }
}
