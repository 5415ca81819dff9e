package kube

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Rival is somebody who keeps a field of an object at another value than an Apply wanted.
type Rival struct {
	Manager string // "argocd-controller"
	Field   string // "spec.addresses"
	// Declares tells one who will write his value back (he applies it, or is known to keep objects as some repository
	// says), from one who once edited it.
	Declares bool
}

// conflictText is what the API server says of a conflict: of an update, not of an apply, it says with which version.
var conflictText = regexp.MustCompile(`conflict with "([^"]*)"(.*)`)

// declarers begin the names of those who keep objects as a repository says, though by updates.
var declarers = []string{"argocd", "helm", "kustomize-controller", "flux", "fleet", "pulumi"}

// Rivals are those because of whom an Apply failed; none if it failed otherwise, or did not.
func Rivals(err error) []Rival {
	status, ok := errors.AsType[*apierrors.StatusError](err)
	if !ok || status.Status().Details == nil {
		return nil
	}
	var rivals []Rival
	for _, cause := range status.Status().Details.Causes {
		found := conflictText.FindStringSubmatch(cause.Message)
		if cause.Type != metav1.CauseTypeFieldManagerConflict || found == nil {
			continue
		}
		rivals = append(rivals, Rival{
			Manager: found[1], Field: strings.TrimPrefix(cause.Field, "."), Declares: !strings.Contains(found[2], " using ") || Reconciles(found[1]),
		})
	}
	return rivals
}

// Reconciles tells the name of a manager that keeps objects as a repository says, for as long as it runs.
func Reconciles(manager string) bool {
	return slices.ContainsFunc(declarers, func(name string) bool { return strings.HasPrefix(strings.ToLower(manager), name) })
}
