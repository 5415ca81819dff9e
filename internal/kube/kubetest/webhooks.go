package kubetest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	webhookServer        = "https://127.0.0.1:9443" // MetalLB gives no choice of port.
	webhookConfiguration = "metallb-webhook-configuration"
)

var (
	pools         = schema.GroupVersionResource{Group: metalLBGroup, Version: "v1beta1", Resource: "ipaddresspools"}
	validatingWeb = schema.GroupVersionResource{
		Group: "admissionregistration.k8s.io", Version: "v1", Resource: "validatingwebhookconfigurations",
	}
)

// InstallWebhooks makes the API server ask MetalLB's webhooks, validating and converting, about the custom resources
// that InstallCRDs has defined. Until InstallMetalLB they do not answer, and every write of such an object fails. There
// is one port for them, which a cluster has until it is closed; another one waits here for its turn.
func (c *Cluster) InstallWebhooks(ctx context.Context, options ...Option) (err error) {
	if err := c.takeWebhookPort(ctx); err != nil {
		return err
	}
	if c.webhookKeys == nil {
		// The only place where MetalLB's webhooks look for it, below the folder for temporary files.
		dir := filepath.Join(c.dir, "k8s-webhook-server", "serving-certs")
		if c.webhookKeys, err = newKeyPair(dir); err != nil {
			return err
		}
	}
	release := choose(options).crds
	if err := c.installValidation(ctx, release); err != nil {
		return err
	}
	return c.installConversion(ctx, release)
}

// takeWebhookPort waits until no other cluster of this network namespace has the port of MetalLB's webhooks. Who has
// it holds a socket, whose name is known in this network namespace alone and goes when the program does.
func (c *Cluster) takeWebhookPort(ctx context.Context) error {
	if c.webhookTurn != nil {
		return nil
	}
	const limit = 10 * time.Minute
	return until(ctx, limit, "another cluster with MetalLB's webhooks to close", func(ctx context.Context) (err error) {
		c.webhookTurn, err = new(net.ListenConfig).Listen(ctx, "unix", "@kubetest/webhooks")
		return err
	})
}

// installValidation installs the webhooks of the release's manifest, but for where they are.
func (c *Cluster) installValidation(ctx context.Context, release string) error {
	manifests, err := manifestsOf(release, "ValidatingWebhookConfiguration")
	if err != nil {
		return err
	}
	webhooks, _, err := unstructured.NestedSlice(manifests[0], "webhooks")
	if err != nil {
		return err
	}
	for _, one := range webhooks {
		webhook, ok := one.(object)
		if !ok {
			return fmt.Errorf("MetalLB %s has the webhook %v", release, one)
		}
		path, _, err := unstructured.NestedString(webhook, "clientConfig", "service", "path")
		if err != nil {
			return err
		}
		webhook["clientConfig"] = c.webhookClient(path)
	}
	return c.apply(ctx, validatingWeb, object{
		"kind":     "ValidatingWebhookConfiguration",
		"metadata": object{"name": webhookConfiguration},
		"webhooks": webhooks,
	})
}

// installConversion installs the converting webhook where there is something to convert.
func (c *Cluster) installConversion(ctx context.Context, release string) error {
	manifests, err := manifestsOf(release, "CustomResourceDefinition")
	if err != nil {
		return err
	}
	for _, definition := range manifests {
		versions, err := servedVersions(definition)
		if err != nil {
			return err
		}
		if len(versions) < 2 {
			continue
		}
		if err := c.mergePatch(ctx, definitions, nameOf(definition), object{"spec": object{"conversion": object{
			"strategy": "Webhook",
			"webhook": object{
				"conversionReviewVersions": []any{"v1"}, "clientConfig": c.webhookClient("/convert"),
			},
		}}}); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) webhookClient(path string) object {
	return object{"url": webhookServer + path, "caBundle": c.webhookKeys.certificate}
}

// refusesBadPool is for until: the webhooks refuse a pool that the schema would let pass. It is applied since the API
// server lets a POST of a kind that is new to it wait for two seconds.
func (c *Cluster) refusesBadPool(ctx context.Context) error {
	bad := &unstructured.Unstructured{Object: object{
		"apiVersion": pools.GroupVersion().String(), "kind": "IPAddressPool",
		"metadata": object{"namespace": metalLBNamespace, "name": "kubetest-probe"},
		"spec":     object{"addresses": []any{"not an address"}},
	}}
	options := metav1.ApplyOptions{FieldManager: "kubetest", DryRun: []string{metav1.DryRunAll}}
	_, err := c.in(pools, metalLBNamespace).Apply(ctx, bad.GetName(), bad, options)
	switch {
	case err == nil:
		return errors.New("a bad IPAddressPool is accepted")
	case apierrors.IsForbidden(err) && strings.Contains(err.Error(), "denied the request"):
		return nil
	default:
		return err
	}
}
