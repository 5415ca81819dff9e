output "peers" {
  description = "The router's BGP peers."
  value       = { for name, peer in routeros_bgp_peer.worker : name => peer.remote_address }
}

output "forwards" {
  description = "What is forwarded from the internet: port to address."
  value       = { for name, rule in routeros_dstnat.web : rule.dst_port => rule.to_addresses }
}
