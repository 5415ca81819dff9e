package metallb

import (
	"fmt"

	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

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
