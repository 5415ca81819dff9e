package metallb

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

var secretResource = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

// basicAuth is the type that MetalLB demands of a Secret with a peer's password.
const basicAuth = "kubernetes.io/basic-auth"

// passwordSecret is the name of the Secret that keeps a managed password.
func passwordSecret(peer string) string { return peer + "-bgp-password" }

// writePassword keeps a managed password that is new in its Secret, and gives the spec that refers to it.
func (s *crdStore) writePassword(ctx context.Context, want *Object) (map[string]any, error) {
	spec := ownSpec(want.Spec)
	password, managed := want.Spec["managedPassword"].(string)
	if !managed {
		return spec, nil
	}
	name := passwordSecret(want.Name)
	spec["passwordSecret"] = map[string]any{"name": name, "namespace": want.Namespace}
	if password == ManagedPasswordSet {
		return spec, nil
	}
	found, err := s.cluster.Get(ctx, secretResource, want.Namespace, name)
	switch {
	case err == nil && !isOurs(found):
		return nil, s.where.refuse(ErrExists, "managedPassword", fmt.Sprintf("the password is kept in Secret %s, and there is one of somebody else's", name),
			"Refer to that one as password_secret, or remove it.")
	case err != nil && !errors.Is(err, kube.ErrNotFound):
		return nil, err
	}
	secret := bare(secretResource, "Secret", want.Namespace, name)
	secret.SetLabels(map[string]string{managedBy: kube.FieldManager})
	secret.Object["type"] = basicAuth
	secret.Object["data"] = map[string]any{"password": base64.StdEncoding.EncodeToString([]byte(password))}
	_, err = s.apply(ctx, secretResource, secret)
	return spec, err
}

// readPassword puts a managed password in the place of the reference to its Secret, if that is there. A reference that is
// known as the user's own stays one, whatever it is called.
func (s *crdStore) readPassword(ctx context.Context, known, peer *Object) error {
	reference, _ := peer.Spec["passwordSecret"].(map[string]any)
	if reference["name"] != passwordSecret(peer.Name) || known.Spec["passwordSecret"] != nil {
		return nil
	}
	found, err := s.cluster.Get(ctx, secretResource, peer.Namespace, passwordSecret(peer.Name))
	switch {
	case apierrors.IsForbidden(err), err == nil && isOurs(found):
		delete(peer.Spec, "passwordSecret")
		peer.Spec["managedPassword"] = ManagedPasswordSet
		return nil
	case errors.Is(err, kube.ErrNotFound):
		delete(peer.Spec, "passwordSecret") // it refers to nothing
		return nil
	}
	return err
}

// dropPassword removes the Secret of a password that is managed no more.
func (s *crdStore) dropPassword(ctx context.Context, prior, want *Object) error {
	if prior.Spec["managedPassword"] == nil || want.Spec["managedPassword"] != nil {
		return nil
	}
	return persist(ctx, func(ctx context.Context) error {
		found, err := s.cluster.Get(ctx, secretResource, want.Namespace, passwordSecret(want.Name))
		if errors.Is(err, kube.ErrNotFound) || err == nil && !isOurs(found) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.erase(ctx, secretResource, found)
	})
}

// isOurs tells an object that belongs to one of ours and comes and goes with it.
func isOurs(u *unstructured.Unstructured) bool { return u.GetLabels()[managedBy] == kube.FieldManager }
