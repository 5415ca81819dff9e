package compat

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// outcome is a step of a script in testdata with its result as JSON, or with the error.
type outcome struct{ step, result, err string }

const clientRefusedLogin = "Username or password is invalid" // its own words

// scripts are the clients' scripts and what their steps give, up to the print of a menu that has no rows.
var scripts = map[string][]outcome{
	"node-routeros": {
		{step: "wrong password", err: clientRefusedLogin},
		{step: "add", result: `[{"ret": "*1"}]`},
		{step: "add another", result: `[{"ret": "*2"}]`},
		{step: "print", result: `["a", "b"]`},
		{step: "print with a query", result: `["a"]`},
		{step: "print with operators", result: `["a", "b"]`},
		{step: "set", result: `[]`},
		{step: "print one", result: `["c", "true", "80"]`},
		{step: "refused", err: "no such item"},
		{step: "unknown", err: "unknown parameter colour"},
		{step: "listen", result: `[{".id": "*3", "comment": "d"}, {".id": "*3", "comment": "e"}, {".id": "*3", ".dead": "yes"}]`},
		{step: "after cancel", result: `["c", "b"]`},
		{step: "remove", result: `[]`},
	},
	"routeros-client": {
		{step: "wrong password", err: clientRefusedLogin},
		{step: "identity", result: `"MikroTik"`},
		{step: "add", result: `["*1", "dstnat", "a", false, 80]`},
		{step: "add another", result: `["*2", "srcnat", "b", true]`},
		{step: "print", result: `[["*1", "dstnat", "a", false], ["*2", "srcnat", "b", true]]`},
		{step: "where", result: `[["*2", "srcnat", "b", true]]`},
		{step: "orWhere", result: `[["*1", null, "a", null], ["*2", null, "b", null]]`},
		{step: "whereNot", result: `[["*2", "srcnat", "b", true]]`},
		{step: "whereEmpty", result: `[["*2", "srcnat", "b", true]]`},
		{step: "update", result: `["*1", "dstnat", "c", false]`},
		{step: "unset", result: `true`},
		{step: "disable", result: `["*1", "dstnat", "c", true]`},
		{step: "model", result: `["*2", "srcnat", "b", false]`},
		{step: "move", result: `["*2", "srcnat", "b", false]`},
		{step: "moved", result: `[["*2", "srcnat", "b", false], ["*1", "dstnat", "c", true]]`},
		{step: "place-before", result: `["*3", "dstnat", "p", false]`},
		{step: "refused", err: "unknown parameter colour"},
		{step: "listen", result: `[["*2", "l", null], ["*4", "n", null], ["*4", null, "yes"]]`},
		{step: "remove", result: `["*3", "dstnat", "p", false]`},
		{step: "remove more", result: `[["*1", "dstnat", "c", true], ["*2", "srcnat", "l", false]]`},
	},
}

// Both clients end alike: they do not know the `!empty` that 7.18 brought and which broke every client of its day
// (routeros-api.md §3, terraform-routeros issues 661 and 664). They are no longer maintained.
var (
	endings     = []outcome{{step: "print of nothing", result: `[]`}, {step: "close", result: `"closed"`}}
	endingsFrom = []outcome{{step: "uncaught", err: "UNKNOWNREPLY: Tried to process unknown reply: !empty"}}
)

// TestNode runs the scripts. They log in by challenge where the router still wants that.
func TestNode(t *testing.T) {
	slow(t)
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("there is no %s on this machine", program)
		}
	}
	installed, err := kubetest.RunTools("npm")
	require.NoError(t, err)
	modules := "NODE_PATH=" + filepath.Join(installed[0], "node_modules")
	for client, steps := range scripts {
		for _, c := range []struct {
			version string
			ending  []outcome
			tls     bool
		}{
			{"6.42", endings, false},
			{"6.49.15", endings, true},
			{"7.16.2", endings, false},
			{"7.18.2", endingsFrom, false},
			{"7.20.8", endingsFrom, true},
			{"7.24", endingsFrom, false},
		} {
			t.Run(client+" "+c.version, func(t *testing.T) {
				t.Parallel()
				options := []routerostest.Option{routerostest.Latency(latency), routerostest.User("admin", "sesam")}
				transport := "plain"
				if c.tls {
					certificate, _, _, err := routerostest.SelfSigned("127.0.0.1")
					require.NoError(t, err)
					options = append(options, routerostest.TLS(&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}))
					transport = "tls"
				}
				sim := routerostest.StartTest(t, c.version, options...)
				script, err := filepath.Abs(filepath.Join("testdata", client+".js"))
				require.NoError(t, err)
				out, said, err := run(t, t.TempDir(), []string{modules}, "node", script, sim.Addr(), transport)
				require.NoError(t, err, said)
				want := slices.Concat(steps, c.ending)
				lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
				for i, line := range lines {
					require.Less(t, i, len(want), "more than expected: %s", line)
					want[i].compare(t, line)
				}
				assert.Len(t, lines, len(want), said)
			})
		}
	}
}

func (o outcome) compare(t *testing.T, line []byte) {
	t.Helper()
	var got struct {
		Step   string
		Result json.RawMessage
		Error  string
	}
	require.NoError(t, json.Unmarshal(line, &got), "%s", line)
	require.Equal(t, o.step, got.Step, "%s", line)
	assert.Equal(t, o.err, got.Error, o.step)
	if o.result != "" && got.Error == "" {
		assert.JSONEq(t, o.result, string(got.Result), o.step)
	}
}
