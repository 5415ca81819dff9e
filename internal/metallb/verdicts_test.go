package metallb

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

// What the judges of a cluster say.
const (
	nobody    = "nobody"
	byCRD     = "CRD"
	byWebhook = "webhook"
	noField   = "no such field"
	notTheirs = "–" // no custom resource has it
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
	case answered && strings.Contains(err.Error(), "unknown field"):
		return noField
	case answered && (apierrors.IsInvalid(err) || apierrors.IsBadRequest(err)):
		return byCRD
	}
	t.Fatalf("no verdict, but %v (%v)", err, status)
	return ""
}

// onlyNative tells a refusal that other modes than MetalLB's native one do not share.
func onlyNative(err error) bool {
	text := err.Error()
	return strings.Contains(text, "native") || strings.Contains(text, "bfd profiles section set")
}

// theirs tells an input that a custom resource can have.
func theirs(in metallbtest.BadInput) bool {
	for _, field := range []string{"protocol:", "bgpAdvertisements:", "managedPassword:"} {
		if strings.Contains(in.Spec, field) {
			return false
		}
	}
	return true
}

func idOf(in metallbtest.BadInput) string { return in.Kind + " | " + in.Name }

// with is the cluster for a subtest.
func (c *realCluster) with(t *testing.T) *realCluster {
	t.Helper()
	dup := *c
	dup.t = t
	return &dup
}

// try creates an object, for good or only for show.
func (c *realCluster) try(in metallbtest.Object, options metav1.CreateOptions) error {
	return c.trySpec(Kind(in.Kind), in.Name, specOf(c.t, in.Spec), options)
}

func (c *realCluster) trySpec(kind Kind, name string, spec map[string]any, options metav1.CreateOptions) error {
	u := bare(resourceOf(kind), string(kind), "metallb-system", name)
	u.Object["spec"] = spec
	options.FieldValidation = metav1.FieldValidationStrict
	_, err := c.in(resourceOf(kind)).Create(c.t.Context(), u, options)
	return err
}

var (
	dryRun = metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}
	always = metav1.CreateOptions{}
)

// forget deletes a neighbour. One that another used is refused until MetalLB has forgotten that one.
func (c *realCluster) forget(neighbour metallbtest.Object) {
	var err error
	for range 100 {
		if err = c.in(resourceOf(Kind(neighbour.Kind))).Delete(c.t.Context(), neighbour.Name, metav1.DeleteOptions{}); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.t.Errorf("%s %s is still there: %v", neighbour.Kind, neighbour.Name, err)
}

// verdicts are the table, and what is known of how refusals are explained.
type verdicts struct {
	said       map[string]map[string]string // of an input, by column
	nativeOnly map[string]bool
	messages   map[string]string // of MetalLB's webhooks in which no field was found
	found      int
	lost       int
}

func newVerdicts() *verdicts {
	return &verdicts{said: map[string]map[string]string{}, nativeOnly: map[string]bool{}, messages: map[string]string{}}
}

func (v *verdicts) say(in metallbtest.BadInput, column, verdict string) {
	if v.said[idOf(in)] == nil {
		v.said[idOf(in)] = map[string]string{}
	}
	v.said[idOf(in)][column] = verdict
}

// explained counts a refusal of MetalLB's webhook by whether our explanation finds the field.
func (j *court) explained(in metallbtest.BadInput, err error) {
	where := place{cluster: "test", namespace: "metallb-system", object: in.Kind + " bad"}
	explained, _ := errors.AsType[*Error](where.explain(err))
	root, _, _ := strings.Cut(in.Field, ".")
	root, _, _ = strings.Cut(root, "[")
	either := strings.Contains(err.Error(), "no Address or Interface") && explained.Field == "peerAddress"
	switch {
	case explained.Field == root, either:
		j.found++
	case explained.Field == "":
		j.lost++
		j.messages[fmt.Sprintf("%s.%s: %s", in.Kind, root, explained.Message)] = j.version
	default:
		j.t.Errorf("%s %s: MetalLB's refusal is explained with %s: %v", in.Kind, in.Name, explained.Field, err)
	}
}

var columns = []string{"CRD", "0.13", "0.14", "0.15", "0.16"}

// String is the table.
func (v *verdicts) String() string {
	text := &strings.Builder{}
	fmt.Fprintf(text, "| kind | input | ours | CRD %s | %s | nobody |\n|%s\n", published["latest"], strings.Join(columns[1:], " | "), strings.Repeat("---|", 9))
	count := map[string]int{}
	for _, in := range metallbtest.BadInputs {
		row := []string{idOf(in), ours(in)}
		alone := notTheirs
		for _, column := range columns {
			said := v.said[idOf(in)][column]
			switch {
			case said == byCRD, strings.HasSuffix(said, byWebhook):
				alone = ""
			case said == nobody && column != "CRD" && alone == notTheirs:
				alone = nobody
			}
			row = append(row, said)
		}
		count[ours(in)+" / "+cmp.Or(alone, "they too")]++
		fmt.Fprintf(text, "| %s | %s |\n", strings.Join(row, " | "), alone)
	}
	fmt.Fprintf(text, "\n%d bad inputs: %v; %d good ones\n", len(metallbtest.BadInputs), count, len(metallbtest.GoodInputs))
	fmt.Fprintf(text, "refusals of webhooks: in %d the field is found, in %d not:\n", v.found, v.lost)
	for _, message := range slices.Sorted(maps.Keys(v.messages)) {
		fmt.Fprintf(text, "%s (%s)\n", message, v.messages[message])
	}
	return text.String()
}

// ours is when we refuse an input.
func ours(in metallbtest.BadInput) string {
	when := "plan"
	if in.AtApply != "" {
		when = "apply"
	}
	if in.Warning {
		when += ", a warning"
	}
	return when
}
