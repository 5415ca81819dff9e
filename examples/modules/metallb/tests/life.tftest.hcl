# Makes pools and a peer in the cluster of KUBE_CONFIG_PATH, changes them, and removes them.
variables {
  peers     = { router = { asn = 65000, address = "192.168.5.1", hold_time = "90s", multihop = true, password_version = 1 } }
  passwords = { router = "secret" }
}

run "made" {
  variables {
    pools = {
      services = { addresses = ["192.168.128.0/24"], avoid_buggy_ips = true }
      reserved = {
        addresses          = ["192.168.129.10-192.168.129.19"]
        auto_assign        = false
        bgp_advertisements = [{ local_pref = 100, communities = ["65001:100"] }]
      }
      office = { addresses = ["192.168.130.10-192.168.130.19", "2001:db8:130::/120"], protocol = "layer2" }
    }
  }

  assert {
    condition     = output.pools["office"].addresses == tolist(["192.168.130.10-192.168.130.19", "2001:db8:130::/120"])
    error_message = "The pool office has ${jsonencode(output.pools["office"])}."
  }
  assert {
    condition     = metallb_address_pool.this["reserved"].bgp_advertisements[0].local_pref == 100
    error_message = "The pool reserved is announced as ${jsonencode(metallb_address_pool.this["reserved"].bgp_advertisements)}."
  }
  assert {
    condition     = metallb_address_pool.this["office"].protocol == "layer2"
    error_message = "The pool office is announced by ${metallb_address_pool.this["office"].protocol}."
  }
  assert {
    condition     = length(output.peers) == 1 && output.peers["router"].peer_address == "192.168.5.1" && output.peers["router"].password_wo_version == 1
    error_message = "The peers are ${jsonencode(output.peers)}."
  }
}

run "changed" {
  variables {
    pools = { services = { addresses = ["192.168.128.0/25"] } }
    peers = { router = { asn = 65000, address = "192.168.5.1", port = 1179, password_version = 2 } }
  }

  assert {
    condition     = length(output.pools) == 1 && output.pools["services"].addresses == tolist(["192.168.128.0/25"])
    error_message = "The pools are ${jsonencode(output.pools)}."
  }
  assert {
    condition     = metallb_address_pool.this["services"].avoid_buggy_ips == null
    error_message = "The pool still avoids addresses."
  }
  assert {
    condition     = metallb_bgp_peer.this["router"].peer_port == 1179 && metallb_bgp_peer.this["router"].hold_time == null
    error_message = "The peer was not changed."
  }
}
