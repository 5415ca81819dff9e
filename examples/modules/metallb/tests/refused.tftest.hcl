# What each variable refuses. Nothing is asked of the cluster.
run "pool_without_addresses" {
  command = plan
  variables {
    pools = { services = { addresses = [] } }
  }
  expect_failures = [var.pools]
}

run "pool_of_one_address" {
  command = plan
  variables {
    pools = { services = { addresses = ["192.168.128.0/24", "192.168.129.1"] } }
  }
  expect_failures = [var.pools]
}

run "range_of_three" {
  command = plan
  variables {
    pools = { services = { addresses = ["192.168.128.1-192.168.128.2-192.168.128.3"] } }
  }
  expect_failures = [var.pools]
}

run "unknown_protocol" {
  command = plan
  variables {
    pools = { services = { addresses = ["192.168.128.0/24"], protocol = "ospf" } }
  }
  expect_failures = [var.pools]
}

run "bgp_of_layer2" {
  command = plan
  variables {
    pools = { services = { addresses = ["192.168.128.0/24"], protocol = "layer2", bgp_advertisements = [{ local_pref = 100 }] } }
  }
  expect_failures = [var.pools]
}

run "as_number_too_large" {
  command = plan
  variables {
    my_asn = 4294967296
  }
  expect_failures = [var.my_asn]
}

run "as_number_with_a_dot" {
  command = plan
  variables {
    peers = { router = { asn = 1.10, address = "192.168.5.1" } }
  }
  expect_failures = [var.peers]
}

run "peer_with_a_prefix" {
  command = plan
  variables {
    peers = { router = { asn = 65000, address = "192.168.5.1/24" } }
  }
  expect_failures = [var.peers]
}

run "port_too_large" {
  command = plan
  variables {
    peers = { router = { asn = 65000, address = "192.168.5.1", port = 17900 } }
  }
  expect_failures = [var.peers]
}

run "password_of_nobody" {
  command = plan
  variables {
    peers     = { router = { asn = 65000, address = "192.168.5.1" } }
    passwords = { ruter = "secret" }
  }
  expect_failures = [var.passwords]
}
