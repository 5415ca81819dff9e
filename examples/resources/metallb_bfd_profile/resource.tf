# Three packets missed, 900 milliseconds, and the peer is down. Peers name it as their bfd_profile.
resource "metallb_bfd_profile" "fast" {
  provider = routeros

  name              = "fast"
  receive_interval  = 300
  transmit_interval = 300
  detect_multiplier = 3
}
