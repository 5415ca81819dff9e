import {
  to       = routeros_nat_order.web
  identity = { id = "dstnat" }
}
