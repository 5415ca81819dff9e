# By name in the provider's namespace, or by namespace and name. A peer in the ConfigMap of MetalLB 0.9 to 0.12 has no
# name: give it one, and its address behind an @.
terraform import metallb_bgp_peer.router router
terraform import metallb_bgp_peer.router router@192.168.5.1
