package metallb

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

const shared = `# The configuration of everybody.
peers: # of everybody
- my-asn: 65001
  peer-asn: 65000
  peer-address: 10.0.0.1 # the first
bgp-communities:
  first: 65535:1 # the first
address-pools:
- name: first
  protocol: bgp
  addresses: [10.255.0.0/24] # the first
# The end.
`

// TestTwentyWriters: ten of them are ours, of two providers, ten are others who edit the text by hand. After 500 edits
// nothing of anybody is lost, nothing is there twice, and nothing that was removed came back.
func TestTwentyWriters(t *testing.T) {
	c := newReal(t, Config{Backend: "configmap"})
	check(t, c.InstallCRDs(t.Context())) // for the namespace
	_, err := c.in(configMapResource).Create(t.Context(), configMapOf(shared), metav1.CreateOptions{})
	check(t, err)
	resources, err := discovery.NewDiscoveryClientForConfig(c.Config())
	check(t, err)
	cluster := kube.NewFor("test", c.other, resources) // without a brake of the client's own: the race is the test
	providers := []*MetalLB{New(cluster, Config{Backend: "configmap"}), New(cluster, Config{Backend: "configmap"})}
	var group sync.WaitGroup
	var mutex sync.Mutex
	var own, gone []*Object
	var foreignTexts []string
	began := time.Now()
	for w := range 10 {
		group.Go(func() {
			left := foreignEdits(t, c, w)
			mutex.Lock()
			defer mutex.Unlock()
			foreignTexts = append(foreignTexts, left...)
		})
		group.Go(func() {
			left, removed := ownEdits(t, providers[w%2], w)
			mutex.Lock()
			defer mutex.Unlock()
			own, gone = append(own, left...), append(gone, removed...)
		})
	}
	group.Wait()
	t.Logf("500 edits took %s", time.Since(began))
	u, err := c.in(configMapResource).Get(t.Context(), "config", metav1.GetOptions{})
	check(t, err)
	text, _, _ := unstructured.NestedString(u.Object, "data", textKey)
	d, err := parseDocument(text)
	check(t, err)
	check(t, d.load(release{}))
	for _, o := range own {
		found, err := c.metallb.Get(t.Context(), o)
		if err != nil || !reflect.DeepEqual(found.Spec, o.Spec) {
			t.Errorf("%s %v: %v, %v", o.Kind, o.Spec, found, err)
		}
	}
	for _, o := range gone {
		if found, err := c.metallb.Get(t.Context(), o); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s %v: %v, %v", o.Kind, o.Spec, found, err)
		}
	}
	for _, part := range foreignTexts {
		if n := strings.Count(text, part); n != 1 {
			t.Errorf("%d times %s", n, part)
		}
	}
	aliases, err := d.aliases()
	check(t, err)
	for what, n := range map[string][2]int{
		"pools":   {strings.Count(text, "- name: "), 1 + 10*1 + 10*3},
		"peers":   {strings.Count(text, "peer-address: "), 1 + 10*2},
		"aliases": {len(aliases), 1 + 10*2},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s, want %d", n[0], what, n[1])
		}
	}
	for _, comment := range []string{"# The configuration of everybody.", "peers: # of everybody", "10.0.0.1 # the first", "65535:1 # the first", "24] # the first", "# The end."} {
		if strings.Count(text, comment) != 1 {
			t.Errorf("%q is there %d times", comment, strings.Count(text, comment))
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func configMapOf(text string) *unstructured.Unstructured {
	u := configMap(text)
	u.SetResourceVersion("")
	return u
}

// ownEdits makes 25 of them: nine elements, six changed twice, four removed.
func ownEdits(t *testing.T, m *MetalLB, w int) (left, gone []*Object) {
	objects := make([]*Object, 9)
	edits := 0
	did := func(err error) {
		if edits++; err != nil {
			t.Error(err)
		}
	}
	for i := range objects {
		switch i % 3 {
		case 0:
			objects[i] = pool(fmt.Sprintf("own-%d-%d", w, i), map[string]any{"protocol": "bgp", "addresses": []any{fmt.Sprintf("10.%d.%d.0/24", 100+w, i)}})
		case 1:
			objects[i] = storyPeer()
			objects[i].Spec["peerAddress"] = fmt.Sprintf("10.%d.%d.1", w, i)
		default:
			objects[i] = communities(fmt.Sprintf("alias-%d-%d", w, i), fmt.Sprintf("65000:%d", 100*w+i))
		}
		_, err := m.Create(t.Context(), objects[i])
		did(err)
		for round := range 2 {
			if i < 6 {
				changed := objects[i].copy()
				switch changed.Kind {
				case AddressPool:
					changed.Spec["autoAssign"] = round%2 == 0
				case BGPPeer:
					changed.Spec["holdTime"] = fmt.Sprintf("%ds", 90+round)
				default:
					changed.Spec = communities(fmt.Sprintf("alias-%d-%d", w, i), fmt.Sprintf("65000:%d", 10000+100*w+i+round)).Spec
				}
				_, err := m.Update(t.Context(), objects[i], changed)
				did(err)
				objects[i] = changed
			}
		}
		if i < 8 && i%2 == 0 {
			did(m.Delete(t.Context(), objects[i]))
			gone = append(gone, objects[i])
		} else {
			left = append(left, objects[i])
		}
	}
	if edits != 25 {
		t.Errorf("%d edits", edits)
	}
	return left, gone
}

// foreignEdits makes 25 of them, by other means than this package's, on pools that have comments.
func foreignEdits(t *testing.T, c *realCluster, w int) (left []string) {
	edits := 0
	edit := func(old, replacement string) {
		edits++
		for {
			u, err := c.in(configMapResource).Get(t.Context(), "config", metav1.GetOptions{})
			if err != nil {
				t.Error(err)
				return
			}
			text, _, _ := unstructured.NestedString(u.Object, "data", textKey)
			if strings.Count(text, old) != 1 {
				t.Errorf("%q is there %d times", old, strings.Count(text, old))
				return
			}
			u.Object["data"] = map[string]any{textKey: strings.Replace(text, old, replacement, 1)}
			_, err = c.in(configMapResource).Update(t.Context(), u, metav1.UpdateOptions{})
			if apierrors.IsConflict(err) {
				time.Sleep(rand.N(20 * time.Millisecond)) // as client-go's RetryOnConflict does
				continue
			}
			if err != nil {
				t.Error(err)
			}
			return
		}
	}
	element := func(i int, more string) string {
		return fmt.Sprintf("# before %d-%d\n- name: theirs-%d-%d # beside %d-%d\n  protocol: bgp\n  addresses: [\"10.%d.%d.0/24\"]\n%s", w, i, w, i, w, i, 200+w, i, more)
	}
	for i := range 10 {
		now := element(i, "")
		edit("address-pools:\n", "address-pools:\n"+now)
		if i > 1 {
			changed := element(i, "  auto-assign: false # changed\n")
			edit(now, changed)
			now = changed
		}
		if i < 7 {
			edit(now, "")
		} else {
			left = append(left, now)
		}
	}
	if edits != 25 {
		t.Errorf("%d edits", edits)
	}
	return left
}
