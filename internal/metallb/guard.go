package metallb

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// errSibling says that an object does not go together with another one, or lacks it: one that may be written, changed
// or removed in the same run.
var errSibling = errors.New("in the way of another object")

type siblingError struct{ text string }

func (e *siblingError) Error() string { return e.text }
func (e *siblingError) Unwrap() error { return errSibling }

func sibling(format string, arguments ...any) error {
	return &siblingError{fmt.Sprintf(format, arguments...)}
}

// elsewhere tells, of a kind that the ConfigMap does not have, where it says the same; "" of the others.
func elsewhere(kind Kind) string {
	switch kind {
	case BGPAdvertisement:
		return `Every pool of protocol "bgp" is announced to every peer: say how in the pool's own list of BGP advertisements.`
	case L2Advertisement:
		return `A pool of protocol "layer2" is announced by that.`
	default:
		return ""
	}
}

// occupied is about an identity that is taken.
func (s *configMapStore) occupied(want *Object, who identity) error {
	what := map[Kind]string{AddressPool: "a pool named", BFDProfile: "a BFD profile named", BGPPeer: "a peer at"}[want.Kind]
	refusal := s.where.refuse(ErrExists, "", fmt.Sprintf("ConfigMap %s has %s %s already", s.name, what, who), "")
	refusal.Key = want.Key
	return refusal
}

// loadable makes sure that MetalLB loads the text that an edit makes of another: it takes all of it or, with no word to
// whoever wrote it, nothing.
func (s *configMapStore) loadable(running release, kind Kind, before, after string) error {
	d, err := parseDocument(after)
	if err != nil {
		return s.malformed(err)
	}
	err = d.load(running)
	if err == nil {
		return nil
	}
	if had, parseErr := parseDocument(before); parseErr == nil {
		if already := had.load(running); already != nil {
			return s.where.refuse(ErrRefused, "", fmt.Sprintf("%s ignores the whole ConfigMap %s already, and would go on to: %s", running, s.name, already),
				"Correct it by hand first: until then MetalLB works with what it read last, and nothing that is added here would be seen.")
		}
	}
	var why *unloadable
	field := ""
	if errors.As(err, &why) && why.kind == kind {
		field = why.field
	}
	refusal := s.where.refuse(ErrRefused, field, fmt.Sprintf("%s would ignore the whole ConfigMap %s: %s", running, s.name, err), "")
	if errors.Is(err, errSibling) {
		refusal.err = errSibling
	}
	return refusal
}

// writable is the spec in the words of the text that the running MetalLB can read: one that it does not know, and it
// drops everything.
func (s *configMapStore) writable(ctx context.Context, want *Object) (map[string]any, release, error) {
	if advice := elsewhere(want.Kind); advice != "" {
		return nil, release{}, s.where.refuse(ErrRefused, "", fmt.Sprintf("the ConfigMap of MetalLB 0.9 to 0.12 has no %ss", want.Kind), advice)
	}
	if len(want.Labels) > 0 {
		return nil, release{}, s.where.refuse(ErrRefused, "labels", "the ConfigMap of MetalLB 0.9 to 0.12 has no labels", "Leave them out.")
	}
	running, err := s.running(ctx)
	if err != nil {
		return nil, running, err
	}
	section := sections[want.Kind]
	if err := s.knows(running, section, ""); err != nil {
		return nil, running, err
	}
	if want.Kind == Community {
		return nil, running, s.nameable(want)
	}
	if want.Kind == AddressPool && want.text("protocol") == "" {
		return nil, running, s.where.refuse(ErrRefused, "protocol", `no protocol: in the ConfigMap every pool has one, "bgp" or "layer2"`, "")
	}
	spec := maps.Clone(want.Spec)
	if managed, present := spec["managedPassword"]; present {
		if _, both := spec["password"]; both {
			return nil, running, s.where.refuse(ErrRefused, "managedPassword", "a peer has one password, and there are password and managedPassword", "")
		}
		delete(spec, "managedPassword")
		if managed != ManagedPasswordSet {
			spec["password"] = managed
		}
	}
	if !running.from(since012) {
		delete(spec, "ebgpMultiHop") // before 0.12, which is what an unknown one counts as, every session may be multihop
	}
	return spec, running, s.spellable(running, want.Kind, section.words, spec, "")
}

