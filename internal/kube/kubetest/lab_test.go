package kubetest_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"
)

var (
	deployments  = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	daemonSets   = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}
	pods         = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	profiles     = metallb("v1beta1", "bfdprofiles")
	peers        = metallb("v1beta2", "bgppeers")
	bfdProfile   = "apiVersion: metallb.io/v1beta1\nkind: BFDProfile\nmetadata: {name: fast, namespace: metallb-system}\n"
	anyPool      = poolManifest("pool", "192.168.128.0/24")
	dualPool     = poolManifest("dual", `192.168.130.0/24", "fd00:130::/120`)
	configStates = metallb("v1beta1", "configurationstates")
)

func peerManifest(more string) string {
	return `
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: {name: router, namespace: metallb-system}
spec: {myASN: 64513, peerASN: 64512, peerAddress: 192.168.5.1, ` + more + `}
`
}

// What one apply meets that creates MetalLB and its configuration: first no kinds, then webhooks that do not answer.
func TestMetalLBComesInStepsAndGoes(t *testing.T) {
	t.Parallel()
	ctx := within(t, 5*time.Minute)
	c := kubetest.StartTest(t)
	client := clientOf(t, c)
	release := kubetest.Release("0.13")
	if err := tryCreate(ctx, client, pools, anyPool); !apierrors.IsNotFound(err) {
		t.Errorf("without CRDs: %v", err)
	}
	check(t, c.InstallCRDs(ctx, release))
	check(t, c.InstallWebhooks(ctx, release))
	if err := tryCreate(ctx, client, pools, anyPool); !apierrors.IsInternalError(err) ||
		!strings.Contains(err.Error(), "connection refused") {
		t.Errorf("without a webhook: %v", err)
	}
	check(t, c.InstallMetalLB(ctx, release, kubetest.WithoutSpeaker()))
	create(ctx, t, client, pools, anyPool)
	create(ctx, t, client, peers, peerManifest(""))

	check(t, c.UninstallMetalLB(ctx))
	if got := c.MetalLBVersion(); got != "" {
		t.Errorf("MetalLB %s is installed", got)
	}
	left, err := client.Resource(deployments).Namespace(system).List(ctx, metav1.ListOptions{})
	check(t, err)
	if len(left.Items) != 0 {
		t.Errorf("left: %v", left.Items)
	}
	// An upgrade finds what the old release has left.
	check(t, c.InstallMetalLB(ctx, kubetest.Release("0.16")))
	check(t, c.CreateLoadBalancerService(ctx, "default", "web"))
	wantAddress(ctx, t, c, "default", "web", "192.168.128.0")

	begun := time.Now()
	check(t, c.RemoveCRDs(ctx))
	t.Logf("RemoveCRDs took %s", time.Since(begun))
	if _, err := client.Resource(pools).Namespace(system).List(ctx, metav1.ListOptions{}); !apierrors.IsNotFound(err) {
		t.Errorf("the CRDs are still there: %v", err)
	}
	check(t, c.InstallCRDs(ctx))
	list, err := client.Resource(pools).Namespace(system).List(ctx, metav1.ListOptions{})
	check(t, err)
	if len(list.Items) != 0 {
		t.Errorf("with the CRDs these pools are back: %v", list.Items)
	}
}

// The webhooks of native mode refuse what only FRR can do, those of the other modes do not, and the workloads tell
// which mode it is.
func TestBGPTypes(t *testing.T) {
	for _, bgpType := range []string{"native", "frr", "frr-k8s"} {
		t.Run(bgpType, func(t *testing.T) {
			t.Parallel()
			ctx := within(t, 5*time.Minute)
			c := kubetest.StartTest(t)
			client := clientOf(t, c)
			check(t, c.InstallMetalLB(ctx, kubetest.Release("0.14"), kubetest.BGPType(bgpType), kubetest.WithoutSpeaker()))
			create(ctx, t, client, profiles, bfdProfile)
			err := tryCreate(ctx, client, peers, peerManifest("bfdProfile: fast, vrf: red"))
			if bgpType != "native" {
				check(t, err)
			} else if !apierrors.IsForbidden(err) {
				t.Errorf("a VRF in native mode: %v", err)
			}
			for component, resource := range map[string]schema.GroupVersionResource{
				"controller": deployments, "speaker": daemonSets,
			} {
				container := containerOf(ctx, t, client, resource, component)
				if got := container["image"]; got != "quay.io/metallb/"+component+":v0.14.9" {
					t.Errorf("the %s has the image %s", component, got)
				}
				env, _, _ := unstructured.NestedSlice(container, "env")
				told := slices.ContainsFunc(env, func(one any) bool {
					entry := one.(map[string]any)
					return entry["name"] == "METALLB_BGP_TYPE" && entry["value"] == bgpType
				})
				if told != (bgpType != "native") {
					t.Errorf("the environment of the %s is %v", component, env)
				}
			}
		})
	}
}

// containerOf gives a workload's container, found by the labels of MetalLB's manifests.
func containerOf(
	ctx context.Context, t *testing.T, client dynamic.Interface, resource schema.GroupVersionResource, component string,
) map[string]any {
	t.Helper()
	list, err := client.Resource(resource).Namespace(system).List(ctx, metav1.ListOptions{
		LabelSelector: "app=metallb,component=" + component,
	})
	check(t, err)
	if len(list.Items) != 1 || list.Items[0].GetName() != component {
		t.Fatalf("the %s is %v", component, list.Items)
	}
	containers, _, err := unstructured.NestedSlice(list.Items[0].Object, "spec", "template", "spec", "containers")
	check(t, err)
	return containers[0].(map[string]any)
}

