package lifecycle

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/stretchr/testify/assert"
)

func TestPattern(t *testing.T) {
	s := schema.Schema{Attributes: map[string]schema.Attribute{"name": patternAttribute("name")}}
	object := s.Type().TerraformType(t.Context())
	for _, c := range []struct {
		pattern   any // nil: not given
		yes, none []string
	}{
		{nil, []string{"", "worker"}, nil},
		{"worker", []string{"worker"}, []string{"worker1", "a worker", "Worker"}},
		{"kube-*", []string{"kube-", "kube-a", "kube-a\nb"}, []string{"kube", "a kube-a"}},
		{"*.5.1 (a|b)*", []string{"192.168.5.1 (a|b) c"}, []string{"192.168.5.1 a", "192x5x1 (a|b)"}},
		{"", []string{""}, []string{"a"}},
	} {
		config := tfsdk.Config{Schema: s, Raw: tftypes.NewValue(object, map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, c.pattern)})}
		var diags diag.Diagnostics
		matches := pattern(t.Context(), config, "name", &diags)
		assert.Empty(t, diags)
		for _, text := range c.yes {
			assert.True(t, matches(text), "%v: %q", c.pattern, text)
		}
		for _, text := range c.none {
			assert.False(t, matches(text), "%v: %q", c.pattern, text)
		}
	}
}

// TestUpTo: no more is asked for than is wanted.
func TestUpTo(t *testing.T) {
	for limit, want := range map[int64]int{0: 5, 1: 1, 4: 4, 5: 5, 9: 5} {
		asked := 0
		results := upTo(limit, func(push func(list.ListResult) bool) {
			for asked < 5 {
				asked++
				if !push(list.ListResult{}) {
					return
				}
			}
		})
		assert.Len(t, slices.Collect(results), want, limit)
		assert.Equal(t, want, asked, limit)
	}
}
