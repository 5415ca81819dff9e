package lifecycle

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// TestSourceState: of another provider's state what we know too is taken, however it is nested and typed; no secrets.
func TestSourceState(t *testing.T) {
	source, err := sourceState([]byte(`{"id": "*1A", "name": "worker", "disabled": false, "as": 4294967295, "comment": "", "vrf": null,
		"remote": [{"address": "192.168.5.253/32", "as": "65001"}], "templates": ["a"], "local": [], "tcp_md5_key": "canary", "___path___": "/x"}`))
	require.NoError(t, err)
	assert.Equal(t, "*1A", source["id"])

	type model struct {
		ID       types.String `tfsdk:"id"`
		Name     types.String `tfsdk:"name"           ros:"name"`
		Address  types.String `tfsdk:"remote_address" ros:"remote.address"`
		AS       types.Int64  `tfsdk:"as"             ros:"as"`
		Key      types.String `tfsdk:"tcp_md5_key"    ros:"tcp-md5-key"`
		Comment  types.String `tfsdk:"comment"        ros:"comment"`
		Disabled types.Bool   `tfsdk:"disabled"       ros:"disabled"`
	}
	text := schema.StringAttribute{Optional: true}
	r := &rowResource[model]{declared: Row[model]{Attributes: map[string]schema.Attribute{
		"name": text, "remote_address": text, "as": text, "comment": text, "disabled": text,
		"tcp_md5_key": schema.StringAttribute{Optional: true, Sensitive: true},
	}}}
	assert.Equal(t, routeros.Words{"name": "worker", "remote.address": "192.168.5.253/32", "as": "4294967295", "disabled": "no"}, r.words(source))

	_, err = sourceState([]byte(`[]`))
	assert.Error(t, err)
}
