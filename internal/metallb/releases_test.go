package metallb

import (
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// story lets a Service have its address from what we write, and tells how long that takes.
func (j *court) story() {
	j.t.Helper()
	ctx := j.t.Context()
	cluster, err := kube.New(kube.Config{ConfigPaths: []string{j.Kubeconfig()}}) // one that does not know the release before
	check(j.t, err)
	metallb := New(cluster, Config{})
	check(j.t, j.CreateLoadBalancerService(ctx, "default", "web"))
	objects := []*Object{storyPeer(), pool("story", map[string]any{"addresses": []any{"192.168.128.1/32"}, "protocol": "bgp"})}
	began := time.Now()
	for _, object := range objects {
		made, err := metallb.Create(ctx, object)
		check(j.t, err)
		if len(made.Notices) > 0 {
			j.t.Errorf("%s: %q", object.Kind, made.Notices)
		}
	}
	created := time.Since(began)
	address, err := j.LoadBalancerAddress(ctx, "default", "web")
	check(j.t, err)
	took := time.Since(began)
	if address != "192.168.128.1" {
		j.t.Errorf("the Service has %s", address)
	}
	j.t.Logf("MetalLB %s: peer and pool are written after %s, the Service has its address after %s", j.version, created, took)
	check(j.t, j.DeleteService(ctx, "default", "web"))
	for _, object := range objects {
		object.Force = true
		check(j.t, metallb.Delete(ctx, object))
	}
}
