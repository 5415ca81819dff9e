package resources

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// peerPasswords are the three places that a peer's password can be in.
func peerPasswords() map[string]schema.Attribute {
	password := plainText("Password of the session (RFC 2385). It is in Terraform's state and for all to read in the cluster; `password_wo` is in " +
		"neither. Only one of `password`, `password_wo` and `password_secret` can be given.")
	password.Sensitive = true
	writeOnly := text("As `password`, but never in state or plan (Terraform and OpenTofu 1.11 or newer). With the CRDs it is kept in a Secret "+
		"`<name>-bgp-password`, which comes and goes with the peer. It is sent when the peer is made, when `password_wo_version` changes, and when "+
		"somebody has removed the Secret.", stringvalidator.AlsoRequires(path.MatchRoot("password_wo_version")))
	writeOnly.Sensitive, writeOnly.WriteOnly = true, true
	version := number("Version of `password_wo`, which needs it: count it up to have a new password sent.", 1, 1<<53)
	version.Validators = append(version.Validators, int64validator.AlsoRequires(path.MatchRoot("password_wo")))
	return map[string]schema.Attribute{
		"password": password, "password_wo": writeOnly, "password_wo_version": version,
		"password_secret": schema.SingleNestedAttribute{
			Optional: true,
			MarkdownDescription: "Secret that somebody else keeps the password in: of type `kubernetes.io/basic-auth`, with the key `password`, in " +
				"MetalLB's namespace. It has to be there before the peer.",
			Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{Required: true, MarkdownDescription: "Name of the Secret."},
			},
		},
	}
}
