package kubetest

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Cluster is a running API server, perhaps with MetalLB.
type Cluster struct {
	dir       string
	port      int
	token     string
	keys      *keyPair
	config    *rest.Config
	client    dynamic.Interface
	starters  []*starter
	processes []*process       // etcd and the API server
	places    map[string]place // of the nodes that are In a namespace
	relays    []*relay
	proxies   map[string]*proxy // of the Services that are ServedBy something
	close     func()

	metalLB     string // its version, once installed
	chosen      installation
	components  []*process // of MetalLB
	speakers    int
	webhookKeys *keyPair
	webhookTurn net.Listener // held while the port of MetalLB's webhooks is ours
}

// StartTest is Start for a test: it fails the test if there is no cluster, and closes the cluster when it ends.
func StartTest(t testing.TB) *Cluster {
	t.Helper()
	c, err := Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// Start starts etcd and an API server and waits until it is ready. The context bounds only that; Close ends them.
func Start(ctx context.Context) (*Cluster, error) {
	c, err := start(ctx)
	if err != nil && strings.Contains(err.Error(), "address already in use") {
		return start(ctx) // Somebody took a port between the search for it and its use.
	}
	return c, err
}

func start(ctx context.Context) (_ *Cluster, err error) {
	dir, err := os.MkdirTemp("", "kubetest-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, token: rand.Text(), places: map[string]place{}, proxies: map[string]*proxy{}}
	c.close = sync.OnceFunc(c.end)
	defer func() {
		if err != nil {
			c.Close()
		}
	}()
	starter, err := c.newStarter(nil)
	if err != nil {
		return nil, err
	}
	ports, err := freePorts(ctx, 3)
	if err != nil {
		return nil, err
	}
	c.port = ports[0]
	if c.keys, err = newKeyPair(dir); err != nil {
		return nil, err
	}
	if err := c.configure(); err != nil {
		return nil, err
	}
	etcd := "http://" + loopback(ports[1])
	if err := c.startEtcd(ctx, starter, etcd, "http://"+loopback(ports[2])); err != nil {
		return nil, err
	}
	if err := c.startServer(ctx, starter, etcd); err != nil {
		return nil, err
	}
	return c, until(ctx, time.Minute, "the API server to be ready", c.ready, c.processes...)
}

// Close ends the cluster's processes and removes its files.
func (c *Cluster) Close() { c.close() }

func (c *Cluster) end() {
	c.stopMetalLB()
	if c.webhookTurn != nil {
		_ = c.webhookTurn.Close()
	}
	for _, p := range c.proxies {
		p.close()
	}
	for _, r := range c.relays {
		r.close()
	}
	for _, p := range slices.Backward(c.processes) {
		p.stop()
	}
	for _, s := range c.starters {
		s.end()
	}
	_ = os.RemoveAll(c.dir)
}

// Kubeconfig gives the path of a kubeconfig file whose current context is called kubetest.
func (c *Cluster) Kubeconfig() string { return filepath.Join(c.dir, "kubeconfig") }

// Config gives the configuration of a client that may do everything.
func (c *Cluster) Config() *rest.Config { return rest.CopyConfig(c.config) }

// configure makes the client and the kubeconfig file.
func (c *Cluster) configure() (err error) {
	c.config = &rest.Config{
		Host: "https://" + loopback(c.port), BearerToken: c.token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAData: c.keys.certificate},
	}
	quiet := rest.CopyConfig(c.config)
	quiet.WarningHandler = rest.NoWarnings{} // MetalLB's definitions have deprecated versions, which we look at too.
	if c.client, err = dynamic.NewForConfig(quiet); err != nil {
		return err
	}
	return c.writeKubeconfig(c.Kubeconfig(), c.token)
}

// writeKubeconfig writes a kubeconfig file for who has that token.
func (c *Cluster) writeKubeconfig(path, token string) error {
	const name = "kubetest"
	file := clientcmdapi.NewConfig()
	file.Clusters[name] = &clientcmdapi.Cluster{Server: c.config.Host, CertificateAuthorityData: c.keys.certificate}
	file.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: token}
	file.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	file.CurrentContext = name
	return clientcmd.WriteToFile(*file, path)
}

func (c *Cluster) newStarter(prepare func() error) (*starter, error) {
	s, err := newStarter(prepare)
	if err == nil {
		c.starters = append(c.starters, s)
	}
	return s, err
}

// run starts a program of the control plane, which Close ends.
func (c *Cluster) run(ctx context.Context, s *starter, name string, args ...string) error {
	program, err := tool(name)
	if err != nil {
		return err
	}
	p, err := s.start(ctx, c.dir, name, program, nil, args...)
	if err == nil {
		c.processes = append(c.processes, p)
	}
	return err
}

func (c *Cluster) startEtcd(ctx context.Context, s *starter, clients, peers string) error {
	return c.run(ctx, s, "etcd",
		"--unsafe-no-fsync",
		"--data-dir="+filepath.Join(c.dir, "etcd"),
		"--listen-client-urls="+clients, "--advertise-client-urls="+clients,
		"--listen-peer-urls="+peers, "--initial-advertise-peer-urls="+peers, "--initial-cluster=default="+peers,
	)
}

func (c *Cluster) startServer(ctx context.Context, s *starter, etcd string) error {
	tokens := filepath.Join(c.dir, "tokens.csv")
	if err := os.WriteFile(tokens, []byte(c.token+",admin,admin,system:masters\n"), 0o600); err != nil {
		return err
	}
	return c.run(ctx, s, "kube-apiserver",
		"--etcd-servers="+etcd,
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--secure-port="+strconv.Itoa(c.port),
		"--cert-dir="+c.dir, "--tls-cert-file="+c.keys.certificateFile, "--tls-private-key-file="+c.keys.keyFile,
		"--service-cluster-ip-range=10.96.0.0/16,fd00:10:96::/108",
		"--endpoint-reconciler-type=none",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file="+c.keys.certificateFile, "--service-account-signing-key-file="+c.keys.keyFile,
		"--token-auth-file="+tokens,
		"--authorization-mode=RBAC",
		"--disable-admission-plugins=ServiceAccount",
		"--allow-privileged=true",
	)
}

// ready tells why the API server is not ready yet.
func (c *Cluster) ready(ctx context.Context) error {
	client, err := rest.HTTPClientFor(c.config)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.config.Host+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return errors.New(answer.Status)
	}
	return nil
}
