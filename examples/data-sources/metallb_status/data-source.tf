resource "metallb_address_pool" "services" {
  provider  = routeros
  name      = "services"
  protocol  = "bgp"
  addresses = ["192.168.128.0/24"]
}

# Fails the run if a part of MetalLB still uses an earlier configuration.
data "metallb_status" "after" {
  provider   = routeros
  depends_on = [metallb_address_pool.services]

  lifecycle {
    postcondition {
      condition     = self.accepted != false
      error_message = join("\n", [for e in self.errors : "${e.component} ${coalesce(e.node, "-")}: ${e.message}"])
    }
  }
}

# Only warns.
check "metallb_tells" {
  assert {
    condition     = data.metallb_status.after.accepted != null
    error_message = "MetalLB ${coalesce(data.metallb_status.after.version, "?")} does not tell whether it accepts its configuration."
  }
}
