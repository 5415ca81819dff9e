package acceptance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

const natMenu = "/ip/firewall/nat"

// nat is a router's NAT rules, each called by its comment of one letter.
type nat struct {
	t   *testing.T
	sim *routerostest.Router
}

// eachWithOthers tests on routers that have other rules too, and put their own on top or at the end: what is not ours
// keeps its places.
func eachWithOthers(t *testing.T, test func(n nat)) {
	for name, options := range map[string][]routerostest.Option{"dynamic rules on top": nil, "at the end": {routerostest.DynamicAtEnd()}} {
		for _, version := range []string{"6.49.15", "7.19.6", "7.24"} {
			t.Run(name+"/"+version, func(t *testing.T) {
				n := withOthers(t, version, options...)
				others := n.others()
				test(n)
				assert.Equal(t, others, n.others())
			})
		}
	}
}

// withOthers is a router that has rules which are not ours: X and Y of the chain, 1 of another, and the router's own #.
func withOthers(t *testing.T, version string, options ...routerostest.Option) nat {
	n := nat{t, router(t, version, options...)}
	for _, rule := range []string{"X dstnat", "1 srcnat", "Y dstnat"} {
		comment, chain, _ := strings.Cut(rule, " ")
		_, err := n.sim.Run(natMenu+"/add", "=chain="+chain, "=action=accept", "=comment="+comment)
		require.NoError(t, err)
	}
	for range 2 {
		_, err := n.sim.AddDynamic(natMenu, map[string]string{"chain": "dstnat", "action": "dst-nat", "comment": "#"})
		require.NoError(t, err)
	}
	return n
}

// order is the rules as they stand, without the router's own.
func (n nat) order() string {
	text := ""
	for _, row := range n.sim.Print(natMenu) {
		text += row["comment"]
	}
	return strings.ReplaceAll(text, "#", "")
}

// others are the rules that are not ours, as they stand.
func (n nat) others() string {
	text := ""
	for _, row := range n.sim.Print(natMenu) {
		if slices.Contains([]string{"X", "Y", "1", "#"}, row["comment"]) {
			text += row["comment"]
		}
	}
	return text
}

func (n nat) id(comment string) string {
	for _, row := range n.sim.Print(natMenu) {
		if row["comment"] == comment {
			return row[".id"]
		}
	}
	n.t.Errorf("no rule %s", comment)
	return ""
}

// move is somebody with WinBox.
func (n nat) move(comment, before string) {
	n.t.Helper()
	words := []string{natMenu + "/move", "=numbers=" + n.id(comment)}
	if before != "" {
		words = append(words, "=destination="+n.id(before))
	}
	_, err := n.sim.Run(words...)
	require.NoError(n.t, err)
}

// applied looks at the router after an apply.
type applied func() error

func (a applied) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = a()
}

// stands wants the rules so, behind one of the beginnings if there are any, after so many moves; fewer than 0 are any.
func (n nat) stands(want string, moves int, beginnings ...string) []statecheck.StateCheck {
	return []statecheck.StateCheck{applied(func() error {
		is, moved := n.order(), n.sim.Stats().Commands[natMenu+"/move"]
		rest, found := is, len(beginnings) == 0
		for _, beginning := range beginnings {
			if after, begins := strings.CutPrefix(is, beginning); begins {
				rest, found = after, true
			}
		}
		if !found || rest != want || (moved != moves && moves >= 0) {
			return fmt.Errorf("%s after %d moves, want %v%s after %d", is, moved, beginnings, want, moves)
		}
		return nil
	})}
}

// destroyed ends a test with for_each in it, whose state the test library could not read otherwise.
func destroyed(config string) resource.TestStep {
	return resource.TestStep{Config: config, Destroy: true}
}

// seen wants a plan to show how it is: the order of the rules, and whether they stand where they should.
type seen struct {
	nat
	order  string
	placed bool
}

