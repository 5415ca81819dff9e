package metallb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

var (
	bgpStatusResource = customResource("v1beta1", "servicebgpstatuses")
	l2StatusResource  = customResource("v1beta1", "servicel2statuses")
)

// findService looks for the Service whose address an Ingress or a Gateway has. That it is not found, or that we may not
// look, is no error: nothing but the address was asked for.
func (m *MetalLB) findService(ctx context.Context, found *LoadBalancer) {
	items, _ := m.cluster.Select(ctx, core("services"), kube.Selection{})
	for i := range items {
		var service corev1.Service
		if typed(&items[i], &service) != nil || service.Spec.Type != corev1.ServiceTypeLoadBalancer {
			continue
		}
		for _, ingress := range service.Status.LoadBalancer.Ingress {
			if ingress.IP != "" && slices.Contains(found.IPs, ingress.IP) {
				found.behind(&service)
				return
			}
		}
	}
}

// awaitAnnouncement looks which nodes announce the address; if that is wanted, until one does, or until end: errTimeUp.
// It looks at least once.
func (m *MetalLB) awaitAnnouncement(ctx context.Context, w *waiting, end time.Time) error {
	if w.found.Service == nil {
		if w.want.Announced {
			return w.where.refuse(ErrRefused, "", fmt.Sprintf("it has %s, but no Service can be seen that has it too: who announces it cannot be told",
				noneOr(w.found.IPs)), "Ask for the Service behind it, or grant list of services in all namespaces.")
		}
		return nil
	}
	pause := wait.Backoff{Duration: 250 * time.Millisecond, Factor: 1.5, Steps: 1000, Cap: 2 * time.Second}
	for {
		err := m.announcements(ctx, w.found)
		switch {
		case !w.want.Announced && (err == nil || apierrors.IsForbidden(err)):
			return nil
		case err != nil:
			return err
		case w.found.Nodes == nil:
			return w.where.refuse(ErrRefused, "", "who announces it cannot be told: the cluster serves neither servicebgpstatuses nor "+
				"servicel2statuses of metallb.io", "MetalLB has them from 0.15 and 0.14.4: upgrade it, or do not wait for the announcement.")
		case len(w.found.Nodes) > 0:
			return nil
		}
		w.lack = "it has " + noneOr(w.found.IPs) + ", which no node announces"
		if !time.Now().Before(end) {
			return errTimeUp
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause.Step()):
		}
	}
}

// announcements reads which nodes announce a Service, and to which peers, from what the speakers write down. Nodes and
// Peers stay nil where they do not.
func (m *MetalLB) announcements(ctx context.Context, found *LoadBalancer) error {
	ours := kube.Selection{
		Namespace: m.config.Namespace,
		Labels:    fmt.Sprintf("metallb.io/service-name=%s,metallb.io/service-namespace=%s", found.Service.Name, found.Service.Namespace),
	}
	found.Nodes, found.Peers = nil, nil
	overBGP, err := m.cluster.Select(ctx, bgpStatusResource, ours)
	switch {
	case err == nil:
		found.Nodes, found.Peers = []string{}, []string{}
	case !errors.Is(err, kube.ErrNotFound):
		return err
	}
	overL2, err := m.cluster.Select(ctx, l2StatusResource, ours)
	switch {
	case err == nil && found.Nodes == nil:
		found.Nodes = []string{}
	case err != nil && !errors.Is(err, kube.ErrNotFound):
		return err
	}
	for _, status := range append(overBGP, overL2...) {
		if node := status.GetLabels()["metallb.io/node"]; node != "" {
			found.Nodes = append(found.Nodes, node)
		}
		peers, _, _ := unstructured.NestedStringSlice(status.Object, "status", "peers")
		found.Peers = append(found.Peers, peers...)
	}
	slices.Sort(found.Nodes)
	slices.Sort(found.Peers)
	found.Nodes, found.Peers = slices.Compact(found.Nodes), slices.Compact(found.Peers)
	return nil
}

// lastChange is when something last changed that could bring the address: the namespace of an object that does not exist
// yet; of one that does, the object itself, the pools, the controller. A status does not count: it changes with what
// others do. What we may not see is taken for unchanged.
func (m *MetalLB) lastChange(ctx context.Context, w *waiting) time.Time {
	var last time.Time
	note := func(object *unstructured.Unstructured) {
		times := []time.Time{last, object.GetCreationTimestamp().Time}
		for _, entry := range object.GetManagedFields() {
			if entry.Time != nil && entry.Subresource == "" {
				times = append(times, entry.Time.Time)
			}
		}
		last = slices.MaxFunc(times, time.Time.Compare)
	}
	if w.object == nil {
		// Of a namespace its creation: what else is written there says nothing of what is made in it.
		if namespace, err := m.cluster.Get(ctx, core("namespaces"), "", w.want.Namespace); err == nil {
			last = namespace.GetCreationTimestamp().Time
		}
		return last
	}
	note(w.object)
	if text, err := m.cluster.Get(ctx, configMapResource, m.config.Namespace, m.config.ConfigMap); err == nil {
		note(text)
	}
	kinds := []Kind{AddressPool}
	if w.want.Announced {
		kinds = append(kinds, BGPPeer, BGPAdvertisement, L2Advertisement)
	}
	for _, kind := range kinds {
		items, _ := m.cluster.Select(ctx, resourceOf(kind), kube.Selection{Namespace: m.config.Namespace})
		for i := range items {
			note(&items[i])
		}
	}
	controllers, _ := m.pods(ctx, controllerPods)
	for i := range controllers {
		last = slices.MaxFunc([]time.Time{last, controllers[i].CreationTimestamp.Time}, time.Time.Compare)
	}
	return last
}
