package routerostest

import (
	"slices"
	"strings"
	"testing"
)

// run runs a command that has to succeed and returns the first value of a property in the answer.
func run(t *testing.T, r *Router, property string, words ...string) string {
	t.Helper()
	rows, err := r.Run(words...)
	if err != nil {
		t.Fatalf("%v: %v", words, err)
	}
	if len(rows) == 0 {
		return ""
	}
	return rows[0][property]
}

// refused runs a command that has to fail with a text.
func refused(t *testing.T, r *Router, text string, words ...string) {
	t.Helper()
	if _, err := r.Run(words...); err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("%v: %v, want %q", words, err, text)
	}
}

func addConnection(t *testing.T, r *Router, words ...string) {
	t.Helper()
	if len(r.Print(instanceMenu)) == 0 && r.world.version.atLeast(7, 20) {
		run(t, r, "", instanceMenu+"/add", "=name=i", "=as=1")
	}
	all := append([]string{connectionMenu + "/add", "=name=c", "=local.role=ebgp"}, words...)
	if r.world.version.atLeast(7, 20) {
		all = append(all, "=instance=i")
	}
	run(t, r, "", all...)
}

func TestQuirkRemoteAddressMask(t *testing.T) {
	for _, c := range []struct {
		version string
		options []Option
		in, out string
	}{
		{"7.11.3", nil, "10.0.0.1", "10.0.0.1/32"}, {"7.12.2", nil, "10.0.0.1/32", "10.0.0.1"}, {"7.20.8", nil, "10.0.0.1/32", "10.0.0.1"},
		{"7.11.3", []Option{RemoteAddressMask(false)}, "10.0.0.1", "10.0.0.1"},
		{"7.20.8", []Option{RemoteAddressMask(true)}, "2001:db8::1", "2001:db8::1/128"},
		{"7.20.8", nil, "10.0.0.0/24", "10.0.0.0/24"}, {"7.20.8", nil, "ether1", "ether1"},
	} {
		r := StartTest(t, c.version, c.options...)
		addConnection(t, r, "=remote.address="+c.in)
		if got := r.Print(connectionMenu)[0]["remote.address"]; got != c.out {
			t.Errorf("%s: %s reads back as %s", c.version, c.in, got)
		}
	}
}

func TestQuirkNamesAndIDs(t *testing.T) {
	r := StartTest(t, "7.20.8")
	addConnection(t, r)
	addConnection(t, r)
	refused(t, r, "ambiguous value", connectionMenu+"/set", "=.id=c", "=multihop=yes")
	run(t, r, "", connectionMenu+"/remove", "=.id=*2")
	if got := run(t, r, "ret", connectionMenu+"/add", "=name=d", "=instance=i", "=local.role=ebgp"); got != "*3" {
		t.Error(got)
	}

	r = StartTest(t, "7.20.8", DuplicateNames(false), ReuseIDs())
	addConnection(t, r)
	refused(t, r, "already have", connectionMenu+"/add", "=name=c", "=instance=i", "=local.role=ebgp")
	run(t, r, "", connectionMenu+"/remove", "=.id=c")
	if got := run(t, r, "ret", connectionMenu+"/add", "=name=d", "=instance=i", "=local.role=ebgp"); got != "*1" {
		t.Error(got)
	}

	r = StartTest(t, "6.49.15", DuplicateNames(true))
	run(t, r, "", instanceMenu+"/add", "=name=default", "=as=1")
}

func TestQuirkPredefined(t *testing.T) {
	r := StartTest(t, "7.20.8", DefaultInstance(true), DefaultTemplate(false))
	if got := r.Print(instanceMenu); len(got) != 1 || got[0]["name"] != "default" {
		t.Error(got)
	}
	if got := r.Print(templateMenu); len(got) != 0 {
		t.Error(got)
	}
	run(t, StartTest(t, "7.20.8"), "", templateMenu+"/remove", "=.id=default")
	run(t, StartTest(t, "7.9", DefaultTemplateRemovable(true)), "", templateMenu+"/remove", "=.id=default")
	refused(t, StartTest(t, "7.20.8", DefaultTemplateRemovable(false)), "can not remove", templateMenu+"/remove", "=.id=default")
}

func TestQuirkTexts(t *testing.T) {
	r := StartTest(t, "7.20.8", LongMissingText(), RefusePrintByID(), EmptyComments(), NoCategory())
	refused(t, r, "missing value(s) of argument(s) name instance local.role", connectionMenu+"/add")
	run(t, r, "", instanceMenu+"/add", "=name=i", "=as=1")
	refused(t, r, "unknown parameter .id", instanceMenu+"/print", "=.id=*1")
	if v, ok := r.Print(instanceMenu)[0]["comment"]; !ok || v != "" {
		t.Error("no empty comment")
	}
	if got := dialAdmin(t, r).ask(instanceMenu+"/remove", "=.id=*9"); got != "!trap =message=no such item\n!done" {
		t.Error(got)
	}
	if got := run(t, StartTest(t, "7.20.8"), "name", "/interface/print", "=.id=*2"); got != "ether2" {
		t.Error(got)
	}
}

