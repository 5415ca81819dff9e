package routerostest

import (
	"slices"
	"strings"
	"testing"
)

// hears reads a sentence, in the order of its words but for the tag, which is last, as `!re =a=b .tag=1`.
func (c *wireClient) hears(want ...string) {
	c.t.Helper()
	got := c.read()
	slices.Sort(got[1:])
	slices.Sort(want[1:])
	if !slices.Equal(got, want) {
		c.t.Fatalf("hears %s, want %s", strings.Join(got, " "), strings.Join(want, " "))
	}
}

// TestListenStreams watches a menu that others change, until it is cancelled.
func TestListenStreams(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.20.8"} {
		t.Run(version, func(t *testing.T) {
			r := StartTest(t, version)
			run := func(words ...string) {
				t.Helper()
				if _, err := r.Run(words...); err != nil {
					t.Fatal(err)
				}
			}
			run("/ip/firewall/nat/add", "=chain=dstnat", "=comment=old")
			c := dialAdmin(t, r)
			// A query would exclude everything, had it an effect.
			c.send("/ip/firewall/nat/listen", "=.proplist=.id,comment,disabled", "?comment=none", ".tag=2")
			if got := c.ask("/ip/firewall/nat/print", "=count-only="); got != "!done =ret=1" { // what there was is no news
				t.Fatal(got)
			}
			run("/ip/firewall/nat/add", "=chain=dstnat", "=comment=new")
			c.hears("!re", "=.id=*2", "=comment=new", "=disabled=false", ".tag=2")
			run("/ip/firewall/nat/disable", "=.id=*1")
			c.hears("!re", "=.id=*1", "=comment=old", "=disabled=true", ".tag=2")
			run("/ip/firewall/nat/disable", "=.id=*1") // changes nothing
			run("/ip/firewall/nat/set", "=.id=*1", "=chain=srcnat")
			run("/ip/firewall/nat/remove", "=.id=*1,*2")
			c.hears("!re", "=.id=*1", "=.dead=yes", ".tag=2")
			c.hears("!re", "=.id=*2", "=.dead=yes", ".tag=2")

			c.send("/cancel", "=tag=2", ".tag=3")
			var got []string
			for range 3 {
				got = append(got, strings.Join(c.read(), " "))
			}
			// That of the one may come before, between or after those of the other.
			done := slices.Index(got, "!done .tag=3")
			if done < 0 || !slices.Equal(slices.Delete(slices.Clone(got), done, done+1),
				[]string{"!trap =category=2 =message=interrupted .tag=2", "!done .tag=2"}) {
				t.Errorf("cancelled: %q", got)
			}
			run("/ip/firewall/nat/add", "=chain=dstnat")
			if got := c.ask("/quit"); got != "!fatal session terminated on request" {
				t.Error("after the end:", got)
			}
		})
	}
}

// TestListenToSessions is about rows that nobody writes, and a listener without tag.
func TestListenToSessions(t *testing.T) {
	r := StartTest(t, "7.20.8")
	c := dialAdmin(t, r)
	c.send("/user/active/listen", "=.proplist=.id,name")
	c.ask("/user/active/print", "=count-only=") // the listener is known by then
	other := dialAdmin(t, r)
	c.hears("!re", "=.id=*2", "=name=admin")
	other.ask("/quit")
	c.hears("!re", "=.id=*2", "=.dead=yes")
	c.send("/cancel", ".tag=x")
	var got []string
	for range 3 {
		got = append(got, strings.Join(c.read(), " "))
	}
	slices.Sort(got)
	if want := []string{"!done", "!done .tag=x", "!trap =category=2 =message=interrupted"}; !slices.Equal(got, want) {
		t.Errorf("cancelled: %q", got)
	}
}

// TestFollow is the print that goes on: with what there is, or without.
func TestFollow(t *testing.T) {
	r := StartTest(t, "7.20.8")
	c := dialAdmin(t, r)
	c.ask("/interface/list/add", "=name=a")
	c.send("/interface/list/print", "=follow=", "=.proplist=name", "?name=a", "?name=b", "?#|", ".tag=all")
	c.hears("!re", "=name=a", ".tag=all")
	c.send("/interface/list/print", "=follow-only=", "=.proplist=name", ".tag=news")
	c.ask("/interface/list/print", "=count-only=") // the listener is known by then
	for _, name := range []string{"b", "c"} {
		if _, err := r.Run("/interface/list/add", "=name="+name); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for range 3 {
		got = append(got, strings.Join(c.read(), " "))
	}
	slices.Sort(got)
	if want := []string{"!re =name=b .tag=all", "!re =name=b .tag=news", "!re =name=c .tag=news"}; !slices.Equal(got, want) {
		t.Errorf("hears %q", got)
	}
}

// TestListenRefused is what no stream comes of.
func TestListenRefused(t *testing.T) {
	r := StartTest(t, "7.20.8", User("writer", "x", "api", "write"))
	c := dialAdmin(t, r)
	for _, sentence := range [][]string{
		{"/no/such/listen"}, {"/ip/firewall/listen"}, {"/ip/firewall/nat/listen", "=bad="}, {"/ip/firewall/nat/listen", "=.id=*9"},
	} {
		if got := c.ask(sentence...); !strings.HasPrefix(got, "!trap") {
			t.Errorf("%v: %s", sentence, got)
		}
	}
	c = dial(t, r)
	c.ask("/login", "=name=writer", "=password=x")
	if got := c.ask("/ip/firewall/nat/listen"); !strings.Contains(got, "not enough permissions") {
		t.Error(got)
	}
}
