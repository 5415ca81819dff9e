package compat

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"testing"
	"time"

	goros "github.com/go-routeros/routeros/v3"
	"github.com/go-routeros/routeros/v3/proto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// latency is what a router takes for a command, and then some. Below 2 ms go-routeros, and terraform-routeros with it,
// loses answers, as it files a command's tag after sending the command; on a busy machine it may be late.
const latency = 10 * time.Millisecond

// dialers are the two ways to reach a router.
var dialers = map[string]func(t *testing.T, version string) *goros.Client{
	"plain": func(t *testing.T, version string) *goros.Client {
		sim := routerostest.StartTest(t, version, routerostest.Latency(latency), routerostest.User("admin", "sesam"))
		client, err := goros.DialTimeout(sim.Addr(), "admin", "sesam", 10*time.Second)
		require.NoError(t, err)
		_, err = goros.Dial(sim.Addr(), "admin", "wrong")
		require.ErrorContains(t, err, refusedLogin[version < "6.43"])
		return client
	},
	"TLS": func(t *testing.T, version string) *goros.Client {
		certificate, ca, _, err := routerostest.SelfSigned("127.0.0.1")
		require.NoError(t, err)
		sim := routerostest.StartTest(t, version, routerostest.Latency(latency), routerostest.User("admin", "sesam"),
			routerostest.TLS(&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}))
		pool := x509.NewCertPool()
		require.True(t, pool.AppendCertsFromPEM([]byte(ca)))
		client, err := goros.DialTLS(sim.Addr(), "admin", "sesam", &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})
		require.NoError(t, err)
		return client
	},
}

// refusedLogin is the text, by whether the router is of the time before 6.43.
var refusedLogin = map[bool]string{false: "invalid user name or password (6)", true: "cannot log in"}

// TestGoRouterOS makes the calls that go-routeros documents, in the modes that it has.
func TestGoRouterOS(t *testing.T) {
	for _, version := range []string{"6.42", "6.49.15", "7.9.2", "7.18.2", "7.24"} {
		for how, dial := range dialers {
			t.Run(version+" "+how, func(t *testing.T) {
				t.Parallel()
				t.Run("run", func(t *testing.T) { goRun(t, dial(t, version)) })
				t.Run("async", func(t *testing.T) {
					client := dial(t, version)
					ended := client.Async()
					goRun(t, client)
					assert.NoError(t, client.Close())
					assert.NoError(t, <-ended)
				})
				t.Run("listen", func(t *testing.T) { goListen(t, dial(t, version)) })
			})
		}
	}
}

const nat = "/ip/firewall/nat"

