output "instance" {
  description = "Name of the router's BGP instance."
  value       = routeros_bgp_instance.this.name
}

output "peers" {
  description = "The router's BGP peers: name and address."
  value       = { for peer in routeros_bgp_peer.node : peer.name => peer.remote_address }
}

output "pool" {
  description = "Name and addresses of MetalLB's pool."
  value       = { name = metallb_address_pool.this.name, addresses = metallb_address_pool.this.addresses }
}

output "forwards" {
  description = "What is forwarded, by its name: protocol, port, and where to."
  value = {
    for name, rule in routeros_dstnat.forward :
    name => "${rule.dst_port}/${rule.protocol} to ${rule.to_addresses}:${coalesce(rule.to_ports, rule.dst_port)}"
  }
}

output "problems" {
  description = "What keeps sessions from coming up, or traffic from arriving, as far as the configuration tells: sentences, also given as warnings."
  value       = concat(local.peering_problems, local.forwarding_problems)
}
