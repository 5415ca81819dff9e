package metallb

import "testing"

// TestAllocationThatSaysNothing: MetalLB before 0.15.0 would give the pool to nobody.
func TestAllocationThatSaysNothing(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	addresses := []any{"10.0.0.0/24"}
	full := pool("p", map[string]any{"addresses": addresses, "serviceAllocation": map[string]any{"priority": int64(5), "namespaces": []any{"a"}}})
	empty := pool("p", map[string]any{"addresses": addresses, "serviceAllocation": map[string]any{}})
	_, err := c.metallb.Create(t.Context(), empty)
	check(t, err)
	plain := map[string]any{"addresses": addresses, "autoAssign": true, "avoidBuggyIPs": false}
	c.wantSpec(poolResource, "p", plain)
	_, err = c.metallb.Update(t.Context(), empty, full)
	check(t, err)
	_, err = c.metallb.Update(t.Context(), full, empty)
	check(t, err)
	c.wantSpec(poolResource, "p", plain)
}
