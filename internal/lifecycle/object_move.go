package lifecycle

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"sigs.k8s.io/yaml"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// manifest is what there is to know of an object that another provider has made.
type manifest struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   metadata `json:"metadata"`
}

type metadata struct {
	Name      string            `json:"name"`
	Namespace string            `json:"namespace"`
	Labels    map[string]string `json:"labels"`
}

// manifests are the types of other providers that are an object of any kind, and how their states are read. They have had
// several publishers, who kept the states' form.
var manifests = map[string]func(state []byte) (manifest, error){
	"kubernetes_manifest": kubernetesManifest,
	"kubectl_manifest":    kubectlManifest,
}

// typeNames are our types by their kinds, for advice.
var typeNames = map[metallb.Kind]string{
	metallb.AddressPool:      "metallb_address_pool",
	metallb.BGPPeer:          "metallb_bgp_peer",
	metallb.BGPAdvertisement: "metallb_bgp_advertisement",
	metallb.L2Advertisement:  "metallb_l2_advertisement",
	metallb.BFDProfile:       "metallb_bfd_profile",
	metallb.Community:        "metallb_community",
}

// MoveState takes over the state of an object that another provider has made from a manifest. It is asked of a provider
// that is not configured, so that it takes names and labels alone; the Read that follows reads the rest as after an
// import, and the first Update makes the fields ours.
func (r *objectResource[M]) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{{StateMover: r.move}}
}

func (r *objectResource[M]) move(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
	read, is := manifests[req.SourceTypeName]
	if !is {
		return
	}
	source, err := read(req.SourceRawState.JSON)
	why := r.unfit(source)
	if err != nil {
		why = "Its state cannot be read: " + err.Error()
	}
	if why != "" {
		resp.Diagnostics.AddError(fmt.Sprintf("Unable to move a %s to a %s", req.SourceTypeName, r.declared.Type), why)
		return
	}
	who := source.Metadata
	resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("name"), who.Name)...)
	if who.Namespace != "" {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("namespace"), who.Namespace)...)
	}
	if len(who.Labels) > 0 {
		resp.Diagnostics.Append(resp.TargetState.SetAttribute(ctx, path.Root("labels"), who.Labels)...)
	}
	identify(ctx, resp.TargetIdentity, &metallb.Object{Namespace: who.Namespace, Key: who.Name}, &resp.Diagnostics)
}

// unfit says why an object is none of this type, "" if it is one, in whatever version of its kind.
func (r *objectResource[M]) unfit(source manifest) string {
	group, _, _ := strings.Cut(source.APIVersion, "/")
	is := fmt.Sprintf("%s is of kind %s in %s", source.Metadata.Name, source.Kind, source.APIVersion)
	ours, known := typeNames[metallb.Kind(source.Kind)]
	switch {
	case source.Kind == "" || source.Metadata.Name == "":
		return fmt.Sprintf("Its state tells no kind and name. Import the %s instead.", r.declared.Noun)
	case group == "metallb.io" && source.Kind == string(r.declared.Kind):
		return ""
	case group == "metallb.io" && known:
		return fmt.Sprintf("%s, which a %s is. Move it to one.", is, ours)
	case group == "metallb.io" && source.Kind == "AddressPool":
		return fmt.Sprintf("%s, which MetalLB has no more from 0.14.3 on, and which cannot become another. Remove the moved block: "+
			"the apply then replaces it by a %s.", is, typeNames[metallb.AddressPool])
	}
	return fmt.Sprintf("%s, and a %s is of kind %s in metallb.io. Leave it with its provider: remove the moved block.", is, r.declared.Type, r.declared.Kind)
}

// kubernetesManifest reads the state of a kubernetes_manifest: what was wanted, and the object that came of it, which has a
// namespace even if none was wanted.
func kubernetesManifest(state []byte) (manifest, error) {
	var has struct{ Manifest, Object dynamic }
	if err := json.Unmarshal(state, &has); err != nil {
		return manifest{}, err
	}
	wanted := has.Manifest.Value
	wanted.Metadata.Namespace = cmp.Or(has.Object.Value.Metadata.Namespace, wanted.Metadata.Namespace)
	return wanted, nil
}

// dynamic is an attribute whose type is in the state too.
type dynamic struct {
	Value manifest `json:"value"`
}

// kubectlManifest reads the state of a kubectl_manifest. Its id is the object's path in the API, and alone tells the
// namespace if the manifest does not.
func kubectlManifest(state []byte) (manifest, error) {
	var has struct {
		ID         string `json:"id"`
		APIVersion string `json:"api_version"`
		Kind       string `json:"kind"`
		Name       string `json:"name"`
		Namespace  string `json:"namespace"`
		Body       string `json:"yaml_body"`
	}
	if err := json.Unmarshal(state, &has); err != nil {
		return manifest{}, err
	}
	source := manifest{has.APIVersion, has.Kind, metadata{Name: has.Name, Namespace: has.Namespace}}
	if err := yaml.Unmarshal([]byte(has.Body), &source); err != nil {
		return manifest{}, fmt.Errorf("yaml_body: %w", err)
	}
	if _, below, within := strings.Cut(has.ID, "/namespaces/"); within {
		source.Metadata.Namespace, _, _ = strings.Cut(below, "/")
	}
	return source, nil
}

// manifestTypes are the names of manifests, in order.
func manifestTypes() []string { return slices.Sorted(maps.Keys(manifests)) }
