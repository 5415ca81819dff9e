# Makes the whole on the router of ROS_HOSTURL and in the cluster of KUBE_CONFIG_PATH, changes it, and removes it.
variables {
  name               = "terraform-test"
  router_id          = "192.168.5.1"
  pool               = ["192.168.128.0/24"]
  internet_interface = "ether1"
  md5_key            = "secret" # Terraform 1.11 applies no test in which an ephemeral variable is null
  md5_key_version    = 1
}

# One after the other, each run goes on from what the one before it made.
run "the_clusters_own_nodes" {
  variables {
    forwards = {
      http  = { port = 80, to = "192.168.128.1" }
      https = { port = 443, to = "192.168.128.1", to_port = 8443, source = "198.51.100.0/24" }
    }
  }

  assert {
    condition     = length(output.peers) > 0 && length(output.peers) == length(data.metallb_nodes.speakers[0].nodes)
    error_message = "The router's peers are ${jsonencode(output.peers)}."
  }
  assert {
    condition     = alltrue([for peer in routeros_bgp_peer.node : peer.remote_as == tostring(metallb_bgp_peer.router.my_asn) && peer.instance == output.instance])
    error_message = "The router's peers do not belong to MetalLB."
  }
  assert {
    condition     = metallb_bgp_peer.router.peer_address == "192.168.5.1"
    error_message = "MetalLB dials ${metallb_bgp_peer.router.peer_address}."
  }
  assert {
    condition     = output.pool == { name = "terraform-test", addresses = tolist(["192.168.128.0/24"]) }
    error_message = "The pool is ${jsonencode(output.pool)}."
  }
  assert {
    condition     = output.forwards == { http = "80/tcp to 192.168.128.1:80", https = "443/tcp to 192.168.128.1:8443" }
    error_message = "What is forwarded is ${jsonencode(output.forwards)}."
  }
  assert {
    condition     = routeros_dstnat.forward["https"].in_interface == "ether1" && routeros_dstnat.forward["https"].src_address == "198.51.100.0/24"
    error_message = "The rule for https does not match what arrives on ether1 from that network."
  }
}

run "given_nodes" {
  variables {
    nodes           = { worker1 = "192.168.5.253", worker2 = "192.168.5.252" }
    router_address  = "192.168.5.2"
    multihop        = true
    md5_key_version = 2
    forwards        = { http = { port = 8080, to = "192.168.128.2" } }
  }

  assert {
    condition     = output.peers == { terraform-test-worker1 = "192.168.5.253", terraform-test-worker2 = "192.168.5.252" }
    error_message = "The router's peers are ${jsonencode(output.peers)}."
  }
  assert {
    condition     = metallb_bgp_peer.router.peer_address == "192.168.5.2" && metallb_bgp_peer.router.ebgp_multi_hop
    error_message = "MetalLB dials ${metallb_bgp_peer.router.peer_address}."
  }
  assert {
    condition     = alltrue([for peer in routeros_bgp_peer.node : peer.multihop && peer.tcp_md5_key_wo_version == 2]) && metallb_bgp_peer.router.password_wo_version == 2
    error_message = "Multihop or the new key is not at both ends."
  }
  assert {
    condition     = output.forwards == { http = "8080/tcp to 192.168.128.2:8080" }
    error_message = "What is forwarded is ${jsonencode(output.forwards)}."
  }
}

run "a_node_less_and_by_address" {
  variables {
    nodes              = { worker2 = "192.168.5.252" }
    internet_interface = null
    public_address     = "203.0.113.7"
    forwards           = { dns = { port = 53, protocol = "udp", to = "192.168.128.3" } }
  }

  assert {
    condition     = output.peers == { terraform-test-worker2 = "192.168.5.252" }
    error_message = "The router's peers are ${jsonencode(output.peers)}."
  }
  assert {
    condition     = routeros_bgp_peer.node["worker2"].multihop == null && metallb_bgp_peer.router.ebgp_multi_hop == null
    error_message = "Multihop is still at one of the ends."
  }
  assert {
    condition     = output.forwards == { dns = "53/udp to 192.168.128.3:53" }
    error_message = "What is forwarded is ${jsonencode(output.forwards)}."
  }
  assert {
    condition     = length(output.problems) == 0
    error_message = "Something does not fit: ${jsonencode(output.problems)}."
  }
  assert {
    condition     = routeros_dstnat.forward["dns"].dst_address == "203.0.113.7" && routeros_dstnat.forward["dns"].in_interface == null
    error_message = "The rule does not match by the public address alone."
  }
}
