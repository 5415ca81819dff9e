data "routeros_system" "router" {}

check "routeros" {
  assert {
    condition     = data.routeros_system.router.major == 7
    error_message = "${data.routeros_system.router.identity} still runs RouterOS ${data.routeros_system.router.version}."
  }
}
