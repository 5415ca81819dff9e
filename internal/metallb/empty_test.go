package metallb

import "testing"

// TestLastFieldGoes: an object may lose all its fields, also one that says what MetalLB would do anyway.
func TestLastFieldGoes(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	for _, tt := range []struct {
		kind  Kind
		field string
		value any
	}{
		{Community, "communities", []any{map[string]any{"name": "a", "value": "1:2"}}},
		{L2Advertisement, "interfaces", []any{"eth0"}},
		{BFDProfile, "echoMode", false},
		{BGPAdvertisement, "aggregationLength", int64(32)},
	} {
		full := &Object{Kind: tt.kind, Name: "x", Spec: map[string]any{tt.field: tt.value}}
		_, err := c.metallb.Create(t.Context(), full)
		check(t, err)
		left, err := c.metallb.Update(t.Context(), full, &Object{Kind: tt.kind, Name: "x", Spec: map[string]any{}})
		check(t, err)
		standard, _ := tt.kind.Default(tt.field)
		if value, there := left.Spec[tt.field]; there && value != standard {
			t.Errorf("%s: %s is still %v", tt.kind, tt.field, value)
		}
	}
}
