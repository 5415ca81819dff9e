package metallb

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// report is a ConfigurationState with one condition.
func report(version, at, condition, status string) unstructured.Unstructured {
	return unstructured.Unstructured{Object: map[string]any{
		"metadata": map[string]any{"resourceVersion": version, "labels": map[string]any{"metallb.io/component-type": "speaker"}},
		"status": map[string]any{"conditions": []any{map[string]any{
			"type": condition, "status": status, "lastTransitionTime": at, "message": "why",
		}}},
	}}
}

func TestVerdict(t *testing.T) {
	written := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{
		"resourceVersion": "1000", "creationTimestamp": "2026-01-01T00:00:10Z",
	}}}
	before := &unstructured.Unstructured{Object: map[string]any{"metadata": map[string]any{
		"resourceVersion": "990", "creationTimestamp": "2026-01-01T00:00:09Z",
	}}}
	const config = "configReconcilerValid"
	for name, tt := range map[string]struct {
		state  unstructured.Unstructured
		kind   Kind
		late   bool
		looked bool
		wrong  int
	}{
		"since the write":                    {report("1001", "2026-01-01T00:00:10Z", config, "True"), BGPPeer, false, true, 0},
		"before it in the same second":       {report("999", "2026-01-01T00:00:10Z", config, "True"), BGPPeer, false, false, 0},
		"repeated in the same second":        {report("999", "2026-01-01T00:00:10Z", config, "True"), BGPPeer, true, true, 0},
		"long before it":                     {report("999", "2026-01-01T00:00:09Z", config, "True"), BGPPeer, true, false, 0},
		"since, by a clock that is late":     {report("1001", "2025-12-31T23:00:00Z", config, "True"), BGPPeer, false, true, 0},
		"refused":                            {report("1001", "2026-01-01T00:00:10Z", config, "False"), BGPPeer, false, true, 1},
		"refused before":                     {report("999", "2026-01-01T00:00:01Z", config, "False"), BGPPeer, true, false, 1},
		"by one who does not look at peers":  {report("5", "2025-01-01T00:00:00Z", poolReport, "True"), BGPPeer, false, true, 0},
		"by one who looks at pools":          {report("5", "2025-01-01T00:00:00Z", poolReport, "True"), AddressPool, false, false, 0},
		"by one who looks at no companion":   {report("995", "2026-01-01T00:00:09Z", poolReport, "True"), AddressPool, false, true, 0},
		"counted as nobody has counted yet":  {report("10a", "2026-01-01T00:00:11Z", config, "True"), BGPPeer, false, false, 0},
		"counted so, when there was time":    {report("10a", "2026-01-01T00:00:11Z", config, "True"), BGPPeer, true, true, 0},
		"at a time that cannot be read":      {report("999", "soon", config, "True"), BGPPeer, true, false, 0},
		"nothing yet":                        {unstructured.Unstructured{Object: map[string]any{}}, BGPPeer, false, true, 0},
		"of a count with more digits, newer": {report("10000", "2026-01-01T00:00:10Z", config, "True"), BGPPeer, false, true, 0},
	} {
		before.SetKind(string(tt.kind))
		refusals, looked := verdictOf([]unstructured.Unstructured{tt.state}, before, written, tt.late)
		if looked != tt.looked || len(refusals) != tt.wrong {
			t.Errorf("%s: looked %v, refusals %v", name, looked, refusals)
		}
	}
}
