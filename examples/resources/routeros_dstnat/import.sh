# By a comment that no other rule has, or by the row's id.
terraform import 'routeros_dstnat.web["80"]' 'comment=kubernetes ingress, port 80'
terraform import 'routeros_dstnat.web["80"]' '*1A'
