# By a comment that no other rule has; or by the row's id, which the comment then proves.
import {
  for_each = toset(["80", "443"])

  to = routeros_dstnat.web[each.key]
  identity = {
    comment = "kubernetes ingress, port ${each.key}"
  }
}
