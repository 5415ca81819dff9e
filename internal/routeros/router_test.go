package routeros

import (
	"bufio"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// dial gives a client of the simulated router.
func dial(t testing.TB, sim *routerostest.Router, change ...func(*Config)) *Router {
	t.Helper()
	config := Config{Address: sim.Addr(), Username: "admin", Timeout: 5 * time.Second}
	for _, c := range change {
		c(&config)
	}
	r := New(config)
	t.Cleanup(r.Close)
	return r
}

func TestLogin(t *testing.T) {
	for _, version := range []string{"6.40", "6.42.12", "6.49.15", "7.9.2", "7.24"} {
		t.Run(version, func(t *testing.T) {
			sim := routerostest.StartTest(t, version, routerostest.User("terraform", "sesam", "api", "read", "write"))
			r := dial(t, sim, func(c *Config) { c.Username, c.Password = "terraform", "sesam" })
			v, err := r.Version(t.Context())
			require.NoError(t, err)
			want, err := ParseVersion(version)
			require.NoError(t, err)
			assert.Equal(t, want, v)

			wrong := dial(t, sim, func(c *Config) { c.Username, c.Password = "terraform", "canary-secret" })
			_, err = wrong.Version(t.Context())
			require.ErrorIs(t, err, ErrLogin)
			assert.NotContains(t, err.Error(), "canary-secret")
			assert.Contains(t, err.Error(), sim.Addr())
		})
	}
}

func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	r := New(Config{Address: address, Username: "admin", Timeout: time.Second})
	_, err = r.Version(t.Context())
	require.ErrorIs(t, err, ErrConnection)
	_, again := r.Version(t.Context())
	assert.Same(t, err, again, "a router that just failed is not dialled again at once")
}

// TestNotARouter: what answers speaks another protocol, or not at all.
func TestNotARouter(t *testing.T) {
	for name, says := range map[string]string{"banner": "SSH-2.0-OpenSSH_9.2\r\n", "zeros": "\x00\x00\x00\x00", "huge": "\xf0\xff\xff\xff\xff", "silent": ""} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			require.NoError(t, err)
			defer listener.Close()
			go func() {
				n, err := listener.Accept()
				if err == nil {
					_, _ = n.Write([]byte(says))
					_, _ = bufio.NewReader(n).ReadByte()
					time.Sleep(2 * time.Second)
					_ = n.Close()
				}
			}()
			_, err = New(Config{Address: listener.Addr().String(), Timeout: time.Second}).Version(t.Context())
			var answered *Error
			require.ErrorAs(t, err, &answered)
			if says != "" {
				assert.Contains(t, err.Error(), "not the RouterOS API")
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	cert, ca, fingerprint, err := routerostest.SelfSigned("127.0.0.1")
	require.NoError(t, err)
	_, otherCA, otherFingerprint, err := routerostest.SelfSigned("127.0.0.1")
	require.NoError(t, err)
	sim := routerostest.StartTest(t, "7.20.8", routerostest.ListenTLS("127.0.0.1:0",
		&tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}))
	for _, c := range []struct {
		name, serverName, ca, pin string
		insecure                  bool
		want                      error
	}{
		{name: "signed by the CA", ca: ca},
		{name: "signed by another", ca: otherCA, want: ErrCertificate},
		{name: "signed by nobody known", want: ErrCertificate},
		{name: "for another name", serverName: "router.example", ca: ca, want: ErrCertificate},
		{name: "pinned", pin: "SHA256:" + strings.ToUpper(fingerprint)},
		{name: "pinned, another", pin: otherFingerprint, insecure: true, want: ErrCertificate},
		{name: "insecure", insecure: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var pin []byte
			if c.pin != "" {
				pin, err = ParseFingerprint(c.pin)
				require.NoError(t, err)
			}
			if c.serverName == "" {
				c.serverName = "127.0.0.1"
			}
			config, err := TLSConfig(c.serverName, []byte(c.ca), pin, c.insecure)
			require.NoError(t, err)
			_, err = dial(t, sim, func(r *Config) { r.Address, r.TLS = sim.TLSAddr(), config }).Version(t.Context())
			require.ErrorIs(t, err, c.want)
		})
	}
	_, err = TLSConfig("router", []byte("no PEM"), nil, false)
	require.Error(t, err)
	for _, bad := range []string{"", "sha256:", "sha256:12", "md5:" + strings.Repeat("0", 64)} {
		_, err := ParseFingerprint(bad)
		require.Error(t, err, bad)
	}
}

