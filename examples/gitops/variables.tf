# Ephemeral, and only given to write-only arguments: it is in no state and in no plan file.
variable "bgp_password" {
  description = "The password of the site's BGP sessions (RFC 2385): TF_VAR_bgp_password. A new one is sent when the site's bgp_password_version is counted up."
  type        = string
  sensitive   = true
  ephemeral   = true
}
