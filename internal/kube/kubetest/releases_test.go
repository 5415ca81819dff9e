package kubetest_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Every release gives a Service its address, calls its BGP peer and refuses, by its own webhook, what it cannot use.
func TestReleases(t *testing.T) {
	for release, version := range map[string]string{"0.13": "0.13.12", "0.14": "0.14.9", "0.15": "0.15.3", "0.16": "0.16.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			ctx := within(t, 5*time.Minute)
			c := kubetest.StartTest(t)
			begun := time.Now()
			check(t, c.InstallMetalLB(ctx, kubetest.Release(release)))
			t.Logf("InstallMetalLB took %s", time.Since(begun))
			if got := c.MetalLBVersion(); got != version {
				t.Errorf("the version is %q, want %s", got, version)
			}
			check(t, c.CreateLoadBalancerService(ctx, "default", "web"))
			client := clientOf(t, c)
			create(ctx, t, client, pools, poolManifest("pool", "192.168.128.1/32"))
			begun = time.Now()
			wantAddress(ctx, t, c, "default", "web", "192.168.128.1")
			t.Logf("from the pool to the address: %s", time.Since(begun))
			for name, addresses := range map[string]string{
				"reversed": "192.168.129.9-192.168.129.1", "overlapping": "192.168.128.0/24",
			} {
				err := tryCreate(ctx, client, pools, poolManifest(name, addresses))
				if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "ipaddresspoolvalidationwebhook.metallb.io") {
					t.Errorf("the %s pool: got %v, want the webhook's refusal", name, err)
				}
			}
			address := "127.0.0." + strings.TrimPrefix(release, "0.") // Clusters of other tests call 192.168.5.1.
			router, err := new(net.ListenConfig).Listen(ctx, "tcp", address+":179")
			check(t, err)
			defer router.Close()
			create(ctx, t, client, peers, strings.ReplaceAll(peerManifest(""), "192.168.5.1", address))
			wantBGPOpen(t, router)
		})
	}
}
