# By name in the provider's namespace, or by namespace and name.
terraform import metallb_address_pool.services avoid-buggy-ips
terraform import metallb_address_pool.services metallb-system/avoid-buggy-ips
