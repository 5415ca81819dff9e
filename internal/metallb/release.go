package metallb

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// release is the MetalLB that runs, as far as it can be seen.
type release struct {
	version *version.Version // nil if it is not known
	mode    string           // of its speakers from 0.12: "native" or "frr"; "" if it is not known
}

func (r release) from(v *version.Version) bool   { return r.version != nil && r.version.AtLeast(v) }
func (r release) before(v *version.Version) bool { return r.version != nil && r.version.LessThan(v) }

func (r release) String() string {
	if r.version == nil {
		return "MetalLB"
	}
	return "MetalLB " + r.version.String()
}

func majorMinor(v *version.Version) string { return fmt.Sprintf("%d.%d", v.Major(), v.Minor()) }

var (
	deploymentResource = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	daemonSetResource  = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}
	controllerImage    = regexp.MustCompile(`controller:v?(\d+\.\d+(?:\.\d+)?)`)
)

// running is the release in the namespace: its version by the image of the controller, its mode by the environment of
// the speakers, which only from 0.12 have a choice.
func (s *configMapStore) running(ctx context.Context) (release, error) {
	var found release
	containers, err := s.containers(ctx, deploymentResource, "controller")
	if err != nil {
		return found, err
	}
	for _, container := range containers {
		image, _ := container["image"].(string)
		if parts := controllerImage.FindStringSubmatch(image); parts != nil {
			found.version, err = version.ParseGeneric(parts[1])
		}
	}
	if err != nil || !found.from(since012) {
		return found, err
	}
	containers, err = s.containers(ctx, daemonSetResource, "speaker")
	for _, container := range containers {
		if container["name"] == "speaker" {
			found.mode = "native"
			entries, _, _ := unstructured.NestedSlice(container, "env")
			for _, entry := range entries {
				if entry, _ := entry.(map[string]any); entry["name"] == "METALLB_BGP_TYPE" {
					found.mode, _ = entry["value"].(string)
				}
			}
		}
	}
	return found, err
}

// containers are those of a part of MetalLB, which has one name in the manifests and another in the Helm chart; none
// if it cannot be seen.
func (s *configMapStore) containers(ctx context.Context, resource schema.GroupVersionResource, part string) ([]map[string]any, error) {
	u, err := s.cluster.Get(ctx, resource, s.where.namespace, part)
	if errors.Is(err, kube.ErrNotFound) {
		u, err = s.cluster.Get(ctx, resource, s.where.namespace, "metallb-"+part)
	}
	if errors.Is(err, kube.ErrNotFound) || apierrors.IsForbidden(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, _, _ := unstructured.NestedSlice(u.Object, "spec", "template", "spec", "containers")
	var containers []map[string]any
	for _, container := range all {
		if container, ok := container.(map[string]any); ok {
			containers = append(containers, container)
		}
	}
	return containers, nil
}
