package kubetest_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

const system = "metallb-system"

var (
	configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
	nodes      = schema.GroupVersionResource{Version: "v1", Resource: "nodes"}
	pools      = metallb("v1beta1", "ipaddresspools")
)

func metallb(version, resource string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "metallb.io", Version: version, Resource: resource}
}

func TestMain(m *testing.M) { kubetest.Main(m, "192.168.5.1/32") }

func TestClusterComesUpAndLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx := within(t, 3*time.Minute)
	c := kubetest.StartTest(t)
	// From here on as a user would: by the kubeconfig file.
	loaded, err := clientcmd.LoadFromFile(c.Kubeconfig())
	check(t, err)
	if loaded.CurrentContext != "kubetest" {
		t.Errorf("the context is called %q", loaded.CurrentContext)
	}
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig())
	check(t, err)
	client, err := dynamic.NewForConfig(config)
	check(t, err)

	check(t, c.InstallCRDs(ctx))
	check(t, c.InstallCRDs(ctx)) // again does no harm
	create(ctx, t, client, pools, poolManifest("without-metallb", "192.168.128.0/24"))
	check(t, c.CreateNode(ctx, "node1", "192.168.5.2"))
	node, err := client.Resource(nodes).Get(ctx, "node1", metav1.GetOptions{})
	check(t, err)
	addresses, _, err := unstructured.NestedSlice(node.Object, "status", "addresses")
	check(t, err)
	if len(addresses) != 1 {
		t.Errorf("the node has the addresses %v", addresses)
	}
	if got := c.MetalLBVersion(); got != "" {
		t.Errorf("MetalLB %q is installed", got)
	}

	dir := filepath.Dir(c.Kubeconfig())
	if got := processesOf(t, dir); len(got) != 2 {
		t.Errorf("running for %s: %q, want etcd and kube-apiserver", dir, got)
	}
	begun := time.Now()
	c.Close()
	t.Logf("Close took %s", time.Since(begun))
	if got := processesOf(t, dir); len(got) != 0 {
		t.Errorf("still running after Close: %q", got)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
	c.Close() // again does no harm
}

func TestMetalLB(t *testing.T) {
	t.Parallel()
	ctx := within(t, 3*time.Minute)
	begun := time.Now()
	c := kubetest.StartTest(t)
	t.Logf("Start took %s", time.Since(begun))
	client := clientOf(t, c)

	begun = time.Now()
	check(t, c.InstallMetalLB(ctx))
	t.Logf("InstallMetalLB %s took %s", c.MetalLBVersion(), time.Since(begun))
	if got := c.MetalLBVersion(); !strings.HasPrefix(got, "0.15.") {
		t.Errorf("the version is %q", got)
	}
	if err := c.InstallMetalLB09(ctx); err == nil {
		t.Error("a second MetalLB is installed")
	}

	check(t, c.CreateLoadBalancerService(ctx, "default", "web"))
	create(ctx, t, client, pools, poolManifest("pool", "192.168.128.1/32"))
	wantAddress(ctx, t, c, "default", "web", "192.168.128.1")

	err := tryCreate(ctx, client, pools, poolManifest("bad", "192.168.129.9-192.168.129.1"))
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "invalid") {
		t.Errorf("a reversed range: got %v, want the webhook's refusal", err)
	}

	router, err := new(net.ListenConfig).Listen(ctx, "tcp", "192.168.5.1:179")
	check(t, err)
	defer router.Close()

	// The conversion webhook: a peer written as v1beta2 can be read as v1beta1.
	create(ctx, t, client, metallb("v1beta2", "bgppeers"), `
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: {name: router, namespace: metallb-system}
spec: {myASN: 64513, peerASN: 64512, peerAddress: 192.168.5.1}
`)
	peer, err := client.Resource(metallb("v1beta1", "bgppeers")).Namespace(system).Get(ctx, "router", metav1.GetOptions{})
	check(t, err)
	if got := peer.GetAPIVersion(); got != "metallb.io/v1beta1" {
		t.Errorf("the peer was converted to %s", got)
	}

	wantBGPOpen(t, router)

	dir := filepath.Dir(c.Kubeconfig())
	begun = time.Now()
	c.Close()
	t.Logf("Close took %s", time.Since(begun))
	if got := processesOf(t, dir); len(got) != 0 {
		t.Errorf("still running after Close: %q", got)
	}
}

