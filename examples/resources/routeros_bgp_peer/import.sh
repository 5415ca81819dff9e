# By name, or by the row's id.
terraform import 'routeros_bgp_peer.worker["kube-metallb-worker1"]' kube-metallb-worker1
terraform import 'routeros_bgp_peer.worker["kube-metallb-worker1"]' '*1'
