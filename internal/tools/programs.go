package main

import _ "embed"

// program is something that can be built from the module proxy.
type program struct {
	name    string // of the file in the cache
	module  string
	version string
	pkg     string   // below the module
	source  string   // a main of our own, which uses the module, in place of pkg
	replace []string // replace lines that the module's own go.mod has and `go build` would ignore
	staging string   // version that replaces the module's own ./staging/src/… directories
	ldflags string
	slow    string // how long it takes on two cores, for the impatient
}

// metalLB has the versions of MetalLB that the tests know, by release. Of the latest there are only the CRDs: its
// programs need frr-k8s v0.0.27, which the proxy refuses, and do not compile with an older one.
var metalLB = map[string]string{
	"0.9": "v0.9.6", "0.13": "v0.13.12", "0.14": "v0.14.9", "0.15": "v0.15.3", "0.16": "v0.16.1", latest: "v0.16.2",
}

const (
	latest        = "latest"
	metalLBModule = "go.universe.tf/metallb"
)

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
	metalLBController("0.9"),
	metalLBController("0.13"), metalLBSpeaker("0.13"),
	metalLBController("0.14"), metalLBSpeaker("0.14"),
	metalLBController("0.15"), metalLBSpeaker("0.15"),
	metalLBController("0.16"), metalLBSpeaker("0.16"),
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
		name: "actionlint", module: "github.com/rhysd/actionlint", version: "v1.7.12", pkg: "cmd/actionlint",
		slow: "seconds",
	},
	{
		name: "atlantis-config", module: "github.com/runatlantis/atlantis", version: "v0.40.0", source: atlantisConfig,
		slow: "seconds",
	},
	{
		name: "controller-gen", module: "sigs.k8s.io/controller-tools", version: "v0.18.0", pkg: "cmd/controller-gen",
		slow: "half a minute",
	},
	{
		name: "tfplugindocs", module: "github.com/hashicorp/terraform-plugin-docs", version: "v0.25.0", pkg: "cmd/tfplugindocs",
		slow: "about a minute",
	},
}

//go:embed atlantis/main.go
var atlantisConfig string

func metalLBController(release string) program {
	return program{
		name: "metallb-controller-" + release, module: metalLBModule, version: metalLB[release], pkg: "controller",
		slow: "about two minutes",
	}
}

func metalLBSpeaker(release string) program {
	return program{
		name: "metallb-speaker-" + release, module: metalLBModule, version: metalLB[release], pkg: "speaker",
		slow: "seconds after the controller",
	}
}
