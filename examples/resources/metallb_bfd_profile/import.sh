# By name in the provider's namespace, or by namespace and name.
terraform import metallb_bfd_profile.fast fast
terraform import metallb_bfd_profile.fast metallb-system/fast
