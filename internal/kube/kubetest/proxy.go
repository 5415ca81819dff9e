package kubetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/watch"
)

// https is the port where TLS is spoken.
const https = 443

// ServedBy puts the Service's endpoints on these nodes, which are In namespaces, and a real HTTP server behind it; on
// port 443 it speaks TLS with a certificate that nobody can check.
//
// There is neither a Pod nor kube-proxy: whatever addresses the Service has at a time, each node that would take its
// traffic has them on its loopback interface, as kube-proxy gives them to a node for IPVS, and a server of its own that
// listens there. Where a real node would pass a connection on to a Pod of another one, this node answers itself, and
// the server sees the client's address. The nodes are those that exist when the Service is created. An address stays
// with a node, without the server, when it is the Service's no more.
func ServedBy(handler http.Handler, nodes ...string) ServiceOption {
	return func(s *service) { s.handler, s.nodes = handler, nodes }
}

// NodeOf gives the node at which a request to the handler of ServedBy has arrived.
func NodeOf(r *http.Request) string {
	node, _ := r.Context().Value(nodeKey{}).(string)
	return node
}

type nodeKey struct{}

// proxy is what stands in for kube-proxy and the Pods of a Service.
type proxy struct {
	cluster         *Cluster
	namespace, name string
	ports           []int
	places          map[string]place
	handler         http.Handler
	cancel          context.CancelFunc
	running         sync.WaitGroup

	mu      sync.Mutex
	servers map[string][]*http.Server // by address
	failure error                     // of the last change
}

// newProxy gives the proxy of a Service, nil if nothing is behind it.
func (c *Cluster) newProxy(namespace, name string, s *service) (*proxy, error) {
	if s.handler == nil {
		return nil, nil
	}
	places := map[string]place{}
	for _, node := range s.nodes {
		at, joined := c.places[node]
		if !joined {
			return nil, fmt.Errorf("serving %s/%s by node %s, which is not In a network namespace", namespace, name, node)
		}
		places[node] = at
	}
	if s.spec["externalTrafficPolicy"] != local {
		maps.Copy(places, c.places)
	}
	return &proxy{
		cluster: c, namespace: namespace, name: name, ports: s.ports, places: places, handler: s.handler,
		servers: map[string][]*http.Server{},
	}, nil
}

func (c *Cluster) stopServing(namespace, name string) {
	if p := c.proxies[namespace+"/"+name]; p != nil {
		p.close()
		delete(c.proxies, namespace+"/"+name)
	}
}

// answersAt tells why a Service that should does not answer at these addresses.
func (c *Cluster) answersAt(namespace, name string, addresses []string) error {
	p := c.proxies[namespace+"/"+name]
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failure != nil {
		return p.failure
	}
	for _, address := range addresses {
		if p.servers[address] == nil {
			return fmt.Errorf("nothing answers at %s yet", address)
		}
	}
	return nil
}

func (p *proxy) start() {
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	p.running.Go(func() { p.run(ctx) })
}

// run follows the Service's addresses until the context ends.
func (p *proxy) run(ctx context.Context) {
	defer p.follow(nil)
	for ctx.Err() == nil {
		options := metav1.ListOptions{FieldSelector: "metadata.name=" + p.name}
		watcher, err := p.cluster.in(services, p.namespace).Watch(ctx, options)
		if err == nil {
			for event := range watcher.ResultChan() {
				service, _ := event.Object.(*unstructured.Unstructured)
				switch event.Type {
				case watch.Added, watch.Modified:
					p.follow(addressesOf(service))
				case watch.Deleted:
					p.follow(nil)
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// follow makes the nodes answer at these addresses and at no other.
func (p *proxy) follow(addresses []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.failure = nil
	for address, servers := range p.servers {
		if !slices.Contains(addresses, address) {
			closeAll(servers)
			delete(p.servers, address)
		}
	}
	for _, address := range addresses {
		if p.servers[address] != nil {
			continue
		}
		servers, err := p.open(address)
		if err != nil {
			closeAll(servers)
			p.failure = err
			continue
		}
		p.servers[address] = servers
	}
}

// open makes all nodes answer at an address; what it gives along with an error is to be closed too.
func (p *proxy) open(address string) (servers []*http.Server, err error) {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return nil, err
	}
	for node, at := range p.places {
		err := at.namespace.Address("lo", netip.PrefixFrom(ip, ip.BitLen()).String())
		if err != nil && !errors.Is(err, syscall.EEXIST) {
			return servers, fmt.Errorf("node %s: %w", node, err)
		}
		for _, port := range p.ports {
			listener, err := at.namespace.Listen(net.JoinHostPort(address, strconv.Itoa(port)))
			if err != nil {
				return servers, fmt.Errorf("node %s: %w", node, err)
			}
			server := p.newServer(node)
			servers = append(servers, server)
			p.running.Go(func() {
				if port == https {
					_ = server.ServeTLS(listener, p.cluster.keys.certificateFile, p.cluster.keys.keyFile)
				} else {
					_ = server.Serve(listener)
				}
			})
		}
	}
	return servers, nil
}

func (p *proxy) newServer(node string) *http.Server {
	return &http.Server{
		Handler:           p.handler,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.Background(), nodeKey{}, node)
		},
	}
}

// close ends the servers and their connections.
func (p *proxy) close() {
	p.cancel()
	p.running.Wait()
}

func closeAll(servers []*http.Server) {
	for _, server := range servers {
		_ = server.Close()
	}
}
