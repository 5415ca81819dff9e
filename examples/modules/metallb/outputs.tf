output "pools" {
  description = "The pools' addresses, by the pool's name."
  value       = { for name, pool in metallb_address_pool.this : name => pool.addresses }
}

output "peers" {
  description = "The routers' addresses, by the peer's name."
  value       = { for name, peer in metallb_bgp_peer.this : name => peer.peer_address }
}
