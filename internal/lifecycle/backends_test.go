package lifecycle

import (
	"errors"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/stretchr/testify/assert"
)

// TestReportedPlace holds that the place within an attribute is told once, however deep it is.
func TestReportedPlace(t *testing.T) {
	addresses, selectors := path.Root("addresses"), path.Root("node_selectors").AtListIndex(0)
	for _, test := range []struct {
		field, shown path.Path
		detail       string
	}{
		{addresses, addresses, "no prefix"},
		{addresses.AtListIndex(1), addresses.AtListIndex(1), "addresses[1]: no prefix"},
		{selectors.AtName("operator"), selectors, "node_selectors[0].operator: no prefix"},
		{path.Root("service_allocation").AtName("priority"), path.Root("service_allocation"), "service_allocation.priority: no prefix"},
	} {
		assert.Equal(t, diag.NewAttributeErrorDiagnostic(test.shown, "Invalid pool", test.detail),
			report(errors.New("no prefix"), "Invalid pool", test.field))
	}
	assert.Equal(t, diag.NewErrorDiagnostic("Invalid pool", "no prefix"), report(errors.New("no prefix"), "Invalid pool", path.Empty()))
}
