list "routeros_nat_order" "web" {
  provider = routeros
}
