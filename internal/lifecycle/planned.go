package lifecycle

import (
	"sync"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// planned are the objects of one configuration as its plan will leave them. Terraform shows a provider one resource at a
// time; what one rules out about another is found by whichever of the two is planned last.
type planned struct {
	mutex   sync.Mutex
	objects map[plannedKey]*metallb.Object
}

type plannedKey struct {
	kind            metallb.Kind
	namespace, name string
}

// conflicts takes note of an object, and gives what it cannot be beside those that are planned already.
func (p *planned) conflicts(object *metallb.Object) (found []metallb.Problem) {
	object.Freeze()
	p.mutex.Lock()
	if p.objects == nil {
		p.objects = map[plannedKey]*metallb.Object{}
	}
	p.objects[plannedKey{object.Kind, object.Namespace, object.Name}] = object
	others := make([]*metallb.Object, 0, len(p.objects))
	for _, other := range p.objects {
		if other.Namespace == object.Namespace {
			others = append(others, other)
		}
	}
	p.mutex.Unlock()
	for _, problem := range metallb.Conflicts(object, others, "") {
		if !problem.Warning {
			found = append(found, problem)
		}
	}
	return found
}
