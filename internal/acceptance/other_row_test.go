package acceptance

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// becomesForeign makes what stands at a rule's id somebody else's, as when a restored router has numbered its rows anew.
func becomesForeign(t *testing.T, sim *routerostest.Router) {
	id := sim.Print("/ip/firewall/nat")[0][".id"]
	for _, command := range [][]string{
		{"/ip/firewall/nat/unset", "=.id=" + id, "=value-name=to-addresses"},
		{"/ip/firewall/nat/set", "=.id=" + id, "=action=redirect", "=protocol=udp", "=dst-port=53", "=comment="},
	} {
		_, err := sim.Run(command...)
		require.NoError(t, err)
	}
}

// mustBeForeign wants that rule as becomesForeign left it.
func mustBeForeign(t *testing.T, sim *routerostest.Router) {
	rule := sim.Print("/ip/firewall/nat")[0]
	assert.Equal(t, []string{"redirect", "udp", "53", "", ""},
		[]string{rule["action"], rule["protocol"], rule["dst-port"], rule["comment"], rule["to-addresses"]})
}

// TestOthersRule: a rule without a comment is known by what it matches, so that what has its id on a restored router is
// neither changed nor removed.
func TestOthersRule(t *testing.T) {
	sim := router(t, "7.20.8")
	whole := configure(sim, "", `
resource "routeros_dstnat" "ssh" {
  protocol     = "tcp"
  dst_port     = "22"
  to_addresses = "192.168.128.2"
}`)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{Config: whole}, {
		PreConfig: func() { becomesForeign(t, sim) },
		Config:    whole,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("routeros_dstnat.ssh", plancheck.ResourceActionCreate),
		}},
	}}})
	mustBeForeign(t, sim)
	assert.Len(t, sim.Print("/ip/firewall/nat"), 1)
}

// TestOldPlan: what was planned for a rule is not done to another that has its id by then.
func TestOldPlan(t *testing.T) {
	sim := router(t, "7.20.8")
	rule := func(port string) string {
		return configure(sim, "", `
resource "routeros_dstnat" "ssh" {
  protocol     = "tcp"
  dst_port     = "`+port+`"
  to_addresses = "192.168.128.2"
  comment      = "ssh"
}`)
	}
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{Config: rule("22")}, {
		Config:           rule("2222"),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{meanwhile(func() { becomesForeign(t, sim) })}},
		ExpectError:      said("is not at *1 any more"),
	}}})
	mustBeForeign(t, sim)
}

// meanwhile is what happens between a plan and its apply.
type meanwhile func()

func (m meanwhile) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	m()
}

// TestCommentByHand: a rule whose comment somebody has changed is still the same, however the configuration spells it.
func TestCommentByHand(t *testing.T) {
	sim := router(t, "7.20.8")
	whole := configure(sim, "", `
resource "routeros_dstnat" "ssh" {
  protocol     = "6"
  dst_address  = "192.0.2.1/32"
  src_address  = "10.0.0.0/255.0.0.0"
  to_addresses = "192.168.128.2/32"
  comment      = "ssh"
}`)
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{Config: whole}, {
		PreConfig: func() {
			_, err := sim.Run("/ip/firewall/nat/set", "=.id="+sim.Print("/ip/firewall/nat")[0][".id"], "=comment=by hand")
			require.NoError(t, err)
		},
		Config: whole,
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction("routeros_dstnat.ssh", plancheck.ResourceActionUpdate),
		}},
	}}})
}

// TestLostAddOfOneOfMany: the answer to an add is lost, and a rule of somebody else has the same comment, or none as
// well. That is not taken for the new one, and the new one is made once, however the configuration spells it.
func TestLostAddOfOneOfMany(t *testing.T) {
	for name, comment := range map[string]string{"same comment": "web", "no comment": ""} {
		for when, cut := range map[string]routerostest.Option{"made": routerostest.CutAfter("nat/add", 1), "not made": routerostest.CutBefore("nat/add", 1)} {
			t.Run(name+", "+when, func(t *testing.T) {
				sim := router(t, "7.20.8")
				_, err := sim.Run("/ip/firewall/nat/add", "=chain=dstnat", "=action=dst-nat", "=protocol=tcp", "=dst-port=443",
					"=to-addresses=192.168.128.2", "=comment="+comment)
				require.NoError(t, err)
				before := tables(sim)
				sim.Configure(cut)
				own := `
resource "routeros_dstnat" "http" {
  protocol     = "6"
  dst_port     = "80"
  to_addresses = "192.168.128.2/32"
`
				if comment != "" {
					own += "  comment = \"" + comment + "\"\n"
				}
				resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
					{Config: configure(sim, "", own+"}")},
					{PreConfig: func() { assert.Len(t, sim.Print("/ip/firewall/nat"), 2) }, Config: configure(sim, "", own+"}"), PlanOnly: true},
				}})
				assert.Equal(t, before, tables(sim), "after its destruction, what was there before")
			})
		}
	}
}
