package routerostest

import "testing"

// TestNoRouting: a v6 router without the package has no BGP at all, and everything else.
func TestNoRouting(t *testing.T) {
	r := StartTest(t, "6.49.15", NoRoutingPackage())
	for _, command := range []string{peerMenu + "/print", instanceMenu + "/add", "/routing/bgp/print", "/routing/print"} {
		refused(t, r, "no such command prefix", command)
	}
	if rows := r.Print(peerMenu); rows != nil {
		t.Error(rows)
	}
	run(t, r, "", natMenu+"/add", "=chain=dstnat")
	run(t, StartTest(t, "7.24", NoRoutingPackage()), "", connectionMenu+"/print")
}

// TestDeviceMode: changes are refused, reading is not.
func TestDeviceMode(t *testing.T) {
	r := StartTest(t, "7.24", DeviceMode(natMenu, connectionMenu))
	refused(t, r, "failure: not allowed by device-mode", natMenu+"/add", "=chain=dstnat")
	run(t, r, "", natMenu+"/print")
	run(t, r, "", instanceMenu+"/add", "=name=i")
	r.Configure(DeviceMode())
	run(t, r, "", natMenu+"/add", "=chain=dstnat")
	run(t, StartTest(t, "6.49.15", DeviceMode(natMenu)), "", natMenu+"/add", "=chain=dstnat")
}

// TestInvalidRules refer to what is gone.
func TestInvalidRules(t *testing.T) {
	for _, version := range []string{"6.49.15", "7.24"} {
		r := StartTest(t, version)
		tunnel, err := r.AddDynamic("/interface", map[string]string{"name": "pppoe-in1"})
		if err != nil {
			t.Fatal(err)
		}
		run(t, r, "", "/interface/list/add", "=name=WAN")
		for _, words := range []string{"=in-interface=pppoe-in1", "=in-interface-list=!WAN", "=in-interface=ether1"} {
			run(t, r, "", natMenu+"/add", "=chain=dstnat", words)
		}
		invalid := func() (all string) {
			for _, row := range r.Print(natMenu) {
				all += row["invalid"] + " "
			}
			return all
		}
		if got := invalid(); got != "false false false " {
			t.Error(got)
		}
		if err := r.RemoveDynamic("/interface", tunnel); err != nil {
			t.Fatal(err)
		}
		run(t, r, "", "/interface/list/remove", "=.id=WAN")
		if got := invalid(); got != "true true false " {
			t.Error(got)
		}
		if got := r.Print(natMenu)[0]["in-interface"]; got != tunnel {
			t.Errorf("the rule is for interface %s", got)
		}
		for _, id := range []string{tunnel, "*1"} {
			if err := r.RemoveDynamic("/interface", id); err == nil {
				t.Errorf("%s was removed", id)
			}
		}
	}
	if err := StartTest(t, "7.24").RemoveDynamic(peerMenu, "*1"); err == nil {
		t.Error("a row in no menu was removed")
	}
}

// TestInactive: what v7 takes and cannot use says why.
func TestInactive(t *testing.T) {
	for want, words := range map[string][]string{
		"invalid value '0.0.0.0' of 'router-id'": {instanceMenu + "/set", "=.id=i", "=router-id=0.0.0.0"},
		"instance 'i' is disabled":               {instanceMenu + "/disable", "=.id=i"},
		"invalid value '*1' of 'instance'":       {instanceMenu + "/remove", "=.id=i"},
		"invalid value '*1' of 'templates'":      {templateMenu + "/remove", "=.id=t"},
		"missing value of 'as'":                  {instanceMenu + "/unset", "=.id=i", "=value-name=as"},
	} {
		r := StartTest(t, "7.24")
		run(t, r, "", templateMenu+"/add", "=name=t")
		addConnection(t, r, "=templates=t")
		if row := r.Print(connectionMenu)[0]; row["inactive"] != "false" || row[".about"] != "" {
			t.Error(row)
		}
		run(t, r, "", words...)
		if row := r.Print(connectionMenu)[0]; row["inactive"] != "true" || row[".about"] != want {
			t.Errorf("inactive=%s: %s, want %s", row["inactive"], row[".about"], want)
		}
	}
}
