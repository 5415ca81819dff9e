package routerostest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTags: answers carry the tag of their command, and those of different commands may mix.
func TestTags(t *testing.T) {
	r := StartTest(t, "7.20.8", Latency(time.Millisecond))
	for range 50 {
		if _, err := r.Run("/ip/firewall/nat/add", "=chain=dstnat"); err != nil {
			t.Fatal(err)
		}
	}
	c := dialAdmin(t, r)
	const commands = 20
	for i := range commands {
		c.send("/ip/firewall/nat/print", "=.proplist=.id", fmt.Sprintf(".tag=%d", i))
	}
	rows, open := map[string]int{}, commands
	for open > 0 {
		words := c.read()
		tag := words[len(words)-1]
		if !strings.HasPrefix(tag, ".tag=") {
			t.Fatalf("no tag: %v", words)
		}
		switch words[0] {
		case "!re":
			rows[tag]++
		case "!done":
			if rows[tag] != 50 {
				t.Errorf("%s: %d rows", tag, rows[tag])
			}
			open--
		}
	}
}

// TestLatencyOverlaps: tagged commands wait side by side, untagged ones one after the other; either way the router
// changes in the order in which it was asked.
func TestLatencyOverlaps(t *testing.T) {
	const latency, n = 60 * time.Millisecond, 10
	r := StartTest(t, "7.20.8", Latency(latency))
	c := dialAdmin(t, r)
	begin := time.Now()
	for i := range n {
		c.send("/ip/firewall/nat/add", "=chain=dstnat", fmt.Sprintf("=comment=%d", i), fmt.Sprintf(".tag=%d", i))
	}
	for range n {
		c.read()
	}
	if d := time.Since(begin); d < latency || d > n*latency/2 {
		t.Errorf("%d tagged commands took %s", n, d)
	}
	for i, row := range r.Print("/ip/firewall/nat") {
		if row["comment"] != fmt.Sprint(i) {
			t.Errorf("row %d is %s", i, row["comment"])
		}
	}
	begin = time.Now()
	for range 3 {
		c.send("/ip/firewall/nat/print", "=count-only=")
	}
	for range 3 {
		c.read()
	}
	if d := time.Since(begin); d < 3*latency {
		t.Errorf("3 untagged commands took %s", d)
	}
}

// TestRowCost: a print costs what it looks at, also what the query drops.
func TestRowCost(t *testing.T) {
	r := StartTest(t, "7.20.8", RowCost(2*time.Millisecond))
	for range 30 {
		if _, err := r.Run("/ip/firewall/nat/add", "=chain=dstnat"); err != nil {
			t.Fatal(err)
		}
	}
	c := dialAdmin(t, r)
	begin := time.Now()
	c.ask("/ip/firewall/nat/print", "?.id=*1")
	if d := time.Since(begin); d < 60*time.Millisecond {
		t.Errorf("print took %s", d)
	}
}

// TestCancel ends a command that is not answered yet.
func TestCancel(t *testing.T) {
	r := StartTest(t, "7.20.8")
	c := dialAdmin(t, r)
	r.Configure(Latency(time.Hour))
	c.send("/ip/firewall/nat/print", ".tag=slow")
	for begin := time.Now(); r.Stats().Commands["/ip/firewall/nat/print"] == 0; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			t.Fatal("the router does not print")
		}
	}
	r.Configure(Latency(0)) // for what follows: to cancel takes its time as well
	c.send("/cancel", "=tag=slow", ".tag=c")
	var got []string
	for range 3 {
		got = append(got, strings.Join(c.read(), " "))
	}
	slices.Sort(got)
	want := []string{"!done .tag=c", "!done .tag=slow", "!trap =category=2 =message=interrupted .tag=slow"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// TestManyClients is for the race detector: clients, the console and the end of the router at once.
func TestManyClients(t *testing.T) {
	r := StartTest(t, "7.24", Latency(100*time.Microsecond))
	var clients []*wireClient
	for range 8 {
		clients = append(clients, dialAdmin(t, r))
	}
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() {
			for j := range 20 {
				c.send("/ip/firewall/nat/add", "=chain=dstnat", fmt.Sprintf(".tag=%d", j))
				c.send("/ip/firewall/nat/print", fmt.Sprintf(".tag=p%d", j))
			}
			for done := 0; done < 40; {
				if c.read()[0] == "!done" {
					done++
				}
			}
			if i%2 == 0 {
				c.ask("/quit")
			}
		})
	}
	for range 20 {
		r.Print("/ip/firewall/nat")
		r.Stats()
		if _, err := r.Run("/user/active/print"); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if n := len(r.Print("/ip/firewall/nat")); n != 160 {
		t.Errorf("%d rows", n)
	}
	if s := r.Stats(); s.MaxOpen != 8 || s.Connections != 8 || s.Logins != 8 || s.Commands["/ip/firewall/nat/add"] != 160 {
		t.Errorf("stats %+v", s.Commands)
	}
}

// TestClose waits for whoever hangs on a slow command.
func TestClose(t *testing.T) {
	r, err := Start("7.20.8")
	if err != nil {
		t.Fatal(err)
	}
	c := dialAdmin(t, r)
	r.Configure(Latency(time.Hour))
	c.send("/ip/firewall/nat/print", ".tag=1")
	c.send("/ip/firewall/nat/print")
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if !c.ended() {
		t.Error("connection survives")
	}
	if err := r.Close(); err != nil {
		t.Error("closed twice:", err)
	}
}
