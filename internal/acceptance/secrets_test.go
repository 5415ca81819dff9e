package acceptance

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

func keyed(arguments string) string {
	return fmt.Sprintf(`
resource "routeros_bgp_instance" "private" {
  name = "private"
  as   = 65000
}
resource "routeros_bgp_peer" "worker" {
  name           = "worker"
  instance       = routeros_bgp_instance.private.name
  remote_address = "192.168.5.253"
  remote_as      = 65001
  %s
}`, arguments)
}

// key is the key that the router really has.
func key(sim *routerostest.Router) string {
	for _, menu := range []string{"/routing/bgp/peer", "/routing/bgp/connection"} {
		for _, peer := range sim.Print(menu) {
			return peer["tcp-md5-key"]
		}
	}
	return ""
}

// secretRouters are routers that show a key, mask it, or leave it out, to users who may see it and to those who may not.
func secretRouters(t *testing.T, try func(t *testing.T, sim *routerostest.Router)) {
	for _, c := range []struct {
		name, version string
		options       []routerostest.Option
	}{
		{"6 masks", "6.49.15", nil}, {"7 masks", "7.19.6", nil}, {"7.24 masks", "7.24", nil},
		{"6 shows", "6.49.15", []routerostest.Option{sensitive}}, {"7 shows", "7.19.6", []routerostest.Option{sensitive}},
		{"7.24 masks all the same", "7.24", []routerostest.Option{sensitive}},
		{"7.24 leaves out", "7.24", []routerostest.Option{sensitive, routerostest.OmitSecrets()}},
		{"7.24 shows", "7.24", []routerostest.Option{sensitive, routerostest.ShowSensitive()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			sim := router(t, c.version)
			sim.Configure(c.options...)
			try(t, sim)
		})
	}
}

// sensitive lets the user of the tests see secrets.
var sensitive = routerostest.User("terraform", password, "api", "read", "write", "sensitive")

// TestSecrets: a key is set, changed and taken away; it is never compared with what a router hides, nor written back
// from it; and an import does not invent one.
func TestSecrets(t *testing.T) {
	secretRouters(t, func(t *testing.T, sim *routerostest.Router) {
		one, two := keyed(`tcp_md5_key = "canary-one"`), keyed(`tcp_md5_key = "canary-two"`)
		has := func(want string) func() { return func() { assert.Equal(t, want, key(sim)) } }
		update := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("routeros_bgp_peer.worker", plancheck.ResourceActionUpdate),
			plancheck.ExpectSensitiveValue("routeros_bgp_peer.worker", tfjsonpath.New("tcp_md5_key")),
		}}
		resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
			{Config: configure(sim, "", one)},
			{Config: configure(sim, "", two), PreConfig: has("canary-one"), ConfigPlanChecks: update},
			{Config: configure(sim, "", keyed(`tcp_md5_key = "canary-two"
				comment = "another change"`)), PreConfig: has("canary-two")},
			{Config: configure(sim, "", keyed("")), PreConfig: has("canary-two")},
			{Config: configure(sim, "", one), PreConfig: has("")},
			{Config: configure(sim, "", one), PreConfig: has("canary-one"), PlanOnly: true},
			{Config: configure(sim, "", keyed("")), ResourceName: "routeros_bgp_peer.worker", ImportState: true, ImportStateKind: resource.ImportBlockWithID,
				ImportStateId: "worker"}, // wants nothing to change
		}})
	})
}

// TestWriteOnly: a write-only key reaches the router and nothing else; only a new version sends it again.
func TestWriteOnly(t *testing.T) {
	secretRouters(t, func(t *testing.T, sim *routerostest.Router) {
		with := func(secret string, version int) string {
			return configure(sim, "", keyed(fmt.Sprintf("tcp_md5_key_wo = %q\n tcp_md5_key_wo_version = %d", secret, version)))
		}
		has := func(want string) func() { return func() { assert.Equal(t, want, key(sim)) } }
		nowhere := []statecheck.StateCheck{statecheck.ExpectSensitiveValue("routeros_bgp_peer.worker", tfjsonpath.New("tcp_md5_key"))}
		unseen := func(state *terraform.State) error {
			text, err := json.Marshal(state)
			assert.NotContains(t, string(text), "canary", "a secret in state")
			return err
		}
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: factories,
			TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_11_0)},
			Steps: []resource.TestStep{
				{Config: with("canary-one", 1), Check: unseen, ConfigStateChecks: nowhere},
				{Config: with("canary-two", 1), PreConfig: has("canary-one"), PlanOnly: true},
				{Config: with("canary-two", 2), PreConfig: has("canary-one"), Check: unseen},
				{Config: configure(sim, "", keyed("")), PreConfig: has("canary-two")},
				{Config: with("canary-three", 1), PreConfig: has("")},
				{Config: configure(sim, "", keyed(`tcp_md5_key = "canary-four"`)), PreConfig: has("canary-three")},
				{Config: configure(sim, "", keyed(`tcp_md5_key = "canary-four"`)), PreConfig: has("canary-four"), PlanOnly: true},
			},
		})
	})
}

// TestHiddenKeyIsNotWrittenBack: what the router shows as stars stays what it is when the peer is changed.
func TestHiddenKeyIsNotWrittenBack(t *testing.T) {
	sim := router(t, "7.24")
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: configure(sim, "", keyed(""))},
		{
			PreConfig: func() {
				_, err := sim.Run("/routing/bgp/connection/set", "=.id=worker", "=tcp-md5-key=of-somebody-else")
				require.NoError(t, err)
			},
			Config: configure(sim, "", keyed(`comment = "ours"`)),
		},
		{Config: configure(sim, "", keyed(`comment = "ours"`)), PreConfig: func() { assert.Equal(t, "of-somebody-else", key(sim)) }, PlanOnly: true},
	}})
}
