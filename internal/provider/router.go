package provider

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

type routerModel struct {
	HostURL                types.String   `tfsdk:"hosturl"`
	Username               types.String   `tfsdk:"username"`
	Password               types.String   `tfsdk:"password"`
	CACertificate          types.String   `tfsdk:"ca_certificate"`
	CertificateFingerprint types.String   `tfsdk:"certificate_fingerprint"`
	Insecure               types.Bool     `tfsdk:"insecure"`
	Timeout                value.Duration `tfsdk:"timeout"`
}

const (
	leastTimeout = time.Second
	mostTimeout  = time.Hour
)

func routerAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"hosturl": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Where the router is: `apis://192.168.5.1` (API over TLS, port 8729 unless given), or `api://…` (in clear, 8728). " +
				"A bare host means `apis://`. Environment: `ROS_HOSTURL`.",
			Validators: []validator.String{value.Rule("apis://host[:port] or api://host[:port]", checkHostURL)},
		},
		"username": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "User of the router, in a group with the policies `api`, `read` and `write`. Environment: `ROS_USERNAME`. " +
				"Default: `admin`.",
		},
		"password": schema.StringAttribute{
			Optional:            true,
			Sensitive:           true,
			MarkdownDescription: "The user's password. Environment: `ROS_PASSWORD`.",
		},
		"ca_certificate": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "The CA that signed the router's certificate: PEM text, or the path of a file with it. Default: the system's CAs. " +
				"Environment: `ROS_CA_CERTIFICATE`.",
		},
		"certificate_fingerprint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Pins the router's certificate, as fits one that the router signed itself: `sha256:` and its SHA-256 fingerprint. " +
				"No other certificate is accepted then. Environment: `ROS_CERTIFICATE_FINGERPRINT`.",
			Validators: []validator.String{value.Rule("sha256: and 64 hexadecimal digits", func(text string) error {
				_, err := routeros.ParseFingerprint(text)
				return err
			})},
		},
		"insecure": schema.BoolAttribute{
			Optional:            true,
			MarkdownDescription: "Accept any certificate. Environment: `ROS_INSECURE`. Default: `false`.",
		},
		"timeout": schema.StringAttribute{
			Optional:            true,
			CustomType:          value.DurationType{},
			MarkdownDescription: "How long one command may take, `1s` to `1h`. Environment: `ROS_TIMEOUT`. Default: `30s`.",
			Validators:          []validator.String{value.DurationType{}, value.DurationBetween(leastTimeout, mostTimeout, false)},
		},
	}
}

func checkHostURL(text string) error {
	_, _, err := routeros.ParseAddress(text)
	return err
}

// router is the router that the block describes; nil if it describes none. Values from the environment, which no
// validator has seen, are refused at the attribute that they stand for.
func (m routerModel) router(diags *diag.Diagnostics) *routeros.Router {
	refuse := func(attribute string, err error) {
		if err != nil {
			diags.AddAttributeError(path.Root(attribute), "Invalid "+attribute, err.Error())
		}
	}
	host := setting(m.HostURL, "ROS_HOSTURL")
	if host == "" {
		return nil
	}
	address, secured, err := routeros.ParseAddress(host)
	if err != nil {
		refuse("hosturl", err)
		return nil
	}
	config := routeros.Config{
		Address:  address,
		Username: setting(m.Username, "ROS_USERNAME"),
		Password: setting(m.Password, "ROS_PASSWORD"),
		Trace:    func(ctx context.Context, command string) { tflog.Debug(ctx, "to router "+address+": "+command) },
	}
	if config.Username == "" {
		config.Username = "admin"
	}
	if text := setting(m.Timeout.StringValue, "ROS_TIMEOUT"); text != "" {
		config.Timeout, err = value.ParseDuration(text)
		refuse("timeout", err)
	}
	if secured {
		config.TLS = m.tls(address, refuse, diags)
	}
	if diags.HasError() {
		return nil
	}
	return routeros.New(config)
}

func (m routerModel) tls(address string, refuse func(attribute string, err error), diags *diag.Diagnostics) *tls.Config {
	ca, err := fileOrText(setting(m.CACertificate, "ROS_CA_CERTIFICATE"))
	refuse("ca_certificate", err)
	var fingerprint []byte
	if text := setting(m.CertificateFingerprint, "ROS_CERTIFICATE_FINGERPRINT"); text != "" {
		fingerprint, err = routeros.ParseFingerprint(text)
		refuse("certificate_fingerprint", err)
	}
	insecure := flag(m.Insecure, "ROS_INSECURE", path.Root("insecure"), diags)
	host, _, _ := net.SplitHostPort(address)
	config, err := routeros.TLSConfig(host, ca, fingerprint, insecure)
	refuse("ca_certificate", err)
	return config
}
