package metallb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// A pool's protocol stands for advertisements that come and go with the pool, its companions: one L2Advertisement, or a
// BGPAdvertisement for each of its bgpAdvertisements. They carry our label. The first has the pool's name, the others
// pool.2, pool.3: no pool of ours can have such a name.
var companionKinds = map[string]Kind{"bgp": BGPAdvertisement, "layer2": L2Advertisement}

const managedBy = "app.kubernetes.io/managed-by"

func companionName(pool string, index int) string {
	if index == 0 {
		return pool
	}
	return fmt.Sprintf("%s.%d", pool, index+1)
}

// companionIndex is the reverse of companionName.
func companionIndex(pool, name string) (int, bool) {
	suffix, is := strings.CutPrefix(name, pool)
	if !is || suffix == "" {
		return 0, is
	}
	number, is := strings.CutPrefix(suffix, ".")
	if !is {
		return 0, false
	}
	n, err := strconv.Atoi(number)
	return n - 1, err == nil && n > 1
}

// companions are the advertisements of a kind that belong to a pool, in their order.
func (s *crdStore) companions(ctx context.Context, kind Kind, pool *Object) ([]*unstructured.Unstructured, error) {
	items, err := s.lists.get(ctx, resourceOf(kind), pool.Namespace)
	if errors.Is(err, kube.ErrNotFound) {
		return nil, nil
	}
	found := map[int]*unstructured.Unstructured{}
	for name, u := range items {
		if index, is := companionIndex(pool.Name, name); is && isOurs(u.Unstructured) {
			found[index] = u.Unstructured
		}
	}
	var inOrder []*unstructured.Unstructured
	for _, index := range slices.Sorted(maps.Keys(found)) {
		inOrder = append(inOrder, found[index])
	}
	return inOrder, err
}

// tunable are the fields of a BGPAdvertisement that bgpAdvertisements have.
var tunable = []string{"aggregationLength", "aggregationLengthV6", "localPref", "communities"}

// readProtocol adds to a pool what its companions say. One that somebody pointed elsewhere is none.
func (s *crdStore) readProtocol(ctx context.Context, known, pool *Object) error {
	for _, protocol := range []string{"bgp", "layer2"} {
		kind := companionKinds[protocol]
		all, err := s.companions(ctx, kind, pool)
		if err != nil {
			return err
		}
		_, written := known.Spec["bgpAdvertisements"]
		var advertisements []any
		tuned := false
		for _, u := range all {
			spec, _, _ := unstructured.NestedMap(u.Object, "spec")
			if pools, _, _ := unstructured.NestedStringSlice(spec, "ipAddressPools"); !slices.Equal(pools, []string{pool.Name}) {
				continue
			}
			said := map[string]any{}
			for _, field := range tunable {
				standard, _ := kind.Default(field)
				if value, there := spec[field]; there && value != nil && (written || !isStandard(value, standard)) {
					said[field] = value
				}
			}
			tuned = tuned || len(said) > 0
			advertisements = append(advertisements, said)
		}
		if len(advertisements) == 0 {
			continue
		}
		pool.Spec["protocol"] = protocol
		if protocol == "bgp" && (written || tuned || len(advertisements) > 1) {
			pool.Spec["bgpAdvertisements"] = advertisements
		}
		return nil
	}
	return nil
}

func isStandard(value, standard any) bool {
	list, isList := value.([]any)
	return isList && len(list) == 0 && standard == nil || !isList && value == standard
}

// wantedCompanions are the advertisements that a pool's protocol stands for, by name.
func wantedCompanions(pool *Object) (Kind, map[string]*unstructured.Unstructured) {
	kind, is := companionKinds[pool.text("protocol")]
	if !is {
		return "", nil
	}
	tuned, _ := pool.Spec["bgpAdvertisements"].([]any)
	wanted := map[string]*unstructured.Unstructured{}
	for i := range max(len(tuned), 1) {
		spec := map[string]any{"ipAddressPools": []any{pool.Name}}
		if i < len(tuned) {
			said, _ := tuned[i].(map[string]any)
			maps.Copy(spec, said)
		}
		u := bare(resourceOf(kind), string(kind), pool.Namespace, companionName(pool.Name, i))
		u.SetLabels(map[string]string{managedBy: kube.FieldManager})
		u.Object["spec"] = spec
		wanted[u.GetName()] = u
	}
	return kind, wanted
}

// announceable makes sure, before anything is written, that no companion would take over somebody else's.
func (s *crdStore) announceable(ctx context.Context, pool *Object) error {
	kind, wanted := wantedCompanions(pool)
	if len(wanted) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		found, err := s.cluster.Get(ctx, resourceOf(kind), pool.Namespace, name)
		switch {
		case errors.Is(err, kube.ErrNotFound):
		case err != nil:
			return err
		case !isOurs(found):
			return s.where.refuse(ErrExists, "protocol",
				fmt.Sprintf("protocol %q needs a %s of the name %s, and there is one of somebody else's", pool.text("protocol"), kind, name),
				"Leave protocol out to have the pool announced by that one; a metallb_bgp_advertisement or metallb_l2_advertisement can import it.")
		}
	}
	return nil
}

// announce makes the companions of a pool what its protocol says. What is to go goes first: if the rest then fails, the
// next read finds the protocol missing, and not a companion too many.
func (s *crdStore) announce(ctx context.Context, pool *Object) error {
	if pool.Kind != AddressPool {
		return nil
	}
	kind, wanted := wantedCompanions(pool)
	for _, other := range companionKinds {
		all, err := s.companions(ctx, other, pool)
		if err != nil {
			return err
		}
		for _, u := range all {
			if _, stays := wanted[u.GetName()]; stays && other == kind {
				continue
			}
			if err := persist(ctx, func(ctx context.Context) error {
				return s.erase(ctx, resourceOf(other), bare(resourceOf(other), string(other), u.GetNamespace(), u.GetName()))
			}); err != nil {
				return err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if _, err := s.apply(ctx, resourceOf(kind), wanted[name]); err != nil {
			return err
		}
	}
	return nil
}
