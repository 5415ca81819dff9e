variable "name" {
  description = "Name of the router's BGP instance, and of MetalLB's pool and peer. The names of the router's peers and the comments of its rules begin with it."
  type        = string
  default     = "metallb"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.name))
    error_message = "Give a name of lower-case letters, digits and dashes, as Kubernetes takes it."
  }
}

variable "router_as" {
  description = "AS number of the router."
  type        = number
  default     = 65000

  validation {
    condition     = var.router_as >= 1 && var.router_as <= 4294967295 && floor(var.router_as) == var.router_as
    error_message = "Give an AS number, 1 to 4294967295."
  }
}

variable "metallb_as" {
  description = "AS number of MetalLB."
  type        = number
  default     = 65001

  validation {
    condition     = var.metallb_as >= 1 && var.metallb_as <= 4294967295 && floor(var.metallb_as) == var.metallb_as
    error_message = "Give an AS number, 1 to 4294967295."
  }
}

variable "router_id" {
  description = "BGP identifier of the router: one of its IPv4 addresses, best that towards the cluster."
  type        = string

  validation {
    condition     = can(cidrnetmask("${var.router_id}/32"))
    error_message = "Give an IPv4 address, without a prefix length (192.168.5.1)."
  }
}

variable "router_address" {
  description = "IPv4 address at which MetalLB reaches the router. Default: router_id."
  type        = string
  default     = null

  validation {
    condition     = var.router_address == null || can(cidrnetmask("${var.router_address}/32"))
    error_message = "Give an IPv4 address, without a prefix length (192.168.5.1)."
  }
}

variable "nodes" {
  description = "Nodes that run MetalLB's speaker, name and IPv4 address. Default: those that the cluster has, with their internal IPv4 addresses, which each needs."
  type        = map(string)
  default     = null

  validation {
    condition     = alltrue([for address in values(coalesce(var.nodes, {})) : can(cidrnetmask("${address}/32"))])
    error_message = "Give each node's IPv4 address, without a prefix length (192.168.5.253)."
  }
}

variable "multihop" {
  description = "Whether there may be other routers between this one and the nodes. It counts for both ends."
  type        = bool
  default     = null
}

variable "md5_key" {
  description = "Password of the sessions (RFC 2385), for both ends. It is in neither state nor plan, and may come from an ephemeral resource."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = var.md5_key == null || try(length(var.md5_key) >= 1 && length(var.md5_key) <= 80, false)
    error_message = "Give 1 to 80 characters, or null for no password."
  }
}

variable "md5_key_version" {
  description = "Version of md5_key: count it up to have a new one sent."
  type        = number
  default     = null
}

variable "pool" {
  description = "Addresses for Services of type LoadBalancer: prefixes and ranges."
  type        = list(string)

  validation {
    condition     = length(var.pool) > 0
    error_message = "The pool needs addresses."
  }

  validation {
    condition = alltrue([for range in var.pool : can(cidrhost(range, 0)) || (
      length(split("-", range)) == 2 && alltrue([for end in split("-", range) : can(cidrhost("${trimspace(end)}/32", 0))])
    )])
    error_message = "Give prefixes (192.168.128.0/24) or ranges (192.168.128.10-192.168.128.99)."
  }
}

variable "avoid_buggy_ips" {
  description = "Whether addresses of the pool that end in .0 and .255 are left out."
  type        = bool
  default     = null
}

variable "forwards" {
  description = <<-EOT
    What is forwarded from the internet, by a name:
    port: a port (443) or a range of ports (30000-30099);
    protocol: tcp or udp;
    to: address of the pool that it goes to, that of a Service;
    to_port: port, or range of ports, of the Service; left out, the same;
    source: only from this address, prefix or range.
  EOT
  type = map(object({
    port     = string
    protocol = optional(string, "tcp")
    to       = string
    to_port  = optional(string)
    source   = optional(string)
  }))
  default = {}

  validation {
    condition = alltrue([for port in flatten([for forward in values(var.forwards) : [forward.port, coalesce(forward.to_port, forward.port)]]) :
      try(length(split("-", port)) <= 2 && alltrue([for end in split("-", port) : parseint(end, 10) >= 1 && parseint(end, 10) <= 65535]), false)
    ])
    error_message = "Give port and to_port as a port (443) or a range of ports (30000-30099), 1 to 65535."
  }

  validation {
    condition     = alltrue([for forward in values(var.forwards) : contains(["tcp", "udp"], forward.protocol)])
    error_message = "Give the protocol as tcp or udp."
  }

  validation {
    condition     = alltrue([for forward in values(var.forwards) : can(cidrnetmask("${forward.to}/32"))])
    error_message = "Give to as an IPv4 address, without a prefix length (192.168.128.1)."
  }

  validation {
    condition     = length(distinct([for forward in values(var.forwards) : "${forward.port}/${forward.protocol}"])) == length(var.forwards)
    error_message = "Forward each port of a protocol once: the router takes the first rule that matches."
  }
}

variable "internet_interface" {
  description = "The router's interface towards the internet: what arrives there is forwarded. Either it or public_address is needed."
  type        = string
  default     = null
}

variable "public_address" {
  description = "The router's IPv4 address on the internet: what is sent to it is forwarded, wherever it arrives."
  type        = string
  default     = null

  validation {
    condition     = var.public_address == null || can(cidrnetmask("${var.public_address}/32"))
    error_message = "Give an IPv4 address, without a prefix length (203.0.113.7)."
  }

  validation {
    condition     = length(var.forwards) == 0 || (var.public_address == null) != (var.internet_interface == null)
    error_message = "Give either internet_interface or public_address, so that only what comes from the internet is forwarded, and not all traffic to those ports."
  }
}
