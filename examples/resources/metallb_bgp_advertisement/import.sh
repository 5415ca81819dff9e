# By name in the provider's namespace, or by namespace and name.
terraform import metallb_bgp_advertisement.services services
terraform import metallb_bgp_advertisement.services metallb-system/services
