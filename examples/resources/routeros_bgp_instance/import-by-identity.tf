import {
  to = routeros_bgp_instance.private
  identity = {
    name = "private"
  }
}
