package kubetest

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	deployments = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	daemonSets  = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "daemonsets"}
)

// createWorkloads creates MetalLB's Deployment and DaemonSet as its manifests have them: labels, images, and the BGP
// mode where it is not native. Nothing makes Pods of them here; they tell who looks what runs.
func (c *Cluster) createWorkloads(ctx context.Context) error {
	if err := c.apply(ctx, deployments, c.workload("Deployment", "controller", object{
		"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1, "availableReplicas": 1,
	})); err != nil {
		return err
	}
	return c.applyDaemonSet(ctx)
}

// applyDaemonSet makes the DaemonSet tell how many speakers run.
func (c *Cluster) applyDaemonSet(ctx context.Context) error {
	return c.apply(ctx, daemonSets, c.workload("DaemonSet", "speaker", object{
		"observedGeneration": 1, "desiredNumberScheduled": c.speakers, "currentNumberScheduled": c.speakers,
		"updatedNumberScheduled": c.speakers, "numberReady": c.speakers, "numberAvailable": c.speakers,
		"numberMisscheduled": 0,
	}))
}

func (c *Cluster) workload(kind, component string, status object) object {
	labels := componentLabels(component)
	return object{
		"kind":     kind,
		"metadata": object{"namespace": metalLBNamespace, "name": component, "labels": labels},
		"spec": object{
			"selector": object{"matchLabels": labels},
			"template": object{
				"metadata": object{"labels": labels},
				"spec":     object{"containers": []any{c.container(component)}},
			},
		},
		"status": status,
	}
}

func (c *Cluster) container(component string) object {
	registry := "quay.io/metallb/"
	if c.chosen.release == "0.9" {
		registry = "metallb/"
	}
	container := object{"name": component, "image": registry + component + ":v" + c.metalLB}
	if c.chosen.bgpType != native {
		container["env"] = []any{object{"name": "METALLB_BGP_TYPE", "value": c.chosen.bgpType}}
	}
	return container
}

func componentLabels(component string) object {
	return object{"app": "metallb", "component": component}
}

// createPod creates the Pod that a component takes itself to be.
func (c *Cluster) createPod(ctx context.Context, component, name, node string) error {
	return c.apply(ctx, pods, object{
		"kind":     "Pod",
		"metadata": object{"namespace": metalLBNamespace, "name": name, "labels": componentLabels(component)},
		"spec":     object{"nodeName": node, "containers": []any{c.container(component)}},
		"status": object{
			"phase": "Running", "podIP": "127.0.0.1", "podIPs": []any{object{"ip": "127.0.0.1"}},
			"conditions": []any{object{"type": "Ready", "status": "True"}},
		},
	})
}

func (c *Cluster) deleteWorkloads(ctx context.Context) error {
	if err := c.delete(ctx, deployments, metalLBNamespace, "controller"); err != nil {
		return err
	}
	if err := c.delete(ctx, daemonSets, metalLBNamespace, "speaker"); err != nil {
		return err
	}
	list, err := c.in(pods, metalLBNamespace).List(ctx, metav1.ListOptions{LabelSelector: "app=metallb"})
	if err != nil {
		return err
	}
	for _, pod := range list.Items {
		if err := c.delete(ctx, pods, metalLBNamespace, pod.GetName()); err != nil {
			return err
		}
	}
	return nil
}
