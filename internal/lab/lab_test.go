package lab_test

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lab"
)

const (
	service = "192.168.128.1/32"
	page    = "http://" + lab.Outside + "/"
	secure  = "https://" + lab.Outside + "/"
)

// upstream makes the router a peer of the internet's router too, and tells what Terraform sees then.
const upstream = `
resource "routeros_bgp_peer" "upstream" {
  name           = "upstream"
  instance       = routeros_bgp_instance.private.name
  remote_address = "203.0.113.2"
  remote_as      = 64500
  %s
}
data "routeros_bgp_sessions" "all" {
  wait_for_established = "1m"
  depends_on           = [routeros_bgp_peer.worker, routeros_bgp_peer.upstream, metallb_bgp_peer.router]
}
data "routeros_routes" "service" {
  dst_address     = var.load_balancer_address
  active          = true
  wait_for_active = "1m"
  depends_on      = [data.routeros_bgp_sessions.all, metallb_address_pool.services]
}
data "routeros_bgp_advertisements" "upstream" {
  peer       = routeros_bgp_peer.upstream.name
  dst        = var.load_balancer_address
  depends_on = [data.routeros_routes.service]
}
output "sessions" { value = { for s in data.routeros_bgp_sessions.all.sessions : s.name => s.established } }
output "gateways" { value = data.routeros_routes.service.routes[*].gateway }
output "told" { value = data.routeros_bgp_advertisements.upstream.advertisements[*].dst }
`

// TestTheLoop: one apply, and MetalLB's speakers have sessions with the router, the router knows the way to the Service,
// has told it further, and somebody on the internet reads the page. What is taken away is gone from all of these.
func TestTheLoop(t *testing.T) {
	for _, versions := range [][2]string{{"6.49.15", "0.13"}, {"7.12.2", "0.14"}, {"7.20.8", "0.15"}, {"7.24", "0.16"}} {
		t.Run(strings.Join(versions[:], " and "), func(t *testing.T) {
			s := start(t, versions[0], versions[1])
			ctx := t.Context()
			require.NoError(t, s.Serve(ctx))
			s.mustRefuse()
			keep := "output_keep_sent_attributes = true"
			if versions[0][0] == '6' {
				keep = "" // RouterOS 6 always knows what it has told
			}
			s.write("upstream.tf", fmt.Sprintf(upstream, keep))
			begun := time.Now()
			said := s.apply()
			t.Logf("applied after %.1fs", time.Since(begun).Seconds())
			assert.NotContains(t, said, "Warning: Check block")
			_, err := lab.Await(ctx, func() error { return heard(s) })
			require.NoError(t, err, s.Cluster.SpeakerLog("kube-metallb-worker1"))
			s.mustAnswer()
			t.Logf("the pages were read after %.1fs", time.Since(begun).Seconds())
			require.NoError(t, s.Router.Failure())

			assert.Contains(t, s.apply(), "0 added, 0 changed, 0 destroyed")
			_, err = s.terraform(ctx, "plan", "-detailed-exitcode") // 2 is something to change, though it be data that is read
			require.NoError(t, err)
			var sessions map[string]bool
			s.output("sessions", &sessions)
			assert.Equal(t, map[string]bool{"kube-metallb-worker1": true, "kube-metallb-worker2": true, "kube-metallb-worker3": true,
				"kube-metallb-worker4": true, "upstream": true}, sessions)
			var gateways, told []string
			s.output("gateways", &gateways)
			s.output("told", &told)
			require.Len(t, gateways, 1)
			assert.Equal(t, []string{service}, told)

			// The worker that it goes by is taken away: it goes by another.
			var others []string
			for name, address := range lab.Workers {
				if address != gateways[0] {
					others = append(others, fmt.Sprintf("%s=%q", name, address))
				}
			}
			_, err = lab.Await(ctx, func() error {
				s.apply("workers={" + strings.Join(others, ",") + "}")
				var next []string
				s.output("gateways", &next)
				if len(next) != 1 || next[0] == gateways[0] {
					return fmt.Errorf("it goes by %v", next)
				}
				return nil
			})
			require.NoError(t, err)
			s.mustAnswer()

			require.NoError(t, s.Cluster.DeleteService(ctx, "default", "ingress"))
			s.write("upstream.tf", "") // it would wait for the route
			_, err = s.terraform(ctx, "destroy", "-auto-approve")
			require.NoError(t, err)
			_, err = lab.Await(ctx, func() error {
				if heard(s) == nil {
					return errors.New("the upstream router still knows the way")
				}
				return nil
			})
			require.NoError(t, err)
			s.mustRefuse()
			if s.NoForwarding != "" {
				t.Skipf("all of it but the packets' way, which this machine has not: %v", s.NoForwarding)
			}
		})
	}
}

// TestNothingStays of a lab that could not be started: the next one can.
func TestNothingStays(t *testing.T) {
	needNamespaces(t)
	l, err := lab.Start(t.Context(), "7.20.8", "0.99")
	require.ErrorContains(t, err, "metallb-controller-0.99")
	assert.Nil(t, l)
	links, err := net.Interfaces()
	require.NoError(t, err)
	assert.Len(t, links, 1, "of the program's namespace: %v", links)
}

// mustAnswer wants the page that a client on the internet asks for.
func (s *scenario) mustAnswer() {
	s.t.Helper()
	for _, url := range []string{page, secure} {
		read, err := s.Get(s.t.Context(), url)
		if s.NoForwarding == "" {
			require.NoError(s.t, err)
			assert.Contains(s.t, read, "hello "+lab.Client+", this is kube-metallb-worker")
		}
	}
}

// mustRefuse wants nobody to answer there.
func (s *scenario) mustRefuse() {
	s.t.Helper()
	_, err := s.Get(s.t.Context(), page)
	if s.NoForwarding == "" {
		require.ErrorContains(s.t, err, "connection refused")
	}
}

// heard tells why the upstream router does not know the way to the Service.
func heard(s *scenario) error {
	if prefixes := s.Upstream.Heard(); !slices.Contains(prefixes, netip.MustParsePrefix(service)) {
		return fmt.Errorf("the upstream router has heard of %v", prefixes)
	}
	return nil
}
