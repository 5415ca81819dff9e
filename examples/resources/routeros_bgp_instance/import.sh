# By name, or by the row's id.
terraform import routeros_bgp_instance.private private
terraform import routeros_bgp_instance.private '*1'