// spellable refuses fields that the text, or the running MetalLB, has no word for.
func (s *configMapStore) spellable(running release, kind Kind, words []word, spec map[string]any, path string) error {
	for _, field := range slices.Sorted(maps.Keys(spec)) {
		i := slices.IndexFunc(words, func(w word) bool { return w.field == field })
		if i < 0 {
			advice := fmt.Sprintf("Leave it out, or install MetalLB %s or newer, which is configured by custom resources.", max(kind.Since(field), "0.13"))
			if field == "passwordSecret" {
				advice = "Give the password itself, which the ConfigMap then shows to whoever may read it."
			}
			return s.where.refuse(ErrRefused, path+field, fmt.Sprintf("the ConfigMap of MetalLB 0.9 to 0.12 has no word for %s", path+field), advice)
		}
		if err := s.knows(running, words[i], path+field); err != nil {
			return err
		}
		list, _ := spec[field].([]any)
		for n, e := range list {
			if e, nested := e.(map[string]any); nested && words[i].words != nil {
				if err := s.spellable(running, kind, words[i].words, e, fmt.Sprintf("%s%s[%d].", path, field, n)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// knows refuses a word that is newer than the running MetalLB.
func (s *configMapStore) knows(running release, w word, field string) error {
	switch {
	case w.since == nil || running.from(w.since):
		return nil
	case running.version == nil:
		return s.where.refuse(ErrRefused, field, fmt.Sprintf(
			"MetalLB knows %s from %s, and which version runs is not known: namespace %s has no Deployment controller to see it from",
			w.key, majorMinor(w.since), s.where.namespace), "Leave it out, or install MetalLB first.")
	}
	return s.where.refuse(ErrRefused, field, fmt.Sprintf("MetalLB knows %s from %s, and %s is running",
		w.key, majorMinor(w.since), running.version), "Leave it out, or upgrade MetalLB.")
}

// nameable wants a Community to have aliases: it is nothing else in the text.
func (s *configMapStore) nameable(want *Object) error {
	aliases := aliasesOf(want.Spec)
	if len(aliases) == 0 {
		return s.where.refuse(ErrRefused, "communities", "no communities: in the ConfigMap they are all that there is of it", "Give it one, or leave it out.")
	}
	for i, a := range aliases {
		if named(aliases[:i], a.name) {
			return s.where.refuse(ErrRefused, fmt.Sprintf("communities[%d].name", i), fmt.Sprintf("%s is there twice", a.name), "")
		}
	}
	return nil
}

// withoutPassword is an object as it is given back.
func withoutPassword(want *Object) *Object {
	if _, managed := want.Spec["managedPassword"]; managed {
		want.Spec["managedPassword"] = ManagedPasswordSet
	}
	return want
}

// impliedMultiHop reads the key that writable leaves out as what it stands for.
func (s *configMapStore) impliedMultiHop(ctx context.Context, known *Object, spec map[string]any) error {
	if _, written := spec["ebgpMultiHop"]; written || known.Spec["ebgpMultiHop"] != true {
		return nil
	}
	running, err := s.running(ctx)
	if err == nil && !running.from(since012) {
		spec["ebgpMultiHop"] = true
	}
	return err
}

// notices warn of a text that MetalLB ignores, whichever version it is, and of whoever else writes it.
func (s *configMapStore) notices(u *unstructured.Unstructured, d *document) []string {
	notices := s.owners(u)
	if err := d.load(release{}); err != nil {
		notices = append(notices, fmt.Sprintf("MetalLB ignores the whole ConfigMap %s, and works with what it read last: %v", s.name, err))
	}
	return notices
}

// owners warn of whoever else writes the ConfigMap.
func (s *configMapStore) owners(u *unstructured.Unstructured) []string {
	owner := declaredBy(u)
	if owner == "" {
		return nil
	}
	return []string{fmt.Sprintf("ConfigMap %s belongs to %s, which undoes what is written here when it comes to it. "+
		"Have it leave this ConfigMap alone, or keep this configuration there.", s.name, owner)}
}

// declaredBy tells the tool that keeps an object as it has it declared; "" if none is known to.
func declaredBy(u *unstructured.Unstructured) string {
	labels, annotations := u.GetLabels(), u.GetAnnotations()
	for _, sign := range []struct{ tool, value string }{
		{"Argo CD", annotations["argocd.argoproj.io/tracking-id"]},
		{"Argo CD", labels["argocd.argoproj.io/instance"]},
		{"Flux", labels["kustomize.toolkit.fluxcd.io/name"]},
		{"Flux", labels["helm.toolkit.fluxcd.io/name"]},
		{"Helm", annotations["meta.helm.sh/release-name"]},
	} {
		if sign.value != "" {
			return fmt.Sprintf("%s (%s)", sign.tool, sign.value)
		}
	}
	if strings.EqualFold(labels[managedBy], "Helm") {
		return "Helm"
	}
	return ""
}
