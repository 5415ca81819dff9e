variable "router" {
  description = "The router's API: apis://host (TLS) or api://host."
  type        = string
  default     = "apis://192.168.5.1"
}

variable "username" {
  description = "User of the router with the policies api, read and write."
  type        = string
  default     = "terraform"
}

variable "kubeconfig" {
  description = "Path of the cluster's kubeconfig file. Default: KUBE_CONFIG_PATH."
  type        = string
  default     = null
}

variable "router_as" {
  description = "AS number of the router."
  type        = number
  default     = 65000
}

variable "router_id" {
  description = "The router's address towards the cluster, and its BGP identifier."
  type        = string
  default     = "192.168.5.1"
}

variable "metallb_as" {
  description = "AS number of MetalLB."
  type        = number
  default     = 65001
}

variable "workers" {
  description = "Nodes that run MetalLB's speaker: name of the peer on the router, and address."
  type        = map(string)
  default = {
    kube-metallb-worker1 = "192.168.5.253"
    kube-metallb-worker2 = "192.168.5.252"
    kube-metallb-worker3 = "192.168.5.251"
    kube-metallb-worker4 = "192.168.5.250"
  }
}

variable "pool" {
  description = "Addresses for Services of type LoadBalancer."
  type        = string
  default     = "192.168.128.0/24"
}

variable "load_balancer_address" {
  description = "The address of the pool that the internet is forwarded to: that of the ingress controller's Service."
  type        = string
  default     = "192.168.128.1"
}

variable "ports" {
  description = "TCP ports that are forwarded: a name for the rule, and the port."
  type        = map(number)
  default = {
    http  = 80
    https = 443
  }
}

variable "internet_interface" {
  description = "The router's interface towards the internet."
  type        = string
  default     = "ether1"
}

variable "patience" {
  description = "How long the checks wait for the sessions, and for the route to the load balancer's address."
  type        = string
  default     = "10s"
}
