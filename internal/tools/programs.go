package main

// program is something that can be built from the module proxy.
type program struct {
	name    string // of the file in the cache
	module  string
	version string
	pkg     string   // below the module
	replace []string // replace lines that the module's own go.mod has and `go build` would ignore
	staging string   // version that replaces the module's own ./staging/src/… directories
	ldflags string
	slow    string // how long it takes on two cores, for the impatient
}

// metalLBCRDs is the release whose CRDs are installed. Its binaries need a module that the proxy does not serve; the
// 0.15 ones work with its CRDs.
const metalLBCRDs = "v0.16.2"

const kubernetes = "1.37.2"

var programs = []program{
	{
		name: "etcd", module: "go.etcd.io/etcd/server/v3", version: "v3.7.3",
		slow: "about a minute",
	},
	{
		name: "kube-apiserver", module: "k8s.io/kubernetes", version: "v" + kubernetes, pkg: "cmd/kube-apiserver",
		staging: "v0" + kubernetes[1:],
		ldflags: "-X k8s.io/component-base/version.gitVersion=v" + kubernetes,
		slow:    "about six minutes",
	},
	{
		name: "metallb-controller", module: "go.universe.tf/metallb", version: "v0.15.3", pkg: "controller",
		slow: "about two minutes",
	},
	{
		name: "metallb-speaker", module: "go.universe.tf/metallb", version: "v0.15.3", pkg: "speaker",
		slow: "seconds after the controller",
	},
	{
		name: "metallb-controller-0.9", module: "go.universe.tf/metallb", version: "v0.9.6", pkg: "controller",
		slow: "about a minute",
	},
	{
		name: "tofu", module: "github.com/opentofu/opentofu", version: "v1.12.6", pkg: "cmd/tofu",
		replace: []string{"github.com/hashicorp/hcl/v2 v2.20.1 => github.com/opentofu/hcl/v2 v2.20.2-0.20251021132045-587d123c2828"},
		ldflags: "-X github.com/opentofu/opentofu/version.dev=no",
		slow:    "about five minutes",
	},
	{ // another provider, for `make compat`
		name: "terraform-routeros", module: "github.com/terraform-routeros/terraform-provider-routeros", version: "v1.99.1",
		slow: "about a minute",
	},
	{
		name: "golangci-lint", module: "github.com/golangci/golangci-lint/v2", version: "v2.15.0", pkg: "cmd/golangci-lint",
		slow: "about two minutes",
	},
	{
		name: "tfplugindocs", module: "github.com/hashicorp/terraform-plugin-docs", version: "v0.25.0", pkg: "cmd/tfplugindocs",
		slow: "about a minute",
	},
}
