package metallb

import (
	"context"
	"fmt"
	"maps"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// Node is a node of the cluster on which a speaker runs.
type Node struct {
	Name      string
	IPv4      string   // the first of Addresses that is IPv4; "" if none is
	IPv6      string   // the first that is IPv6
	Addresses []string // all its internal addresses
	Labels    map[string]string
	Excluded  bool // it bears ExcludeLabel
}

// ExcludeLabel keeps the speaker of a node from announcing Services, from MetalLB 0.14.
const ExcludeLabel = corev1.LabelNodeExcludeBalancers

// NodeSelection chooses among the nodes that run a speaker. Its zero value leaves out those from which MetalLB does
// not announce because of ExcludeLabel: none before 0.14, or where its speakers are told to ignore the label.
type NodeSelection struct {
	Labels   string // as kubectl's --selector; "" is any
	Excluded *bool  // whether to give nodes with ExcludeLabel
}

// CheckSelector accepts a label selector as kubectl has it: "zone in (a, b),!spot".
func CheckSelector(text string) error {
	if _, err := labels.Parse(text); err != nil {
		return fmt.Errorf("%q is not a label selector such as %q: %w", text, "zone in (a, b),!spot", err)
	}
	return nil
}

// Nodes are the nodes on which a speaker of MetalLB is scheduled, ready or not, so that they do not come and go with
// its restarts; sorted by name. ErrNoMetalLB if there is no speaker at all, ErrNotFound if none is on a node that was chosen.
func (m *MetalLB) Nodes(ctx context.Context, chosen NodeSelection) ([]Node, error) {
	where := place{cluster: m.Cluster(), namespace: m.config.Namespace, object: "speakers"}
	speakers, err := m.pods(ctx, speakerPods)
	if err != nil {
		return nil, where.explain(err)
	}
	if len(speakers) == 0 {
		return nil, where.refuse(ErrNoMetalLB, "", fmt.Sprintf("no pod is labelled %s (MetalLB's manifests) or %s (its Helm chart)",
			speakerPods.manifests, speakerPods.chart),
			"Is MetalLB installed, and in this namespace? If not in this one, set metallb.namespace. To destroy what was made for its "+
				"nodes when MetalLB is gone for good, plan with -refresh=false.")
	}
	items, err := m.cluster.Select(ctx, core("nodes"), kube.Selection{Labels: chosen.Labels})
	if err != nil {
		where.object = "nodes"
		return nil, where.explain(err)
	}
	withExcluded := !excludes(speakers)
	if chosen.Excluded != nil {
		withExcluded = *chosen.Excluded
	}
	found := map[string]Node{}
	for i := range items {
		var read corev1.Node
		if err := typed(&items[i], &read); err != nil {
			return nil, err
		}
		runs := slices.ContainsFunc(speakers, func(pod corev1.Pod) bool { return pod.Spec.NodeName == read.Name })
		if node := nodeOf(&read); runs && (withExcluded || !node.Excluded) {
			found[node.Name] = node
		}
	}
	sorted := []Node{}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		sorted = append(sorted, found[name])
	}
	if len(sorted) == 0 {
		where.object = "nodes"
		return nil, where.refuse(ErrNotFound, "", fmt.Sprintf("none of the nodes chosen (%d, by labels %q) runs a speaker that announces", len(items), chosen.Labels),
			"An empty answer would take every peer away that is made of it: check label_selector and include_excluded.")
	}
	return sorted, nil
}

func nodeOf(read *corev1.Node) Node {
	node := Node{Name: read.Name, Labels: read.Labels, Addresses: []string{}}
	_, node.Excluded = read.Labels[ExcludeLabel]
	for _, address := range read.Status.Addresses {
		ip, err := netip.ParseAddr(address.Address)
		if address.Type != corev1.NodeInternalIP || err != nil {
			continue
		}
		node.Addresses = append(node.Addresses, address.Address)
		node.IPv4, node.IPv6 = firstOf(node.IPv4, node.IPv6, ip)
	}
	return node
}

// firstOf keeps the first address of each family.
func firstOf(ipv4, ipv6 string, ip netip.Addr) (string, string) {
	switch {
	case ip.Is4() && ipv4 == "":
		return ip.String(), ipv6
	case ip.Is6() && ipv6 == "":
		return ipv4, ip.String()
	}
	return ipv4, ipv6
}

// excludes tells whether speakers heed ExcludeLabel. One whose version cannot be seen is taken for a new one.
func excludes(speakers []corev1.Pod) bool {
	if ignored, given := argument(speakers, "ignore-exclude-lb"); given && ignored != "false" {
		return false
	}
	return !olderThan(versionOf(speakers), "0.14")
}
