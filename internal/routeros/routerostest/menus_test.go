package routerostest

import (
	"crypto/tls"
	"strings"
	"testing"

	goros "github.com/go-routeros/routeros/v3"
)

// TestGet answers with one property or all, secrets included for whoever may see them.
func TestGet(t *testing.T) {
	r := StartTest(t, "7.22.3")
	addConnection(t, r, "=tcp-md5-key=k")
	get := connectionMenu + "/get"
	for want, words := range map[string][]string{
		"k": {get, "=.id=c", "=value-name=tcp-md5-key"}, "": {get, "=number=c", "=value-name=afi"},
		"1": {get, "=number=*1", "=value-name=as"}, "MikroTik": {"/system/identity/get", "=value-name=name"},
	} {
		if got := run(t, r, "ret", words...); got != want {
			t.Errorf("%v: %q", words, got)
		}
	}
	refused(t, r, "value-name", get, "=.id=c", "=value-name=nonsense")
	refused(t, r, "missing =.id=", get)
	if all := run(t, r, "ret", get, "=.id=c"); !strings.Contains(all, ".id=*1;name=c;") {
		t.Error(all)
	}
}

// TestLogout ends another user's connection, on a router that speaks nothing but TLS.
func TestLogout(t *testing.T) {
	cert, _, _, err := SelfSigned("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	r := StartTest(t, "7.20.8", TLS(&tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}))
	c, err := goros.DialTLS(r.Addr(), "admin", "", &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	run(t, r, "", "/user/active/remove", "=numbers="+run(t, r, ".id", "/user/active/print"))
	if _, err := c.Run("/system/identity/print"); err == nil {
		t.Error("still logged in")
	}
}

// TestReferences: what others refer to keeps its meaning when it is renamed, and the built-in rows stay.
func TestReferences(t *testing.T) {
	r := StartTest(t, "7.20.8")
	run(t, r, "", "/interface/set", "=.id=ether1", "=name=wan")
	run(t, r, "", "/routing/table/add", "=name=blue", "=fib=")
	run(t, r, "", templateMenu+"/add", "=name=a", "=templates=default", "=routing-table=blue")
	addConnection(t, r, "=templates=a,default", "=local.address=wan", "=remote.address=fe80::1%wan")
	run(t, r, "", "/interface/set", "=.id=wan", "=name=up")
	run(t, r, "", templateMenu+"/set", "=.id=a", "=name=b")
	c := r.Print(connectionMenu)[0]
	if c["templates"] != "b,default" || c["local.address"] != "up" || c["routing-table"] != "blue" {
		t.Error(c)
	}
	run(t, r, "", templateMenu+"/remove", "=.id=b")
	if c = r.Print(connectionMenu)[0]; c["templates"] != "*1,default" || c["inactive"] != "true" {
		t.Error(c)
	}
	refused(t, r, "already have", "/interface/set", "=.id=ether2", "=name=up")
	refused(t, r, "builtin", "/interface/list/remove", "=.id=all")
	refused(t, r, "main", "/ip/vrf/remove", "=.id=main")
	run(t, r, "", listMenu+"/add", "=list=a", "=address=10.0.0.1/32")
	refused(t, r, "already have", listMenu+"/add", "=list=a", "=address=10.0.0.1")
	run(t, r, "", listMenu+"/set", "=.id=*1", "=comment=x")
}
