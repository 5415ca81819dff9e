# What each variable refuses, and each check tells. Nothing is asked of router and cluster.
variables {
  router_id          = "192.168.5.1"
  nodes              = { worker1 = "192.168.5.253" }
  pool               = ["192.168.128.0/24"]
  internet_interface = "ether1"
}

run "name_that_kubernetes_does_not_take" {
  command = plan
  variables {
    name = "MetalLB"
  }
  expect_failures = [var.name]
}

run "router_as_zero" {
  command = plan
  variables {
    router_as = 0
  }
  expect_failures = [var.router_as]
}

run "metallb_as_too_large" {
  command = plan
  variables {
    metallb_as = 4294967296
  }
  expect_failures = [var.metallb_as]
}

run "router_id_with_a_prefix" {
  command = plan
  variables {
    router_id = "192.168.5.1/24"
  }
  expect_failures = [var.router_id]
}

run "router_by_name" {
  command = plan
  variables {
    router_address = "router.lan"
  }
  expect_failures = [var.router_address]
}

run "node_by_name" {
  command = plan
  variables {
    nodes = { worker1 = "worker1.lan" }
  }
  expect_failures = [var.nodes]
}

run "empty_key" {
  command = plan
  variables {
    md5_key = ""
  }
  expect_failures = [var.md5_key]
}

run "pool_without_addresses" {
  command = plan
  variables {
    pool = []
  }
  expect_failures = [var.pool]
}

run "pool_of_one_address" {
  command = plan
  variables {
    pool = ["192.168.128.1"]
  }
  expect_failures = [var.pool]
}

run "port_zero" {
  command = plan
  variables {
    forwards = { http = { port = 0, to = "192.168.128.1" } }
  }
  expect_failures = [var.forwards]
}

run "ports_in_a_list" {
  command = plan
  variables {
    forwards = { web = { port = "80,443", to = "192.168.128.1" } }
  }
  expect_failures = [var.forwards]
}

run "to_port_too_large" {
  command = plan
  variables {
    forwards = { http = { port = 80, to = "192.168.128.1", to_port = 80800 } }
  }
  expect_failures = [var.forwards]
}

run "protocol_without_ports" {
  command = plan
  variables {
    forwards = { ping = { port = 80, protocol = "icmp", to = "192.168.128.1" } }
  }
  expect_failures = [var.forwards]
}

run "to_a_name" {
  command = plan
  variables {
    forwards = { http = { port = 80, to = "web.default" } }
  }
  expect_failures = [var.forwards]
}

run "one_port_twice" {
  command = plan
  variables {
    forwards = {
      web  = { port = 80, to = "192.168.128.1" }
      shop = { port = 80, to = "192.168.128.2" }
    }
  }
  expect_failures = [var.forwards]
}

run "from_everywhere" {
  command = plan
  variables {
    internet_interface = null
    forwards           = { http = { port = 80, to = "192.168.128.1" } }
  }
  expect_failures = [var.public_address]
}

run "by_interface_and_by_address" {
  command = plan
  variables {
    public_address = "203.0.113.7"
    forwards       = { http = { port = 80, to = "192.168.128.1" } }
  }
  expect_failures = [var.public_address]
}

run "public_address_with_a_prefix" {
  command = plan
  variables {
    internet_interface = null
    public_address     = "203.0.113.7/29"
  }
  expect_failures = [var.public_address]
}

run "node_that_is_the_router" {
  command = plan
  variables {
    nodes = { worker1 = "192.168.5.253", worker2 = "192.168.5.1" }
  }
  expect_failures = [check.peering]
}

run "to_an_address_outside_of_the_pool" {
  command = plan
  variables {
    forwards = { http = { port = 80, to = "192.168.129.1" } }
  }
  expect_failures = [check.forwarding]
}

run "without_nodes" {
  command = plan
  variables {
    nodes = {}
  }

  assert {
    condition     = length(output.peers) == 0 && length(output.problems) == 0
    error_message = "There are peers ${jsonencode(output.peers)} or problems ${jsonencode(output.problems)}."
  }
}
