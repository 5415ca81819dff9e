list "routeros_dstnat" "kubernetes" {
  provider         = routeros
  include_resource = true

  config {
    comment = "kubernetes *"
  }
}
