package routerostest

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	goros "github.com/go-routeros/routeros/v3"
)

// six is a router of RouterOS 6 with two instances of its own, peers and NAT rules, whose ids have gaps.
func six(t *testing.T, options ...Option) *Router {
	t.Helper()
	r := StartTest(t, "6.49.15", options...)
	for _, words := range []string{
		"instance/add =name=gone =as=1", "instance/remove =.id=gone",
		"instance/add =name=private =as=65000 =router-id=192.168.5.1 =out-filter=kube =redistribute-static=yes =redistribute-other-bgp=yes",
		"instance/add =name=rr =as=65100 =router-id=192.168.5.1 =client-to-client-reflection=no =cluster-id=1.1.1.1 =ignore-as-path-len=yes",
		"peer/add =name=gone =remote-address=10.0.0.9 =remote-as=1", "peer/remove =.id=gone",
		"peer/add =name=w1 =instance=private =remote-address=192.168.5.253 =remote-as=65001 =multihop=yes =ttl=3 =passive=yes " +
			"=in-filter=in =address-families=ipv6,ip =as-override=yes =comment=c",
		"peer/add =name=w2 =instance=rr =remote-address=2001:db8::2 =remote-as=65100 =ttl=default =route-reflect=yes " +
			"=out-filter=out =max-prefix-limit=2000 =disabled=yes =update-source=ether1",
		"peer/add =name=w3 =instance=rr =remote-address=192.168.5.251 =remote-as=65100 =update-source=192.168.5.1",
	} {
		run(t, r, "", strings.Fields("/routing/bgp/"+words)...)
	}
	for _, words := range []string{"=comment=a", "=comment=b =tls-host=x", "=comment=c =place-before=*1"} {
		run(t, r, "", append([]string{natMenu + "/add", "=chain=dstnat"}, strings.Fields(words)...)...)
	}
	run(t, r, "", natMenu+"/remove", "=.id=*1")
	if _, err := r.AddDynamic(natMenu, map[string]string{"chain": "dstnat", "comment": "upnp"}); err != nil {
		t.Fatal(err)
	}
	return r
}

func upgrade(t *testing.T, r *Router, version string, options ...Option) {
	t.Helper()
	if err := r.Upgrade(version, options...); err != nil {
		t.Fatal(err)
	}
}

