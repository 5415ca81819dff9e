package metallb

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"go4.org/netipx"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

var serviceResource = core("services")

// unused refuses to take from a pool addresses that Services have: MetalLB from 0.14 would take them from the Services at
// once, and an older one would go on with its old configuration and say nothing. want is nil if the pool is to go.
func (s *crdStore) unused(ctx context.Context, known, want *Object) error {
	return inUse(ctx, s.lists, s.where, known, want)
}

// unused does the same for the ConfigMap, whose MetalLB goes on with its old configuration.
func (s *configMapStore) unused(ctx context.Context, known, want *Object) error {
	return persist(ctx, func(ctx context.Context) error { return inUse(ctx, s.lists, s.where, known, want) })
}

func inUse(ctx context.Context, lists *lists, where place, known, want *Object) error {
	if known.Kind != AddressPool || known.Force || want != nil && want.Force {
		return nil
	}
	var lost netipx.IPSetBuilder
	for _, e := range entriesOf(part{value: known.Spec["addresses"]}) {
		lost.AddRange(e.IPRange)
	}
	if want != nil {
		for _, e := range entriesOf(part{value: want.Spec["addresses"]}) {
			lost.RemoveRange(e.IPRange)
		}
	}
	addresses, err := lost.IPSet()
	if err != nil || len(addresses.Ranges()) == 0 {
		return err
	}
	services, err := lists.since(ctx, serviceResource, "", time.Now().Add(-shortAge))
	if err != nil {
		return err
	}
	var holders []string
	for name, service := range services {
		for _, address := range addressesOf(service.Unstructured) {
			if addresses.Contains(address) {
				holders = append(holders, fmt.Sprintf("%s (%s)", name, address))
			}
		}
	}
	if len(holders) == 0 {
		return nil
	}
	lists.drop(serviceResource, "") // whoever tries again sees at once that they are gone
	const most = 10
	slices.Sort(holders)
	named := strings.Join(holders[:min(most, len(holders))], ", ")
	if len(holders) > most {
		named += fmt.Sprintf(" and %d more", len(holders)-most)
	}
	return where.sibling("addresses", fmt.Sprintf("its addresses are in use by Services, which would lose them: %s", named),
		"Remove the Services or give them other addresses first, or set force_destroy = true, apply that, and accept the outage.")
}

// addressesOf are those that a Service has from its load balancer.
func addressesOf(service *unstructured.Unstructured) (addresses []netip.Addr) {
	found, _, _ := unstructured.NestedFieldNoCopy(service.Object, "status", "loadBalancer", "ingress")
	ingress, _ := found.([]any)
	for _, one := range ingress {
		one, _ := one.(map[string]any)
		text, _ := one["ip"].(string)
		if address, err := netip.ParseAddr(text); err == nil {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// announced tells whether an advertisement among the others selects a pool: by name, by label, or because it selects all.
func announced(pool *Object, others []*Object) bool {
	return slices.ContainsFunc(others, func(o *Object) bool {
		if o.Kind != BGPAdvertisement && o.Kind != L2Advertisement {
			return false
		}
		names, _ := o.Spec["ipAddressPools"].([]any)
		selectors, _ := o.Spec["ipAddressPoolSelectors"].([]any)
		return len(names) == 0 && len(selectors) == 0 || slices.Contains(names, any(pool.Name)) ||
			slices.ContainsFunc(selectors, func(selector any) bool { return selects(selector, pool.Labels) })
	})
}

func selects(selector any, of map[string]string) bool {
	s, err := selectorOf(selector)
	return err == nil && s.Matches(labels.Set(of))
}

// selectorOf is what selects objects by their labels; an error if it is none.
func selectorOf(value any) (labels.Selector, error) {
	content, _ := value.(map[string]any)
	var parsed metav1.LabelSelector
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, &parsed); err != nil {
		return nil, err
	}
	return metav1.LabelSelectorAsSelector(&parsed)
}
