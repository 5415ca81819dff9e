package metallb

import (
	"strings"
	"testing"
)

// TestNotices: who else keeps the ConfigMap is told at every turn, and so is that MetalLB ignores it.
func TestNotices(t *testing.T) {
	for _, tt := range []struct{ label, annotation, value, told string }{
		{"", "meta.helm.sh/release-name", "metallb", "Helm (metallb)"},
		{managedBy, "", "Helm", "Helm"},
		{managedBy, "", "terraform", ""},
		{"", "argocd.argoproj.io/tracking-id", "lb:/ConfigMap:metallb-system/config", "Argo CD (lb:/ConfigMap:metallb-system/config)"},
		{"argocd.argoproj.io/instance", "", "lb", "Argo CD (lb)"},
		{"kustomize.toolkit.fluxcd.io/name", "", "lb", "Flux (lb)"},
		{"helm.toolkit.fluxcd.io/name", "", "lb", "Flux (lb)"},
		{"app", "", "metallb", ""},
	} {
		u := configMap("")
		u.SetLabels(map[string]string{tt.label: tt.value})
		u.SetAnnotations(map[string]string{tt.annotation: tt.value})
		f := newFake(t, Config{}, u)
		told := func(notices []string) {
			t.Helper()
			if tt.told == "" && len(notices) > 0 || tt.told != "" && (len(notices) != 1 || !strings.Contains(notices[0], "belongs to "+tt.told+",")) {
				t.Errorf("%v: %q", tt, notices)
			}
		}
		made, err := f.metallb.Create(t.Context(), storyPool())
		check(t, err)
		told(made.Notices)
		changed, err := f.metallb.Update(t.Context(), storyPool(), storyPool())
		check(t, err)
		told(changed.Notices)
		found, err := f.metallb.Get(t.Context(), storyPool())
		check(t, err)
		told(found.Notices)
		listed, err := f.metallb.List(t.Context(), AddressPool, "")
		check(t, err)
		told(listed[0].Notices)
	}
	f := newFake(t, Config{}, configMap(story+"bfd-profiles: [{name: a, minimum-ttl: 0}]\n"))
	found, err := f.metallb.Get(t.Context(), storyPool())
	check(t, err)
	if len(found.Notices) != 1 || !strings.Contains(found.Notices[0], "minimumTtl is 0") {
		t.Errorf("of what MetalLB ignores: %q", found.Notices)
	}
}
