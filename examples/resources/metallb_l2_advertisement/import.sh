# By name in the provider's namespace, or by namespace and name.
terraform import metallb_l2_advertisement.office office
terraform import metallb_l2_advertisement.office metallb-system/office
