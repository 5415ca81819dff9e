package acceptance

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// others is a provider of other people's types, in the shapes that theirs have, and does nothing but keep their state.
type others struct{}

var othersToo = map[string]func() (tfprotov6.ProviderServer, error){
	"routeros": factories["routeros"], "others": providerserver.NewProtocol6WithError(others{}),
}

func (others) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "others"
}

func (others) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (others) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (others) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (others) Resources(context.Context) (all []func() resource.Resource) {
	text := schema.StringAttribute{Optional: true}
	remote := schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{"address": text, "as": text}}}
	for name, s := range map[string]schema.Schema{
		"routeros_routing_bgp_instance": {Version: 3, Attributes: map[string]schema.Attribute{"id": text, "name": text, "as": text}},
		"routeros_routing_bgp_template": {Attributes: map[string]schema.Attribute{"id": text, "name": text, "as": text}},
		"routeros_routing_bgp_connection": {
			Attributes: map[string]schema.Attribute{
				"id": text, "name": text, "as": text, "disabled": schema.BoolAttribute{Optional: true},
				"templates": schema.SetAttribute{Optional: true, ElementType: types.StringType},
			},
			Blocks: map[string]schema.Block{"remote": remote},
		},
		"routeros_ip_firewall_nat": {Version: 1, Attributes: map[string]schema.Attribute{
			"id": text, "chain": text, "action": text, "comment": text, "dst_port": text,
		}},
		"mikrotik_bgp_instance": {Attributes: map[string]schema.Attribute{"id": text, "name": text, "as": schema.Int64Attribute{Optional: true}}},
		"mikrotik_bgp_peer": {Attributes: map[string]schema.Attribute{
			"id": text, "name": text, "remote_as": schema.Int64Attribute{Optional: true}, "tcp_md5_key": text,
		}},
		"kubernetes_manifest": {Version: 1, Attributes: map[string]schema.Attribute{
			"manifest": schema.DynamicAttribute{Required: true}, "object": schema.DynamicAttribute{Optional: true},
		}},
		"kubectl_manifest": {Version: 1, Attributes: map[string]schema.Attribute{
			"id": text, "api_version": text, "kind": text, "name": text, "namespace": text,
			"yaml_body": schema.StringAttribute{Required: true, Sensitive: true},
		}},
	} {
		all = append(all, func() resource.Resource { return keeper{name, s} })
	}
	return all
}

type keeper struct {
	name   string
	schema schema.Schema
}

func (k keeper) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = k.name
}

func (k keeper) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = k.schema
}

func (keeper) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (keeper) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

func (keeper) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (keeper) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
