package acceptance

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

const routerResources = `
resource "routeros_bgp_instance" "private" {
  name      = "private"
  as        = 65000
  router_id = "192.168.5.1"
}
resource "routeros_bgp_peer" "worker1" {
  name           = "kube-metallb-worker1"
  instance       = "private"
  remote_address = "192.168.5.253"
  remote_as      = 65001
  multihop       = true
  hold_time      = "90s"
  afi            = ["ip", "ipv6"]
  depends_on     = [routeros_bgp_instance.private]
}
resource "routeros_dstnat" "http" {
  comment      = "kube http"
  protocol     = "tcp"
  dst_port     = 80
  in_interface = "ether1"
  to_addresses = "192.168.128.1"
}
`

// TestImport takes over what is there, by name, comment and id: with nothing to change after.
func TestImport(t *testing.T) {
	for _, version := range versions {
		t.Run(version, func(t *testing.T) {
			sim := router(t, version)
			id := func(menus ...string) func(string) string {
				return func(name string) string {
					for _, menu := range menus {
						for _, row := range sim.Print(menu) {
							if row["name"] == name || row["comment"] == name {
								return row[".id"]
							}
						}
					}
					t.Errorf("no %s in %v", name, menus)
					return ""
				}
			}
			instances, peers, rules := id("/routing/bgp/instance", "/routing/bgp/template"), id("/routing/bgp/peer", "/routing/bgp/connection"), id("/ip/firewall/nat")
			steps := []resource.TestStep{{Config: configure(sim, "", routerResources)}}
			for _, imported := range []struct {
				address string
				id      func() string
			}{
				{"routeros_bgp_instance.private", func() string { return "private" }},
				{"routeros_bgp_instance.private", func() string { return instances("private") }},
				{"routeros_dstnat.http", func() string { return "comment=kube http" }},
				{"routeros_dstnat.http", func() string { return rules("kube http") }},
				{"routeros_bgp_peer.worker1", func() string { return "kube-metallb-worker1" }},
				{"routeros_bgp_peer.worker1", func() string { return peers("kube-metallb-worker1") }},
			} {
				steps = append(steps, resource.TestStep{
					Config:            configure(sim, "", routerResources),
					ResourceName:      imported.address,
					ImportState:       true,
					ImportStateKind:   resource.ImportBlockWithID, // which wants the plan to change nothing
					ImportStateIdFunc: func(*terraform.State) (string, error) { return imported.id(), nil },
				})
			}
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
		})
	}
}

// TestImportRefuses says what is accepted.
func TestImportRefuses(t *testing.T) {
	sim := router(t, "7.20.8")
	for range 2 {
		_, err := sim.Run("/ip/firewall/nat/add", "=chain=dstnat", "=action=accept", "=comment=twin")
		require.NoError(t, err)
	}
	for _, c := range []struct{ address, id, want string }{
		{"routeros_dstnat.http", "comment=twin", "There are several: *1, *2. Import the right one by its id."},
		{"routeros_dstnat.http", "web", "Accepted are: comment=… (comment=kube http), or the row's id (*1A)."},
		{"routeros_bgp_peer.worker1", "nobody", "There is none on router " + sim.Addr()},
	} {
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
			Config: configure(sim, "", routerResources), ResourceName: c.address, ImportState: true, ImportStateId: c.id, ExpectError: said(c.want),
		}}})
	}
}

const clusterResources = `
resource "metallb_address_pool" "services" {
  provider        = routeros
  name            = "avoid-buggy-ips"
  protocol        = "bgp"
  addresses       = ["192.168.128.0/24"]
  avoid_buggy_ips = true
}
resource "metallb_bgp_peer" "router" {
  provider     = routeros
  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
  hold_time    = "90s"
}
`

// TestImportMetalLB is TestImport for the cluster's half, on both stores.
func TestImportMetalLB(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	for backend, peer := range map[string]string{"crd": "router", "configmap": "router@192.168.5.1"} {
		t.Run(backend, func(t *testing.T) {
			settings := fmt.Sprintf("kubernetes = { config_path = %q }\n metallb = { backend = %q }", cluster.Kubeconfig(), backend)
			steps := []resource.TestStep{{Config: configure(nil, settings, clusterResources)}}
			for _, imported := range [][2]string{
				{"metallb_address_pool.services", "avoid-buggy-ips"},
				{"metallb_address_pool.services", "metallb-system/avoid-buggy-ips"},
				{"metallb_bgp_peer.router", peer},
				{"metallb_bgp_peer.router", "metallb-system/" + peer},
			} {
				steps = append(steps, resource.TestStep{
					Config:            configure(nil, settings, clusterResources),
					ResourceName:      imported[0],
					ImportState:       true,
					ImportStateId:     imported[1],
					ImportStateVerify: true,
				})
			}
			// What the user leaves out afterwards goes back to MetalLB's default.
			steps = append(steps, resource.TestStep{
				Config: configure(nil, settings, `
resource "metallb_address_pool" "services" {
  provider  = routeros
  name      = "avoid-buggy-ips"
  protocol  = "layer2"
  addresses = ["192.168.128.0/24", "192.168.129.1-192.168.129.9"]
}
resource "metallb_bgp_peer" "router" {
  provider     = routeros
  name         = "router"
  my_asn       = 65001
  peer_asn     = 65000
  peer_address = "192.168.5.1"
}`),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("metallb_address_pool.services", plancheck.ResourceActionUpdate),
					plancheck.ExpectResourceAction("metallb_bgp_peer.router", plancheck.ResourceActionUpdate),
				}},
			})
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: steps})
		})
	}
}
