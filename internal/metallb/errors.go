package metallb

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// What went wrong, for errors.Is.
var (
	ErrNotFound    = errors.New("not found")
	ErrExists      = errors.New("already exists")
	ErrNoMetalLB   = errors.New("no MetalLB")
	ErrRefused     = errors.New("refused")
	ErrUnreachable = errors.New("unreachable")
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
	e.Field = fieldOf(status.Status())
	switch {
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
	case strings.Contains(e.Message, "unknown field"):
		e.Advice = "The MetalLB installed there does not have this field: leave it out, or upgrade MetalLB."
	}
	return e
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

// overlaps tells an object that is refused because of another one, which may be about to change: a pool that shrinks.
func overlaps(err error) bool {
	text := err.Error()
	return errors.Is(err, errSibling) || strings.Contains(text, "denied the request") && strings.Contains(text, "overlaps with already defined CIDR")
}

var specField = regexp.MustCompile(`\bspec\.(\w+)`)

// MetalLB's webhook says what is wrong, never which field by its name: recognised by these parts, in this order, of
// what 0.13 to 0.16 say, in lower case.
var webhookTexts = []struct{ part, field string }{
	{"missing local asn", "myASN"},
	{"missing peer asn", "peerASN"},
	{"ebgp-multihop", "ebgpMultiHop"},
	{"keepalive", "keepaliveTime"},
	{"hold time", "holdTime"},
	{"holdtime", "holdTime"},
	{"router id", "routerID"},
	{"routerid", "routerID"},
	{"source ip", "sourceAddress"},
	{"myasn", "myASN"},
	{"invalid bgppeer address", "peerAddress"},
	{"peer ip", "peerAddress"},
	{"no address or interface", "peerAddress"},
	{"no prefixes", "addresses"},
	{"cidr", "addresses"},
	{"ip range", "addresses"},
}

// fieldOf finds the field of a spec that the API server, or MetalLB's webhook, complains about; "" if it does not say.
func fieldOf(status metav1.Status) string {
	if status.Details != nil {
		for _, cause := range status.Details.Causes {
			if found := specField.FindStringSubmatch(cause.Field); found != nil {
				return found[1]
			}
		}
	}
	if found := specField.FindStringSubmatch(status.Message); found != nil {
		return found[1]
	}
	if _, reason, denied := strings.Cut(strings.ToLower(status.Message), "denied the request"); denied {
		for _, t := range webhookTexts {
			if strings.Contains(reason, t.part) {
				return t.field
			}
		}
	}
	return ""
}
