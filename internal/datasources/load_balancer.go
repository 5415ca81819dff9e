package datasources

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type loadBalancerModel struct {
	Kind                types.String   `tfsdk:"kind"`
	Namespace           types.String   `tfsdk:"namespace"`
	Name                types.String   `tfsdk:"name"`
	IPFamily            types.String   `tfsdk:"ip_family"`
	WaitForAnnouncement types.Bool     `tfsdk:"wait_for_announcement"`
	Timeout             value.Duration `tfsdk:"timeout"`
	Grace               value.Duration `tfsdk:"grace"`
	Required            types.Bool     `tfsdk:"required"`

	IP             types.String `tfsdk:"ip"`
	IPv4           types.String `tfsdk:"ipv4"`
	IPv6           types.String `tfsdk:"ipv6"`
	IPs            []string     `tfsdk:"ips"`
	Hostname       types.String `tfsdk:"hostname"`
	Service        types.String `tfsdk:"service"`
	Pool           types.String `tfsdk:"pool"`
	Ports          []portModel  `tfsdk:"ports"`
	AnnouncedNodes []string     `tfsdk:"announced_nodes"`
	BGPPeers       []string     `tfsdk:"bgp_peers"`
}

type portModel struct {
	Name     types.String `tfsdk:"name"`
	Protocol types.String `tfsdk:"protocol"`
	Port     types.Int64  `tfsdk:"port"`
	NodePort types.Int64  `tfsdk:"node_port"`
}

var loadBalancer = lifecycle.ClusterView[loadBalancerModel]{
	Type: "metallb_load_balancer",
	Noun: "the load balancer",
	Description: "Waits for the address that MetalLB gives to a Service, and tells it: for a `routeros_dstnat`, a DNS record, an output. " +
		"If none comes, the error says why: warnings of the Service, pools that do not fit, what MetalLB does not accept.\n\n" +
		"Give it a `depends_on` of what makes the Service and of the pools. Terraform reads a data source in the plan, unless something that it " +
		"depends on changes: then in the apply, once that is done. A provider is not told in which of the two it is asked, so what it sees in the " +
		"cluster decides how long it waits. If the Service, a pool or MetalLB's controller changed less than `timeout` ago, an address may be on its " +
		"way, and is waited for until then; so is a Service that does not exist yet, if its namespace is as young. Where nothing has " +
		"changed for longer, `grace` is enough: a plan that finds no address ends after that.",
	Inputs: map[string]schema.Attribute{
		"kind": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "`Service`, `Ingress` or `Gateway`. Default: `Service`. The other two have what their controller copies from a Service of " +
				"its own, with a delay, and perhaps addresses of nodes instead: name that Service where you can.",
			Validators: []validator.String{stringvalidator.OneOf("Service", "Ingress", "Gateway")},
		},
		"namespace": schema.StringAttribute{Required: true, MarkdownDescription: "Its namespace.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
		"name":      schema.StringAttribute{Required: true, MarkdownDescription: "Its name.", Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
		"ip_family": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Wait for an address of this family: `ipv4`, `ipv6`, or `dual` for both. Default: any address, or a host name.",
			Validators:          []validator.String{stringvalidator.OneOf("ipv4", "ipv6", "dual")},
		},
		"wait_for_announcement": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Wait until a node announces the address, too: MetalLB assigns addresses that no advertisement covers, or that have no " +
				"endpoint. Over layer 2 from MetalLB 0.14.4, over BGP from 0.15. That a node announces it to a peer does not say that its session is " +
				"established: for that see `routeros_bgp_sessions`. Default: `false`.",
		},
		"timeout": schema.StringAttribute{
			Optional: true, CustomType: value.DurationType{},
			MarkdownDescription: "How long an address may take after the last change that could bring it, `1s` to `1h`. Default: `2m`.",
			Validators:          []validator.String{value.DurationType{}, value.DurationBetween(time.Second, time.Hour, false)},
		},
		"grace": schema.StringAttribute{
			Optional: true, CustomType: value.DurationType{},
			MarkdownDescription: "How long to wait where nothing has changed lately, `0s` to `1h`, at most `timeout`. Default: `5s`. Set it higher if " +
				"the Service is made some time after what this depends on, in a namespace that is there already (by Argo CD, Flux, an operator); " +
				"a plan that finds nothing waits that long, too.",
			Validators: []validator.String{value.DurationType{}, value.DurationBetween(0, time.Hour, false)},
		},
		"required": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether it is an error if no address comes. If `false`, all answers are null then, and a warning says why: for what may " +
				"not be there yet, or may be gone before it is destroyed. Then say what `null` means to those who use them: a `routeros_dstnat` " +
				"without `to_addresses` is another rule. Where the Service is gone already, `terraform destroy -refresh=false` does without " +
				"the data source. Default: `true`.",
		},
	},
	Answers: map[string]string{
		"ip":              "The address: the first one, of `ip_family` if that is `ipv4` or `ipv6`. Null if it has but a host name.",
		"ipv4":            "The IPv4 address; null if it has none.",
		"ipv6":            "The IPv6 address; null if it has none.",
		"ips":             "All its addresses, as MetalLB assigned them.",
		"hostname":        "Its host name, where a load balancer other than MetalLB gave it one.",
		"service":         "The Service whose address it is, as `namespace/name`. Null if none can be seen behind an Ingress or a Gateway.",
		"pool":            "The pool that the address was taken from. From MetalLB 0.13.8.",
		"ports":           "The ports of `service`.",
		"ports.name":      "Name of the port.",
		"ports.protocol":  "`TCP`, `UDP` or `SCTP`.",
		"ports.port":      "The port of the address.",
		"ports.node_port": "The port of each node; null if it has none.",
		"announced_nodes": "Nodes that announce the address, sorted. Null where MetalLB does not tell, or where the statuses may not be read.",
		"bgp_peers":       "Names of the BGP peers (`metallb_bgp_peer`) that it is announced to, sorted. From MetalLB 0.15.",
	},
	Ask: askLoadBalancer,
}