func TestReconnect(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8")
	r := dial(t, sim)
	_, err := r.Table(BGPPeer).List(t.Context())
	require.NoError(t, err)
	sim.Drop()
	_, err = r.Table(BGPInstance).List(t.Context())
	require.NoError(t, err, "a read is asked again on a new connection")
	assert.Equal(t, 2, sim.Stats().Logins)
}

func TestStalledCommand(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.Stall("nat/print"))
	r := dial(t, sim, func(c *Config) { c.Timeout = 200 * time.Millisecond })
	_, err := r.Table(DstNAT).List(t.Context())
	require.ErrorIs(t, err, ErrTimeout)
	assert.Contains(t, err.Error(), "RouterOS 7.20.8")
}

func TestPermission(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.User("ro", "x", "api", "read"))
	r := dial(t, sim, func(c *Config) { c.Username, c.Password = "ro", "x" })
	_, err := r.Table(DstNAT).Add(t.Context(), Words{"action": "accept"})
	require.ErrorIs(t, err, ErrPermission)
	assert.Contains(t, err.Error(), "/user/group")
}

// TestOneLogin: callers that come together share one connection.
func TestOneLogin(t *testing.T) {
	sim := routerostest.StartTest(t, "7.20.8", routerostest.Latency(5*time.Millisecond))
	r := dial(t, sim)
	var running sync.WaitGroup
	for range 20 {
		running.Go(func() {
			_, err := r.Table(BGPPeer).Find(t.Context(), "name", "nobody")
			assert.NoError(t, err)
		})
	}
	running.Wait()
	stats := sim.Stats()
	assert.Equal(t, 1, stats.Connections)
	assert.Equal(t, 1, stats.Logins)
	assert.LessOrEqual(t, stats.Commands["/routing/bgp/connection/print"], few+1)
}

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]string{
		"apis://192.168.5.1": "192.168.5.1:8729", "api://192.168.5.1": "192.168.5.1:8728", "192.168.5.1": "192.168.5.1:8729",
		"router.example:9000": "router.example:9000", "api://[2001:db8::1]:1": "[2001:db8::1]:1", "2001:db8::1": "[2001:db8::1]:8729",
		"apis://r/": "r:8729",
	} {
		got, secured, err := ParseAddress(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got)
		assert.Equal(t, !strings.HasPrefix(text, "api://"), secured)
	}
	for _, bad := range []string{"", "http://r", "https://192.168.5.1/rest", "api://", "api://r:99999", "api://u:p@r", "api://r?x=1", "a b"} {
		_, _, err := ParseAddress(bad)
		require.Error(t, err, bad)
	}
}

func TestErrorTexts(t *testing.T) {
	for text, want := range map[string]error{
		"no such item": ErrNotFound, "no such item (4)": ErrNotFound, "unknown parameter instance": ErrUnknownWord,
		"no such command prefix": ErrNoMenu, "failure: already have such name": ErrDuplicate,
		"not enough permissions (9)": ErrPermission, "invalid user name or password (6)": ErrLogin,
		"failure: ports can be specified if proto is tcp,udp,udp-lite,dccp,sctp": ErrRefused,
	} {
		assert.Equal(t, want, classify(text), text)
	}
	said := (&Error{Kind: ErrRefused, Router: "r:8729", Command: describe([]string{"/x/add", "=name=a b", "=tcp-md5-key=canary"}), Message: "m"}).Error()
	assert.Contains(t, said, `name="a b" tcp-md5-key=(hidden)`)
	assert.False(t, errors.Is(&Error{Kind: ErrRefused}, ErrTimeout))
}
