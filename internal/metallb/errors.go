package metallb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// What went wrong, for errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrExists      = errors.New("already exists")
	ErrNoMetalLB   = errors.New("no MetalLB")
	ErrRefused     = errors.New("refused")
	ErrUnreachable = errors.New("unreachable")
	ErrForbidden   = errors.New("forbidden")
)

// Error is what a cluster, MetalLB in it, or the way to it, answered.
type Error struct {
	Kind      error  // one of the Err… values
	Cluster   string // name of the cluster
	Namespace string // MetalLB's
	Object    string // what it is about, e.g. "IPAddressPool blue" or "ConfigMap config"
	Field     string // the CRD's name of the field that it is about, e.g. "addresses"; "" if none is known
	Message   string // the cluster's own words, or the cause
	Advice    string // what to do next
	Key       string // of an object that is in the way, as in Object; "" is its name
	err       error
}

func (e *Error) Error() string {
	text := fmt.Sprintf("cluster %s, namespace %s, %s: %s", e.Cluster, e.Namespace, e.Object, e.Message)
	if e.Advice != "" {
		text += "\n" + e.Advice
	}
	return text
}

// Unwrap gives the kind and, where there is one, the cause.
func (e *Error) Unwrap() []error {
	if e.err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.err}
}

// place is what an error is about.
type place struct{ cluster, namespace, object string }

// refuse is an error of this package's own.
func (p place) refuse(kind error, field, message, advice string) *Error {
	return &Error{Kind: kind, Cluster: p.cluster, Namespace: p.namespace, Object: p.object, Field: field, Message: message, Advice: advice}
}

// sibling is a refusal because of another object, which may be about to change in the same run.
func (p place) sibling(field, message, advice string) *Error {
	e := p.refuse(ErrRefused, field, message, advice)
	e.err = errSibling
	return e
}

// explain turns whatever a request failed with into an Error; nil stays nil.
func (p place) explain(err error) error {
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	e := p.refuse(ErrUnreachable, "", err.Error(), "Is the API server up, and reachable from here at the configured host?")
	e.err = err
	status, answered := errors.AsType[*apierrors.StatusError](err)
	if !answered {
		if errors.Is(err, context.Canceled) {
			e.Advice = ""
		}
		return e
	}
	e.Kind, e.Advice = ErrRefused, ""
	e.Message = status.Status().Message
	if late, ok := errors.AsType[*outOfTime](err); ok {
		e.Message += late.note()
	}
	kind, _, _ := strings.Cut(p.object, " ")
	e.Field = fieldOf(Kind(kind), status.Status())
	rivals := kube.Rivals(err)
	switch {
	case len(rivals) > 0:
		e.Message, e.Advice = contested(rivals)
	case apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause):
		e.Advice = "The namespace is being deleted. Once it is gone, create it anew, or set metallb.namespace to the one MetalLB runs in."
	case apierrors.IsForbidden(err) && strings.Contains(e.Message, "is forbidden: User "):
		e.Kind = ErrForbidden
		e.Advice = rights(e.Message)
	case apierrors.IsUnauthorized(err):
		e.Kind = ErrForbidden
		e.Advice = "The API server does not know the credentials of the provider block: have they expired?"
	case missesNamespace(err):
		e.Advice = "Create the namespace first, or set metallb.namespace to the one MetalLB runs in."
	case errors.Is(err, kube.ErrNotFound):
		e.Kind = ErrNotFound
	case apierrors.IsAlreadyExists(err):
		e.Kind = ErrExists
	case webhookDown(err):
		e.Kind = ErrUnreachable
		e.Advice = "The API server cannot reach MetalLB's webhook. Is MetalLB's controller running and ready? Do network policies or " +
			"firewalls let the API server reach port 9443 of its pod?"
	case strings.Contains(e.Message, "unknown field"), strings.Contains(e.Message, "field not declared in schema"):
		e.Advice = "The MetalLB installed there does not have this field: leave it out, or upgrade MetalLB" + p.since(e.Field) + "."
	case strings.Contains(e.Message, "must be created in"):
		e.Advice = "Leave namespace out, or set metallb.namespace in the provider block to the one that MetalLB runs in."
	}
	return e
}

// since is the release that a field of the object needs, as the end of a sentence; "" if all have it.
func (p place) since(field string) string {
	kind, _, _ := strings.Cut(p.object, " ")
	if since := Kind(kind).Since(field); since != "" {
		return " to " + since + " or newer"
	}
	return ""
}

// contested says who keeps the fields that a write wanted.
func contested(rivals []kube.Rival) (message, advice string) {
	var owned []string
	for _, rival := range rivals {
		owned = append(owned, fmt.Sprintf("%s belongs to %s", rival.Field, rival.Manager))
	}
	return "it has another owner: " + strings.Join(owned, ", "),
		fmt.Sprintf("%s would write its own value back. Have it leave the field alone, or leave it out here; to take it over all the same, "+
			"set metallb.force_conflicts = true in the provider block.", rivals[0].Manager)
}

// forbiddenText is how the API server says which right is missing.
var forbiddenText = regexp.MustCompile(`User "([^"]*)" cannot (\w+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)"| at the cluster scope)?`)

// rights says which rule of a Role would have allowed it.
func rights(message string) string {
	found := forbiddenText.FindStringSubmatch(message)
	if found == nil {
		return "The credentials of the provider block lack a right. The provider's documentation has the Role that it needs."
	}
	role, where := "ClusterRole", "bound by a ClusterRoleBinding"
	if found[5] != "" {
		role, where = "Role", "in namespace "+found[5]
	}
	return fmt.Sprintf("User %s needs a %s %s with the rule {apiGroups: [%q], resources: [%q], verbs: [%q]}. The provider's documentation "+
		"has the whole of what it needs, under \"Rights in the cluster\".", found[1], role, where, found[4], found[3], found[2])
}

// missesNamespace tells a namespace that does not exist from an object that does not.
func missesNamespace(err error) bool {
	status, ok := errors.AsType[*apierrors.StatusError](err)
	return ok && apierrors.IsNotFound(err) && status.Status().Details != nil && status.Status().Details.Kind == "namespaces"
}

func webhookDown(err error) bool {
	text := err.Error()
	return apierrors.IsInternalError(err) &&
		(strings.Contains(text, "failed calling webhook") || strings.Contains(text, "conversion webhook"))
}

// untypable tells an object that the schema of its type cannot hold: server-side apply answers that with a 500, too.
func untypable(err error) bool {
	return strings.Contains(err.Error(), "failed to create typed patch object")
}

// siblingTexts are parts of MetalLB's refusals that another object of the same run may be about to make untrue.
var siblingTexts = []string{"overlaps with already defined CIDR", "failed to delete BFDProfile"}

// mayChange tells a refusal because of another object: a pool that is about to shrink, a peer that is about to go.
func mayChange(err error) bool {
	if errors.Is(err, errSibling) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "denied the request") && slices.ContainsFunc(siblingTexts, func(part string) bool {
		return strings.Contains(text, part)
	})
}
