terraform {
  required_providers {
    routeros = {
      source = "baremetal-lb/routeros"
    }
  }
}

# The router's password comes from ROS_PASSWORD, so that it stands in no file.
provider "routeros" {
  hosturl        = "apis://192.168.5.1"
  username       = "terraform"
  ca_certificate = "router-ca.pem"

  kubernetes = {
    config_path = "~/.kube/config"
  }
}
