resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}

resource "routeros_bgp_peer" "upstream" {
  name           = "upstream"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.254"
  remote_as      = 65010
  input_filter   = "from-upstream"

  # A new filter counts only for what comes later: have all routes sent again.
  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.routeros_bgp_session.refresh_upstream]
    }
  }
}

action "routeros_bgp_session" "refresh_upstream" {
  config {
    peer      = "upstream"
    operation = "refresh"
    afi       = "ip"
  }
}

# By hand: terraform apply -invoke=action.routeros_bgp_session.reset_upstream
action "routeros_bgp_session" "reset_upstream" {
  config {
    peer      = routeros_bgp_peer.upstream.name
    operation = "reset"
  }
}
