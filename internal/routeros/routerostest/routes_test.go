package routerostest

import (
	"strings"
	"testing"
	"time"
)

// TestRoutes: v6 has one menu of routes, v7 two, of which /ip/route tells nothing of BGP.
func TestRoutes(t *testing.T) {
	six := StartTest(t, "6.49.15")
	run(t, six, "", ipRouteMenu+"/add", "=dst-address=10.9.0.0/24", "=gateway=192.168.5.2")
	refused(t, six, "dst-address", ipRouteMenu+"/add", "=dst-address=nowhere")
	refused(t, six, "no such command prefix", routeMenu+"/print")
	if _, err := six.AddDynamic(ipRouteMenu, map[string]string{"dst-address": "192.168.128.1/32", "bgp": "true"}); err != nil {
		t.Fatal(err)
	}
	if got := six.Print(ipRouteMenu); got[0]["static"] != "true" || got[0]["gateway-status"] == "" || got[1]["bgp"] != "true" || got[1]["static"] != "" {
		t.Error(got)
	}

	seven := StartTest(t, "7.20.8")
	run(t, seven, "", ipRouteMenu+"/add", "=dst-address=10.9.0.0/24", "=gateway=192.168.5.2", "=comment=c")
	run(t, seven, "", ipRouteMenu+"/add", "=dst-address=10.8.0.0/24", "=blackhole=", "=disabled=yes")
	for _, destination := range []string{"192.168.128.1/32", "2001:db8::1/128"} {
		if _, err := seven.AddDynamic(routeMenu, map[string]string{"dst-address": destination, "bgp.as-path": "65001", "bgp": "", "afi": "ip4"}); err != nil {
			t.Fatal(err)
		}
	}
	routes, all := seven.Print(ipRouteMenu), seven.Print(routeMenu)
	if len(routes) != 3 || len(all) != 4 {
		t.Fatalf("%d routes of IPv4, %d in all", len(routes), len(all))
	}
	_, active := all[0]["active"]
	_, inactive := all[1]["active"]
	if !active || inactive || all[0]["belongs-to"] != "static" || all[0]["comment"] != "c" || all[2]["bgp.as-path"] != "65001" {
		t.Error(all)
	}
	if _, told := routes[2]["bgp.as-path"]; told || routes[2]["dst-address"] != "192.168.128.1/32" {
		t.Error(routes[2])
	}
	if found := run(t, seven, "dst-address", routeMenu+"/print", "?bgp", "?dst-address=2001:db8::1/128"); found == "" {
		t.Error("a switch is not found by its presence")
	}
}

// TestAdvertisements: v7 has those of the peers that keep what they sent.
func TestAdvertisements(t *testing.T) {
	six := StartTest(t, "6.49.15")
	if _, err := six.AddDynamic(advertisementMenu, map[string]string{"peer": "c", "prefix": "203.0.113.0/24"}); err != nil {
		t.Fatal(err)
	}
	if got := six.Print(advertisementMenu); len(got) != 1 || got[0]["dynamic"] != "" {
		t.Error(got)
	}
	seven := StartTest(t, "7.20.8")
	addConnection(t, seven, "=remote.address=10.0.0.1")
	if _, err := seven.AddDynamic(advertisementMenu, map[string]string{"peer": "c-1", "dst": "203.0.113.0/24"}); err != nil {
		t.Fatal(err)
	}
	if got := seven.Print(advertisementMenu); len(got) != 0 {
		t.Error(got)
	}
	run(t, seven, "", connectionMenu+"/set", "=.id=c", "=output.keep-sent-attributes=yes")
	if got := seven.Print(advertisementMenu); len(got) != 1 || got[0]["dst"] != "203.0.113.0/24" {
		t.Error(got)
	}
}

// TestNeighbours: each may answer late, not at all, or not any more.
func TestNeighbours(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.20.8"} {
		r := StartTest(t, version, Silent("10.0.0.1"))
		menu := sessionMenu
		if strings.HasPrefix(version, "6") {
			menu = peerMenu
			run(t, r, "", peerMenu+"/add", "=name=c", "=remote-address=10.0.0.1", "=remote-as=1")
		} else {
			addConnection(t, r, "=remote.address=10.0.0.1/32")
		}
		established := func() string {
			rows := r.Print(menu)
			if len(rows) == 0 {
				return "no row"
			}
			return rows[0]["established"]
		}
		see := func(six, seven string) {
			t.Helper()
			if got := established(); got != map[bool]string{true: six, false: seven}[menu == peerMenu] {
				t.Errorf("%s: established %q", version, got)
			}
		}
		see("", "no row")
		r.Configure(Dropped("10.0.0.1"))
		see("", "")
		r.Configure(EstablishedFalse())
		see("false", "false")
		r.Configure(AnswersAfter("10.0.0.1", time.Hour))
		see("false", "no row")
		r.Configure(AnswersAfter("10.0.0.1", time.Nanosecond))
		see("true", "true")
		r.Configure(Silent("10.0.0.1"), Answers("10.0.0.1"))
		see("true", "true")
		r.Configure(GhostSession())
		if rows := r.Print(menu); menu == sessionMenu && (len(rows) != 2 || rows[0]["name"] != "") {
			t.Error(rows)
		}
	}
}