func askLoadBalancer(ctx context.Context, from *metallb.MetalLB, model *loadBalancerModel) (notice string, err error) {
	want := metallb.Awaited{
		Kind: "Service", Namespace: model.Namespace.ValueString(), Name: model.Name.ValueString(),
		Family: model.IPFamily.ValueString(), Announced: model.WaitForAnnouncement.ValueBool(),
		Timeout: 2 * time.Minute, Grace: 5 * time.Second,
	}
	if !model.Kind.IsNull() {
		want.Kind = model.Kind.ValueString()
	}
	for attribute, given := range map[string]struct {
		text value.Duration
		as   *time.Duration
	}{"timeout": {model.Timeout, &want.Timeout}, "grace": {model.Grace, &want.Grace}} {
		if given.text.IsNull() {
			continue
		}
		if *given.as, err = value.ParseDuration(given.text.ValueString()); err != nil {
			return "", lifecycle.At(attribute, err)
		}
	}
	want.Grace = min(want.Grace, want.Timeout)
	found, err := from.LoadBalancer(ctx, want)
	if errors.Is(err, metallb.ErrNoAddress) && optional(model.Required) {
		return err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	model.IPs, model.IPv4, model.IPv6, model.Hostname = found.IPs, told(found.IPv4), told(found.IPv6), told(found.Hostname)
	switch {
	case want.Family == "ipv6":
		model.IP = model.IPv6
	case want.Family == "ipv4":
		model.IP = model.IPv4
	case len(found.IPs) > 0:
		model.IP = told(found.IPs[0])
	}
	model.AnnouncedNodes, model.BGPPeers = found.Nodes, found.Peers
	if found.Service == nil {
		return "", nil
	}
	model.Service, model.Pool = told(found.Service.Namespace+"/"+found.Service.Name), told(found.Pool)
	model.Ports = []portModel{}
	for _, port := range found.Ports {
		node := types.Int64Null()
		if port.NodePort != 0 {
			node = types.Int64Value(port.NodePort)
		}
		model.Ports = append(model.Ports, portModel{told(port.Name), told(port.Protocol), types.Int64Value(port.Port), node})
	}
	return "", nil
}
