package kubetest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

const metalLBGroup = "metallb.io"

// InstallCRDs creates MetalLB's custom resource definitions and its namespace, without MetalLB.
func (c *Cluster) InstallCRDs(ctx context.Context, options ...Option) error {
	if err := c.createNamespace(ctx, metalLBNamespace); err != nil {
		return err
	}
	release := choose(options).crds
	manifests, err := manifestsOf(release, "CustomResourceDefinition")
	if err != nil {
		return err
	}
	for _, definition := range manifests {
		if slices.Contains([]string{"0.13", "0.14", "0.15"}, release) {
			dropIntegerFormats(definition)
		}
		if err := c.apply(ctx, definitions, definition); err != nil {
			return err
		}
	}
	for _, definition := range manifests {
		name := nameOf(definition)
		if err := until(ctx, 30*time.Second, name+" to be served", c.served(name), c.processes...); err != nil {
			return err
		}
	}
	return nil
}

// manifestsOf gives what is of that kind among the CRDs and webhooks of a release.
func manifestsOf(release, kind string) (manifests []object, err error) {
	file, err := tool(release)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var manifest object
		if err := yaml.Unmarshal(document, &manifest); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if manifest["kind"] == kind {
			manifests = append(manifests, manifest)
		}
	}
	if manifests == nil {
		return nil, fmt.Errorf("%s has no %s", file, kind)
	}
	return manifests, nil
}

func nameOf(manifest object) string {
	name, _, _ := unstructured.NestedString(manifest, "metadata", "name")
	return name
}

// dropIntegerFormats makes a definition be taken as the API servers of its time took it: they paid no attention to the
// formats of integers. Those since then do, and so refuse every BGPPeer where an AS number is an int32 of at most
// 4294967295, as MetalLB had it before 0.16.
func dropIntegerFormats(node any) {
	switch node := node.(type) {
	case object:
		if node["type"] == "integer" {
			delete(node, "format")
		}
		for _, child := range node {
			dropIntegerFormats(child)
		}
	case []any:
		for _, child := range node {
			dropIntegerFormats(child)
		}
	}
}

// served is for until: the custom resource of that name is served in all its versions. It asks for an object that is
// not there, since one that is may have to be converted first, by a webhook that does not run yet.
func (c *Cluster) served(name string) func(context.Context) error {
	return func(ctx context.Context) error {
		definition, err := c.in(definitions, "").Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		plural, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "plural")
		versions, err := servedVersions(definition.Object)
		if err != nil {
			return err
		}
		for _, version := range versions {
			resource := schema.GroupVersionResource{Group: metalLBGroup, Version: version, Resource: plural}
			_, err := c.in(resource, metalLBNamespace).Get(ctx, "kubetest-probe", metav1.GetOptions{})
			if !apierrors.IsNotFound(err) || apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse) {
				return fmt.Errorf("%s, asked for one that is not there, answers %w", version, err)
			}
		}
		return nil
	}
}

func servedVersions(definition object) (names []string, err error) {
	versions, _, err := unstructured.NestedSlice(definition, "spec", "versions")
	for _, one := range versions {
		if version, ok := one.(object); ok && version["served"] == true {
			names = append(names, fmt.Sprint(version["name"]))
		}
	}
	return names, err
}

// RemoveCRDs deletes MetalLB's custom resource definitions, all objects of theirs and the webhooks that judge them, as
// `helm uninstall` does, and waits until they are gone. A MetalLB that runs goes on running.
func (c *Cluster) RemoveCRDs(ctx context.Context) error {
	if err := c.delete(ctx, validatingWeb, "", webhookConfiguration); err != nil {
		return err
	}
	names, err := c.definitionNames(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := c.delete(ctx, definitions, "", name); err != nil {
			return err
		}
	}
	return until(ctx, time.Minute, "MetalLB's custom resources to be gone", func(ctx context.Context) error {
		left, err := c.definitionNames(ctx)
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("left: %v", left)
		}
		return err
	}, c.processes...)
}

// definitionNames names MetalLB's custom resource definitions.
func (c *Cluster) definitionNames(ctx context.Context) (names []string, err error) {
	list, err := c.in(definitions, "").List(ctx, metav1.ListOptions{})
	if err != nil {
		return nil, err
	}
	for _, definition := range list.Items {
		if group, _, _ := unstructured.NestedString(definition.Object, "spec", "group"); group == metalLBGroup {
			names = append(names, definition.GetName())
		}
	}
	return names, nil
}
