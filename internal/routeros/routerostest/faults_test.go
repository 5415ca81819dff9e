package routerostest

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// TestCuts: a lost answer leaves a change behind, a lost question does not.
func TestCuts(t *testing.T) {
	for _, c := range []struct {
		fault Option
		rows  int
	}{{CutAfter("nat/add", 2), 2}, {CutBefore("/ip/firewall/nat/add", 2), 1}} {
		r := StartTest(t, "7.20.8", c.fault)
		client := dialAdmin(t, r)
		if got := client.ask("/ip/firewall/nat/add", "=chain=dstnat"); got != "!done =ret=*1" {
			t.Fatal(got)
		}
		client.send("/ip/firewall/nat/add", "=chain=dstnat")
		if !client.ended() {
			t.Error("not cut")
		}
		if n := len(r.Print("/ip/firewall/nat")); n != c.rows {
			t.Errorf("%d rows, want %d", n, c.rows)
		}
		// It happens once.
		if got := dialAdmin(t, r).ask("/ip/firewall/nat/add", "=chain=dstnat"); !strings.HasPrefix(got, "!done") {
			t.Error(got)
		}
	}
}

// TestStall: no answer, and without a tag none to what follows.
func TestStall(t *testing.T) {
	r := StartTest(t, "7.20.8", Stall("nat/print"))
	c := dialAdmin(t, r)
	c.send("/ip/firewall/nat/print", ".tag=1")
	if got := c.ask("/system/identity/print", ".tag=2"); !strings.Contains(got, "MikroTik") {
		t.Error(got)
	}
	c.send("/ip/firewall/nat/print")
	c.send("/system/identity/print")
	if err := c.conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if _, err := readSentence(c.in); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
	r.Configure(NoFaults())
	if got := dialAdmin(t, r).ask("/ip/firewall/nat/print"); got != "!empty\n!done" {
		t.Error(got)
	}
}

// TestDrop cuts what is open and lets new connections in.
func TestDrop(t *testing.T) {
	r := StartTest(t, "7.20.8")
	c := dialAdmin(t, r)
	r.Drop()
	if !c.ended() {
		t.Error("not cut")
	}
	dialAdmin(t, r)
}

// TestStats counts what clients do, not what the console does, and keeps secrets to itself.
func TestStats(t *testing.T) {
	r := StartTest(t, "7.19.6")
	c := dialAdmin(t, r)
	c.ask("/routing/bgp/connection/add", "=name=a", "=as=1", "=local.role=ebgp", "=tcp-md5-key=hush")
	c.ask("/routing/bgp/connection/print", "?tcp-md5-key=hush", "?=tcp-md5-key=hush")
	if _, err := r.Run("/routing/bgp/connection/print"); err != nil {
		t.Fatal(err)
	}
	s := r.Stats()
	if s.Connections != 1 || s.Logins != 1 || s.MaxOpen != 1 || len(s.Commands) != 2 || s.Commands["/routing/bgp/connection/print"] != 1 {
		t.Errorf("%+v", s)
	}
	log := strings.Join(s.Log, "\n")
	if strings.Contains(log, "hush") || !strings.Contains(log, "/routing/bgp/connection/add =name=a =as=1 =local.role=ebgp =tcp-md5-key=*****") {
		t.Error(log)
	}
	r.ResetStats()
	if s := r.Stats(); s.Connections != 0 || len(s.Commands) != 0 || len(s.Log) != 0 || s.MaxOpen != 1 {
		t.Errorf("%+v", s)
	}
}

// TestListen: only on loopback.
func TestListen(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "nonsense"} {
		if r, err := Start("7.20.8", Listen(addr)); err == nil {
			_ = r.Close()
			t.Errorf("listens on %s", addr)
		}
	}
	r := StartTest(t, "7.20.8", Listen("localhost:0"), Identity("edge", "RB5009"))
	if _, _, err := net.SplitHostPort(r.Addr()); err != nil {
		t.Error(err)
	}
	if got := r.Print("/system/identity")[0]["name"]; got != "edge" {
		t.Error(got)
	}
	if got := r.Print("/system/resource")[0]["board-name"]; got != "RB5009" {
		t.Error(got)
	}
}
