package metallb

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

const randomSpecs = 200 // of each kind

// judgeRandom looks for what MetalLB refuses and we accept, in specifications that are made of the inputs at random.
func (j *court) judgeRandom() {
	asked, refused := 0, 0
	for _, kind := range Kinds {
		random := newRandom(j.t, kind)
		for range randomSpecs {
			spec := random.spec()
			if wrong, _ := sorted(append(Check(kind, spec), InMode(kind, spec, j.mode)...)); len(wrong) > 0 {
				continue
			}
			asked++
			err := j.trySpec(kind, "random", spec, dryRun)
			if verdict(j.t, err) == nobody || verdict(j.t, err) == noField {
				continue
			}
			refused++
			if !expected(err) {
				j.t.Errorf("%s %v is refused: %v", kind, spec, err)
			}
		}
	}
	j.t.Logf("%s mode: of %d random specifications we accept %d, and MetalLB refuses %d of these", j.mode, randomSpecs*len(Kinds), asked, refused)
}

// expected tells a refusal that we only warn of.
func expected(err error) bool { return false }

// random makes specifications of a kind.
type random struct {
	*rand.Rand
	t      *testing.T
	good   []map[string]any // to begin with
	fields map[string][]any // values that some input has for a field
	leaves map[string][]any // values of some type
}

func newRandom(t *testing.T, kind Kind) *random {
	t.Helper()
	r := &random{Rand: rand.New(rand.NewPCG(4, 7)), t: t, fields: map[string][]any{}, leaves: map[string][]any{}} //nolint:gosec // the same each time
	for _, in := range metallbtest.GoodInputs {
		if Kind(in.Kind) == kind {
			r.good = append(r.good, ownSpec(specOf(t, in.Spec)))
		}
		r.learn("", specOf(t, in.Spec))
	}
	for _, in := range metallbtest.BadInputs {
		r.learn("", ownSpec(specOf(t, in.Spec)))
	}
	for _, n := range []int64{-1, 0, 1, 255, 256, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32} {
		r.leaves["int64"] = append(r.leaves["int64"], n)
	}
	return r
}

// learn remembers the values of an input, each by its field and by its type.
func (r *random) learn(field string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			r.fields[name] = append(r.fields[name], value[name])
			r.learn(name, value[name])
		}
	case []any:
		for _, element := range value {
			r.learn(field, element)
		}
	default:
		kind := fmt.Sprintf("%T", value)
		r.leaves[kind] = append(r.leaves[kind], value)
	}
}

func any1[T any](r *random, choices []T) T { return choices[r.IntN(len(choices))] }

// spec is a good one with one to three changes.
func (r *random) spec() map[string]any {
	spec := runtime.DeepCopyJSON(any1(r, r.good))
	for range 1 + r.IntN(3) {
		if other := any1(r, r.good); len(other) > 0 && r.IntN(3) == 0 {
			field := any1(r, slices.Sorted(maps.Keys(other)))
			spec[field] = runtime.DeepCopyJSONValue(other[field])
			continue
		}
		changed, _ := r.change("", spec).(map[string]any)
		spec = changed
	}
	return spec
}

// change changes something in a value, and keeps its type.
func (r *random) change(field string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 {
			return value
		}
		name := any1(r, slices.Sorted(maps.Keys(value)))
		switch r.IntN(5) {
		case 0:
			delete(value, name)
		case 1:
			if same := r.fields[name]; len(same) > 0 && !strings.Contains("matchLabels", field) {
				value[name] = runtime.DeepCopyJSONValue(any1(r, same))
			}
		default:
			value[name] = r.change(name, value[name])
		}
		return value
	case []any:
		if len(value) == 0 {
			return value
		}
		i := r.IntN(len(value))
		switch r.IntN(4) {
		case 0:
			return slices.Delete(value, i, i+1)
		case 1:
			return append(value, runtime.DeepCopyJSONValue(value[i]))
		}
		value[i] = r.change(field, value[i])
		return value
	default:
		return any1(r, r.leaves[fmt.Sprintf("%T", value)])
	}
}
