variable "pools" {
  description = <<-EOT
    Addresses for Services of type LoadBalancer, by the pool's name:
    addresses: prefixes and ranges, IPv4 or IPv6;
    protocol: how they are announced, bgp or layer2;
    bgp_advertisements: what is announced of them by BGP; left out, each address once, with MetalLB's defaults;
    avoid_buggy_ips: whether addresses that end in .0 and .255 are left out;
    auto_assign: whether Services get addresses of the pool without asking for it, which they do if it is left out.
  EOT
  type = map(object({
    addresses = list(string)
    protocol  = optional(string, "bgp")
    bgp_advertisements = optional(list(object({
      aggregation_length    = optional(number)
      aggregation_length_v6 = optional(number)
      local_pref            = optional(number)
      communities           = optional(set(string))
    })))
    avoid_buggy_ips = optional(bool)
    auto_assign     = optional(bool)
  }))
  default = {}

  validation {
    condition     = alltrue([for pool in values(var.pools) : length(pool.addresses) > 0])
    error_message = "A pool needs addresses."
  }

  validation {
    condition = alltrue([for range in flatten(values(var.pools)[*].addresses) : can(cidrhost(range, 0)) || (
      length(split("-", range)) == 2 && alltrue([for end in split("-", range) : can(cidrhost("${trimspace(end)}/32", 0))])
    )])
    error_message = "Give addresses as prefixes (192.168.128.0/24) or ranges (192.168.128.10-192.168.128.99), IPv4 or IPv6."
  }

  validation {
    condition     = alltrue([for pool in values(var.pools) : contains(["bgp", "layer2"], pool.protocol)])
    error_message = "Give the protocol of a pool as bgp or layer2."
  }

  validation {
    condition     = alltrue([for pool in values(var.pools) : pool.protocol == "bgp" || pool.bgp_advertisements == null])
    error_message = "Give bgp_advertisements only to a pool whose protocol is bgp."
  }
}

variable "my_asn" {
  description = "AS number of MetalLB."
  type        = number
  default     = 65001

  validation {
    condition     = var.my_asn >= 1 && var.my_asn <= 4294967295 && floor(var.my_asn) == var.my_asn
    error_message = "Give an AS number, 1 to 4294967295."
  }
}

variable "peers" {
  description = <<-EOT
    Routers that MetalLB peers with, by the peer's name:
    asn, address, port: AS number of the router, and where its BGP listens;
    hold_time: after how long without a message the session is given up, such as 90s;
    multihop: whether a router of another AS may be more than one hop away;
    bfd_profile: name of the metallb_bfd_profile by which BFD watches the router;
    node_labels: only nodes that have all these labels peer with the router;
    password_version: count it up to have the new password of the variable passwords sent.
  EOT
  type = map(object({
    asn              = number
    address          = string
    port             = optional(number)
    hold_time        = optional(string)
    multihop         = optional(bool)
    bfd_profile      = optional(string)
    node_labels      = optional(map(string))
    password_version = optional(number)
  }))
  default = {}

  validation {
    condition     = alltrue([for peer in values(var.peers) : peer.asn >= 1 && peer.asn <= 4294967295 && floor(peer.asn) == peer.asn])
    error_message = "Give the asn of a peer as an AS number, 1 to 4294967295."
  }

  validation {
    condition     = alltrue([for peer in values(var.peers) : can(cidrhost("${peer.address}/32", 0))])
    error_message = "Give the address of a peer as an IPv4 or IPv6 address, without a prefix length (192.168.5.1)."
  }

  validation {
    condition     = alltrue([for peer in values(var.peers) : coalesce(peer.port, 179) >= 1 && coalesce(peer.port, 179) <= 16384])
    error_message = "Give the port of a peer as MetalLB takes it, 1 to 16384."
  }
}

# Not a part of peers, since for_each takes nothing that is sensitive or ephemeral.
variable "passwords" {
  description = "Passwords of the sessions (RFC 2385), by the peer's name. They are in neither state nor plan, and may come from an ephemeral resource."
  type        = map(string)
  default     = {}
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = alltrue([for name in keys(var.passwords) : contains(keys(var.peers), name)])
    error_message = "Give passwords by the names of peers."
  }
}