func TestQuirkInUse(t *testing.T) {
	r := StartTest(t, "7.20.8", RefuseRemoveInUse())
	addConnection(t, r)
	refused(t, r, "in use", instanceMenu+"/remove", "=.id=i")
	run(t, r, "", connectionMenu+"/remove", "=.id=c")
	run(t, r, "", instanceMenu+"/remove", "=.id=i")
}

func TestQuirkSessions(t *testing.T) {
	for _, c := range []struct {
		version string
		options []Option
		want    string
	}{
		{"6.49.15", nil, "true"}, {"6.49.15", []Option{NoSessions()}, ""},
		{"6.49.15", []Option{NoSessions(), EstablishedFalse()}, "false"},
	} {
		r := StartTest(t, c.version, c.options...)
		run(t, r, "", peerMenu+"/add", "=remote-address=10.0.0.2", "=remote-as=1")
		if got := r.Print(peerMenu)[0]["established"]; got != c.want {
			t.Errorf("established=%s", got)
		}
	}
	r := StartTest(t, "7.20.8")
	addConnection(t, r, "=remote.address=10.0.0.2")
	if n := len(r.Print(sessionMenu)); n != 1 {
		t.Errorf("%d sessions", n)
	}
	run(t, r, "", connectionMenu+"/disable", "=.id=c")
	if n := len(r.Print(sessionMenu)); n != 0 {
		t.Errorf("%d sessions of a disabled connection", n)
	}
	r.Configure(NoSessions())
	run(t, r, "", connectionMenu+"/enable", "=.id=c")
	if n := len(r.Print(sessionMenu)); n != 0 {
		t.Errorf("%d sessions without neighbours", n)
	}
}

func TestQuirkSecretsAndLogin(t *testing.T) {
	r := StartTest(t, "7.22.3", ShowSensitive(), CloseAfterFailedLogin())
	addConnection(t, r, "=tcp-md5-key=k")
	if got := run(t, r, "tcp-md5-key", connectionMenu+"/print"); got != "k" {
		t.Error(got)
	}
	r.Configure(OmitSecrets())
	if got := run(t, r, "tcp-md5-key", connectionMenu+"/print"); got != "k" {
		t.Error("shown secrets are not left out:", got)
	}
	omits := StartTest(t, "7.22.3", OmitSecrets())
	addConnection(t, omits, "=tcp-md5-key=k")
	for _, c := range []struct{ command, want string }{{"", ""}, {"=show-sensitive=", "k"}} {
		rows, err := omits.Run(slices.DeleteFunc([]string{connectionMenu + "/print", c.command}, func(w string) bool { return w == "" })...)
		if got, there := rows[0]["tcp-md5-key"]; err != nil || got != c.want || there != (c.want != "") {
			t.Error(rows, err)
		}
	}
	c := dial(t, r)
	c.ask("/login", "=name=admin", "=password=x")
	if !c.ended() {
		t.Error("open after a failed login")
	}
	r = StartTest(t, "6.49.15", NoNATLog())
	refused(t, r, "unknown parameter log", natMenu+"/add", "=chain=dstnat", "=log=yes")
	refused(t, r, "unknown parameter address-list-timeout", natMenu+"/set", "=.id=*1", "=address-list-timeout=1m")
}

// TestDynamicRows belong to the router.
func TestDynamicRows(t *testing.T) {
	for _, c := range []struct {
		options []Option
		order   string
	}{{nil, "*2 *3 *1"}, {[]Option{DynamicAtEnd()}, "*1 *2 *3"}} {
		r := StartTest(t, "7.20.8", c.options...)
		run(t, r, "", natMenu+"/add", "=chain=dstnat")
		for range 2 {
			if _, err := r.AddDynamic(natMenu, map[string]string{"chain": "dstnat", "comment": "upnp"}); err != nil {
				t.Fatal(err)
			}
		}
		var order []string
		for _, row := range r.Print(natMenu) {
			order = append(order, row[".id"])
			if want := map[bool]string{true: "upnp", false: ""}[row["dynamic"] == "true"]; row["comment"] != want {
				t.Error(row)
			}
		}
		if got := strings.Join(order, " "); got != c.order {
			t.Error(got)
		}
		refused(t, r, "dynamic", natMenu+"/set", "=.id=*2", "=disabled=yes")
		refused(t, r, "dynamic", natMenu+"/remove", "=.id=*2")
		refused(t, r, "can not be moved", natMenu+"/move", "=numbers=*2", "=destination=*1")
		refused(t, r, "can not be moved", natMenu+"/move", "=numbers=*1", "=destination=*2")
		refused(t, r, "can not be moved", natMenu+"/add", "=chain=dstnat", "=place-before=*2")
		if rows, err := r.Run(natMenu+"/print", "=static="); err != nil || len(rows) != 1 {
			t.Error(rows, err)
		}
	}
	if _, err := StartTest(t, "7.20.8").AddDynamic(peerMenu, nil); err == nil {
		t.Error("a row in no menu")
	}
}
