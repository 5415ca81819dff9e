package kubetest_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"

	"github.com/osrg/gobgp/v4/api"
	"github.com/osrg/gobgp/v4/pkg/apiutil"
	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	"github.com/osrg/gobgp/v4/pkg/server"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var (
	here     *netns.Namespace // the router's, with 192.168.5.1
	lanNodes = map[string]string{"worker1": "192.168.5.253", "worker2": "192.168.5.252"}
	greeter  = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client, _, _ := net.SplitHostPort(r.RemoteAddr)
		fmt.Fprintf(w, "%s greets %s", kubetest.NodeOf(r), client)
	})
	advertisements = metallb("v1beta1", "bgpadvertisements")
	advertisement  = `
apiVersion: metallb.io/v1beta1
kind: BGPAdvertisement
metadata: {name: all, namespace: metallb-system}
`
)

// Nodes in namespaces of their own peer with a router by cable, and what it learns of them leads to a server.
//
// It is not parallel, since it has the address that other tests' speakers call, too.
func TestNodesInNamespaces(t *testing.T) {
	lan := newLAN(t)
	for _, release := range []string{"0.13", "0.14", "0.15", "0.16"} {
		t.Run(release, func(t *testing.T) {
			ctx := within(t, 5*time.Minute)
			bgp := newRouter(ctx, t)
			c := kubetest.StartTest(t)
			client := clientOf(t, c)
			for node, namespace := range lan {
				check(t, c.CreateNode(ctx, node, lanNodes[node], kubetest.In(namespace)))
			}
			check(t, c.InstallMetalLB(ctx, kubetest.Release(release), kubetest.OnNodes("worker1", "worker2")))
			create(ctx, t, client, pools, poolManifest("pool", "192.168.128.1-192.168.128.9"))
			create(ctx, t, client, peers, peerManifest(""))
			create(ctx, t, client, advertisements, advertisement)
			check(t, c.CreateLoadBalancerService(ctx, "default", "web",
				kubetest.OnPorts(80, 443), kubetest.ServedBy(greeter, "worker1")))
			wantAddress(ctx, t, c, "default", "web", "192.168.128.1")
			check(t, c.CreateLoadBalancerService(ctx, "default", "local",
				kubetest.LocalTraffic(), kubetest.ServedBy(greeter, "worker2")))
			wantAddress(ctx, t, c, "default", "local", "192.168.128.2")

			bgp.wantNextHops(ctx, t, c, "192.168.128.1/32", "192.168.5.252", "192.168.5.253")
			bgp.wantNextHops(ctx, t, c, "192.168.128.2/32", "192.168.5.252")
			if got := bgp.established(ctx, t); !slices.Equal(got, []string{"192.168.5.252", "192.168.5.253"}) {
				t.Errorf("sessions with %v", got)
			}
			for node, address := range lanNodes {
				check(t, here.Route(netip.MustParsePrefix("192.168.128.1/32"), netip.MustParseAddr(address)))
				for _, url := range []string{"http://192.168.128.1/", "https://192.168.128.1/"} {
					if got, err := get(ctx, url, 10*time.Second); err != nil || got != node+" greets 192.168.5.1" {
						t.Errorf("%s by %s answers %q, %v", url, node, got, err)
					}
				}
			}
			const local = "http://192.168.128.2/"
			check(t, here.Route(netip.MustParsePrefix("192.168.128.2/32"), netip.MustParseAddr(lanNodes["worker2"])))
			if got, err := get(ctx, local, 10*time.Second); err != nil || got != "worker2 greets 192.168.5.1" {
				t.Errorf("the local Service by worker2 answers %q, %v", got, err)
			}
			check(t, here.Route(netip.MustParsePrefix("192.168.128.2/32"), netip.MustParseAddr(lanNodes["worker1"])))
			if got, err := get(ctx, local, 500*time.Millisecond); err == nil {
				t.Errorf("the local Service by worker1, where it is not, answers %q", got)
			}

			check(t, c.RemoveSpeaker(ctx, "worker1"))
			bgp.wantNextHops(ctx, t, c, "192.168.128.1/32", "192.168.5.252")
			wantSpeakers(ctx, t, c, 1)
			if err := c.RemoveSpeaker(ctx, "worker1"); err == nil {
				t.Error("a speaker is removed twice")
			}
			if got := c.SpeakerLog("worker1"); !strings.Contains(got, `"op":"shutdown"`) {
				t.Errorf("the speaker that was removed has said %s", got)
			}
			check(t, c.AddSpeaker(ctx, "worker1"))
			bgp.wantNextHops(ctx, t, c, "192.168.128.1/32", "192.168.5.252", "192.168.5.253")
			wantSpeakers(ctx, t, c, 2)
			if got := c.SpeakerLog("worker1"); !strings.Contains(got, `"event":"sessionUp"`) {
				t.Errorf("the speaker that came back has said %s", got)
			}

			c.Close()
			if got := processesOf(t, filepath.Dir(c.Kubeconfig())); len(got) != 0 {
				t.Errorf("still running after Close: %q", got)
			}
			wantNoGoroutines(ctx, t)
		})
	}
}

