package metallb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

func wantNotice(t *testing.T, what string, made *Object, err error, part string) {
	t.Helper()
	check(t, err)
	if part == "" && len(made.Notices) > 0 || part != "" && !slices.ContainsFunc(made.Notices, func(n string) bool { return strings.Contains(n, part) }) {
		t.Errorf("%s: notices %q, want %q", what, made.Notices, part)
	}
}

// TestTruth: what MetalLB 0.15.3 says of its configuration after a write is told, and a good write costs next to nothing.
func TestTruth(t *testing.T) {
	c := newReal(t, Config{})
	ctx := t.Context()
	check(t, c.InstallMetalLB(ctx, kubetest.Release("0.15")))

	// Writes in one second, and each in one of its own: MetalLB's reports tell seconds.
	for _, gap := range []time.Duration{0, 1100 * time.Millisecond} {
		var took []time.Duration
		for i := range 4 {
			time.Sleep(gap)
			began := time.Now()
			name := fmt.Sprintf("p%d-%d", i, gap/time.Second)
			made, err := c.metallb.Create(ctx, pool(name, map[string]any{"addresses": []any{fmt.Sprintf("10.%d.%d.0/24", gap/time.Second, i)}, "protocol": "bgp"}))
			wantNotice(t, name, made, err, "")
			took = append(took, time.Since(began))
			began = time.Now()
			peer := storyPeer()
			peer.Name, peer.Spec["peerAddress"] = name, fmt.Sprintf("127.0.%d.%d", gap/time.Second, i+10)
			made, err = c.metallb.Create(ctx, peer)
			wantNotice(t, name, made, err, "")
			took = append(took, time.Since(began))
		}
		slices.Sort(took)
		t.Logf("gap %s: pool and peer in %s to %s, median %s", gap, took[0], took[len(took)-1], took[len(took)/2])
		if typical := took[len(took)/2]; typical > time.Second {
			t.Errorf("a good write takes %s", typical)
		}
	}

	// Without BFD profile it is refused before it is written.
	peer := storyPeer()
	peer.Name, peer.Spec["bfdProfile"], peer.Spec["peerAddress"] = "bfd", "missing", "127.0.0.9"
	var refused *Error
	if _, err := c.metallb.Create(ctx, peer); !errors.As(err, &refused) || refused.Field != "bfdProfile" {
		t.Errorf("with a profile that is missing: %v", err)
	}
	c.wantGone(resourceOf(BGPPeer), "bfd")

	aliases := &Object{Kind: Community, Name: "aliases", Spec: map[string]any{"communities": []any{
		map[string]any{"name": "keep", "value": "65000:1"}, map[string]any{"name": "drop", "value": "65000:2"},
	}}}
	made, err := c.metallb.Create(ctx, aliases)
	wantNotice(t, "aliases", made, err, "")
	advertisement := &Object{Kind: BGPAdvertisement, Name: "tagged", Spec: map[string]any{
		"ipAddressPools": []any{"p0-0"}, "communities": []any{"drop"},
	}}
	made, err = c.metallb.Create(ctx, advertisement)
	wantNotice(t, "advertisement", made, err, "")
	fewer := aliases.copy()
	fewer.Spec["communities"] = fewer.Spec["communities"].([]any)[:1]
	// It is Invalid at once, in the same second in which it was Valid.
	made, err = c.metallb.Update(ctx, aliases, fewer)
	wantNotice(t, "alias taken away", made, err, "MetalLB's speaker node1 does not accept its configuration")
	t.Logf("MetalLB says: %s", made.Notices)
	made, err = c.metallb.Update(ctx, fewer, aliases)
	wantNotice(t, "alias given back", made, err, "")

	// Somebody else's peer with a profile that is missing spoils it for all.
	c.apply(resourceOf(BGPPeer), `{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {name: foreign},
		spec: {myASN: 1, peerASN: 2, peerAddress: 127.0.0.8, bfdProfile: nowhere}}`)
	made, err = c.metallb.Update(ctx, advertisement, &Object{Kind: BGPAdvertisement, Name: "tagged", Spec: map[string]any{"communities": []any{"keep"}}})
	wantNotice(t, "beside a bad peer", made, err, "peer 127.0.0.8 has bfd-profile set on native bgp mode")
	check(t, c.in(resourceOf(BGPPeer)).Delete(ctx, "foreign", metav1.DeleteOptions{}))
}

// TestSilence: an older MetalLB says nothing of what it ignores; what is seen of it is told at each plan.
func TestSilence(t *testing.T) {
	c := newReal(t, Config{})
	ctx := t.Context()
	check(t, c.InstallMetalLB(ctx, kubetest.Release("0.14"), kubetest.WithoutSpeaker()))
	read := func(o *Object) (*Object, error) { return New(c.metallb.cluster, Config{}).Get(ctx, o) }
	silent := pool("silent", map[string]any{"addresses": []any{"10.0.0.0/24"}})
	made, err := c.metallb.Create(ctx, silent)
	wantNotice(t, "made", made, err, "")
	made, err = read(silent)
	wantNotice(t, "announced by nothing", made, err, "No BGPAdvertisement or L2Advertisement selects this pool")

	wrong := &Object{Kind: BGPAdvertisement, Name: "wrong", Spec: map[string]any{
		"ipAddressPools": []any{"nowhere"}, "peers": []any{"nobody"},
	}}
	began := time.Now()
	made, err = c.metallb.Create(ctx, wrong)
	wantNotice(t, "pool", made, err, "there is no IPAddressPool nowhere")
	wantNotice(t, "peer", made, err, "there is no BGPPeer nobody")
	if took := time.Since(began); took < doubtGrace {
		t.Errorf("a sibling had only %s to make them", took)
	}
	// Who has less time than that is not refused for it.
	hasty, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	made, err = c.metallb.Update(hasty, wrong, wrong)
	wantNotice(t, "in haste", made, err, "there is no BGPPeer nobody")
	made, err = read(wrong)
	wantNotice(t, "read", made, err, "there is no BGPPeer nobody")
	made, err = read(silent)
	wantNotice(t, "announced by another's", made, err, "No BGPAdvertisement")

	selecting := func(spec map[string]any) *Object {
		return &Object{Kind: L2Advertisement, Name: "selecting", Spec: spec}
	}
	byLabel := selecting(map[string]any{"ipAddressPoolSelectors": []any{map[string]any{"matchLabels": map[string]any{"zone": "a"}}}})
	_, err = c.metallb.Create(ctx, byLabel)
	check(t, err)
	made, err = read(silent)
	wantNotice(t, "of another label", made, err, "No BGPAdvertisement")
	labelled := silent.copy()
	labelled.Labels = map[string]string{"zone": "a"}
	_, err = c.metallb.Update(ctx, silent, labelled)
	check(t, err)
	made, err = read(silent)
	wantNotice(t, "selected by label", made, err, "")
	_, err = c.metallb.Update(ctx, labelled, silent)
	check(t, err)
	_, err = c.metallb.Update(ctx, byLabel, selecting(map[string]any{}))
	check(t, err)
	made, err = read(silent)
	wantNotice(t, "selected with all", made, err, "")
	check(t, c.metallb.Delete(ctx, byLabel))
	_, err = c.metallb.Update(ctx, silent, pool("silent", map[string]any{"addresses": []any{"10.0.0.0/24"}, "protocol": "layer2"}))
	check(t, err)
	made, err = read(silent)
	wantNotice(t, "announced by protocol", made, err, "")
}
