package metallb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// inVain is the error about an address that did not come, with what can be found of the reason.
func (m *MetalLB) inVain(ctx context.Context, w *waiting, waited time.Duration) error {
	f := &findings{where: w.where}
	switch {
	case w.object == nil:
		f.advice = "If this run makes it, give the data source a depends_on of what does; if something else does later, a longer grace."
		m.whyMissing(ctx, w, f)
	case w.addressed:
		m.whySilent(ctx, w, f)
	case w.want.Kind == "Service":
		m.whyPending(ctx, w.object, f)
	default:
		f.say("What an %s has is copied by its controller from a Service of its own, with a delay: ask for that Service (kind = \"Service\")", w.want.Kind)
	}
	m.whyEvents(ctx, w, f)
	m.whyState(ctx, f)
	for _, unseen := range f.unseen {
		f.say("Could not be looked at: %s", unseen)
	}
	message := fmt.Sprintf("%s after %s", w.lack, waited.Round(100*time.Millisecond))
	for _, line := range f.lines {
		message += "\n- " + line
	}
	return w.where.refuse(ErrNoAddress, "", message, f.advice)
}

// findings is what there is to say about an address that does not come.
type findings struct {
	where  place
	lines  []string
	unseen []string
	advice string
}

func (f *findings) say(format string, args ...any) {
	f.lines = append(f.lines, fmt.Sprintf(format, args...))
}

// sees tells whether something could be read, and notes what could not.
func (f *findings) sees(err error) bool {
	switch {
	case err == nil:
		return true
	case apierrors.IsForbidden(err):
		f.unseen = append(f.unseen, answerOf(err))
	default:
		f.unseen = append(f.unseen, err.Error())
	}
	return false
}

// whyMissing is about an object that does not exist.
func (m *MetalLB) whyMissing(ctx context.Context, w *waiting, f *findings) {
	resource := frontends[w.want.Kind]
	if served, err := m.cluster.Serves(ctx, resource); err == nil && !served {
		f.say("The cluster serves no %s of %s: install their definitions first", resource.Resource, resource.GroupVersion())
	}
	if _, err := m.cluster.Get(ctx, core("namespaces"), "", w.want.Namespace); apierrors.IsNotFound(err) {
		f.say("Namespace %s does not exist either", w.want.Namespace)
	}
}

// whyPending is about a Service to which MetalLB assigns no address, or not the one that is wanted.
func (m *MetalLB) whyPending(ctx context.Context, object *unstructured.Unstructured, f *findings) {
	var service corev1.Service
	if !f.sees(typed(object, &service)) {
		return
	}
	controllers, err := m.pods(ctx, controllerPods)
	if f.sees(err) {
		whyController(&service, controllers, m.config.Namespace, f)
	}
	asked, key := annotation(&service, ipsAnnotation)
	if asked != "" && service.Spec.LoadBalancerIP != "" {
		f.say("It has both the annotation %s and spec.loadBalancerIP, which MetalLB refuses: take one of them away", key)
	}
	for _, name := range []string{ipsAnnotation, poolAnnotation} {
		_, key := annotation(&service, name)
		if version := versionOf(controllers); strings.HasPrefix(key, "metallb.io/") && olderThan(version, "0.14.9") {
			f.say("MetalLB %s does not know the annotation %s: write metallb.universe.tf/%s", version, key, name)
		}
	}
	pools, err := m.List(ctx, AddressPool, "")
	if missing, ok := errors.AsType[*Error](err); ok && errors.Is(err, ErrNoMetalLB) {
		f.say("%s", missing.Message)
		return
	}
	if f.sees(err) {
		whyPools(&service, pools, m.config.Namespace, f)
	}
}

