package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// TestManagedPassword: the password of a peer is in its Secret and nowhere else, not even in the logs; it comes with the
// peer, changes with its version, comes back if somebody removes it, and goes with the peer.
func TestManagedPassword(t *testing.T) {
	cluster := kubetest.StartTest(t)
	require.NoError(t, cluster.InstallCRDs(t.Context()))
	client, err := kubernetes.NewForConfig(cluster.Config())
	require.NoError(t, err)
	secrets := client.CoreV1().Secrets(namespace)
	const name = "router-bgp-password"
	mustBe := func(password string) {
		t.Helper()
		secret, err := secrets.Get(t.Context(), name, metav1.GetOptions{})
		require.NoError(t, err)
		assert.Equal(t, corev1.SecretTypeBasicAuth, secret.Type)
		assert.Equal(t, map[string][]byte{"password": []byte(password)}, secret.Data)
		peers := crds{t, cluster}.list(t, "v1beta2", "bgppeers")
		require.Len(t, peers, 1)
		spec := plainSpec(t, peers[0])
		assert.Equal(t, map[string]any{"name": name, "namespace": namespace}, spec["passwordSecret"])
		assert.NotContains(t, spec, "password")
	}

	logs := filepath.Join(t.TempDir(), "log")
	t.Setenv("TF_LOG", "TRACE")
	t.Setenv("TF_LOG_PATH", logs)
	dir, run := build(t, os.Getenv("TF_ACC_TERRAFORM_PATH")).in(t, map[string]string{
		"main.tf": configure(nil, fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig()), `
variable "password" {
  type      = string
  ephemeral = true
}
variable "password_version" { type = number }

resource "metallb_bgp_peer" "router" {
  provider            = routeros
  name                = "router"
  my_asn              = 65001
  peer_asn            = 65000
  peer_address        = "192.168.5.1"
  password_wo         = var.password
  password_wo_version = var.password_version
}`),
	})
	with := func(password string, version int) {
		t.Setenv("TF_VAR_password", password)
		t.Setenv("TF_VAR_password_version", fmt.Sprint(version))
	}

	with("canary-one", 1)
	told := run("plan", "-no-color", "-out=plan") + run("show", "-json", "plan") + run("apply", "-no-color", "-auto-approve", "plan")
	mustBe("canary-one")
	with("canary-two", 1)
	assert.Contains(t, run("plan", "-no-color", "-detailed-exitcode"), "No changes.", "only a new version sends it again")
	with("canary-two", 2)
	told += run("apply", "-no-color", "-auto-approve")
	mustBe("canary-two")
	require.NoError(t, secrets.Delete(t.Context(), name, metav1.DeleteOptions{}))
	told += run("apply", "-no-color", "-auto-approve")
	mustBe("canary-two")
	told += run("plan", "-no-color", "-detailed-exitcode")
	for _, file := range []string{logs, filepath.Join(dir, "terraform.tfstate"), filepath.Join(dir, "terraform.tfstate.backup")} {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.NotEmpty(t, text)
		told += string(text)
	}
	assert.Contains(t, told, "password_wo_version")
	for _, secret := range []string{"canary", "Y2FuYXJ5"} { // as it is, and in base64
		if at := strings.Index(told, secret); at >= 0 {
			t.Errorf("the password is told: %s", told[max(0, at-300):at+20])
		}
	}
	run("destroy", "-no-color", "-auto-approve")
	_, err = secrets.Get(t.Context(), name, metav1.GetOptions{})
	assert.True(t, apierrors.IsNotFound(err), "the Secret goes with the peer: %v", err)
	crds{t, cluster}.mustBeEmpty(t)
}