// holds wants a menu to have these rows, in this order: what was set on each, as "*1 as=1 name=x", in alphabetical order.
func holds(t *testing.T, r *Router, menu string, want ...string) {
	t.Helper()
	var got []string
	for _, row := range r.world.tables[menu].rows {
		words := []string{row.ident()}
		for _, word := range slices.Sorted(maps.Keys(row.values)) {
			words = append(words, word+"="+row.values[word])
		}
		got = append(got, strings.Join(words, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s %s has\n%s\nwant\n%s", r.world.version, menu, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestUpgradeFromSix: an instance becomes a template, or part of its connections.
func TestUpgradeFromSix(t *testing.T) {
	r := six(t)
	upgrade(t, r, "7.9.2")
	holds(t, r, templateMenu,
		"*0 as=65530 disabled=false name=default output.network=bgp-networks",
		"*1 as=65000 disabled=false name=private output.filter-chain=kube output.network=bgp-networks output.redistribute=static,bgp router-id=192.168.5.1",
		"*2 as=65100 cluster-id=1.1.1.1 disabled=false input.ignore-as-path-len=true name=rr output.network=bgp-networks "+
			"output.no-client-to-client-reflection=true router-id=192.168.5.1")
	w1 := "comment=c connect=false disabled=false input.filter=in listen=true local.role=ebgp local.ttl=3 multihop=true name=w1 "
	holds(t, r, connectionMenu,
		"*1 address-families=ip,ipv6 as-override=true "+w1+"remote.address=192.168.5.253 remote.as=65001 templates=private",
		"*2 disabled=true input.limit-process-routes-ipv4=10000 local.role=ibgp-rr name=w2 output.filter-chain=out "+
			"remote.address=2001:db8::2 remote.as=65100 templates=rr",
		"*3 disabled=false local.address=192.168.5.1 local.role=ibgp name=w3 remote.address=192.168.5.251 remote.as=65100 templates=rr")
	holds(t, r, natMenu, "*1 chain=dstnat comment=c", "*2 chain=dstnat comment=b tls-host=x")

	r = six(t, InlineInstances(), KeepIDs())
	upgrade(t, r, "7.19.6")
	holds(t, r, templateMenu, "*0 name=default")
	holds(t, r, connectionMenu,
		"*1 afi=ip,ipv6 as=65000 "+w1+"output.as-override=true output.filter-chain=kube output.network=bgp-networks "+
			"output.redistribute=static,bgp remote.address=192.168.5.253 remote.as=65001 router-id=192.168.5.1",
		"*2 as=65100 cluster-id=1.1.1.1 disabled=true input.ignore-as-path-len=true input.limit-process-routes-ipv4=10000 local.role=ibgp-rr "+
			"name=w2 output.filter-chain=out output.network=bgp-networks output.no-client-to-client-reflection=true "+
			"remote.address=2001:db8::2 remote.as=65100 router-id=192.168.5.1",
		"*3 as=65100 cluster-id=1.1.1.1 disabled=false input.ignore-as-path-len=true local.address=192.168.5.1 local.role=ibgp name=w3 "+
			"output.network=bgp-networks output.no-client-to-client-reflection=true remote.address=192.168.5.251 remote.as=65100 router-id=192.168.5.1")
	holds(t, r, natMenu, "*3 chain=dstnat comment=c", "*2 chain=dstnat comment=b")
	if got := run(t, r, "ret", natMenu+"/add", "=chain=dstnat"); got != "*5" {
		t.Errorf("the next id is %s, after those of rows that are gone", got)
	}
}

// TestUpgradeRenamedDefault: the instance that comes with RouterOS 6 may have another name by then.
func TestUpgradeRenamedDefault(t *testing.T) {
	r := StartTest(t, "6.40", KeepIDs())
	run(t, r, "", instanceMenu+"/set", "=.id=default", "=name=private", "=as=65000")
	upgrade(t, r, "6.49.15")
	if rows := r.Print(instanceMenu); len(rows) != 1 || rows[0]["name"] != "private" {
		t.Error(rows)
	}
	upgrade(t, r, "7.12.2")
	holds(t, r, templateMenu, "*0 name=default", "*1 as=65000 disabled=false name=private output.network=bgp-networks")
}

// TestUpgradeToInstances: one instance for each AS number with router ID, which leaves connections and templates.
func TestUpgradeToInstances(t *testing.T) {
	first := "disabled=false name=private output.filter-chain=kube output.network=bgp-networks output.redistribute=static,bgp"
	for _, by := range [][]string{{"7.24"}, {"7.12.2", "7.19.6", "7.20.8", "7.24"}} {
		r := six(t)
		for _, version := range by {
			upgrade(t, r, version)
		}
		holds(t, r, instanceMenu,
			"*1 as=65000 name=bgp-instance-1 router-id=192.168.5.1",
			"*2 as=65100 cluster-id=1.1.1.1 ignore-as-path-len=true name=bgp-instance-2 router-id=192.168.5.1")
		holds(t, r, templateMenu,
			"*0 as=65530 disabled=false name=default output.network=bgp-networks", "*1 as=65000 "+first,
			"*2 as=65100 disabled=false name=rr output.network=bgp-networks output.no-client-to-client-reflection=true")
		for i, want := range []string{"bgp-instance-1", "bgp-instance-2", "bgp-instance-2"} {
			row := r.Print(connectionMenu)[i]
			if row["instance"] != want || row["router-id"] != "" || row["inactive"] != "false" {
				t.Error(row)
			}
		}
	}
	r := six(t, InlineInstances(), FirstInstanceDefault())
	upgrade(t, r, "7.24")
	holds(t, r, instanceMenu,
		"*1 as=65000 name=default router-id=192.168.5.1",
		"*2 as=65100 cluster-id=1.1.1.1 ignore-as-path-len=true name=bgp-instance-1 router-id=192.168.5.1")
	if row := r.Print(connectionMenu)[0]; row["instance"] != "default" || row["as"] != "65000" {
		t.Error(row)
	}
	r = six(t, FirstInstanceDefault(), DefaultInstance(true))
	upgrade(t, r, "7.24")
	holds(t, r, instanceMenu,
		"*1 as=65530 name=default", "*2 as=65000 name=bgp-instance-1 router-id=192.168.5.1",
		"*3 as=65100 cluster-id=1.1.1.1 ignore-as-path-len=true name=bgp-instance-2 router-id=192.168.5.1")
}

// TestUpgradeWords: properties follow to their newer names; what a release drops is gone.
func TestUpgradeWords(t *testing.T) {
	r := StartTest(t, "7.9.2")
	addConnection(t, r, "=as=1", "=as-override=yes", "=remove-private-as=yes", "=address-families=ip", "=input.accept-unknown=x",
		"=add-path-out=all", "=input.ignore-as-path-len=yes", "=remote.address=10.0.0.1")
	run(t, r, "", natMenu+"/add", "=chain=dstnat", "=tls-host=x")
	run(t, r, "", "/interface/set", "=.id=ether1", "=comment=uplink")
	run(t, r, "", "/system/identity/set", "=name=edge")
	upgrade(t, r, "7.10.2")
	holds(t, r, connectionMenu, "*1 add-path-out=all address-families=ip as=1 input.accept-unknown=x input.ignore-as-path-len=true "+
		"local.role=ebgp name=c output.as-override=true output.remove-private-as=true remote.address=10.0.0.1")
	upgrade(t, r, "7.16")
	holds(t, r, natMenu, "*1 chain=dstnat")
	upgrade(t, r, "7.19")
	holds(t, r, connectionMenu, "*1 add-path-out=all afi=ip as=1 input.ignore-as-path-len=true "+
		"local.role=ebgp name=c output.as-override=true output.remove-private-as=true remote.address=10.0.0.1")
	upgrade(t, r, "7.24")
	holds(t, r, connectionMenu, "*1 afi=ip as=1 instance=bgp-instance-1 "+
		"local.role=ebgp name=c output.as-override=true output.remove-private-as=true remote.address=10.0.0.1")
	holds(t, r, instanceMenu, "*1 as=1 ignore-as-path-len=true name=bgp-instance-1")
	if got := run(t, r, "comment", "/interface/print"); got != "uplink" {
		t.Errorf("the interface's comment is %q", got)
	}
	if got := run(t, r, "name", "/system/identity/print"); got != "edge" {
		t.Errorf("the router is called %q", got)
	}
}

// TestUpgradeReboots: connections are cut, the address stays, quirks hold, and what somebody removed stays away.
func TestUpgradeReboots(t *testing.T) {
	r := StartTest(t, "7.20.8", EmptyComments())
	run(t, r, "", templateMenu+"/remove", "=.id=default")
	c := dialAdmin(t, r)
	upgrade(t, r, "7.24", RemoteAddressMask(true))
	if !c.ended() {
		t.Error("a connection outlived the reboot")
	}
	if got := dialAdmin(t, r).ask("/system/resource/print", "=.proplist=version"); got != "!re =version=7.24 (stable)\n!done" {
		t.Error(got)
	}
	holds(t, r, templateMenu)
	addConnection(t, r, "=remote.address=10.0.0.1")
	if row := r.Print(connectionMenu)[0]; row["remote.address"] != "10.0.0.1/32" || row["comment"] != "" {
		t.Error(row)
	} else if _, ok := row["comment"]; !ok {
		t.Error("no empty comment")
	}
	upgrade(t, r, "7.24")
	for version, want := range map[string]string{"7.20.8": "7.24 cannot be upgraded to 7.20.8", "8.0": "not modelled", "seven": "is not a RouterOS version"} {
		if err := r.Upgrade(version); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", version, err)
		}
	}
	r = StartTest(t, "6.49.15")
	upgrade(t, r, "7.24")
	var names []string
	for _, row := range r.Print("/interface") {
		names = append(names, row["name"])
	}
	if !slices.Contains(names, "lo") || len(names) != 6 {
		t.Error(names)
	}
}

// TestUpgradeInUse reboots a router that clients are talking to: each of their commands happens before or not at all.
func TestUpgradeInUse(t *testing.T) {
	r := StartTest(t, "6.49.15")
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for range 20 {
				c, err := goros.Dial(r.Addr(), "admin", "")
				if err != nil {
					continue // the reboot came in the middle of the login
				}
				for err == nil {
					_, err = c.Run(natMenu+"/add", "=chain=dstnat")
				}
				_ = c.Close()
			}
		})
	}
	done := make(chan struct{})
	go func() { clients.Wait(); close(done) }()
	for versions := []string{"6.49.15", "7.12.2", "7.20.8", "7.24"}; ; versions = append(versions[1:], "7.24") {
		select {
		case <-done:
			if len(r.Print(natMenu)) == 0 {
				t.Error("no client got anything done")
			}
			return
		case <-time.After(2 * time.Millisecond):
			upgrade(t, r, versions[0])
		}
	}
}
