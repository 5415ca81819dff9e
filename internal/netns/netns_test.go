package netns_test

import (
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { kubetest.Main(m) }

// Two hosts on a switch of the program's own namespace reach each other by the program's address, and nobody else does.
func TestHostsOnASwitch(t *testing.T) {
	var here *netns.Namespace
	hosts := map[string]*netns.Namespace{}
	for _, name := range []string{"one", "two"} {
		host, err := netns.New()
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, host.Close()) })
		require.NoError(t, here.Connect(name, host, "eth0"))
		hosts[name] = host
	}
	require.NoError(t, here.Bridge("ether2", "one", "two"))
	require.NoError(t, here.Address("ether2", "192.168.5.1/24"))
	require.NoError(t, hosts["one"].Address("eth0", "192.168.5.253/24"))
	require.NoError(t, hosts["two"].Address("eth0", "192.168.5.252/24"))
	require.NoError(t, hosts["two"].Route(netip.MustParsePrefix("0.0.0.0/0"), netip.MustParseAddr("192.168.5.1")))

	server, err := hosts["one"].Listen("192.168.5.253:80")
	require.NoError(t, err)
	defer server.Close()
	go func() {
		for conn, err := server.Accept(); err == nil; conn, err = server.Accept() {
			_, _ = io.WriteString(conn, conn.RemoteAddr().(interface{ AddrPort() netip.AddrPort }).AddrPort().Addr().String())
			_ = conn.Close()
		}
	}()
	for client, address := range map[*netns.Namespace]string{nil: "192.168.5.1", hosts["two"]: "192.168.5.252"} {
		conn, err := client.Dial(t.Context(), "192.168.5.253:80")
		require.NoError(t, err)
		seen, err := io.ReadAll(conn)
		require.NoError(t, err)
		assert.Equal(t, address, string(seen))
		require.NoError(t, conn.Close())
	}
	stranger, err := netns.New()
	require.NoError(t, err)
	defer stranger.Close()
	_, err = stranger.Dial(t.Context(), "192.168.5.253:80")
	assert.ErrorContains(t, err, "network is unreachable")
}

// A namespace that is closed is really gone, and no thread of the program stays behind in it, not even the first one,
// which ends with the program only.
func TestNothingStaysInANamespace(t *testing.T) {
	program, err := os.Readlink("/proc/self/ns/net")
	require.NoError(t, err)
	for range 50 {
		namespace, err := netns.New()
		require.NoError(t, err)
		require.NoError(t, namespace.Close())
	}
	assert.EventuallyWithT(t, func(t *assert.CollectT) {
		threads, err := filepath.Glob("/proc/self/task/*/ns/net")
		require.NoError(t, err)
		for _, thread := range threads {
			if is, err := os.Readlink(thread); err == nil {
				assert.Equal(t, program, is, thread)
			}
		}
	}, 5*time.Second, 10*time.Millisecond)
}

// What is started with Go serves in the namespace, and nowhere else.
func TestGo(t *testing.T) {
	host, err := netns.New()
	require.NoError(t, err)
	defer host.Close()
	listening := make(chan net.Listener)
	require.NoError(t, host.Go(func() {
		l, _ := net.Listen("tcp", "127.0.0.1:80")
		listening <- l
	}))
	server := <-listening
	require.NotNil(t, server)
	defer server.Close()
	conn, err := host.Dial(t.Context(), "127.0.0.1:80")
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	var here *netns.Namespace
	_, err = here.Dial(t.Context(), "127.0.0.1:80")
	assert.ErrorContains(t, err, "connection refused")
}
