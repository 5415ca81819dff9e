package acceptance

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
)

// gitopsVariable names the file with the CRDs of what runs the manifests of examples/gitops, which is looked for outside
// of the network namespace.
const gitopsVariable = "TF_ACC_GITOPS_CRDS"

func findGitOpsCRDs() error {
	if os.Getenv(gitopsVariable) != "" {
		return nil
	}
	found, err := kubetest.RunTools("crds", "gitops")
	if err != nil {
		return err
	}
	return os.Setenv(gitopsVariable, found[0])
}

// TestGitOpsManifests lets an API server judge Flux's manifests by the CRDs of the controllers that take them, with every
// unknown field an error; and there is one for each site.
func TestGitOpsManifests(t *testing.T) {
	flux := fluxed{t, kubetest.StartTest(t)}
	for _, definition := range objects(t, os.Getenv(gitopsVariable)) {
		require.NoError(t, flux.create(definition))
	}
	require.NoError(t, flux.create(&unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "flux-system"},
	}}))

	files, err := filepath.Glob(filepath.Join(Root(), "examples", "gitops", "flux", "*.yaml"))
	require.NoError(t, err)
	var sites []string
	for _, file := range files {
		for _, manifest := range objects(t, file) {
			require.EventuallyWithT(t, func(c *assert.CollectT) { // the API server takes its time to serve them
				require.NoError(c, flux.create(manifest, metav1.DryRunAll), file)
			}, 30*time.Second, 200*time.Millisecond)
			if manifest.GetKind() == "Terraform" {
				sites = append(sites, manifest.GetName())
				mustBeSite(t, manifest)
				wrong := manifest.DeepCopy()
				require.NoError(t, unstructured.SetNestedField(wrong.Object, "auto", "spec", "approvePlans"))
				require.ErrorContains(t, flux.create(wrong, metav1.DryRunAll), `unknown field "spec.approvePlans"`)
			}
		}
	}
	want, err := filepath.Glob(filepath.Join(Root(), "examples", "gitops", "sites", "*.yaml"))
	require.NoError(t, err)
	for i := range want {
		want[i] = strings.TrimSuffix(filepath.Base(want[i]), ".yaml")
	}
	assert.Equal(t, want, sites)
}

// fluxed is a cluster that knows Flux's resources.
type fluxed struct {
	t       *testing.T
	cluster *kubetest.Cluster
}

func (f fluxed) create(object *unstructured.Unstructured, dryRun ...string) error {
	client, err := dynamic.NewForConfig(f.cluster.Config())
	require.NoError(f.t, err)
	resource, _ := meta.UnsafeGuessKindToResource(schema.FromAPIVersionAndKind(object.GetAPIVersion(), object.GetKind()))
	_, err = client.Resource(resource).Namespace(object.GetNamespace()).Create(f.t.Context(), object,
		metav1.CreateOptions{DryRun: dryRun, FieldValidation: metav1.FieldValidationStrict})
	return err
}

// objects are the documents of a file of manifests.
func objects(t *testing.T, file string) (all []*unstructured.Unstructured) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	for document := range bytes.SplitSeq(append([]byte("\n"), text...), []byte("\n---\n")) {
		object := &unstructured.Unstructured{}
		require.NoError(t, yaml.UnmarshalStrict(document, &object.Object), file)
		if object.Object != nil {
			all = append(all, object)
		}
	}
	return all
}

var setting = regexp.MustCompile(`(?m)^ *(\w+) += (.*)$`)

// mustBeSite wants an object Terraform to have the site's own workspace and secret, and the pipelines' backend.
func mustBeSite(t *testing.T, manifest *unstructured.Unstructured) {
	t.Helper()
	field := func(path ...string) (text string) {
		text, _, err := unstructured.NestedString(manifest.Object, append([]string{"spec"}, path...)...)
		require.NoError(t, err)
		return text
	}
	assert.Equal(t, manifest.GetName(), field("workspace"))
	settings := func(text string) (all []string) {
		for _, found := range setting.FindAllStringSubmatch(text, -1) {
			all = append(all, found[1]+" = "+found[2])
		}
		slices.Sort(all)
		return all
	}
	var pipelines string
	for _, file := range []string{"backend.tf", "backend.hcl"} {
		text, err := os.ReadFile(filepath.Join(Root(), "examples", "gitops", file))
		require.NoError(t, err)
		pipelines += string(text)
	}
	assert.Equal(t, settings(pipelines), settings(field("backendConfig", "customConfiguration")))
}