// A Service's servers come and go with its address.
func TestServersFollowTheAddress(t *testing.T) {
	t.Parallel()
	ctx := within(t, 5*time.Minute)
	c := kubetest.StartTest(t)
	check(t, c.InstallMetalLB(ctx, kubetest.WithoutSpeaker()))
	if err := c.CreateLoadBalancerService(ctx, "default", "web", kubetest.ServedBy(greeter, "node1")); err == nil ||
		!strings.Contains(err.Error(), "node1, which is not In a network namespace") {
		t.Errorf("served by a node without a namespace: %v", err)
	}
	namespace, err := netns.New()
	check(t, err)
	defer namespace.Close()
	check(t, c.CreateNode(ctx, "worker1", "192.168.5.253", kubetest.In(namespace)))
	check(t, c.CreateLoadBalancerService(ctx, "default", "web", kubetest.ServedBy(greeter, "worker1")))
	answers := func(address string) bool {
		conn, err := namespace.Dial(ctx, net.JoinHostPort(address, "80"))
		if err == nil {
			err = conn.Close()
		}
		return err == nil
	}
	client := clientOf(t, c)
	for _, address := range []string{"192.168.128.1", "192.168.128.2"} {
		create(ctx, t, client, pools, poolManifest("pool", address+"/32"))
		wantAddress(ctx, t, c, "default", "web", address)
		if !answers(address) {
			t.Errorf("nothing answers at %s", address)
		}
		check(t, client.Resource(pools).Namespace(system).Delete(ctx, "pool", metav1.DeleteOptions{}))
		if !comesTrue(ctx, func() bool { return !answers(address) }) {
			t.Errorf("something still answers at %s", address)
		}
	}
	create(ctx, t, client, pools, anyPool)
	wantAddress(ctx, t, c, "default", "web", "192.168.128.0")
	check(t, c.DeleteService(ctx, "default", "web"))
	if answers("192.168.128.0") {
		t.Error("a server outlives its Service")
	}
}

// newLAN makes the nodes' namespaces and connects them with the program's by a switch.
func newLAN(t *testing.T) map[string]*netns.Namespace {
	t.Helper()
	newNamespace := func() *netns.Namespace {
		n, err := netns.New()
		check(t, err)
		t.Cleanup(func() { check(t, n.Close()) })
		return n
	}
	t.Cleanup(func() {
		if !comesTrue(context.Background(), func() bool {
			_, err := net.InterfaceByName("ether2")
			return err != nil
		}) {
			t.Error("the cable to the switch is still there")
		}
	})
	lan := newNamespace()
	check(t, here.Connect("ether2", lan, "router"))
	check(t, here.Address("ether2", "192.168.5.1/24"))
	nodes := map[string]*netns.Namespace{}
	for node, address := range lanNodes {
		nodes[node] = newNamespace()
		check(t, lan.Connect(node, nodes[node], "eth0"))
		check(t, nodes[node].Address("eth0", address+"/24"))
	}
	check(t, lan.Bridge("switch", append(slices.Collect(maps.Keys(nodes)), "router")...))
	return nodes
}

// router is a BGP speaker with 192.168.5.1 that lets whoever is on its network call.
type router struct{ *server.BgpServer }

