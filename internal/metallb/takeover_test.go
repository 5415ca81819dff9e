package metallb

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"
)

// TestTakeOver: the first update of what a tool has made takes over the fields and labels that are configured, unless a
// tool has them that keeps objects as a repository says, and would write them back.
func TestTakeOver(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	for _, tt := range []struct {
		manager  string
		applies  bool
		contests bool
	}{
		{"Terraform", true, false}, // kubernetes_manifest
		{"HashiCorp", false, false},
		{"kubectl", true, false},
		{"kubectl-client-side-apply", false, false},
		{"argocd-controller", true, true},
		{"kustomize-controller", true, true},
		{"helm", false, true},
	} {
		for _, force := range []bool{false, true} {
			c.write(tt.manager, tt.applies)
			m := New(c.metallb.cluster, Config{ForceConflicts: force})
			prior := pool("theirs", map[string]any{"addresses": []any{"10.0.0.0/24"}, "autoAssign": false, "avoidBuggyIPs": true})
			prior.Labels = map[string]string{"team": "net", "tier": "1"}
			want := pool("theirs", map[string]any{"addresses": []any{"10.0.1.0/24"}, "avoidBuggyIPs": true})
			want.Labels = map[string]string{"tier": "2"}
			_, err := m.Update(t.Context(), prior, want)
			if tt.contests && !force {
				if err == nil || !strings.Contains(err.Error(), "belongs to "+tt.manager) || !strings.Contains(err.Error(), "force_conflicts") {
					t.Errorf("%s: %v", tt.manager, err)
				}
			} else {
				check(t, err)
				u := c.wantSpec(poolResource, "theirs", map[string]any{"addresses": []any{"10.0.1.0/24"}, "avoidBuggyIPs": true, "autoAssign": true})
				if labels := u.GetLabels(); labels["tier"] != "2" || labels["team"] != "" || labels["theirs"] != "too" {
					t.Errorf("%s, forced: %t: labels %v", tt.manager, force, labels)
				}
			}
			check(t, m.Delete(t.Context(), want))
		}
	}
}

// write makes a pool as a tool does, by server-side apply or otherwise.
func (c *realCluster) write(manager string, applies bool) {
	c.t.Helper()
	const manifest = `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: theirs, namespace: metallb-system, labels: {team: net, tier: "1", theirs: too}}
spec: {addresses: [10.0.0.0/24], autoAssign: false, avoidBuggyIPs: true}
`
	u := &unstructured.Unstructured{}
	check(c.t, yaml.Unmarshal([]byte(manifest), &u.Object))
	var err error
	if applies {
		_, err = c.in(poolResource).Patch(c.t.Context(), u.GetName(), types.ApplyYAMLPatchType, []byte(manifest), metav1.PatchOptions{FieldManager: manager})
	} else {
		_, err = c.in(poolResource).Create(c.t.Context(), u, metav1.CreateOptions{FieldManager: manager})
	}
	check(c.t, err)
}
