package metallb

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

const randomSpecs = 300 // of each kind

// judgeRandom looks for what MetalLB refuses and we accept, in specifications that are made of the inputs at random.
func (j *court) judgeRandom() {
	accepted, refused := 0, 0
	for _, kind := range Kinds {
		random := newRandom(j, kind)
		for range randomSpecs {
			spec := random.spec()
			if wrong, _ := sorted(append(Check(kind, spec), InMode(kind, spec, j.mode)...)); len(wrong) > 0 {
				refused++
				continue
			}
			accepted++
			err := j.trySpec(kind, "random", spec, dryRun)
			if said := verdict(j.t, err); said != nobody && (said != byCRD || !newerKubernetes(spec)) {
				j.t.Errorf("%s %v is refused: %v", kind, spec, err)
			}
		}
	}
	j.t.Logf("MetalLB %s, %s mode: of %d random specifications we refuse %d, and MetalLB accepts the other %d",
		j.version, j.mode, refused+accepted, refused, accepted)
	if accepted < refused/4 || refused < accepted/4 {
		j.t.Error("specifications of one sort show little")
	}
}

// newerKubernetes tells what we only warn of: MetalLB's schema allows it, and the API servers of its time did.
func newerKubernetes(spec map[string]any) bool {
	n, _ := spec["localPref"].(int64)
	return n > 1<<31-1
}

// random makes specifications of a kind, the same each time.
type random struct {
	*rand.Rand
	good   []map[string]any // to begin with
	all    []map[string]any // to take from
	fields map[string][]any // values that an input of the kind has for a field
	leaves map[string][]any // values of a type
	made   map[string]bool
}

func newRandom(j *court, kind Kind) *random {
	r := &random{Rand: rand.New(rand.NewPCG(4, 7)), fields: map[string][]any{}, leaves: map[string][]any{}, made: map[string]bool{}}
	for _, in := range metallbtest.GoodInputs {
		if spec := r.learn(j, kind, in.Kind, in.Spec); spec != nil {
			r.good = append(r.good, spec)
		}
	}
	for _, in := range metallbtest.BadInputs {
		r.learn(j, kind, in.Kind, in.Spec)
	}
	for _, n := range []int64{-1, 0, 1, 255, 256, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32} {
		r.leaves["int64"] = append(r.leaves["int64"], n)
	}
	return r
}

// learn remembers an input. It gives the specification, less what the judge does not know, if it is of the kind.
func (r *random) learn(j *court, kind Kind, of, text string) map[string]any {
	spec := ownSpec(specOf(j.t, text))
	if Kind(of) != kind {
		r.remember(spec, false)
		return nil
	}
	for _, field := range j.newer(kind, text) {
		delete(spec, field)
	}
	r.remember(spec, true)
	r.all = append(r.all, spec)
	return spec
}

// remember takes the values of an input, each by its field, if that is of the same kind, and by its type.
func (r *random) remember(value any, same bool) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if same {
				r.fields[name] = append(r.fields[name], value[name])
			}
			r.remember(value[name], same)
		}
	case []any:
		for _, element := range value {
			r.remember(element, same)
		}
	default:
		kind := fmt.Sprintf("%T", value)
		r.leaves[kind] = append(r.leaves[kind], value)
	}
}

// spec is a good one with some changes.
func (r *random) spec() map[string]any {
	for {
		spec := runtime.DeepCopyJSON(oneAmong(r, r.good))
		for range 1 + r.IntN(4) {
			if other := oneAmong(r, r.all); len(other) > 0 && r.IntN(3) == 0 {
				field := oneAmong(r, slices.Sorted(maps.Keys(other)))
				spec[field] = runtime.DeepCopyJSONValue(other[field])
			} else {
				r.change("", spec)
			}
		}
		if text := fmt.Sprint(spec); !r.made[text] {
			r.made[text] = true
			return spec
		}
	}
}

// change changes something in a value, and keeps its type.
func (r *random) change(field string, value any) any {
	switch value := value.(type) {
	case map[string]any:
		if len(value) == 0 {
			return value
		}
		name := oneAmong(r, slices.Sorted(maps.Keys(value)))
		switch same := r.fields[name]; {
		case r.IntN(6) == 0:
			delete(value, name)
		case r.IntN(4) == 0 && field != "matchLabels":
			value[name] = runtime.DeepCopyJSONValue(oneAmong(r, same))
		default:
			value[name] = r.change(name, value[name])
		}
		return value
	case []any:
		if len(value) == 0 {
			return value
		}
		i := r.IntN(len(value))
		switch r.IntN(5) {
		case 0:
			return slices.Delete(value, i, i+1)
		case 1:
			return append(value, runtime.DeepCopyJSONValue(value[i]))
		case 2:
			return append(value, r.change(field, runtime.DeepCopyJSONValue(value[i])))
		}
		value[i] = r.change(field, value[i])
		return value
	case bool:
		return !value
	case string:
		if r.IntN(2) == 0 {
			return r.misspelt(value)
		}
	}
	return oneAmong(r, r.leaves[fmt.Sprintf("%T", value)])
}

// misspelt is a text with a character too many or too few.
func (r *random) misspelt(text string) string {
	at := r.IntN(len(text) + 1)
	if r.IntN(2) == 0 && at < len(text) {
		return text[:at] + text[at+1:]
	}
	return text[:at] + string(oneAmong(r, []byte("0159afms:./- -_,%"))) + text[at:]
}

func oneAmong[T any](r *random, choices []T) T { return choices[r.IntN(len(choices))] }