// whyController is about a controller that does not care for the Service.
func whyController(service *corev1.Service, controllers []corev1.Pod, namespace string, f *findings) {
	ready := slices.ContainsFunc(controllers, func(pod corev1.Pod) bool {
		return slices.ContainsFunc(pod.Status.Conditions, func(c corev1.PodCondition) bool {
			return c.Type == corev1.PodReady && c.Status == corev1.ConditionTrue
		})
	})
	switch {
	case len(controllers) == 0:
		f.say("No pod of MetalLB's controller is in namespace %s: is MetalLB installed there? If elsewhere, set metallb.namespace", namespace)
	case !ready:
		f.say("MetalLB's controller is not ready: kubectl -n %s describe pod %s", namespace, controllers[0].Name)
	}
	served, _ := argument(controllers, "lb-class")
	var class string
	if service.Spec.LoadBalancerClass != nil {
		class = *service.Spec.LoadBalancerClass
	}
	switch class {
	case served:
	case "":
		f.say("It has no spec.loadBalancerClass, and MetalLB's controller serves only class %s (--lb-class)", served)
	default:
		f.say("Its spec.loadBalancerClass is %s, and MetalLB's controller serves only %s: that takes --lb-class=%s, or a Service without a class",
			class, cmp.Or(served, "Services without one"), class)
	}
}

// whyPools is about pools that do not have what the Service asks for.
func whyPools(service *corev1.Service, pools []*Object, namespace string, f *findings) {
	if len(pools) == 0 {
		f.say("Namespace %s has no address pool: make one (metallb_address_pool)", namespace)
		return
	}
	var names []string
	for _, pool := range pools {
		names = append(names, pool.Name)
	}
	asked, key := annotation(service, poolAnnotation)
	if asked != "" && !slices.Contains(names, asked) {
		f.say("It asks for pool %s (annotation %s), and there is none: there is %s", asked, key, strings.Join(names, ", "))
		return
	}
	for _, ip := range requestedIPs(service) {
		if !slices.ContainsFunc(pools, func(pool *Object) bool { return pool.contains(ip) }) {
			f.say("It asks for %s, which is in no pool: the pools are %s", ip, listed(pools))
		}
	}
	eligible := slices.DeleteFunc(slices.Clone(pools), func(pool *Object) bool { return asked != "" && pool.Name != asked })
	if asked == "" && len(requestedIPs(service)) == 0 {
		eligible = slices.DeleteFunc(eligible, func(pool *Object) bool { return pool.Spec["autoAssign"] == false })
		if len(eligible) == 0 {
			f.say("No pool gives addresses unasked (auto_assign = false): ask for one of %s with the annotation metallb.io/%s "+
				"(before MetalLB 0.14.9 metallb.universe.tf/%s)", strings.Join(names, ", "), poolAnnotation, poolAnnotation)
			return
		}
	}
	if closed := slices.DeleteFunc(slices.Clone(eligible), func(pool *Object) bool { return pool.open(service.Namespace) }); len(closed) == len(eligible) {
		f.say("No pool is for namespace %s: see service_allocation of %s", service.Namespace, listed(closed))
	}
	for _, family := range service.Spec.IPFamilies {
		if !slices.ContainsFunc(eligible, func(pool *Object) bool { return pool.hasFamily(family) }) {
			f.say("It is an %s Service, and no pool that it may have has such addresses: the pools are %s", family, listed(eligible))
		}
	}
}

func listed(pools []*Object) string {
	var texts []string
	for _, pool := range pools {
		texts = append(texts, fmt.Sprintf("%s %v", pool.Name, pool.Spec["addresses"]))
	}
	return strings.Join(texts, ", ")
}

func (o *Object) contains(address string) bool {
	ip, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(entriesOf(part{value: o.Spec["addresses"]}), func(b entry) bool { return b.Contains(ip) })
}

func (o *Object) hasFamily(family corev1.IPFamily) bool {
	return slices.ContainsFunc(entriesOf(part{value: o.Spec["addresses"]}), func(b entry) bool { return b.From().Is4() == (family == corev1.IPv4Protocol) })
}

