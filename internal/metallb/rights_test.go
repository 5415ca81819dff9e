package metallb

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// roles are those of the documentation, less what drop drops, under a name of their own.
func (c *realCluster) roles(name string, drop func(resource, verb string) bool) string {
	c.t.Helper()
	text, err := os.ReadFile("../../examples/kubernetes/role.yaml")
	check(c.t, err)
	var documents []string
	for document := range strings.SplitSeq(string(text), "\n---\n") {
		var role rbacv1.Role
		check(c.t, yaml.UnmarshalStrict([]byte(document), &role))
		role.Name = name
		var rules []rbacv1.PolicyRule
		for _, rule := range role.Rules {
			for _, resource := range rule.Resources {
				verbs := slices.DeleteFunc(slices.Clone(rule.Verbs), func(verb string) bool { return drop(resource, verb) })
				rules = append(rules, rbacv1.PolicyRule{APIGroups: rule.APIGroups, Resources: []string{resource}, Verbs: verbs})
			}
		}
		role.Rules = slices.DeleteFunc(rules, func(rule rbacv1.PolicyRule) bool { return len(rule.Verbs) == 0 })
		text, err := yaml.Marshal(role)
		check(c.t, err)
		documents = append(documents, string(text))
	}
	return strings.Join(documents, "\n---\n")
}

// as gives MetalLB as a user sees it who has these roles.
func (c *realCluster) as(name, roles string) func() *MetalLB {
	c.t.Helper()
	path, err := c.UserKubeconfig(c.t.Context(), name, roles)
	check(c.t, err)
	cluster, err := kube.New(kube.Config{ConfigPaths: []string{path}})
	check(c.t, err)
	return func() *MetalLB { return New(cluster, Config{}) }
}

// lived creates, reads, changes and deletes an object.
func lived(t *testing.T, m func() *MetalLB, o, changed *Object) ([]string, error) {
	made, err := m().Create(t.Context(), o)
	if err != nil {
		return nil, err
	}
	notices := made.Notices
	if made, err = m().Get(t.Context(), o); err != nil {
		return nil, err
	}
	notices = append(notices, made.Notices...)
	if made, err = m().Update(t.Context(), o, changed); err != nil {
		return nil, err
	}
	return append(notices, made.Notices...), m().Delete(t.Context(), changed)
}

// lives are one object of each kind, and what it is changed to.
func lives(name string) map[string][2]*Object {
	of := func(kind Kind, first, second map[string]any) [2]*Object {
		return [2]*Object{{Kind: kind, Name: name, Spec: first}, {Kind: kind, Name: name, Spec: second}}
	}
	peer := func(password any) map[string]any {
		spec := storyPeer().Spec
		if password != nil {
			spec["managedPassword"] = password
		}
		return spec
	}
	all := map[string][2]*Object{
		"ipaddresspools": of(AddressPool, map[string]any{"addresses": []any{"10.0.0.0/24"}, "protocol": "bgp"},
			map[string]any{"addresses": []any{"10.0.0.0/23"}, "protocol": "layer2"}),
		"bgppeers":         of(BGPPeer, peer(nil), peer(nil)),
		"bfdprofiles":      of(BFDProfile, map[string]any{}, map[string]any{"passiveMode": true}),
		"communities":      of(Community, map[string]any{"communities": []any{map[string]any{"name": "a", "value": "1:2"}}}, map[string]any{}),
		"l2advertisements": of(L2Advertisement, map[string]any{}, map[string]any{"interfaces": []any{"eth0"}}),
		"secrets":          of(BGPPeer, peer("canary"), peer(nil)),
	}
	all["bgpadvertisements"] = of(BGPAdvertisement, map[string]any{"localPref": int64(1)}, map[string]any{"localPref": int64(2)})
	all["services"] = all["ipaddresspools"]
	return all
}

