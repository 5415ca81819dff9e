package metallb

import (
	"fmt"
	"regexp"

	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var label = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

// CheckName accepts a DNS-1123 label: what both a custom resource and a Service's annotation can name.
func CheckName(name string) error {
	if !label.MatchString(name) {
		return fmt.Errorf("%q is not a name: 1 to 63 lower-case letters, digits and dashes, not beginning or ending with a dash", name)
	}
	return nil
}

// CheckObjectName accepts a DNS-1123 subdomain: what a custom resource can be called.
func CheckObjectName(name string) error {
	if len(validation.IsDNS1123Subdomain(name)) > 0 {
		return fmt.Errorf("%q is not the name of an object: up to 253 lower-case letters, digits, dashes and dots, "+
			"each part between dots beginning and ending with a letter or digit", name)
	}
	return nil
}

// CheckName accepts a name of an object of that kind: a DNS-1123 label for a pool, which Services name in an annotation
// and the ConfigMap takes as well, a DNS-1123 subdomain for the others.
func (k Kind) CheckName(name string) error {
	if k == AddressPool {
		return CheckName(name)
	}
	return CheckObjectName(name)
}

// CheckLabels accepts labels as Kubernetes has them: keys such as "team" or "example.com/team", values of at most 63 letters,
// digits, dashes, dots and underscores.
func CheckLabels(labels map[string]string) error {
	if err := metav1validation.ValidateLabels(labels, field.NewPath("labels")).ToAggregate(); err != nil {
		return fmt.Errorf("not labels as Kubernetes has them: %w", err)
	}
	return nil
}
