# All rules of the chain, in the order in which they stand.
terraform import routeros_nat_order.web dstnat
