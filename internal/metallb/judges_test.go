package metallb

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

// What the judges of a cluster say.
const (
	nobody      = "nobody"
	byCRD       = "CRD"
	byWebhook   = "webhook"
	notTheirs   = "–" // no custom resource has it
	byNeighbour = "the neighbour: webhook"
)

// verdict tells who refuses an object.
func verdict(t *testing.T, err error) string {
	t.Helper()
	status, answered := errors.AsType[*apierrors.StatusError](err)
	switch {
	case err == nil:
		return nobody
	case answered && strings.Contains(err.Error(), "admission webhook"):
		return byWebhook
	case answered && (apierrors.IsInvalid(err) || apierrors.IsBadRequest(err)):
		return byCRD
	}
	t.Fatalf("no verdict, but %v (%v)", err, status)
	return ""
}

// try creates an object, for good or only for show.
func (c *realCluster) try(in metallbtest.Object, options metav1.CreateOptions) error {
	resource := resourceOf(Kind(in.Kind))
	u := &unstructured.Unstructured{Object: map[string]any{"spec": specOf(c.t, in.Spec)}}
	u.SetAPIVersion(resource.GroupVersion().String())
	u.SetKind(in.Kind)
	u.SetName(in.Name)
	options.FieldValidation = metav1.FieldValidationStrict
	_, err := c.in(resource).Create(c.t.Context(), u, options)
	return err
}

var dryRun = metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}

// ask gives the verdict on an object beside others. MetalLB learns of those a little after they are there.
func (c *realCluster) ask(in metallbtest.BadInput) (string, error) {
	for field := range specOf(c.t, in.Spec) {
		if field == "protocol" || field == "bgpAdvertisements" || field == "managedPassword" {
			return notTheirs, nil
		}
	}
	for _, other := range in.Beside {
		if err := c.try(other, metav1.CreateOptions{}); err != nil {
			if verdict(c.t, err) != byWebhook {
				c.t.Errorf("%s %s: the neighbour %s: %v", in.Kind, in.Name, other.Name, err)
			}
			return byNeighbour, err
		}
		defer c.forget(other)
	}
	err := c.try(metallbtest.Object{Kind: in.Kind, Name: "bad", Spec: in.Spec}, dryRun)
	for tries := 0; in.Beside != nil && err == nil && tries < 10; tries++ {
		time.Sleep(100 * time.Millisecond)
		err = c.try(metallbtest.Object{Kind: in.Kind, Name: "bad", Spec: in.Spec}, dryRun)
	}
	return verdict(c.t, err), err
}

// forget deletes a neighbour. One that another used is refused until MetalLB has forgotten that one.
func (c *realCluster) forget(neighbour metallbtest.Object) {
	var err error
	for range 50 {
		if err = c.in(resourceOf(Kind(neighbour.Kind))).Delete(c.t.Context(), neighbour.Name, metav1.DeleteOptions{}); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	c.t.Errorf("%s %s is still there: %v", neighbour.Kind, neighbour.Name, err)
}

// onlyNative tells a refusal that other modes than the one that runs do not share.
func onlyNative(err error) bool { return strings.Contains(err.Error(), "native") }

// TestJudges asks the real API server with MetalLB's schema, and the real webhooks, for their opinion of the inputs that
// the rules are tested with: go test -run TestJudges -v prints who refuses what.
func TestJudges(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallMetalLB(t.Context()))

	for _, in := range metallbtest.GoodInputs {
		err := c.try(metallbtest.Object{Kind: in.Kind, Name: "good", Spec: in.Spec}, dryRun)
		if err != nil && (!in.NotNative || !onlyNative(err)) {
			t.Errorf("the good %s %s: %v", in.Kind, in.Name, err)
		}
	}

	count := map[string]int{}
	table := &strings.Builder{}
	fmt.Fprintf(table, "| kind | input | at | ours | MetalLB %s |\n|---|---|---|---|---|\n", c.MetalLBVersion())
	// Those with neighbours come last: MetalLB takes a while to forget them.
	for _, withNeighbours := range []bool{false, true} {
		for _, in := range metallbtest.BadInputs {
			if (in.Beside != nil) != withNeighbours {
				continue
			}
			ours := "plan"
			if in.AtApply != "" {
				ours = "apply"
			}
			if in.Warning {
				ours += ", a warning"
			}
			if refused, _ := refusedAs(t, in); refused == nil {
				ours = nobody
				t.Errorf("%s %s: not ours", in.Kind, in.Name)
			}
			theirs, err := c.ask(in)
			if in.Warning && theirs == byWebhook && !onlyNative(err) {
				t.Errorf("%s %s is only a warning of ours, and MetalLB refuses it: %v", in.Kind, in.Name, err)
			}
			count[ours+" / "+theirs]++
			fmt.Fprintf(table, "| %s | %s | %s | %s | %s |\n", in.Kind, in.Name, in.Field, ours, theirs)
		}
	}
	t.Logf("\n%s\n%d bad inputs: %v; %d good ones", table, len(metallbtest.BadInputs), count, len(metallbtest.GoodInputs))
}