// TestRights: with the documented roles all goes well, and of each right that is missing the error says which it is.
func TestRights(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	type right struct{ resource, verb string }
	var rights []right
	for resource := range lives("x") {
		verbs := []string{"get", "list", "create", "patch", "delete"}
		switch resource {
		case "services":
			verbs = []string{"list"}
		case "secrets":
			verbs = []string{"get", "create", "patch", "delete"}
		}
		for _, verb := range verbs {
			rights = append(rights, right{resource, verb})
		}
	}
	for i, missing := range rights {
		name := fmt.Sprintf("user%d", i)
		m := c.as(name, c.roles(name, func(resource, verb string) bool { return resource == missing.resource && verb == missing.verb }))
		life := lives(name)[missing.resource]
		group, where, role := "metallb.io", `in namespace "metallb-system"`, "a Role in namespace metallb-system"
		switch missing.resource {
		case "services":
			group, where, role = "", "at the cluster scope", "a ClusterRole bound by a ClusterRoleBinding"
		case "secrets":
			group = ""
		}
		var err error
		for range 50 { // until the API server has noticed the roles
			_, err = lived(t, m, life[0], life[1])
			if err != nil && strings.Contains(err.Error(), fmt.Sprintf("cannot %s resource %q", missing.verb, missing.resource)) {
				break
			}
			_ = c.metallb.Delete(t.Context(), life[0])
			time.Sleep(100 * time.Millisecond)
		}
		var e *Error
		rule := fmt.Sprintf("%s with the rule {apiGroups: [%q], resources: [%q], verbs: [%q]}", role, group, missing.resource, missing.verb)
		if !errors.As(err, &e) || e.Kind != ErrForbidden || !strings.Contains(strings.ReplaceAll(e.Message, "the namespace", "namespace"), where) ||
			!strings.Contains(e.Advice, rule) || !strings.Contains(e.Advice, "system:serviceaccount:default:"+name) {
			t.Errorf("without %v: %#v", missing, err)
		}
		check(t, c.metallb.Delete(t.Context(), life[0]))
	}
}

// TestFewRights: what is only there to warn is not missed, and whoever has no managed passwords needs no Secrets.
func TestFewRights(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallMetalLB(t.Context(), kubetest.Release("0.15"), kubetest.WithoutSpeaker()))
	for name, lacks := range map[string][]string{
		"all":    nil,
		"thrift": {"secrets", "pods", "configurationstates", "configmaps", "deployments", "daemonsets", "nodes", "events"},
	} {
		m := c.as(name, c.roles(name, func(resource, _ string) bool { return slices.Contains(lacks, resource) }))
		for resource, life := range lives(name) {
			if resource == "secrets" && lacks != nil || resource == "bfdprofiles" { // native BGP has none
				continue
			}
			var notices []string
			var err error
			for range 20 {
				if notices, err = lived(t, m, life[0], life[1]); err == nil || !errors.Is(err, ErrForbidden) {
					break
				}
				time.Sleep(100 * time.Millisecond)
			}
			if err != nil || len(notices) > 0 {
				t.Errorf("%s, %s: %v %q", name, resource, err, notices)
			}
		}
	}
	// Nobody's pool is announced by nothing, as far as one can tell who may not see all kinds.
	m := c.as("blind", c.roles("blind", func(resource, _ string) bool { return resource == "communities" }))
	_, err := c.metallb.Create(t.Context(), pool("plain", map[string]any{"addresses": []any{"10.0.0.0/24"}}))
	check(t, err)
	for range 20 {
		var found *Object
		if found, err = m().Get(t.Context(), &Object{Kind: AddressPool, Name: "plain"}); err == nil {
			if len(found.Notices) > 0 {
				t.Errorf("%q", found.Notices)
			}
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	check(t, err)
}

// TestNoEntry: credentials that nobody knows, and a namespace that is being deleted, are not rights that are missing.
func TestNoEntry(t *testing.T) {
	c := newReal(t, Config{})
	check(t, c.InstallCRDs(t.Context()))
	config := c.Config()
	stranger, err := kube.New(kube.Config{Host: config.Host, Insecure: true, Token: "expired"})
	check(t, err)
	namespaces := c.other.Resource(core("namespaces"))
	_, err = namespaces.Create(t.Context(), bare(core("namespaces"), "Namespace", "", "leaving"), metav1.CreateOptions{})
	check(t, err)
	_, err = c.metallb.Create(t.Context(), &Object{Kind: Community, Namespace: "leaving", Name: "stays", Spec: map[string]any{}})
	check(t, err)
	// Nothing runs here that would empty it.
	check(t, namespaces.Delete(t.Context(), "leaving", metav1.DeleteOptions{}))
	for name, tt := range map[string]struct {
		metallb *MetalLB
		kind    error
		advice  string
	}{
		"expired": {New(stranger, Config{}), ErrForbidden, "have they expired?"},
		"leaving": {New(c.metallb.cluster, Config{Namespace: "leaving"}), ErrRefused, "The namespace is being deleted"},
	} {
		var e *Error
		_, err := tt.metallb.Create(t.Context(), pool("p", map[string]any{"addresses": []any{"10.0.0.0/24"}}))
		if !errors.As(err, &e) || e.Kind != tt.kind || !strings.Contains(e.Advice, tt.advice) {
			t.Errorf("%s: %#v", name, err)
		}
	}
}
