package lifecycle

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestManifests: of the states that other providers have had over the years the object is told.
func TestManifests(t *testing.T) {
	labelled := manifest{"metallb.io/v1beta1", "IPAddressPool", metadata{"web", "metallb-system", map[string]string{"team": "net"}}}
	plain := manifest{"metallb.io/v1beta1", "IPAddressPool", metadata{Name: "web", Namespace: "default"}}
	const typed = `"type": ["object", {"kind": "string"}]`
	for _, c := range []struct {
		name, from, state string
		want              manifest
	}{
		{"both", "kubernetes_manifest", `{"computed_fields": null, "field_manager": [], "timeouts": [], "wait": [], "wait_for": null,
			"manifest": {"value": {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool", "spec": {"addresses": ["10.0.0.0/24"]},
				"metadata": {"name": "web", "namespace": "metallb-system", "labels": {"team": "net"}}}, ` + typed + `},
			"object": {"value": {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool", "spec": {"addresses": ["10.0.0.0/24"], "autoAssign": null},
				"metadata": {"name": "web", "namespace": "metallb-system", "labels": {"team": "net", "of": "others"}, "uid": null}}, ` + typed + `}}`, labelled},
		{"no namespace wanted", "kubernetes_manifest", `{"manifest": {"value": {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool",
			"metadata": {"name": "web"}}, ` + typed + `}, "object": {"value": {"metadata": {"name": "web", "namespace": "default"}}, ` + typed + `}}`, plain},
		{"never applied", "kubernetes_manifest", `{"manifest": {"value": {"apiVersion": "metallb.io/v1beta1", "kind": "IPAddressPool",
			"metadata": {"name": "web", "namespace": "default"}}, ` + typed + `}, "object": null}`, plain},
		{"nothing", "kubernetes_manifest", `{"manifest": null}`, manifest{}},
		{"body", "kubectl_manifest", `{"id": "/apis/metallb.io/v1beta1/namespaces/metallb-system/ipaddresspools/web", "api_version": "metallb.io/v1beta1",
			"kind": "IPAddressPool", "name": "web", "namespace": "metallb-system", "force_new": false, "sensitive_fields": null, "uid": "1",
			"yaml_body": "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata: {name: web, namespace: metallb-system, labels: {team: net}}\n"}`, labelled},
		{"no namespace in it", "kubectl_manifest", `{"id": "/apis/metallb.io/v1beta1/namespaces/default/ipaddresspools/web", "namespace": "",
			"yaml_body": "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata:\n  name: web\n"}`, plain},
		{"namespace overridden", "kubectl_manifest", `{"id": "/apis/metallb.io/v1beta1/namespaces/default/ipaddresspools/web", "override_namespace": "default",
			"yaml_body": "apiVersion: metallb.io/v1beta1\nkind: IPAddressPool\nmetadata:\n  name: web\n  namespace: elsewhere\n"}`, plain},
		{"no body", "kubectl_manifest", `{"id": "1", "api_version": "metallb.io/v1beta1", "kind": "IPAddressPool", "name": "web", "namespace": "default",
			"yaml_body": null}`, plain},
	} {
		t.Run(c.from+"/"+c.name, func(t *testing.T) {
			got, err := manifests[c.from]([]byte(c.state))
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
	for _, state := range []string{`[]`, `{"manifest": {"value": "text"}}`} {
		_, err := kubernetesManifest([]byte(state))
		assert.Error(t, err, state)
	}
	for _, state := range []string{`[]`, `{"yaml_body": "kind: [x"}`} {
		_, err := kubectlManifest([]byte(state))
		assert.Error(t, err, state)
	}
}
