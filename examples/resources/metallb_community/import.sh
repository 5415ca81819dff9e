# By name in the provider's namespace, or by namespace and name.
terraform import metallb_community.communities communities
terraform import metallb_community.communities metallb-system/communities
