package metallb

import (
	"context"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// component is a part of MetalLB that runs in pods of its own, which manifests and Helm chart label differently.
type component struct{ manifests, chart string }

var (
	controllerPods = component{"app=metallb,component=controller", "app.kubernetes.io/name=metallb,app.kubernetes.io/component=controller"}
	speakerPods    = component{"component=speaker", "app.kubernetes.io/component=speaker"}
)

// has tells a pod of the component.
func (c component) has(pod *unstructured.Unstructured) bool {
	return slices.ContainsFunc([]string{c.manifests, c.chart}, func(text string) bool {
		selector, err := labels.Parse(text)
		return err == nil && selector.Matches(labels.Set(pod.GetLabels()))
	})
}

var podResource = core("pods")

func core(plural string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Version: "v1", Resource: plural}
}

// pods are those of a component, in MetalLB's namespace.
func (m *MetalLB) pods(ctx context.Context, of component) ([]corev1.Pod, error) {
	var found []corev1.Pod
	for _, selector := range []string{of.manifests, of.chart} {
		items, err := m.cluster.Select(ctx, podResource, kube.Selection{Namespace: m.config.Namespace, Labels: selector})
		if err != nil {
			return nil, err
		}
		for i := range items {
			var pod corev1.Pod
			if err := typed(&items[i], &pod); err != nil {
				return nil, err
			}
			found = append(found, pod)
		}
	}
	return found, nil
}

// typed reads an object as one of Kubernetes' own types.
func typed(object *unstructured.Unstructured, as any) error {
	return runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, as)
}

var imageVersion = regexp.MustCompile(`(?:controller|speaker):v?(\d+\.\d+(?:\.\d+)?)`)

// versionOf is MetalLB's version as the image of a pod tells it; "" if none does.
func versionOf(pods []corev1.Pod) string {
	for i := range pods {
		for _, container := range pods[i].Spec.Containers {
			if found := imageVersion.FindStringSubmatch(container.Image); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// bgpModeOf is how speakers speak BGP: native, frr or frr-k8s; "" if there is no speaker to tell it.
func bgpModeOf(speakers []corev1.Pod) string {
	for i := range speakers {
		for _, container := range speakers[i].Spec.Containers {
			for _, variable := range container.Env {
				if variable.Name == "METALLB_BGP_TYPE" && variable.Value != "" {
					return variable.Value
				}
			}
		}
	}
	if len(speakers) > 0 {
		return "native" // what a speaker does that is told nothing
	}
	return ""
}

// argument is the value of an argument --name=value, or "true" of --name, with which pods were started.
func argument(pods []corev1.Pod, name string) (value string, given bool) {
	for i := range pods {
		for _, container := range pods[i].Spec.Containers {
			for _, arg := range append(container.Command, container.Args...) {
				key, value, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
				if key == name && !hasValue {
					return "true", true
				}
				if key == name {
					return value, true
				}
			}
		}
	}
	return "", false
}

// olderThan tells a version that is known to be older.
func olderThan(running, than string) bool {
	v, err := version.ParseGeneric(running)
	return err == nil && v.LessThan(version.MustParseGeneric(than))
}
