package kubetest

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

const usersNamespace = "default"

var serviceAccounts = schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}

// UserKubeconfig gives the path of a kubeconfig file of a user who may do what the given roles allow and no more: YAML
// documents of kind Role, each of a namespace that exists, or ClusterRole. Without any, the user may not read a thing.
// The API server calls the user system:serviceaccount:default:NAME.
func (c *Cluster) UserKubeconfig(ctx context.Context, name, roles string) (string, error) {
	account := object{"kind": "ServiceAccount", "metadata": object{"namespace": usersNamespace, "name": name}}
	if err := c.apply(ctx, serviceAccounts, account); err != nil {
		return "", err
	}
	for document := range bytes.SplitSeq([]byte("\n"+roles), []byte("\n---")) {
		var role object
		if err := yaml.Unmarshal(document, &role); err != nil {
			return "", fmt.Errorf("the roles of %s: %w", name, err)
		}
		if role == nil {
			continue
		}
		if err := c.grant(ctx, name, role); err != nil {
			return "", err
		}
	}
	request := &unstructured.Unstructured{Object: object{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest"}}
	request.SetName(name)
	answer, err := c.in(serviceAccounts, usersNamespace).Create(ctx, request, metav1.CreateOptions{}, "token")
	if err != nil {
		return "", fmt.Errorf("a token for %s: %w", name, err)
	}
	token, _, err := unstructured.NestedString(answer.Object, "status", "token")
	if err != nil {
		return "", err
	}
	path := filepath.Join(c.dir, "kubeconfig-"+name)
	return path, c.writeKubeconfig(path, token)
}

// grant creates a role and gives it to a user.
func (c *Cluster) grant(ctx context.Context, user string, role object) error {
	kind, _ := role["kind"].(string)
	resources := map[string]string{"Role": "role", "ClusterRole": "clusterrole"}
	if resources[kind] == "" {
		return fmt.Errorf("the roles of %s: %q is neither Role nor ClusterRole", user, kind)
	}
	rbac := schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1"}
	if err := c.apply(ctx, rbac.GroupVersion().WithResource(resources[kind]+"s"), role); err != nil {
		return err
	}
	namespace, _, _ := unstructured.NestedString(role, "metadata", "namespace")
	return c.apply(ctx, rbac.GroupVersion().WithResource(resources[kind]+"bindings"), object{
		"kind":     kind + "Binding",
		"metadata": object{"namespace": namespace, "name": user + "-" + nameOf(role)},
		"roleRef":  object{"apiGroup": rbac.Group, "kind": kind, "name": nameOf(role)},
		"subjects": []any{object{"kind": "ServiceAccount", "namespace": usersNamespace, "name": user}},
	})
}