func newRouter(ctx context.Context, t *testing.T) router {
	t.Helper()
	s := server.NewBgpServer(server.LoggerOption(slog.New(slog.DiscardHandler), new(slog.LevelVar)))
	go s.Serve()
	t.Cleanup(s.Stop)
	check(t, s.StartBgp(ctx, &api.StartBgpRequest{Global: &api.Global{
		Asn: 64512, RouterId: "192.168.5.1", ListenPort: 179, ListenAddresses: []string{"192.168.5.1"},
	}}))
	check(t, s.AddPeerGroup(ctx, &api.AddPeerGroupRequest{PeerGroup: &api.PeerGroup{
		Conf: &api.PeerGroupConf{PeerGroupName: "nodes", PeerAsn: 64513}, Transport: &api.Transport{PassiveMode: true},
	}}))
	check(t, s.AddDynamicNeighbor(ctx, &api.AddDynamicNeighborRequest{
		DynamicNeighbor: &api.DynamicNeighbor{Prefix: "192.168.5.0/24", PeerGroup: "nodes"},
	}))
	return router{s}
}

// established gives the addresses of the peers whose sessions are.
func (r router) established(ctx context.Context, t *testing.T) (addresses []string) {
	t.Helper()
	check(t, r.ListPeer(ctx, &api.ListPeerRequest{}, func(peer *api.Peer) {
		if peer.State.SessionState == api.PeerState_SESSION_STATE_ESTABLISHED {
			addresses = append(addresses, peer.State.NeighborAddress)
		}
	}))
	slices.Sort(addresses)
	return addresses
}

// wantNextHops waits until the router knows these ways to a network, and no other for a while.
func (r router) wantNextHops(ctx context.Context, t *testing.T, c *kubetest.Cluster, network string, want ...string) {
	t.Helper()
	var got []string
	is := func() bool {
		got = nil
		check(t, r.ListPath(apiutil.ListPathRequest{
			TableType: api.TableType_TABLE_TYPE_GLOBAL, Family: bgp.RF_IPv4_UC,
		}, func(prefix bgp.NLRI, paths []*apiutil.Path) {
			for _, path := range paths {
				for _, attribute := range path.Attrs {
					if hop, ok := attribute.(*bgp.PathAttributeNextHop); ok && prefix.String() == network {
						got = append(got, hop.Value.String())
					}
				}
			}
		}))
		slices.Sort(got)
		return slices.Equal(got, want)
	}
	if comesTrue(ctx, func() bool {
		if !is() {
			return false
		}
		time.Sleep(100 * time.Millisecond)
		return is()
	}) {
		return
	}
	t.Errorf("%s goes by %v, want %v\n%s\n%s", network, got, want, c.SpeakerLog("worker1"), c.SpeakerLog("worker2"))
}

func get(ctx context.Context, url string, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	transport := &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

// wantSpeakers looks at what Kubernetes would show of them: the DaemonSet, the Pods.
func wantSpeakers(ctx context.Context, t *testing.T, c *kubetest.Cluster, want int64) {
	t.Helper()
	client := clientOf(t, c)
	daemonSet, err := client.Resource(daemonSets).Namespace(system).Get(ctx, "speaker", metav1.GetOptions{})
	check(t, err)
	ready, _, _ := unstructured.NestedInt64(daemonSet.Object, "status", "numberReady")
	list, err := client.Resource(pods).Namespace(system).List(ctx, metav1.ListOptions{LabelSelector: "component=speaker"})
	check(t, err)
	if ready != want || int64(len(list.Items)) != want {
		t.Errorf("%d speakers are ready, %d Pods are there, want %d", ready, len(list.Items), want)
	}
	reports, err := client.Resource(metallb("v1beta1", "servicebgpstatuses")).Namespace(system).List(ctx,
		metav1.ListOptions{LabelSelector: "metallb.io/node=worker1"})
	if want == 1 && !apierrors.IsNotFound(err) && (err != nil || len(reports.Items) != 0) {
		t.Errorf("a speaker that is gone reports %v, %v", reports, err)
	}
}

// comesTrue waits for up to a minute.
func comesTrue(ctx context.Context, is func() bool) bool {
	for begun := time.Now(); time.Since(begun) < time.Minute && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		if is() {
			return true
		}
	}
	return false
}

// wantNoGoroutines looks for those of relays, proxies and starters, the last of which end on their own.
func wantNoGoroutines(ctx context.Context, t *testing.T) {
	t.Helper()
	var left string
	if !comesTrue(ctx, func() bool {
		stacks := make([]byte, 1<<20)
		stacks = stacks[:runtime.Stack(stacks, true)]
		left = regexp.MustCompile(`kubetest\.(newRelay|pass\(|\(\*proxy\)|newStarter).*`).FindString(string(stacks))
		return left == ""
	}) {
		t.Errorf("left after Close: %s", left)
	}
}
