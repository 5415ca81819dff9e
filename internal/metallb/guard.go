package metallb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// vacant makes sure that an identity is not taken.
func (s *configMapStore) vacant(d *document, kind Kind, who identity) error {
	found, err := d.find(kind, who)
	if err != nil {
		return s.malformed(err)
	}
	if found == nil {
		return nil
	}
	what := fmt.Sprintf("a pool named %s", who.name)
	if kind == BGPPeer {
		what = fmt.Sprintf("a peer at %s", who.peer)
	}
	return s.where.refuse(ErrExists, "", fmt.Sprintf("ConfigMap %s has %s already", s.name, what), "")
}

var errOverlap = errors.New("overlapping pools")

// disjoint makes sure that a pool shares no address with another: MetalLB would drop the whole configuration.
func (s *configMapStore) disjoint(d *document, pool *Object) error {
	if pool.Kind != AddressPool {
		return nil
	}
	elements, err := d.elements(AddressPool)
	if err != nil {
		return s.malformed(err)
	}
	ours := blocksOf(pool.Spec["addresses"])
	for _, e := range elements {
		name := e.text("name")
		if name == pool.Name {
			continue
		}
		spec, err := e.spec(AddressPool)
		if err != nil {
			return s.malformed(err)
		}
		for _, theirs := range blocksOf(spec["addresses"]) {
			for _, our := range ours {
				if our.overlaps(theirs) {
					refusal := s.where.refuse(ErrRefused, "addresses",
						fmt.Sprintf("%s overlaps %s of pool %s in ConfigMap %s", our, theirs, name, s.name), "")
					refusal.err = errOverlap
					return refusal
				}
			}
		}
	}
	return nil
}

func blocksOf(addresses any) (blocks []block) {
	list, _ := addresses.([]any)
	for _, address := range list {
		if b, err := parseBlock(fmt.Sprint(address)); err == nil {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// writable is the spec that the running MetalLB can read: one key that it does not know, and it drops everything.
func (s *configMapStore) writable(ctx context.Context, want *Object) (map[string]any, error) {
	spec := maps.Clone(want.Spec)
	if want.Kind == AddressPool && want.text("protocol") == "" {
		return nil, s.where.refuse(ErrRefused, "protocol", `no protocol: in the ConfigMap every pool has one, "bgp" or "layer2"`, "")
	}
	for _, w := range words[want.Kind] {
		if _, present := spec[w.field]; !present || w.since == nil {
			continue
		}
		running, err := s.version(ctx)
		if err != nil {
			return nil, err
		}
		switch {
		case running != nil && running.AtLeast(w.since):
		case w.field == "ebgpMultiHop":
			delete(spec, w.field) // before 0.12, which is what an unknown one counts as, every session may be multihop
		case running == nil:
			return nil, s.where.refuse(ErrRefused, w.field, fmt.Sprintf(
				"MetalLB knows %s from %s, and which version runs is not known: namespace %s has no Deployment controller to see it from",
				w.key, majorMinor(w.since), s.where.namespace), "Leave it out, or install MetalLB first.")
		default:
			return nil, s.where.refuse(ErrRefused, w.field, fmt.Sprintf("MetalLB knows %s from %s, and %s is running",
				w.key, majorMinor(w.since), running), "Leave it out, or upgrade MetalLB.")
		}
	}
	return spec, nil
}

func majorMinor(v *version.Version) string { return fmt.Sprintf("%d.%d", v.Major(), v.Minor()) }

// impliedMultiHop reads the key that writable leaves out as what it stands for.
func (s *configMapStore) impliedMultiHop(ctx context.Context, known *Object, spec map[string]any) error {
	if _, written := spec["ebgpMultiHop"]; written || known.Spec["ebgpMultiHop"] != true {
		return nil
	}
	running, err := s.version(ctx)
	if err == nil && (running == nil || running.LessThan(version.MustParseGeneric("0.12"))) {
		spec["ebgpMultiHop"] = true
	}
	return err
}

var (
	deploymentResource = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	controllerImage    = regexp.MustCompile(`controller:v?(\d+\.\d+(?:\.\d+)?)`)
)

// version is that of the running MetalLB, by the image of its Deployment, which has one name in the manifests and
// another in the Helm chart; nil if it cannot be seen.
func (s *configMapStore) version(ctx context.Context) (*version.Version, error) {
	u, err := s.cluster.Get(ctx, deploymentResource, s.where.namespace, "controller")
	if errors.Is(err, kube.ErrNotFound) {
		u, err = s.cluster.Get(ctx, deploymentResource, s.where.namespace, "metallb-controller")
	}
	if errors.Is(err, kube.ErrNotFound) || apierrors.IsForbidden(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	containers, _, _ := unstructured.NestedSlice(u.Object, "spec", "template", "spec", "containers")
	for _, container := range containers {
		container, _ := container.(map[string]any)
		image, _ := container["image"].(string)
		if found := controllerImage.FindStringSubmatch(image); found != nil {
			return version.ParseGeneric(found[1])
		}
	}
	return nil, nil
}