func (s seen) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	for _, change := range req.Plan.ResourceChanges {
		before, _ := change.Change.Before.(map[string]any)
		if change.Type == "routeros_dstnat" && !change.Change.Actions.NoOp() {
			resp.Error = errors.Join(resp.Error, fmt.Errorf("%s changes, although only the order does", change.Address))
		}
		if change.Type != "routeros_nat_order" {
			continue
		}
		want := []any{}
		for _, letter := range s.order {
			want = append(want, s.id(string(letter)))
		}
		placed := before["position"] != nil || before["before"] != nil || before["after"] != nil
		if !assert.ObjectsAreEqual(want, before["rules"]) || placed != s.placed || !change.Change.Actions.Update() {
			resp.Error = errors.Join(resp.Error, fmt.Errorf("plan shows %v, of which %s was %v", change.Change.Actions, change.Address, before))
		}
	}
}

// web is a configuration of rules and their order, which is also the order of their letters.
func (n nat) web(rules, order, place string) string {
	quoted := func(letters string) string { return `"` + strings.Join(strings.Split(letters, ""), `", "`) + `"` }
	return configure(n.sim, "", fmt.Sprintf(`
resource "routeros_dstnat" "web" {
  for_each = toset([%s])

  comment = each.key
  action  = "accept"
}
resource "routeros_nat_order" "web" {
  rules = [for name in [%s] : routeros_dstnat.web[name].id]
  %s
}`, quoted(rules), quoted(order), place))
}

// TestNATOrder: rules stand as they are listed; who disturbs that is seen, and put right with the fewest moves.
func TestNATOrder(t *testing.T) {
	eachWithOthers(t, func(n nat) {
		before, after := fmt.Sprintf("before = %q", n.id("Y")), fmt.Sprintf("after = %q", n.id("X"))
		// step plans and applies once more, after something happened to the rules.
		step := func(rules, order, place, want string, moves int, happened func(), checks ...plancheck.PlanCheck) resource.TestStep {
			return resource.TestStep{
				PreConfig:         func() { happened(); n.sim.ResetStats() },
				Config:            n.web(rules, order, place),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: checks},
				ConfigStateChecks: n.stands(want, moves),
			}
		}
		nothing := func() {}
		sees := func(order string, placed bool) plancheck.PlanCheck { return seen{n, order, placed} }
		resource.Test(n.t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
			step("abcd", "cabd", "", "X1Ycabd", -1, nothing), // they are made at once, in any order
			step("abcd", "abcd", "", "X1Yabcd", 1, nothing, sees("cabd", false)),
			step("abcd", "abcd", "", "aX1Ybcd", 0, func() { n.move("a", "X") }, plancheck.ExpectEmptyPlan()),
			step("abcd", "abcd", "", "X1Yabcd", 1, func() { n.move("a", "") }, sees("bcda", false)),
			// places, and what disturbs them
			step("abcd", "abcd", `position = "first"`, "abcdX1Y", 4, nothing, sees("abcd", false)),
			step("abcd", "abcd", `position = "first"`, "abcdX1Y", 2, func() { n.move("X", "c") }, sees("abcd", false)),
			step("abcd", "abcd", `position = "first"`, "1abcdXY", 0, func() { n.move("1", "a") }, plancheck.ExpectEmptyPlan()),
			step("abcd", "abcd", `position = "first"`, "1abcdXY", 1, func() { n.move("d", "b") }, sees("adbc", true)),
			step("abcd", "abcd", `position = "last"`, "1XYabcd", 4, nothing, sees("abcd", true)),
			step("abcd", "abcd", `position = "last"`, "1XYabcd", 1, func() { n.move("d", "X") }, sees("dabc", false)),
			step("abcd", "abcd", before, "1XabcdY", 4, nothing, sees("abcd", true)),
			step("abcd", "abcd", before, "1XabcdY", 3, func() { n.move("X", "d") }, sees("abcd", false)),
			step("abcd", "dcba", after, "1XdcbaY", 3, nothing, sees("abcd", true)),
			step("abcd", "dcba", after, "1XdcbaY", 1, func() { n.move("c", "") }, sees("dbac", false)),
			// rules that come, go and change their ids
			step("abcde", "decba", after, "1XdecbaY", 1, nothing),
			step("abde", "deba", after, "1XdebaY", 0, nothing),
			{
				PreConfig: n.sim.ResetStats, Taint: []string{`routeros_dstnat.web["d"]`},
				Config: n.web("abde", "deba", after), ConfigStateChecks: n.stands("1XdebaY", 1),
			},
			step("abde", "deba", after, "1XdebaY", 1, func() {
				_, err := n.sim.Run(natMenu+"/remove", "=.id="+n.id("b"))
				require.NoError(n.t, err)
			}),
			destroyed(n.web("abde", "deba", after)),
		}})
		assert.Equal(n.t, "1XY", n.order())
		n.move("1", "Y") // back where it was
	})
}

