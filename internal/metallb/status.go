package metallb

import (
	"context"
	"errors"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// Status is what MetalLB is and says of its configuration.
type Status struct {
	Namespace string
	Backend   string    // where it is configured: crd or configmap
	Version   string    // "0.15.3", by the image of its pods; "" if that does not tell it, or cannot be seen
	BGPMode   string    // native, frr or frr-k8s; "" if no speaker can be seen
	Accepted  *bool     // whether all its parts took the configuration; nil if not all say so: they do from 0.15.3
	Refusals  []Refusal // by the parts that did not
	Problems  []string  // what MetalLB tells nobody: names that do not exist, pools that nothing announces
	Unseen    []string  // why something of this is not known: what we may not read
}

// Refusal is why a part of MetalLB does not use the configuration as it is now.
type Refusal struct {
	Component string // controller or speaker
	Node      string // the speaker's
	Message   string // its own words
}

// who is the part of MetalLB that refuses, for a message.
func (r Refusal) who() string { return strings.TrimSpace(r.Component + " " + r.Node) }

var stateResource = customResource("v1beta1", "configurationstates")

// Status asks the cluster. ErrNoMetalLB if it has no MetalLB's configuration. What may not be read is left out, and
// named in Unseen.
func (m *MetalLB) Status(ctx context.Context) (*Status, error) {
	where := place{cluster: m.Cluster(), namespace: m.config.Namespace, object: "MetalLB"}
	kept, err := m.store(ctx, where)
	if err != nil {
		return nil, err
	}
	status := &Status{Namespace: m.config.Namespace, Backend: "crd"}
	if _, inText := kept.(*configMapStore); inText {
		status.Backend = "configmap"
	}
	problems := func(ctx context.Context, status *Status) (err error) {
		status.Problems, err = kept.problems(ctx, m.config.Namespace)
		return err
	}
	for _, look := range []func(context.Context, *Status) error{m.running, m.accepted, problems} {
		switch err := look(ctx, status); {
		case apierrors.IsForbidden(err):
			status.Unseen = append(status.Unseen, answerOf(err))
		case err != nil:
			return nil, where.explain(err)
		}
	}
	return status, nil
}

// running tells what runs, by its pods.
func (m *MetalLB) running(ctx context.Context, status *Status) error {
	controllers, err := m.pods(ctx, controllerPods)
	if err != nil {
		return err
	}
	speakers, err := m.pods(ctx, speakerPods)
	status.Version, status.BGPMode = versionOf(append(controllers, speakers...)), bgpModeOf(speakers)
	return err
}

// accepted tells what the controller and each speaker say of the configuration. Their conditions say more than their
// status.result, which stays Valid where something that the configuration refers to is missing.
func (m *MetalLB) accepted(ctx context.Context, status *Status) error {
	states, err := m.cluster.Select(ctx, stateResource, kube.Selection{Namespace: m.config.Namespace})
	if errors.Is(err, kube.ErrNotFound) || err == nil && len(states) == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	status.Refusals = refusalsOf(states)
	silent := slices.ContainsFunc(states, func(state unstructured.Unstructured) bool { return len(reportsOf(&state)) == 0 })
	if accepted := len(status.Refusals) == 0; !accepted || !silent {
		status.Accepted = &accepted
	}
	return nil
}

// reportsOf are the conditions of a ConfigurationState.
func reportsOf(state *unstructured.Unstructured) []map[string]any {
	conditions, _, _ := unstructured.NestedSlice(state.Object, "status", "conditions")
	var reports []map[string]any
	for _, condition := range conditions {
		if report, is := condition.(map[string]any); is {
			reports = append(reports, report)
		}
	}
	return reports
}

// refusalsOf are what MetalLB's parts say against the configuration.
func refusalsOf(states []unstructured.Unstructured) []Refusal {
	var refusals []Refusal
	for i := range states {
		for _, report := range reportsOf(&states[i]) {
			if report["status"] == "False" {
				refusals = append(refusals, refusalOf(&states[i], report["message"]))
			}
		}
	}
	return refusals
}

func refusalOf(state *unstructured.Unstructured, message any) Refusal {
	labels := state.GetLabels()
	refusal := Refusal{Component: labels["metallb.io/component-type"], Node: labels["metallb.io/node-name"]}
	refusal.Message, _ = message.(string)
	return refusal
}

// answerOf is an error in the API server's own words, which name the verb, the resource and the namespace.
func answerOf(err error) string {
	if status, answered := errors.AsType[*apierrors.StatusError](err); answered {
		return status.Status().Message
	}
	return err.Error()
}