// goRun is Run and RunArgs: add, print with queries, set, remove, and refusals.
func goRun(t *testing.T, client *goros.Client) {
	defer bounded(client)()
	run := func(words ...string) *goros.Reply {
		t.Helper()
		reply, err := client.Run(words...)
		require.NoError(t, err)
		return reply
	}
	comments := func(words ...string) (all []string) {
		t.Helper()
		reply, err := client.RunArgs(append([]string{nat + "/print", "=.proplist=comment"}, words...))
		require.NoError(t, err)
		for _, row := range reply.Re {
			all = append(all, row.Map["comment"])
		}
		return all
	}
	assert.Empty(t, comments()) // from 7.18 on answered by !empty
	assert.Equal(t, "*1", run(nat+"/add", "=chain=dstnat", "=comment=a", "=protocol=tcp", "=dst-port=80").Done.Map["ret"])
	run(nat+"/add", "=chain=srcnat", "=comment=b", "=disabled=yes")
	run(nat+"/add", "=chain=dstnat", "=comment=c", "=place-before=*1")
	for _, c := range []struct{ query, want []string }{
		{nil, []string{"c", "a", "b"}},
		{[]string{"?chain=dstnat"}, []string{"c", "a"}},
		{[]string{"?=chain=dstnat", "?dst-port"}, []string{"a"}},
		{[]string{"?-dst-port", "?disabled=false"}, []string{"c"}},
		{[]string{"?chain=srcnat", "?comment=c", "?#|"}, []string{"c", "b"}},
		{[]string{"?chain=srcnat", "?#!"}, []string{"c", "a"}},
		{[]string{"?>comment=a", "?<comment=c"}, []string{"b"}},
		{[]string{"?.id=*2"}, []string{"b"}},
		{[]string{"?comment=none"}, nil},
	} {
		assert.Equal(t, c.want, comments(c.query...), "%v", c.query)
	}
	run(nat+"/set", "=.id=*1", "=comment=ä ö")
	run(nat+"/move", "=numbers=*1", "=destination=*3")
	run(nat+"/unset", "=.id=*1", "=value-name=dst-port")
	row := run(nat+"/print", "?comment=ä ö").Re[0]
	assert.Equal(t, "*1", row.Map[".id"])
	assert.NotContains(t, row.Map, "dst-port")
	assert.Equal(t, "3", run(nat+"/print", "=count-only=").Done.Map["ret"])
	run(nat+"/remove", "=.id=*1,*2")
	assert.Equal(t, []string{"c"}, comments())

	for want, words := range map[string][]string{
		"no such item":                             {nat + "/remove", "=.id=*1"},
		"no such command":                          {nat + "/explode"},
		"unknown parameter colour":                 {nat + "/add", "=chain=dstnat", "=colour=red"},
		"input does not match any value of action": {nat + "/set", "=.id=*3", "=action=drop"},
	} {
		_, err := client.Run(words...)
		var refusal *goros.DeviceError
		require.True(t, errors.As(err, &refusal), "%v: %v", words, err)
		assert.Contains(t, refusal.Sentence.Map["message"], want)
	}
	assert.Equal(t, []string{"c"}, comments(), "works on after refusals")
}

// bounded ends a client after a minute, lest it waits for ever, or when what it gives is called.
func bounded(client *goros.Client) (end func()) {
	late := time.AfterFunc(time.Minute, func() { _ = client.Close() })
	return func() {
		late.Stop()
		_ = client.Close()
	}
}

// goListen is Listen, which turns the client asynchronous, and Cancel.
func goListen(t *testing.T, client *goros.Client) {
	defer bounded(client)()
	client.Queue = 10 // or its reader waits for us to hear what the listener has to say
	listen, err := client.Listen(nat+"/listen", "=.proplist=.id,comment")
	require.NoError(t, err)
	for _, words := range [][]string{
		{nat + "/add", "=chain=dstnat", "=comment=a"}, {nat + "/set", "=.id=*1", "=comment=b"}, {nat + "/remove", "=.id=*1"},
	} {
		_, err := client.Run(words...)
		require.NoError(t, err)
	}
	want := []map[string]string{{".id": "*1", "comment": "a"}, {".id": "*1", "comment": "b"}, {".id": "*1", ".dead": "yes"}}
	for _, w := range want {
		assert.Equal(t, w, next(t, listen).Map)
	}
	_, err = listen.Cancel()
	require.NoError(t, err)
	assert.Nil(t, next(t, listen))
	require.NoError(t, listen.Err())
	assert.Equal(t, "interrupted", listen.Done.Map["message"])
	assert.Equal(t, "2", listen.Done.Map["category"])

	refused, err := client.Listen("/no/such/menu/listen")
	require.NoError(t, err)
	assert.Nil(t, next(t, refused))
	assert.ErrorContains(t, refused.Err(), "no such command")
}

// next is what a listener hears next, nil at the end.
func next(t *testing.T, listen *goros.ListenReply) *proto.Sentence {
	t.Helper()
	select {
	case sentence := <-listen.Chan():
		return sentence
	case <-time.After(10 * time.Second):
		require.Fail(t, "nothing is heard")
		return nil
	}
}
