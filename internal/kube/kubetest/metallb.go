package kubetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	metalLBNamespace = "metallb-system"
	nodeName         = "node1"
	webhookServer    = "https://127.0.0.1:9443" // MetalLB gives no choice of port.
)

var (
	pools         = schema.GroupVersionResource{Group: "metallb.io", Version: "v1beta1", Resource: "ipaddresspools"}
	validatingWeb = schema.GroupVersionResource{
		Group: "admissionregistration.k8s.io", Version: "v1", Resource: "validatingwebhookconfigurations",
	}
)

// webhooks are those of MetalLB's manifests.
var webhooks = []struct {
	version, kind, resource string
	operations              []any
}{
	{"v1beta1", "bfdprofile", "bfdprofiles", []any{"CREATE", "DELETE"}},
	{"v1beta1", "bgpadvertisement", "bgpadvertisements", []any{"CREATE", "UPDATE"}},
	{"v1beta2", "bgppeer", "bgppeers", []any{"CREATE", "UPDATE"}},
	{"v1beta1", "community", "communities", []any{"CREATE", "UPDATE"}},
	{"v1beta1", "ipaddresspool", "ipaddresspools", []any{"CREATE", "UPDATE"}},
	{"v1beta1", "l2advertisement", "l2advertisements", []any{"CREATE", "UPDATE"}},
}

// MetalLBVersion gives the version of the MetalLB that is installed ("0.15.3"), "" if none is.
func (c *Cluster) MetalLBVersion() string { return c.metalLB }

// InstallMetalLB installs a MetalLB that is configured by custom resources: their definitions, its controller, its
// validating and converting webhooks and, for the node node1, which it makes unless there is one, a speaker of native
// BGP. The program must be isolated.
func (c *Cluster) InstallMetalLB(ctx context.Context) error {
	if err := c.mayInstall("metallb-controller"); err != nil {
		return err
	}
	if err := c.InstallCRDs(ctx); err != nil {
		return err
	}
	there, err := c.isThere(ctx, nodes, nodeName)
	if err != nil {
		return err
	}
	if !there {
		if err := c.CreateNode(ctx, nodeName, "127.0.0.1"); err != nil {
			return err
		}
	}
	for _, component := range []string{"controller", "speaker"} {
		if err := c.createPod(ctx, component); err != nil {
			return err
		}
	}
	webhookKeys, err := newKeyPair(filepath.Join(c.dir, "k8s-webhook-server", "serving-certs"))
	if err != nil {
		return err
	}
	ports, err := freePorts(ctx, 2)
	if err != nil {
		return err
	}
	starter := c.starters[0]
	speaker, err := c.run(ctx, starter, "metallb-speaker", c.environment("speaker"),
		"--host=127.0.0.1", "--port="+strconv.Itoa(ports[1]), "--log-level=debug")
	if err != nil {
		return err
	}
	controller, err := c.run(ctx, starter, "metallb-controller", c.environment("controller"),
		"--webhook-mode=enabled", "--disable-cert-rotation", "--cert-dir="+filepath.Dir(webhookKeys.keyFile),
		"--port="+strconv.Itoa(ports[0]), "--log-level=debug")
	if err != nil {
		return err
	}
	if err := until(ctx, time.Minute, "MetalLB's webhooks to listen", answers(9443), controller); err != nil {
		return err
	}
	if err := c.installWebhooks(ctx, webhookKeys); err != nil {
		return err
	}
	if err := until(ctx, time.Minute, "MetalLB's webhooks to refuse what is wrong", c.refusesBadPool, controller); err != nil {
		return err
	}
	return until(ctx, time.Minute, "MetalLB's speaker to listen", answers(ports[1]), speaker)
}

// mayInstall says why MetalLB cannot be installed, or notes the version that is about to be.
func (c *Cluster) mayInstall(controller string) error {
	if !Isolated() {
		return errors.New("MetalLB listens on all addresses and dials its peers: it runs only in a program that " +
			"has called kubetest.Isolate (or a test with kubetest.Main)")
	}
	if c.metalLB != "" {
		return fmt.Errorf("MetalLB %s is installed already", c.metalLB)
	}
	file, err := tool(controller)
	if err != nil {
		return err
	}
	c.metalLB = strings.TrimPrefix(filepath.Base(file), controller+"-v")
	return nil
}

// environment is what MetalLB's manifests give its components, less what belongs to its memberlist.
func (c *Cluster) environment(component string) []string {
	return []string{
		"KUBECONFIG=" + c.Kubeconfig(),
		"METALLB_BGP_TYPE=native",
		"METALLB_NAMESPACE=" + metalLBNamespace,
		"METALLB_POD_NAME=" + component,
		"METALLB_NODE_NAME=" + nodeName,
		"METALLB_HOST=127.0.0.1",
	}
}

// createPod creates the Pod that a component takes itself to be.
func (c *Cluster) createPod(ctx context.Context, component string) error {
	return c.apply(ctx, pods, object{
		"kind": "Pod",
		"metadata": object{
			"namespace": metalLBNamespace, "name": component,
			"labels": object{"app": "metallb", "component": component},
		},
		"spec": object{
			"nodeName":   nodeName,
			"containers": []any{object{"name": component, "image": "quay.io/metallb/" + component}},
		},
		"status": object{
			"phase": "Running", "podIP": "127.0.0.1", "podIPs": []any{object{"ip": "127.0.0.1"}},
			"conditions": []any{object{"type": "Ready", "status": "True"}},
		},
	})
}

// installWebhooks makes the API server ask MetalLB's webhooks.
func (c *Cluster) installWebhooks(ctx context.Context, keys *keyPair) error {
	client := func(path string) object {
		return object{"url": webhookServer + path, "caBundle": keys.certificate}
	}
	var entries []any
	for _, w := range webhooks {
		entries = append(entries, object{
			"name":                    w.kind + "validationwebhook.metallb.io",
			"admissionReviewVersions": []any{"v1"},
			"clientConfig":            client("/validate-metallb-io-" + w.version + "-" + w.kind),
			"failurePolicy":           "Fail",
			"sideEffects":             "None",
			"rules": []any{object{
				"apiGroups": []any{"metallb.io"}, "apiVersions": []any{w.version}, "resources": []any{w.resource},
				"operations": w.operations,
			}},
		})
	}
	if err := c.apply(ctx, validatingWeb, object{
		"kind":     "ValidatingWebhookConfiguration",
		"metadata": object{"name": "metallb-webhook-configuration"},
		"webhooks": entries,
	}); err != nil {
		return err
	}
	return c.mergePatch(ctx, definitions, "bgppeers.metallb.io", object{"spec": object{"conversion": object{
		"strategy": "Webhook",
		"webhook":  object{"conversionReviewVersions": []any{"v1"}, "clientConfig": client("/convert")},
	}}})
}

// refusesBadPool is for until: the webhooks refuse a pool that the schema would let pass.
func (c *Cluster) refusesBadPool(ctx context.Context) error {
	bad := &unstructured.Unstructured{Object: object{
		"apiVersion": pools.GroupVersion().String(), "kind": "IPAddressPool",
		"metadata": object{"namespace": metalLBNamespace, "name": "kubetest-probe"},
		"spec":     object{"addresses": []any{"not an address"}},
	}}
	options := metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}
	_, err := c.in(pools, metalLBNamespace).Create(ctx, bad, options)
	switch {
	case err == nil:
		return errors.New("a bad IPAddressPool is accepted")
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), "denied the request"):
		return nil
	default:
		return err
	}
}
