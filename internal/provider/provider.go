// Package provider is the front door: the provider block, its environment variables, and what is served. Configuring
// reads the block and dials nothing; routers and clusters are reached when the first resource needs them.
package provider

import (
	"context"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/actions"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/datasources"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/functions"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/resources"
)

type routerosProvider struct {
	version  string
	backends atomic.Pointer[lifecycle.Backends] // once configured
}

var (
	_ provider.ProviderWithListResources = &routerosProvider{}
	_ provider.ProviderWithActions       = &routerosProvider{}
	_ provider.ProviderWithFunctions     = &routerosProvider{}
)

type model struct {
	routerModel
	Kubernetes *kubernetesModel `tfsdk:"kubernetes"`
	MetalLB    *metallbModel    `tfsdk:"metallb"`
}

func (p *routerosProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "routeros"
	resp.Version = p.version
}

func (p *routerosProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Turns a MikroTik router and a bare-metal Kubernetes cluster with MetalLB into a load balancer.",
		Attributes:          routerAttributes(),
	}
	resp.Schema.Attributes["kubernetes"] = kubernetesAttribute()
	resp.Schema.Attributes["metallb"] = metallbAttribute()
}

func (p *routerosProvider) Resources(context.Context) []func() resource.Resource {
	return resources.All()
}

func (p *routerosProvider) DataSources(context.Context) []func() datasource.DataSource {
	return datasources.All()
}

func (p *routerosProvider) ListResources(context.Context) []func() list.ListResource {
	return resources.Lists()
}

func (p *routerosProvider) Actions(context.Context) []func() action.Action { return actions.All() }

func (p *routerosProvider) Functions(context.Context) []func() function.Function {
	return functions.All()
}

func (p *routerosProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	unknown := !req.Config.Raw.IsFullyKnown()
	if unknown && req.ClientCapabilities.DeferralAllowed {
		resp.Deferred = &provider.Deferred{Reason: provider.DeferredReasonProviderConfigUnknown}
		return
	}
	backends := &lifecycle.Backends{StillUnknown: unknown}
	p.backends.Store(backends)
	resp.ResourceData, resp.DataSourceData = backends, backends
	resp.ListResourceData, resp.ActionData = backends, backends
	if unknown {
		backends.RouterWhy = "A value of its provider block is known only after apply."
		backends.MetalLBWhy = backends.RouterWhy
		return
	}
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	backends.Router = config.router(&resp.Diagnostics)
	if backends.Router == nil {
		backends.RouterWhy = "Its provider block names no router: set hosturl (or ROS_HOSTURL), username and password."
	}
	cluster := config.Kubernetes.cluster(&resp.Diagnostics)
	if cluster == nil {
		backends.MetalLBWhy = "Its provider block names no cluster: set kubernetes = { config_path = … } (or KUBE_CONFIG_PATH), or host and token."
		return
	}
	settings := config.MetalLB.config()
	settings.Waiting = func(ctx context.Context, what string) { tflog.Info(ctx, "waiting: "+what) }
	backends.MetalLB = metallb.New(cluster, settings)
}