func TestUserMayDoWhatTheRolesAllow(t *testing.T) {
	t.Parallel()
	ctx := within(t, 3*time.Minute)
	c := kubetest.StartTest(t)
	check(t, c.InstallCRDs(ctx))
	check(t, c.CreateNode(ctx, "node1", "192.168.5.2"))
	clientFor := func(name, roles string) dynamic.Interface {
		path, err := c.UserKubeconfig(ctx, name, roles)
		check(t, err)
		config, err := clientcmd.BuildConfigFromFlags("", path)
		check(t, err)
		client, err := dynamic.NewForConfig(config)
		check(t, err)
		return client
	}
	limited := clientFor("limited", `
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pools, namespace: metallb-system}
rules:
- {apiGroups: [metallb.io], resources: [ipaddresspools], verbs: [create, get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: nodes}
rules:
- {apiGroups: [""], resources: [nodes], verbs: [list]}
`)
	create(ctx, t, limited, pools, anyPool)
	_, err := limited.Resource(nodes).List(ctx, metav1.ListOptions{})
	check(t, err)
	err = limited.Resource(pools).Namespace(system).Delete(ctx, "pool", metav1.DeleteOptions{})
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "system:serviceaccount:default:limited") {
		t.Errorf("deleting without the right to: %v", err)
	}
	_, err = clientFor("nobody", "").Resource(pools).Namespace(system).Get(ctx, "pool", metav1.GetOptions{})
	if !apierrors.IsForbidden(err) {
		t.Errorf("reading without any right: %v", err)
	}
	if _, err := c.UserKubeconfig(ctx, "wrong", "kind: ConfigMap"); err == nil {
		t.Error("a ConfigMap counts as a role")
	}
}

func TestServicesAndNodes(t *testing.T) {
	t.Parallel()
	ctx := within(t, 5*time.Minute)
	c := kubetest.StartTest(t)
	client := clientOf(t, c)
	check(t, c.InstallMetalLB(ctx))
	check(t, c.CreateNode(ctx, "node2", "127.0.0.2"))
	check(t, c.AddSpeaker(ctx, "node2"))
	speakers, err := client.Resource(pods).Namespace(system).List(ctx, metav1.ListOptions{
		LabelSelector: "app=metallb,component=speaker",
	})
	check(t, err)
	var on []string
	for _, pod := range speakers.Items {
		node, _, _ := unstructured.NestedString(pod.Object, "spec", "nodeName")
		on = append(on, node)
	}
	if !slices.Equal(on, []string{"node1", "node2"}) {
		t.Errorf("speakers run on %v", on)
	}
	daemonSet, err := client.Resource(daemonSets).Namespace(system).Get(ctx, "speaker", metav1.GetOptions{})
	check(t, err)
	if ready, _, _ := unstructured.NestedInt64(daemonSet.Object, "status", "numberReady"); ready != 2 {
		t.Errorf("%d speakers are ready", ready)
	}

	create(ctx, t, client, pools, anyPool)
	create(ctx, t, client, pools, dualPool)
	wanted := map[string]string{"metallb.universe.tf/address-pool": "dual"}
	check(t, c.CreateLoadBalancerService(ctx, "shop", "both", kubetest.Annotated(wanted), kubetest.OfFamilies("IPv6", "IPv4")))
	addresses, err := c.LoadBalancerAddresses(ctx, "shop", "both")
	check(t, err)
	slices.Sort(addresses)
	if !slices.Equal(addresses, []string{"192.168.130.0", "fd00:130::"}) {
		t.Errorf("the dual-stack Service has %v", addresses)
	}
	check(t, c.CreateLoadBalancerService(ctx, "shop", "six", kubetest.OfFamilies("IPv6")))
	wantAddress(ctx, t, c, "shop", "six", "fd00:130::1")
	check(t, c.DeleteService(ctx, "shop", "both"))
	check(t, c.CreateLoadBalancerService(ctx, "shop", "heir", kubetest.Annotated(wanted)))
	wantAddress(ctx, t, c, "shop", "heir", "192.168.130.0")
}

// The truth about a configuration that the webhooks let pass is in the ConfigurationState of each speaker.
func TestConfigurationState(t *testing.T) {
	t.Parallel()
	ctx := within(t, 5*time.Minute)
	c := kubetest.StartTest(t)
	client := clientOf(t, c)
	check(t, c.InstallMetalLB(ctx))
	wantState(ctx, t, client, "controller", "Valid")
	wantState(ctx, t, client, "speaker-node1", "Valid")
	create(ctx, t, client, peers, peerManifest("bfdProfile: fast"))
	wantState(ctx, t, client, "speaker-node1", "Invalid")
	check(t, client.Resource(peers).Namespace(system).Delete(ctx, "router", metav1.DeleteOptions{}))
	wantState(ctx, t, client, "speaker-node1", "Valid")
}

func wantState(ctx context.Context, t *testing.T, client dynamic.Interface, name, want string) {
	t.Helper()
	begun, got := time.Now(), ""
	for time.Since(begun) < 10*time.Second {
		state, err := client.Resource(configStates).Namespace(system).Get(ctx, name, metav1.GetOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			t.Fatal(err)
		}
		if err == nil {
			got, _, _ = unstructured.NestedString(state.Object, "status", "result")
		}
		if got == want {
			t.Logf("%s is %s after %s", name, want, time.Since(begun))
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("the ConfigurationState %s is %q, want %s", name, got, want)
}
