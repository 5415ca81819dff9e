variable "pools" {
  description = "Pools of addresses: name, and prefixes or ranges."
  type        = map(list(string))
}

variable "protocol" {
  description = "How the pools are announced: bgp or layer2."
  type        = string
  default     = "bgp"

  validation {
    condition     = contains(["bgp", "layer2"], var.protocol)
    error_message = "Give bgp or layer2."
  }
}

variable "avoid_buggy_ips" {
  description = "Whether addresses that end in .0 and .255 are left out."
  type        = bool
  default     = false
}

variable "my_asn" {
  description = "AS number of MetalLB."
  type        = number
  default     = 65001
}

variable "peers" {
  description = "Routers to peer with: name, AS number and address."
  type = map(object({
    asn     = number
    address = string
  }))
  default = {}
}
