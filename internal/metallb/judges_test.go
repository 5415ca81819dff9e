package metallb

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb/metallbtest"
)

// TestJudges asks the real API server with each release's schema, and each release's real webhooks, for their opinion of
// the inputs that the rules are tested with: go test -run TestJudges -v prints who refuses what.
func TestJudges(t *testing.T) {
	begun := time.Now()
	c := newReal(t, Config{})
	// Some of the inputs are for nodes of this label, and MetalLB looks whether there are any.
	check(t, c.CreateNode(t.Context(), "node1", "127.0.0.1"))
	_, err := c.other.Resource(schema.GroupVersionResource{Version: "v1", Resource: "nodes"}).Patch(t.Context(), "node1", types.MergePatchType, []byte(`{"metadata":{"labels":{"rack":"1"}}}`), metav1.PatchOptions{})
	check(t, err)
	table := newVerdicts()
	for _, release := range []string{"0.13", "0.14", "0.15", "0.16"} {
		t.Run(release, func(t *testing.T) {
			for _, mode := range []Mode{Native, FRR} {
				j := &court{realCluster: c.with(t), version: published[release], mode: mode, verdicts: table}
				check(t, c.InstallMetalLB(t.Context(), kubetest.Release(release), kubetest.BGPType(string(mode)), kubetest.WithoutSpeaker()))
				if mode == Native {
					j.story()
				}
				j.judgeGood()
				j.judgeBad(release)
				if release == "0.16" || release == "0.15" && mode == FRR {
					j.judgeRandom()
				}
				check(t, c.UninstallMetalLB(t.Context()))
			}
			check(t, c.RemoveCRDs(t.Context()))
		})
	}
	t.Run("latest", func(t *testing.T) {
		check(t, c.InstallCRDs(t.Context()))
		j := &court{realCluster: c.with(t), version: published["latest"], verdicts: table}
		j.judgeGood()
		j.judgeBad("CRD")
	})
	t.Logf("in %s:\n%s", time.Since(begun).Round(time.Second), table)
}

// court is one MetalLB that judges, or, without a mode, the schema alone.
type court struct {
	*realCluster
	*verdicts
	version string
	mode    Mode
}

// newer are the fields of a specification that this MetalLB does not have.
func (j *court) newer(kind Kind, spec string) []string {
	var newer []string
	for field := range specOf(j.t, spec) {
		if !kind.has(field, j.version) {
			newer = append(newer, field)
		}
	}
	return newer
}

func (j *court) judgeGood() {
	for _, in := range metallbtest.GoodInputs {
		kind := Kind(in.Kind)
		err := j.try(metallbtest.Object{Kind: in.Kind, Name: "good", Spec: in.Spec}, dryRun)
		switch newer := j.newer(kind, in.Spec); {
		case len(newer) > 0:
			for _, field := range newer {
				if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("unknown field %q", "spec."+field)) {
					j.t.Errorf("the good %s %s has %s, which MetalLB %s does not: %v", kind, in.Name, field, j.version, err)
				}
			}
		case j.mode == "" || accepts(j.mode, in) || kind == BFDProfile: // of which the webhooks look at deletions only
			if err != nil {
				j.t.Errorf("the good %s %s: %v", kind, in.Name, err)
			}
		case err == nil || !onlyNative(err):
			j.t.Errorf("the good %s %s is good in %s mode only, and %s mode says %v", kind, in.Name, in.Needs, j.mode, err)
		}
	}
}

// judgeBad asks for what belongs into a column of the table. Those beside the same others are asked at once.
func (j *court) judgeBad(column string) {
	asked := map[string]bool{}
	for _, in := range metallbtest.BadInputs {
		together := fmt.Sprint(in.Beside)
		if asked[together] || j.mode == "" && in.Beside != nil {
			continue
		}
		asked[together] = true
		group := slices.DeleteFunc(slices.Clone(metallbtest.BadInputs), func(other metallbtest.BadInput) bool {
			return fmt.Sprint(other.Beside) != together || !j.concerns(other, column)
		})
		if len(group) > 0 {
			j.judgeGroup(group, column)
		}
	}
}

// concerns tells an input that is for this judge. What native mode refuses only for being native is for FRR's.
func (j *court) concerns(in metallbtest.BadInput, column string) bool {
	if j.mode != FRR {
		return in.Mode == "" || in.Mode == string(j.mode) || j.mode == ""
	}
	return strings.HasPrefix(in.Mode, "frr") || j.nativeOnly[column+idOf(in)]
}

func (j *court) judgeGroup(group []metallbtest.BadInput, column string) {
	var refusal error
	for _, other := range group[0].Beside {
		if err := j.try(other, always); err != nil {
			if onlyNative(err) {
				for _, in := range group {
					j.nativeOnly[column+idOf(in)] = true
				}
			}
			refusal = err
			break
		}
		defer j.forget(other)
	}
	if group[0].Beside != nil && refusal == nil {
		time.Sleep(settle)
	}
	for _, in := range group {
		if !theirs(in) {
			j.say(in, column, notTheirs)
			continue
		}
		if refusal != nil {
			j.say(in, column, "the neighbour: "+verdict(j.t, refusal))
			continue
		}
		err := j.try(metallbtest.Object{Kind: in.Kind, Name: "bad", Spec: in.Spec}, dryRun)
		said := verdict(j.t, err)
		if said == byWebhook {
			j.nativeOnly[column+idOf(in)] = in.Mode == "" && onlyNative(err)
			if !onlyNative(err) || in.Mode == string(Native) {
				j.explained(in, err)
			}
			if in.Warning && !onlyNative(err) && column == "0.16" {
				j.t.Errorf("%s %s is only a warning of ours, and MetalLB refuses it: %v", in.Kind, in.Name, err)
			}
		}
		j.say(in, column, said)
	}
}

// settle is how long MetalLB's webhooks get to learn of a neighbour that was made, or is gone.
const settle = 100 * time.Millisecond