// TestNATOrderLost: answers that get lost on the way cost nothing but a second look.
func TestNATOrderLost(t *testing.T) {
	for name, cut := range map[string]func(string, int) routerostest.Option{"before": routerostest.CutBefore, "after": routerostest.CutAfter} {
		t.Run(name, func(t *testing.T) {
			n := withOthers(t, "7.24")
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: n.web("abc", "abc", ""),
			}, {
				PreConfig:         func() { n.sim.Configure(cut("nat/move", 1)) },
				Config:            n.web("abc", "cba", `position = "first"`),
				ConfigStateChecks: n.stands("cbaX1Y", -1),
			}, destroyed(n.web("abc", "cba", `position = "first"`))}})
		})
	}
}

// TestNATOrderImport takes over the order in which all rules of the chain stand.
func TestNATOrderImport(t *testing.T) {
	n := withOthers(t, "7.24")
	written := func(order string) string {
		return configure(n.sim, "", fmt.Sprintf("resource \"routeros_nat_order\" \"all\" {\n rules = [%q, %q]\n}", n.id(order[:1]), n.id(order[1:])))
	}
	imported := func(order, id string) resource.TestStep {
		return resource.TestStep{Config: written(order), ResourceName: "routeros_nat_order.all", ImportState: true, ImportStateId: id}
	}
	verified := imported("XY", "dstnat")
	verified.ImportStateVerify = true
	planned := imported("XY", "")
	planned.ImportStateKind, planned.ImportStateIdFunc = resource.ImportBlockWithID, func(*terraform.State) (string, error) { return "dstnat", nil }
	refused := imported("XY", "srcnat")
	refused.ExpectError = said("Accepted is: dstnat")
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{
		{Config: written("XY")}, verified, planned, refused, {Config: written("YX")},
	}})
	assert.Equal(t, "1YX", n.order(), "and destroying it has moved nothing")
}

// TestNATOrderRefused: what cannot be is refused at its attribute, where possible before anything is done.
func TestNATOrderRefused(t *testing.T) {
	n := withOthers(t, "7.24")
	dynamic := n.sim.Print(natMenu)[0][".id"]
	x, y, masquerade := n.id("X"), n.id("Y"), n.id("1")
	answer := "router " + n.sim.Addr() + " (RouterOS 7.24): /ip/firewall/nat: "
	for name, c := range map[string]struct {
		rules []string
		more  string
		want  string
	}{
		"twice":            {[]string{x, y, x}, "", "This attribute contains duplicate values of"},
		"lower case":       {[]string{"*1a"}, "", `"*1a" is not how RouterOS spells an id: write "*1A"`},
		"no id":            {[]string{"web"}, "", `"web" is not a row's id`},
		"two places":       {[]string{x}, "position = \"first\"\n before = \"" + y + `"`, `"before" cannot be specified when "position" is specified`},
		"two anchors":      {[]string{x}, "before = \"*B\"\n after = \"*A\"", `"after" cannot be specified when "before" is specified`},
		"its own anchor":   {[]string{x, y}, `before = "` + x + `"`, x + " is one of rules"},
		"no such place":    {[]string{x}, `position = "middle"`, `value must be one of: ["first" "last"]`},
		"gone":             {[]string{x, "*AA", "*BB"}, "", `rules = ["` + x + `", "*AA", "*BB"] rules[1]: ` + answer + "there is no row *AA, *BB"},
		"gone anchor":      {[]string{x}, `after = "*AA"`, `after = "*AA" ` + answer + "there is no row *AA"},
		"dynamic":          {[]string{dynamic}, "", answer + "dynamic, or of another chain: " + dynamic},
		"of another chain": {[]string{x}, `before = "` + masquerade + `"`, answer + "dynamic, or of another chain: " + masquerade},
	} {
		t.Run(name, func(t *testing.T) {
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(n.sim, "", fmt.Sprintf("resource \"routeros_nat_order\" \"all\" {\n rules = [\"%s\"]\n %s\n}",
					strings.Join(c.rules, `", "`), c.more)),
				ExpectError: said(c.want),
			}}})
		})
	}
}

