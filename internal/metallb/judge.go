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

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// doubtGrace is how long a name that MetalLB would silently ignore is waited for.
const doubtGrace = 3 * time.Second

// judge refuses, before anything is written, what MetalLB would refuse, or would drop its whole configuration for, and
// gives what it would silently ignore. A sibling in the same run may be about to change that: it is given a while.
func (s *crdStore) judge(ctx context.Context, prior, want *Object) (notices []string, err error) {
	if want.Kind == AddressPool {
		if err := s.announceable(ctx, want); err != nil {
			return nil, err
		}
	}
	mode := s.mode(ctx)
	wrong, doubtful := sorted(InMode(want.Kind, want.Spec, mode))
	if len(wrong) > 0 {
		message := wrong[0].Err.Error()
		if since := want.Kind.Since(wrong[0].Field); since != "" {
			message += fmt.Sprintf("; MetalLB has it from %s", since)
		}
		return nil, s.where.refuse(ErrRefused, wrong[0].Field, message, "")
	}
	began, patience := time.Now(), doubtGrace
	if end, ends := ctx.Deadline(); ends {
		patience = min(patience, time.Until(end)/4) // what is no error shall not become one
	}
	err = persist(ctx, func(ctx context.Context) error {
		all, err := s.all(ctx, want.Namespace, Kinds...)
		if err != nil {
			return err
		}
		others := beside(want, all)
		inTheWay, unlikely := sorted(Conflicts(want, others, mode))
		lacking, ignored := sorted(Missing(want, others))
		notices = nil
		for _, problem := range slices.Concat(doubtful, unlikely, ignored) {
			notices = append(notices, problem.Err.Error())
		}
		refused := slices.Concat(inTheWay, lacking)
		if len(ignored) > 0 && time.Since(began) < patience {
			refused = append(refused, ignored...)
		}
		if len(refused) > 0 {
			s.forget(want.Namespace)
			return s.where.sibling(refused[0].Field, refused[0].Err.Error(), "")
		}
		if err := s.hasSecret(ctx, want); err != nil {
			return err
		}
		return s.unused(ctx, prior, want)
	})
	return notices, err
}

// sorted tells what is wrong from what is only doubtful.
func sorted(problems []Problem) (wrong, doubtful []Problem) {
	for _, problem := range problems {
		if problem.Warning {
			doubtful = append(doubtful, problem)
		} else {
			wrong = append(wrong, problem)
		}
	}
	return wrong, doubtful
}

// forget has the next who reads see what others wrote meanwhile.
func (s *crdStore) forget(namespace string) {
	for _, kind := range Kinds {
		s.lists.drop(resourceOf(kind), namespace)
	}
}

// all are the objects of a namespace that are of these kinds; they are not to be changed.
func (s *crdStore) all(ctx context.Context, namespace string, kinds ...Kind) ([]*Object, error) {
	var all []*Object
	for _, kind := range kinds {
		items, err := s.lists.get(ctx, resourceOf(kind), namespace)
		if errors.Is(err, kube.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = slices.Grow(all, len(items))
		for _, found := range items {
			all = append(all, found.beside)
		}
	}
	return all, nil
}

// beside are those of all objects that do not come and go with this one.
func beside(object *Object, all []*Object) []*Object {
	if object.Kind != AddressPool {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(o *Object) bool {
		_, is := companionIndex(object.Name, o.Name)
		return is && o.Labels[managedBy] == kube.FieldManager
	})
}

// mode is how the speakers speak BGP, as far as it can be seen.
func (s *crdStore) mode(ctx context.Context) Mode {
	items, err := s.lists.get(ctx, podResource, s.config.Namespace)
	if err != nil {
		return "" // a Role that lets nobody see pods: MetalLB's webhook knows better anyway
	}
	var speakers []corev1.Pod
	for _, u := range items {
		var pod corev1.Pod
		if speakerPods.has(u.Unstructured) && typed(u.Unstructured, &pod) == nil {
			speakers = append(speakers, pod)
		}
	}
	return Mode(bgpModeOf(speakers))
}

// hasSecret refuses a peer whose password is in a Secret that MetalLB cannot use.
func (s *crdStore) hasSecret(ctx context.Context, want *Object) error {
	reference, _ := want.Spec["passwordSecret"].(map[string]any)
	name, _ := reference["name"].(string)
	if want.Kind != BGPPeer || name == "" {
		return nil
	}
	found, err := s.cluster.Get(ctx, secretResource, want.Namespace, name)
	switch {
	case apierrors.IsForbidden(err):
		return nil // whoever may write peers need not read Secrets
	case errors.Is(err, kube.ErrNotFound):
		return s.where.sibling("passwordSecret", fmt.Sprintf("namespace %s has no Secret %s, and without it MetalLB takes no change of its "+
			"configuration: create it first, of type %s with the key password", want.Namespace, name, basicAuth), "")
	case err != nil:
		return err
	}
	kind, _, _ := unstructured.NestedString(found.Object, "type")
	_, has, _ := unstructured.NestedFieldNoCopy(found.Object, "data", "password")
	if kind != basicAuth || !has {
		return s.where.sibling("passwordSecret", fmt.Sprintf("Secret %s is of type %s, and MetalLB uses only one of type %s with the key password",
			name, kind, basicAuth), "")
	}
	return nil
}

// problems are what is wrong or in vain in the whole configuration, whether MetalLB tells it or not.
func (s *crdStore) problems(ctx context.Context, namespace string) ([]string, error) {
	s.forget(namespace)
	all, err := s.all(ctx, namespace, Kinds...)
	if err != nil {
		return nil, err
	}
	mode := s.mode(ctx)
	var found []string
	for _, object := range all {
		if object.Kind == AddressPool {
			object = object.copy()
			if err := s.readProtocol(ctx, object, object); err != nil {
				return nil, err
			}
		}
		others := beside(object, all)
		notices := remarks(object, others)
		for _, problem := range slices.Concat(InMode(object.Kind, object.Spec, mode), Conflicts(object, others, mode)) {
			notices = append(notices, problem.Err.Error())
		}
		for _, notice := range notices {
			found = append(found, fmt.Sprintf("%s %s: %s", object.Kind, object.Name, notice))
		}
	}
	slices.Sort(found)
	return found, nil
}

// related has, for each kind, the kinds that remarks on it are about.
var related = map[Kind][]Kind{
	AddressPool:      {BGPAdvertisement, L2Advertisement, Community},
	BGPPeer:          {BFDProfile},
	BGPAdvertisement: {AddressPool, BGPPeer, Community},
	L2Advertisement:  {AddressPool},
}

// remarks are those of an object that is there. Whoever may not see what they are about gets none.
func (s *crdStore) remarks(ctx context.Context, object *Object) ([]string, error) {
	all, err := s.all(ctx, object.Namespace, related[object.Kind]...)
	if apierrors.IsForbidden(err) {
		return nil, nil
	}
	return remarks(object, beside(object, all)), err
}

// remarks are what MetalLB tells nobody of an object beside others: names that do not exist, a pool that is announced by
// nothing.
func remarks(object *Object, others []*Object) []string {
	var notices []string
	for _, problem := range Missing(object, others) {
		notices = append(notices, problem.Err.Error())
	}
	if object.Kind == AddressPool && object.text("protocol") == "" && !announced(object, others) {
		notices = append(notices, "No BGPAdvertisement or L2Advertisement selects this pool: Services get its addresses, and nobody can reach them. "+
			"Set protocol, or add a metallb_bgp_advertisement or metallb_l2_advertisement for it.")
	}
	return notices
}
