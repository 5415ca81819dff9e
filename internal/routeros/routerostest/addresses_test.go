package routerostest

import "testing"

// TestAddresses: a new router has none; what was written reads back with its mask and its network.
func TestAddresses(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.9.2", "7.24"} {
		r := StartTest(t, version)
		if len(r.Print(address4Menu)) != 0 || len(r.Print(address6Menu)) != 0 {
			t.Fatalf("%s comes with addresses", version)
		}
		for _, c := range []struct{ menu, address, more, reads, network string }{
			{address4Menu, "192.168.5.1/24", "", "192.168.5.1/24", "192.168.5.0"},
			{address4Menu, "10.0.0.1", "=netmask=255.255.255.252", "10.0.0.1/30", "10.0.0.0"},
			{address4Menu, "10.1.0.1", "=network=10.1.0.2", "10.1.0.1/32", "10.1.0.2"},
			{address6Menu, "2001:db8::1/64", "", "2001:db8::1/64", ""},
		} {
			words := []string{c.menu + "/add", "=interface=ether1", "=address=" + c.address}
			if c.more != "" {
				words = append(words, c.more)
			}
			id := run(t, r, "ret", words...)
			rows, err := r.Run(c.menu+"/print", "?.id="+id)
			if err != nil || len(rows) != 1 || rows[0]["address"] != c.reads || rows[0]["network"] != c.network ||
				rows[0]["actual-interface"] != "ether1" || rows[0]["disabled"] != "false" || rows[0]["invalid"] != "false" || rows[0]["netmask"] != "" {
				t.Errorf("%s %s: %v, %v", version, c.address, rows, err)
			}
		}
		refused(t, r, "interface", address4Menu+"/add", "=interface=nowhere", "=address=10.0.0.1/24")
		refused(t, r, "invalid value for argument address", address4Menu+"/add", "=interface=ether1", "=address=2001:db8::1/64")
		refused(t, r, "invalid value for argument address", address6Menu+"/add", "=interface=ether1", "=address=10.0.0.1/24")
		refused(t, r, "missing =interface=", address4Menu+"/add", "=address=10.0.0.1/24")
	}
}

// TestNear: once the router has addresses of a family, external neighbours beyond its networks need multihop.
func TestNear(t *testing.T) {
	r := StartTest(t, "7.20.8")
	established := func() (up int) {
		for _, s := range r.Print(sessionMenu) {
			if s["established"] == "true" {
				up++
			}
		}
		return up
	}
	for _, address := range []string{"192.168.5.2", "10.9.9.9", "2001:db8::2", "fe80::2%ether1"} {
		addConnection(t, r, "=remote.address="+address, "=local.address=192.168.5.1")
	}
	if got := established(); got != 4 {
		t.Errorf("%d sessions on a router without addresses", got)
	}
	id := run(t, r, "ret", address4Menu+"/add", "=interface=ether1", "=address=192.168.5.1/24")
	if got := established(); got != 3 {
		t.Errorf("%d sessions, though one neighbour is far", got)
	}
	run(t, r, "", connectionMenu+"/set", "=.id=*2", "=multihop=yes")
	if got := established(); got != 4 {
		t.Errorf("%d sessions with multihop", got)
	}
	run(t, r, "", connectionMenu+"/set", "=.id=*2", "=multihop=no", "=local.role=ibgp")
	if got := established(); got != 4 {
		t.Errorf("%d sessions, one of them internal", got)
	}
	run(t, r, "", address4Menu+"/disable", "=.id="+id)
	run(t, r, "", connectionMenu+"/set", "=.id=*2", "=local.role=ebgp")
	if got := established(); got != 4 {
		t.Errorf("%d sessions, where no address is in use", got)
	}

	six := StartTest(t, "6.49.15")
	run(t, six, "", address4Menu+"/add", "=interface=ether1", "=address=192.168.5.1/24")
	for _, as := range []string{"65530", "65001"} {
		run(t, six, "", peerMenu+"/add", "=name=p"+as, "=remote-address=10.9.9.9", "=remote-as="+as)
	}
	if rows := six.Print(peerMenu); rows[0]["state"] != "established" || rows[1]["state"] != "active" {
		t.Error(rows)
	}
}

// TestNotifications: v7 keeps the last one, as the message was; v6 is idle.
func TestNotifications(t *testing.T) {
	options := []Option{Refuses("10.0.0.1", 6, 2, 2, 'h', 'i'), Refused("10.0.0.2", 2, 2), Dropped("10.0.0.3", "stopped", "limit-exceeded")}
	seven, six := StartTest(t, "7.20.8", options...), StartTest(t, "6.49.15", options...)
	for _, address := range []string{"10.0.0.1", "10.0.0.2", "10.0.0.3"} {
		addConnection(t, seven, "=remote.address="+address)
		run(t, six, "", peerMenu+"/add", "=name="+address, "=remote-address="+address, "=remote-as=1")
	}
	const marker = "ffffffffffffffffffffffffffffffff"
	rows := seven.Print(sessionMenu)
	if rows[0]["input.last-notification"] != marker+"0018030602026869" || rows[1]["output.last-notification"] != marker+"0015030202" {
		t.Error(rows)
	}
	_, stopped := rows[2]["stopped"]
	_, exceeded := rows[2]["limit-exceeded"]
	if !stopped || !exceeded || rows[2]["input.last-notification"] != "" {
		t.Error(rows[2])
	}
	for _, row := range rows {
		if _, is := row["remote.id"]; is || row["uptime"] != "" || row["established"] != "" {
			t.Errorf("a session that is down: %v", row)
		}
	}
	for i, want := range []string{"idle", "idle", "idle"} {
		if got := six.Print(peerMenu)[i]["state"]; got != want {
			t.Errorf("%d: %s", i, got)
		}
	}
}