// wantBGPOpen waits for the speaker to call and to say what begins a BGP session.
func wantBGPOpen(t *testing.T, router net.Listener) {
	t.Helper()
	check(t, router.(*net.TCPListener).SetDeadline(time.Now().Add(30*time.Second)))
	conn, err := router.Accept()
	check(t, err)
	defer conn.Close()
	check(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	header := make([]byte, 19)
	_, err = io.ReadFull(conn, header)
	check(t, err)
	const open = 1
	if !bytes.Equal(header[:16], bytes.Repeat([]byte{0xff}, 16)) || header[18] != open {
		t.Errorf("the speaker begins with %x, want a BGP OPEN", header)
	}
}

func TestMetalLB09(t *testing.T) {
	t.Parallel()
	ctx := within(t, 3*time.Minute)
	c := kubetest.StartTest(t)
	begun := time.Now()
	check(t, c.InstallMetalLB09(ctx))
	t.Logf("InstallMetalLB09 took %s", time.Since(begun))
	if got := c.MetalLBVersion(); got != "0.9.6" {
		t.Errorf("the version is %q", got)
	}
	client := clientOf(t, c)
	if got := containerOf(ctx, t, client, deployments, "controller")["image"]; got != "metallb/controller:v0.9.6" {
		t.Errorf("the controller has the image %s", got)
	}
	create(ctx, t, client, configMaps, `
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: metallb-system}
data:
  config: |
    peers:
    - {my-asn: 64513, peer-asn: 64512, peer-address: 192.168.5.1}
    address-pools:
    - {name: default, protocol: bgp, addresses: [192.168.128.1/32]}
`)
	check(t, c.CreateLoadBalancerService(ctx, "default", "web"))
	wantAddress(ctx, t, c, "default", "web", "192.168.128.1")
	if _, err := os.Stat("/var/run/secrets/kubernetes.io/serviceaccount"); err == nil {
		t.Error("the test itself sees the service account that is meant for the controller")
	}
}

func TestIsolated(t *testing.T) {
	t.Parallel()
	if !kubetest.Isolated() {
		t.Error("the test is not isolated")
	}
	if err := kubetest.Isolate("192.168.5.1/32", "192.168.5.7/32"); err != nil {
		t.Errorf("isolating again: %v", err)
	}
}

func TestMetalLBNeedsIsolation(t *testing.T) {
	t.Setenv("KUBETEST_OUTSIDE", "")
	c := kubetest.StartTest(t)
	for name, err := range map[string]error{
		"InstallMetalLB": c.InstallMetalLB(t.Context()), "InstallMetalLB09": c.InstallMetalLB09(t.Context()),
	} {
		if err == nil || !strings.Contains(err.Error(), "kubetest.Isolate") {
			t.Errorf("%s without isolation: %v", name, err)
		}
	}
}

func within(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func clientOf(t *testing.T, c *kubetest.Cluster) dynamic.Interface {
	t.Helper()
	config := c.Config()
	config.WarningHandler = rest.NoWarnings{}
	client, err := dynamic.NewForConfig(config)
	check(t, err)
	return client
}

func poolManifest(name, addresses string) string {
	return `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: ` + name + `, namespace: metallb-system}
spec: {addresses: ["` + addresses + `"]}
`
}

func tryCreate(
	ctx context.Context, client dynamic.Interface, resource schema.GroupVersionResource, manifest string,
) error {
	o := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(manifest), &o.Object); err != nil {
		return err
	}
	_, err := client.Resource(resource).Namespace(o.GetNamespace()).Create(ctx, o, metav1.CreateOptions{})
	return err
}

func create(
	ctx context.Context, t *testing.T, client dynamic.Interface, resource schema.GroupVersionResource, manifest string,
) {
	t.Helper()
	check(t, tryCreate(ctx, client, resource, manifest))
}

func wantAddress(ctx context.Context, t *testing.T, c *kubetest.Cluster, namespace, name, want string) {
	t.Helper()
	got, err := c.LoadBalancerAddress(ctx, namespace, name)
	check(t, err)
	if got != want {
		t.Errorf("the Service has the address %s, want %s", got, want)
	}
}

// processesOf lists the command lines of the processes that work in dir.
func processesOf(t *testing.T, dir string) (lines []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	check(t, err)
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && strings.TrimSuffix(cwd, " (deleted)") == dir {
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(link), "cmdline"))
			lines = append(lines, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return lines
}
