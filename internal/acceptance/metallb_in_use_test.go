package acceptance

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestMetalLBInUse: with no more rights than the documentation asks for, beside Services that hold addresses and others who
// write the same objects.
func TestMetalLBInUse(t *testing.T) {
	cluster := kubetest.StartTest(t)
	ctx := t.Context()
	require.NoError(t, cluster.InstallMetalLB(ctx, kubetest.Release("0.15")))
	role, err := os.ReadFile(filepath.Join(Root(), "examples", "kubernetes", "role.yaml"))
	require.NoError(t, err)
	kubeconfig, err := cluster.UserKubeconfig(ctx, "terraform", string(role))
	require.NoError(t, err)
	client, err := dynamic.NewForConfig(cluster.Config())
	require.NoError(t, err)
	pools := client.Resource(schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: "ipaddresspools"}).Namespace(namespace)
	w := newWorkspace(t)
	write := func(settings, resources string) { w.write(kubeconfig, settings, resources) }
	const addresses = "addresses = [\"10.0.0.0/24\"]\n"

	t.Run("announced by nothing", func(t *testing.T) {
		w := w
		w.t = t
		const silent = "No BGPAdvertisement or L2Advertisement selects this pool"
		write("", poolBlock("one", addresses))
		w.succeed(apply)
		w.succeed(plan, noChanges, silent)
		write("", poolBlock("one", addresses+`protocol = "layer2"`))
		w.succeed(apply, "1 changed")
		assert.NotContains(t, w.succeed(plan, noChanges), silent)
	})

	t.Run("Services", func(t *testing.T) {
		w := w
		w.t = t
		require.NoError(t, cluster.CreateLoadBalancerService(ctx, "shop", "web"))
		address, err := cluster.LoadBalancerAddress(ctx, "shop", "web")
		require.NoError(t, err)
		holder := "shop/web (" + address + ")"
		const hasty = "protocol = \"layer2\"\ntimeouts = { update = \"2s\", delete = \"2s\" }\n"
		write("", poolBlock("one", "addresses = [\"10.0.0.0-10.0.0.99\"]\n"+hasty))
		w.succeed(apply, "1 changed") // less, with what is in use
		write("", poolBlock("one", "addresses = [\"10.0.0.64/27\"]\n"+hasty))
		w.fail(apply, "Unable to update MetalLB address pool", holder, "force_destroy")
		w.fail(destroy, "Unable to delete MetalLB address pool", holder)
		write("", poolBlock("other", "addresses = [\"10.0.0.0-10.0.0.99\"]\n"+hasty))
		w.succeed(plan, "must be replaced", `MetalLB address pool "one" is replaced`, "MetalLB cannot rename a pool", "an outage")
		w.fail(apply, "Unable to delete MetalLB address pool", holder)

		// Somebody else removes the Service while the pool is destroyed: one run may hold both.
		const patient = "addresses = [\"10.0.0.0-10.0.0.99\"]\nprotocol = \"layer2\"\n"
		write("", poolBlock("one", patient))
		w.succeed(apply, "1 changed")
		write("", poolBlock("other", patient))
		go func() {
			time.Sleep(4 * time.Second)
			assert.NoError(t, cluster.DeleteService(ctx, "shop", "web"))
		}()
		w.succeed(apply, "1 added, 0 changed, 1 destroyed")
		w.succeed(destroy)

		// An outage that is wanted.
		write("", poolBlock("one", patient+"force_destroy = true\n"))
		w.succeed(apply, "1 added")
		require.NoError(t, cluster.CreateLoadBalancerService(ctx, "shop", "web"))
		_, err = cluster.LoadBalancerAddress(ctx, "shop", "web")
		require.NoError(t, err)
		w.succeed(destroy, "1 destroyed")
		require.NoError(t, cluster.DeleteService(ctx, "shop", "web"))
	})

	t.Run("other writers", func(t *testing.T) {
		w := w
		w.t = t
		patch := func(manager, text string) {
			t.Helper()
			_, err := pools.Patch(ctx, "one", types.MergePatchType, []byte(text), metav1.PatchOptions{FieldManager: manager})
			require.NoError(t, err)
		}
		spec := func() map[string]any {
			t.Helper()
			u, err := pools.Get(ctx, "one", metav1.GetOptions{})
			require.NoError(t, err)
			assert.Equal(t, "2", u.GetAnnotations()["note"])
			spec, _, _ := unstructured.NestedMap(u.Object, "spec")
			return spec
		}
		write("", poolBlock("one", addresses+`auto_assign = false`))
		w.succeed(apply)
		patch("kubectl-edit", `{"metadata":{"annotations":{"note":"2"}},"spec":{"autoAssign":true,"serviceAllocation":{"priority":7}}}`)
		w.succeed(plan, "1 to change")
		w.succeed(apply, "1 changed")
		assert.Equal(t, map[string]any{"addresses": []any{"10.0.0.0/24"}, "autoAssign": false, "avoidBuggyIPs": false,
			"serviceAllocation": map[string]any{"priority": int64(7)}}, spec())

		patch("argocd-controller", `{"spec":{"autoAssign":true}}`)
		const contested = "spec.autoAssign belongs to argocd-controller"
		w.fail(apply, contested, "Have it leave the field alone", "metallb.force_conflicts = true")
		write("force_conflicts = true", poolBlock("one", addresses+`auto_assign = false`))
		w.succeed(apply, "1 changed")
		assert.Equal(t, false, spec()["autoAssign"])

		// Imported from kubectl's hands, changed, and less in the end.
		w.succeed([]string{"state", "rm", "metallb_address_pool.one"})
		u, err := pools.Get(ctx, "one", metav1.GetOptions{})
		require.NoError(t, err)
		u.SetManagedFields([]metav1.ManagedFieldsEntry{{}}) // nobody's
		_, err = pools.Update(ctx, u, metav1.UpdateOptions{FieldManager: "kubectl-edit"})
		require.NoError(t, err)
		patch("kubectl-edit", `{"spec":{"avoidBuggyIPs":true,"autoAssign":true}}`)
		write("", poolBlock("one", addresses+"avoid_buggy_ips = true\nauto_assign = false"))
		w.succeed([]string{"import", "metallb_address_pool.one", "one"})
		w.succeed(apply, "1 changed")
		write("", poolBlock("one", addresses))
		w.succeed(apply, "1 changed")
		assert.Equal(t, true, spec()["autoAssign"])
		assert.Equal(t, false, spec()["avoidBuggyIPs"])
		u, err = pools.Get(ctx, "one", metav1.GetOptions{})
		require.NoError(t, err)
		for _, entry := range u.GetManagedFields() {
			if entry.Manager == kube.FieldManager && entry.Operation == metav1.ManagedFieldsOperationApply {
				assert.JSONEq(t, `{"f:spec":{"f:addresses":{}}}`, entry.FieldsV1.GetRawString())
			}
		}
		w.succeed(plan, noChanges)
		w.succeed(destroy)
	})

	// The rest of the story, and all of it gone again.
	write("", clusterResources)
	w.succeed(apply, "2 added")
	w.succeed(plan, noChanges)
	w.succeed(destroy, "2 destroyed")
	crds{t, cluster}.mustBeEmpty(t)

	t.Run("a right is missing", func(t *testing.T) {
		w := w
		w.t = t
		kubeconfig, err := cluster.UserKubeconfig(ctx, "nobody", "")
		require.NoError(t, err)
		w.write(kubeconfig, "", clusterResources)
		w.fail(apply, `cannot get resource "ipaddresspools"`, `{apiGroups: ["metallb.io"], resources: ["ipaddresspools"], verbs: ["get"]}`,
			"a Role in namespace metallb-system", "system:serviceaccount:default:nobody")
	})
}