// TestPlaceBefore: a rule is put before another, and kept there.
func TestPlaceBefore(t *testing.T) {
	rules := func(n nat, comments, before string) string {
		return configure(n.sim, "", fmt.Sprintf(`
resource "routeros_dstnat" "early" {
  for_each = toset(["%s"])

  comment      = each.key
  action       = "accept"
  place_before = %s
}
resource "routeros_dstnat" "late" {
  comment = "z"
  action  = "accept"
}`, strings.Join(strings.Split(comments, ""), `", "`), before))
	}
	eachWithOthers(t, func(n nat) {
		before := func(comment string) string { return fmt.Sprintf("%q", n.id(comment)) }
		updated := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectResourceAction(`routeros_dstnat.early["a"]`, plancheck.ResourceActionUpdate),
		}}
		// Two that are moved at once come in either order.
		both := func(rest string, moves int) []statecheck.StateCheck { return n.stands(rest, moves, "ab", "ba") }
		resource.Test(n.t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
			Config: rules(n, "a", before("Y")), ConfigStateChecks: n.stands("X1aYz", 0),
		}, { // a second one does not drive the first away
			Config: rules(n, "ab", before("Y")), ConfigStateChecks: n.stands("X1abYz", 0),
		}, {
			PreConfig: func() { n.move("a", "X") },
			Config:    rules(n, "ab", before("Y")), PlanOnly: true,
		}, { // moved behind: put back
			PreConfig: func() { n.move("a", "") },
			Config:    rules(n, "ab", before("Y")), ConfigPlanChecks: updated, ConfigStateChecks: n.stands("X1baYz", 1),
		}, { // before another
			PreConfig: n.sim.ResetStats,
			Config:    rules(n, "ab", before("X")), ConfigPlanChecks: updated, ConfigStateChecks: both("X1Yz", 2),
		}, { // wherever they stand
			PreConfig: n.sim.ResetStats,
			Config:    rules(n, "ab", "null"), ConfigStateChecks: both("X1Yz", 0),
		}, {
			Config: rules(n, "ab", "routeros_dstnat.late.id"), ConfigStateChecks: both("X1Yz", 0),
		}, { // what it stands before gets another id
			Taint:  []string{"routeros_dstnat.late"},
			Config: rules(n, "ab", "routeros_dstnat.late.id"), ConfigStateChecks: both("X1Yz", 0),
		}, {
			Config: rules(n, "ab", `"*AA"`), ExpectError: said(fmt.Sprintf(`place_before = "*AA" router %s`, n.sim.Addr())),
		}, {
			Config: rules(n, "abc", `"*AA"`), ExpectError: said("Nothing can stand before a row that is not there"),
		}, {
			Config: rules(n, "a", `"*aa"`), ExpectError: said(`"*aa" is not how RouterOS spells an id: write "*AA"`),
		}, destroyed(rules(n, "ab", "null"))}})
	})
}
