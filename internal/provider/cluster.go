package provider

import (
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type kubernetesModel struct {
	ConfigPath           types.String `tfsdk:"config_path"`
	ConfigPaths          []string     `tfsdk:"config_paths"`
	ConfigContext        types.String `tfsdk:"config_context"`
	Host                 types.String `tfsdk:"host"`
	Token                types.String `tfsdk:"token"`
	ClusterCACertificate types.String `tfsdk:"cluster_ca_certificate"`
	ClientCertificate    types.String `tfsdk:"client_certificate"`
	ClientKey            types.String `tfsdk:"client_key"`
	Insecure             types.Bool   `tfsdk:"insecure"`
	TLSServerName        types.String `tfsdk:"tls_server_name"`
	ProxyURL             types.String `tfsdk:"proxy_url"`
	Exec                 *execModel   `tfsdk:"exec"`
}

type execModel struct {
	APIVersion string            `tfsdk:"api_version"`
	Command    string            `tfsdk:"command"`
	Args       []string          `tfsdk:"args"`
	Env        map[string]string `tfsdk:"env"`
}

type metallbModel struct {
	Namespace      types.String `tfsdk:"namespace"`
	Backend        types.String `tfsdk:"backend"`
	ConfigMap      types.String `tfsdk:"config_map"`
	ForceConflicts types.Bool   `tfsdk:"force_conflicts"`
}

func kubernetesAttribute() schema.Attribute {
	text := func(sensitive bool, description string) schema.Attribute {
		return schema.StringAttribute{Optional: true, Sensitive: sensitive, MarkdownDescription: description}
	}
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "The cluster that runs MetalLB, as in the helm and kubernetes providers. No file is read that is not named here or in the environment.",
		Attributes: map[string]schema.Attribute{
			"config_path": text(false, "Path of a kubeconfig file. Environment: `KUBE_CONFIG_PATH`."),
			"config_paths": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Paths of several kubeconfig files, merged. Environment: `KUBE_CONFIG_PATHS`.",
			},
			"config_context":         text(false, "Context of the kubeconfig. Default: its current one. Environment: `KUBE_CTX`."),
			"host":                   text(false, "URL of the API server. Environment: `KUBE_HOST`."),
			"token":                  text(true, "Bearer token. Environment: `KUBE_TOKEN`."),
			"cluster_ca_certificate": text(false, "The CA of the API server, PEM text. Environment: `KUBE_CLUSTER_CA_CERT_DATA`."),
			"client_certificate":     text(false, "Client certificate, PEM text. Environment: `KUBE_CLIENT_CERT_DATA`."),
			"client_key":             text(true, "Key of the client certificate, PEM text. Environment: `KUBE_CLIENT_KEY_DATA`."),
			"insecure": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Accept any certificate of the API server. Environment: `KUBE_INSECURE`. Default: `false`.",
			},
			"tls_server_name": text(false, "Name that the API server's certificate must be for, if not the host's. Environment: `KUBE_TLS_SERVER_NAME`."),
			"proxy_url":       text(false, "Proxy on the way to the API server. Environment: `KUBE_PROXY_URL`."),
			"exec": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "A command that prints credentials, as cloud providers have them.",
				Attributes: map[string]schema.Attribute{
					"api_version": schema.StringAttribute{
						Required:            true,
						MarkdownDescription: "`client.authentication.k8s.io/v1` or `…/v1beta1`.",
						Validators: []validator.String{stringvalidator.OneOf(
							"client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")},
					},
					"command": schema.StringAttribute{Required: true, MarkdownDescription: "The command."},
					"args":    schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Its arguments."},
					"env": schema.MapAttribute{
						Optional: true, Sensitive: true, ElementType: types.StringType,
						MarkdownDescription: "Environment variables added to its own.",
					},
				},
			},
		},
	}
}

func metallbAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Where MetalLB keeps its configuration.",
		Attributes: map[string]schema.Attribute{
			"namespace": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Namespace of MetalLB. Default: `metallb-system`.",
				Validators:          []validator.String{value.Rule("a DNS label", metallb.CheckName)},
			},
			"backend": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "`crd` (MetalLB from 0.13), `configmap` (0.9 to 0.12), or `auto`: what the cluster has. Default: `auto`. " +
					"Decided when a resource is read or written, never at plan.",
				Validators: []validator.String{stringvalidator.OneOf("auto", "crd", "configmap")},
			},
			"config_map": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Name of MetalLB's ConfigMap. Default: `config`.",
			},
			"force_conflicts": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether fields of custom resources that another tool declares (Argo CD, Flux, Helm, `kubectl apply " +
					"--server-side`) are taken over. Default: `false`, which names the tool and stops. What somebody once edited is always taken back.",
			},
		},
	}
}

// cluster is the cluster that the block describes; nil if neither it nor the environment describes one.
func (m *kubernetesModel) cluster(diags *diag.Diagnostics) *kube.Cluster {
	if m == nil {
		m = &kubernetesModel{}
	}
	at := path.Root("kubernetes")
	config := kube.Config{
		ConfigPaths:          m.ConfigPaths,
		ConfigContext:        setting(m.ConfigContext, "KUBE_CTX"),
		Host:                 setting(m.Host, "KUBE_HOST"),
		Token:                setting(m.Token, "KUBE_TOKEN"),
		ClusterCACertificate: setting(m.ClusterCACertificate, "KUBE_CLUSTER_CA_CERT_DATA"),
		ClientCertificate:    setting(m.ClientCertificate, "KUBE_CLIENT_CERT_DATA"),
		ClientKey:            setting(m.ClientKey, "KUBE_CLIENT_KEY_DATA"),
		Insecure:             flag(m.Insecure, "KUBE_INSECURE", at.AtName("insecure"), diags),
		TLSServerName:        setting(m.TLSServerName, "KUBE_TLS_SERVER_NAME"),
		ProxyURL:             setting(m.ProxyURL, "KUBE_PROXY_URL"),
	}
	if m.Exec != nil {
		config.Exec = &kube.Exec{APIVersion: m.Exec.APIVersion, Command: m.Exec.Command, Args: m.Exec.Args, Env: m.Exec.Env}
	}
	if file := setting(m.ConfigPath, "KUBE_CONFIG_PATH"); file != "" {
		config.ConfigPaths = append([]string{file}, config.ConfigPaths...)
	}
	if len(config.ConfigPaths) == 0 && config.Host == "" {
		config.ConfigPaths = filepath.SplitList(os.Getenv("KUBE_CONFIG_PATHS"))
	}
	if len(config.ConfigPaths) == 0 && config.Host == "" {
		return nil
	}
	cluster, err := kube.New(config)
	if err != nil {
		diags.AddAttributeError(at, "Invalid kubernetes", err.Error())
		return nil
	}
	return cluster
}

func (m *metallbModel) config() metallb.Config {
	if m == nil {
		return metallb.Config{}
	}
	return metallb.Config{
		Namespace: m.Namespace.ValueString(),
		Backend:   m.Backend.ValueString(),
		ConfigMap: m.ConfigMap.ValueString(),

		ForceConflicts: m.ForceConflicts.ValueBool(),
	}
}
