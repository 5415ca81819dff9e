//go:build linux

package forwarding

import (
	"errors"
	"fmt"
	"os"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/google/nftables/userdata"
)

// tableName is the table that holds all rules, and nothing else.
const tableName = "routeros"

// The chains in which RouterOS begins.
const (
	dstnat = "dstnat"
	srcnat = "srcnat"
)

// entrances are where packets come to a chain in which RouterOS begins.
func entrances() []entrance {
	return []entrance{
		{"prerouting", nftables.ChainHookPrerouting, nftables.ChainPriorityNATDest, expr.MetaKeyIIFNAME, dstnat},
		{"postrouting", nftables.ChainHookPostrouting, nftables.ChainPriorityNATSource, expr.MetaKeyOIFNAME, srcnat},
	}
}

type entrance struct {
	name       string
	hook       *nftables.ChainHook
	priority   *nftables.ChainPriority
	throughKey expr.MetaKey // the interface that a packet comes or goes through
	chain      string
}

// install puts rules in force instead of those before, at one stroke, so that no connection meets half of them.
func (f *forwarder) install(rules []rule) error {
	table := &nftables.Table{Name: tableName, Family: nftables.TableFamilyIPv4}
	f.rules.AddTable(table) // or there might be none to delete
	f.rules.DelTable(table)
	f.rules.AddTable(table)
	chains := map[string]*nftables.Chain{}
	for _, e := range entrances() {
		f.chain(table, chains, e.chain)
	}
	for _, r := range rules {
		f.chain(table, chains, r.chain)
		if r.target != "" {
			f.chain(table, chains, r.target)
		}
	}
	for _, e := range entrances() {
		c := f.rules.AddChain(&nftables.Chain{
			Name: e.name, Table: table, Type: nftables.ChainTypeNAT, Hooknum: e.hook, Priority: e.priority,
		})
		itself := matcher{load: []expr.Any{&expr.Meta{Key: e.throughKey, Register: 1}}, parse: interfaces}
		ways, err := itself.ways("lo")
		if err != nil {
			return err
		}
		// The kernel follows connections while there is a rule that asks about them, or translates some. This one asks, so
		// that connections go on when the rule that translated them goes.
		f.rules.AddRule(&nftables.Rule{Table: table, Chain: c, Exprs: []expr.Any{&expr.Ct{Key: expr.CtKeySTATE, Register: 1}}})
		f.rules.AddRule(&nftables.Rule{Table: table, Chain: c, Exprs: append(ways[0], &expr.Verdict{Kind: expr.VerdictAccept})})
		f.rules.AddRule(&nftables.Rule{Table: table, Chain: c, Exprs: jumpTo(e.chain)})
	}
	for _, r := range rules {
		for _, way := range r.ways {
			f.rules.AddRule(&nftables.Rule{
				Table: table, Chain: chains[r.chain], Exprs: append(way, r.action...),
				UserData: userdata.AppendString(nil, userdata.TypeComment, r.words[".id"]), // for who looks at it with nft
			})
		}
	}
	if err := f.rules.Flush(); err != nil {
		// The rules before are still in force, and no longer wanted.
		return errors.Join(fmt.Errorf("the kernel refuses the NAT rules, all of which are left out: %w", err), f.remove())
	}
	return nil
}

// chain makes a chain, if it is not there yet.
func (f *forwarder) chain(table *nftables.Table, chains map[string]*nftables.Chain, name string) {
	if chains[name] == nil {
		chains[name] = f.rules.AddChain(&nftables.Chain{Name: chainName(name), Table: table})
	}
}

// chainName keeps a router's chains apart from the entrances, one of which might have its name.
func chainName(name string) string { return "chain-" + name }

func jumpTo(chain string) []expr.Any {
	return []expr.Any{&expr.Verdict{Kind: expr.VerdictJump, Chain: chainName(chain)}}
}

// remove takes all rules away.
func (f *forwarder) remove() error {
	f.rules.DelTable(&nftables.Table{Name: tableName, Family: nftables.TableFamilyIPv4})
	if err := f.rules.Flush(); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("removing the NAT rules: %w", err)
	}
	return nil
}
