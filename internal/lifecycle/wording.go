package lifecycle

import (
	"regexp"
	"strings"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

var (
	fieldName = regexp.MustCompile(`[A-Za-z]\w*(?:\[\d+\])?(?:\.[A-Za-z]\w*(?:\[\d+\])?)*`)
	wordStart = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// inTerraform is a message with attributes' names in the place of the fields that it names, as who writes a configuration
// knows them. What is within an object of the cluster, such as spec.peerASN, keeps its name.
func inTerraform(message string) string {
	return fieldName.ReplaceAllStringFunc(message, func(name string) string {
		first := name
		if end := strings.IndexAny(name, ".["); end >= 0 {
			first = name[:end]
		}
		switch {
		case name == "managedPassword":
			return "password_wo"
		case !metallb.IsField(first):
			return name
		}
		return strings.ToLower(wordStart.ReplaceAllString(name, "${1}_$2"))
	})
}

// reworded is an error that speaks of attributes.
type reworded struct{ error }

func (e reworded) Error() string { return inTerraform(e.error.Error()) }
func (e reworded) Unwrap() error { return e.error }
