package acceptance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

// resourceTypes are the kinds' resources.
var resourceTypes = map[string]string{
	"IPAddressPool": "metallb_address_pool", "BGPPeer": "metallb_bgp_peer", "BGPAdvertisement": "metallb_bgp_advertisement",
	"L2Advertisement": "metallb_l2_advertisement", "BFDProfile": "metallb_bfd_profile", "Community": "metallb_community",
}

// unsayable are inputs that Terraform cannot have.
var unsayable = map[string]string{
	"IPAddressPool namespace twice":       "a set",
	"BGPPeer selector's value twice":      "a set",
	"BGPPeer secret in another namespace": "no attribute for what MetalLB does not look at",
	"BGPAdvertisement community twice":    "a set",
	"BGPAdvertisement pool twice":         "a set",
	"BGPAdvertisement peer twice":         "a set",
	"L2Advertisement pool twice":          "a set",
	"L2Advertisement interface twice":     "a set",
}

// elsewhere are inputs that a validator of the attribute refuses before our rules do.
var elsewhere = map[string]string{"BGPPeer empty managed password": "must be at least 1"}

// diagnostic is what `terraform validate -json` says.
type diagnostic struct {
	Severity, Summary, Detail string
	Range                     struct{ Filename string }
	Snippet                   struct{ Code string }
}

// TestBadSpecs: whatever a plan can know to be wrong is refused, or warned of, at its attribute, by the CLI, without a
// cluster; good ones pass. All are in one configuration, each in a file of its own.
func TestBadSpecs(t *testing.T) {
	files := map[string]string{"main.tf": "terraform {\n  required_providers {\n    routeros = { source = \"baremetal-lb/routeros\" }\n  }\n}\n"}
	for i, in := range metallbtest.GoodInputs {
		files[fmt.Sprintf("good%d.tf", i)] = resourceOf(t, in.Kind, fmt.Sprintf("good%d", i), in.Spec)
	}
	for i, in := range metallbtest.BadInputs {
		if in.AtApply == "" {
			files[fmt.Sprintf("bad%d.tf", i)] = resourceOf(t, in.Kind, fmt.Sprintf("bad%d", i), in.Spec)
		}
	}
	said := map[string][]diagnostic{}
	for _, d := range validate(t, files) {
		said[d.Range.Filename] = append(said[d.Range.Filename], d)
	}
	for i, in := range metallbtest.GoodInputs {
		assert.Empty(t, said[fmt.Sprintf("good%d.tf", i)], "the good %s %s", in.Kind, in.Name)
	}
	refused, warned := 0, 0
	for i, in := range metallbtest.BadInputs {
		all := said[fmt.Sprintf("bad%d.tf", i)]
		name := in.Kind + " " + in.Name
		switch {
		case in.AtApply != "":
		case unsayable[name] != "":
			assert.Empty(t, all, name)
		case slices.ContainsFunc(all, func(d diagnostic) bool { return d.isOf(in) }):
			if in.Warning {
				warned++
			} else {
				refused++
			}
		default:
			t.Errorf("%s: nothing at %s says %q, but %+v", name, in.Field, in.Says, all)
		}
	}
	t.Logf("%d are refused, %d warned of, %d cannot be said", refused, warned, len(unsayable))
}

// isOf tells what is said of a bad input, at its attribute. That a required attribute is missing Terraform says by itself.
//
// Of what is below the attribute the text says where it is.
func (d diagnostic) isOf(in metallbtest.BadInput) bool {
	names := strings.Split(index.ReplaceAllString(in.Field, ""), ".")
	text := strings.Join(strings.Fields(d.Summary+" "+d.Detail), " ")
	severity := "error"
	if in.Warning {
		severity = "warning"
	}
	first, last := attributeOf(names[0]), attributeOf(names[len(names)-1])
	if strings.Contains(text, fmt.Sprintf("%q is required", last)) {
		return true
	}
	at, _, _ := strings.Cut(strings.TrimSpace(d.Snippet.Code), " ")
	missing := at == "resource" && !strings.Contains(in.Spec, names[0])
	says := cmp.Or(elsewhere[in.Kind+" "+in.Name], in.Says)
	return d.Severity == severity && strings.Contains(fold(text), fold(says)) && (at == first || missing)
}

// validate gives what the CLI has against a configuration.
func validate(t *testing.T, files map[string]string) []diagnostic {
	t.Helper()
	p := build(t, os.Getenv("TF_ACC_TERRAFORM_PATH"))
	dir, _ := p.in(t, files)
	out, _ := p.command(t, dir, "validate", "-json").Output() // It fails, as it should.
	var answer struct{ Diagnostics []diagnostic }
	require.NoError(t, json.Unmarshal(out, &answer), string(out))
	return answer.Diagnostics
}

// resourceOf is a specification as a resource.
func resourceOf(t *testing.T, kind, name, spec string) string {
	t.Helper()
	var fields map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(spec), &fields))
	if fields["managedPassword"] != nil {
		fields["password_wo_version"] = 1
	}
	var lines strings.Builder
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(&lines, "  %s = %s\n", attributeOf(field), hcl(field, fields[field]))
	}
	return fmt.Sprintf("resource %q %q {\n  provider = routeros\n  name = %q\n%s}\n", resourceTypes[kind], name, name, lines.String())
}

// hcl is the value of a field. The names in it are the CRD's in snake case, but for those of labels.
func hcl(field string, value any) string {
	switch value := value.(type) {
	case map[string]any:
		var entries []string
		for _, name := range slices.Sorted(maps.Keys(value)) {
			key := attributeOf(name)
			if field == "matchLabels" {
				key = strconv.Quote(name)
			}
			entries = append(entries, key+" = "+hcl(name, value[name]))
		}
		return "{ " + strings.Join(entries, ", ") + " }"
	case []any:
		var elements []string
		for _, element := range value {
			elements = append(elements, hcl(field, element))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	case string:
		return strconv.Quote(value)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}

var (
	hump  = regexp.MustCompile("([a-z0-9])([A-Z])")
	index = regexp.MustCompile(`\[\d+\]`)
)

// fold makes the same of a field's name and its attribute's.
func fold(text string) string { return strings.ToLower(strings.ReplaceAll(text, "_", "")) }

// attributeOf is the attribute for a field.
func attributeOf(field string) string {
	if field == "managedPassword" {
		return "password_wo"
	}
	return strings.ToLower(hump.ReplaceAllString(field, "${1}_$2"))
}