// open tells whether a pool lists the namespace, or lists none. One that has selectors may be for any.
func (o *Object) open(namespace string) bool {
	allocation, _ := o.Spec["serviceAllocation"].(map[string]any)
	namespaces, _ := allocation["namespaces"].([]any)
	return len(namespaces) == 0 || allocation["namespaceSelectors"] != nil || slices.Contains(namespaces, any(namespace))
}

// whySilent is about an address that no node announces.
func (m *MetalLB) whySilent(ctx context.Context, w *waiting, f *findings) {
	service := w.found.Service
	total := 0
	for _, kind := range []Kind{BGPAdvertisement, L2Advertisement} {
		all, err := m.List(ctx, kind, "")
		if !f.sees(err) {
			return
		}
		total += len(all)
	}
	if total == 0 {
		f.say("There is neither a BGPAdvertisement nor an L2Advertisement: without one no pool is announced (protocol of metallb_address_pool makes one)")
	}
	slicesOf, err := m.cluster.Select(ctx, endpointSliceResource, kube.Selection{
		Namespace: service.Namespace, Labels: "kubernetes.io/service-name=" + service.Name,
	})
	if f.sees(err) && !slices.ContainsFunc(slicesOf, hasReadyEndpoint) {
		f.say("Service %s/%s has no ready endpoint: MetalLB announces none that has not", service.Namespace, service.Name)
	}
	if served, err := m.cluster.Serves(ctx, bgpStatusResource); err == nil && !served {
		f.say("MetalLB before 0.15 does not tell what it announces over BGP, only over layer 2")
	}
}

var endpointSliceResource = schema.GroupVersionResource{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"}

func hasReadyEndpoint(object unstructured.Unstructured) bool {
	endpoints, _, _ := unstructured.NestedSlice(object.Object, "endpoints")
	return slices.ContainsFunc(endpoints, func(endpoint any) bool {
		content, _ := endpoint.(map[string]any)
		ready, told, _ := unstructured.NestedBool(content, "conditions", "ready")
		return ready || !told
	})
}

// whyEvents tells the last warnings about the object.
func (m *MetalLB) whyEvents(ctx context.Context, w *waiting, f *findings) {
	if w.object == nil {
		return
	}
	items, err := m.cluster.Select(ctx, core("events"), kube.Selection{Namespace: w.want.Namespace, Fields: fmt.Sprintf(
		"involvedObject.kind=%s,involvedObject.name=%s,involvedObject.uid=%s,type=Warning", w.want.Kind, w.want.Name, w.object.GetUID())})
	if !f.sees(err) {
		return
	}
	var events []corev1.Event
	for i := range items {
		var event corev1.Event
		if f.sees(typed(&items[i], &event)) {
			events = append(events, event)
		}
	}
	slices.SortFunc(events, func(a, b corev1.Event) int { return lastSeen(a).Compare(lastSeen(b)) })
	const most = 3
	for _, event := range events[max(0, len(events)-most):] {
		f.say("Warning %s of %s at %s: %s", event.Reason, cmp.Or(event.Source.Component, event.ReportingController),
			lastSeen(event).UTC().Format(time.TimeOnly+" MST"), event.Message)
	}
}

// lastSeen is when an event happened last, in whichever of its fields that is.
func lastSeen(event corev1.Event) time.Time {
	times := []time.Time{event.CreationTimestamp.Time, event.LastTimestamp.Time, event.EventTime.Time}
	if event.Series != nil {
		times = append(times, event.Series.LastObservedTime.Time)
	}
	return slices.MaxFunc(times, time.Time.Compare)
}

// whyState tells what MetalLB says of its configuration.
func (m *MetalLB) whyState(ctx context.Context, f *findings) {
	status := &Status{}
	if !f.sees(m.accepted(ctx, status)) {
		return
	}
	for _, refusal := range status.Refusals {
		f.say("MetalLB's %s does not use the configuration as it is now: %s", refusal.who(), refusal.Message)
	}
}
