package metallb

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// manyPools are n pools as the API server gives them, with their managed fields.
func manyPools(n int) []map[string]any {
	pools := make([]map[string]any, n)
	for i := range pools {
		name := fmt.Sprintf("pool-%d", i)
		pools[i] = map[string]any{
			"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool",
			"metadata": map[string]any{
				"name": name, "namespace": "metallb-system", "uid": fmt.Sprintf("00000000-0000-4000-8000-%012d", i),
				"resourceVersion": fmt.Sprint(1000 + i), "generation": 1, "creationTimestamp": "2026-01-01T00:00:00Z",
				"managedFields": []any{map[string]any{
					"manager": kube.FieldManager, "operation": "Apply", "apiVersion": "metallb.io/v1beta1", "time": "2026-01-01T00:00:00Z",
					"fieldsType": "FieldsV1", "fieldsV1": map[string]any{"f:spec": map[string]any{"f:addresses": map[string]any{}}},
				}},
			},
			"spec": map[string]any{
				"addresses": []any{fmt.Sprintf("10.%d.%d.0/24", i/256, i%256)}, "autoAssign": true, "avoidBuggyIPs": false,
			},
		}
	}
	return pools
}

// BenchmarkRefresh is what a refresh of N pools costs here: a LIST of them, decoded ("list"), and then a look at each, of which
// this is one ("one").
func BenchmarkRefresh(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			list, err := json.Marshal(map[string]any{
				"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPoolList", "metadata": map[string]any{"resourceVersion": "1"},
				"items": manyPools(n),
			})
			if err != nil {
				b.Fatal(err)
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if r.URL.Path == "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools" {
					_, _ = w.Write(list)
					return
				}
				_, _ = w.Write([]byte(`{"apiVersion": "metallb.io/v1beta1", "kind": "List", "metadata": {}, "items": []}`))
			}))
			defer server.Close()
			cluster, err := kube.New(kube.Config{Host: server.URL})
			if err != nil {
				b.Fatal(err)
			}
			b.Run("list", func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(list)))
				for b.Loop() {
					if found, err := New(cluster, Config{Backend: "crd"}).lists.get(b.Context(), poolResource, "metallb-system"); err != nil || len(found) != n {
						b.Fatal(len(found), err)
					}
				}
			})
			b.Run("one", func(b *testing.B) {
				b.ReportAllocs()
				m := New(cluster, Config{Backend: "crd"})
				get := func() {
					if _, err := m.Get(b.Context(), pool("pool-7", nil)); err != nil {
						b.Fatal(err)
					}
				}
				get() // reads the lists
				for b.Loop() {
					get()
				}
			})
		})
	}
}

// BenchmarkRules is what it costs to judge one pool among N: by itself, and beside the others.
func BenchmarkRules(b *testing.B) {
	for _, n := range []int{1000, 10_000} {
		var others []*Object
		for _, u := range manyPools(n) {
			spec, _ := u["spec"].(map[string]any)
			name, _, _ := unstructured.NestedString(u, "metadata", "name")
			other := pool(name, spec)
			other.Freeze()
			others = append(others, other)
		}
		one := others[n/2].copy()
		b.Run(fmt.Sprintf("%d/check", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if wrong := Check(one.Kind, one.Spec); len(wrong) > 0 {
					b.Fatal(wrong)
				}
			}
		})
		b.Run(fmt.Sprintf("%d/conflicts", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if wrong := Conflicts(one, others, ""); len(wrong) > 0 {
					b.Fatal(wrong)
				}
			}
		})
	}
}
