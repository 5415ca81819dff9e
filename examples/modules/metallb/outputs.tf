output "pools" {
  description = "The pools by name, each as provider::routeros::forwarding_problems takes it."
  value = {
    for name, pool in metallb_address_pool.this :
    name => { name = name, addresses = pool.addresses, avoid_buggy_ips = pool.avoid_buggy_ips }
  }
}

output "peers" {
  description = "The peers by name, each as provider::routeros::peering_problems takes it."
  value = {
    for name, peer in metallb_bgp_peer.this : name => {
      name                = name
      my_asn              = peer.my_asn
      peer_asn            = peer.peer_asn
      peer_address        = peer.peer_address
      peer_port           = peer.peer_port
      hold_time           = peer.hold_time
      ebgp_multi_hop      = peer.ebgp_multi_hop
      bfd_profile         = peer.bfd_profile
      password_wo_version = peer.password_wo_version
    }
  }
}
