// Package lab is the story on one machine: a router that really peers and forwards, a cluster whose nodes run MetalLB's
// own speakers, an internet from which one asks for a page, and cables between them. The router and the control plane
// are in the program's network namespace, which kubetest.Isolate has made, so that a program has one lab at a time;
// everything else is in namespaces of its own. Nothing of it can be reached from outside, and all of it is gone with the
// program.
package lab

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/forwarding"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest/peering"
)

// Lab is the story's network, running.
type Lab struct {
	Router  *routerostest.Router
	Cluster *kubetest.Cluster
	// Upstream is a router of the internet that peers with whoever calls it from Outside.
	Upstream *peering.Upstream
	// NoForwarding says why the router does not forward packets, where the kernel lacks what it takes (nftables with NAT);
	// empty if it does. All else is as usual then.
	NoForwarding string

	network *network
}

// Start makes the network, a router of that RouterOS release ("7.20.8") with nothing configured but a user for Terraform,
// a cluster with the Workers as nodes, and MetalLB ("0.15", without configuration) with a speaker on each of them. Close
// ends it all.
func Start(ctx context.Context, routerOS, metalLB string) (*Lab, error) {
	if !kubetest.Isolated() {
		return nil, errors.New("a lab is for a program in a network namespace of its own: call kubetest.Isolate first")
	}
	l := &Lab{}
	if err := l.start(ctx, routerOS, metalLB); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// start makes what Close ends, also if it fails.
func (l *Lab) start(ctx context.Context, routerOS, metalLB string) (err error) {
	if l.network, err = newNetwork(); err != nil {
		return err
	}
	options := []routerostest.Option{
		routerostest.User(username, password, "api", "read", "write"), routerostest.Speaks(peering.New()),
	}
	if forwarder, err := forwarding.New(); err != nil {
		l.NoForwarding = err.Error()
	} else {
		options = append(options, routerostest.Forwards(forwarder))
	}
	if l.Router, err = routerostest.Start(routerOS, options...); err != nil {
		return err
	}
	for link, address := range map[string]string{"ether1": Outside, "ether2": inside} {
		if _, err := l.Router.Run("/ip/address/add", "=interface="+link, "=address="+address+"/24"); err != nil {
			return err
		}
	}
	l.Upstream = &peering.Upstream{Namespace: l.network.internet, AS: upstreamAS, Address: netip.MustParseAddr(upstreamAddress),
		Neighbour: netip.MustParseAddr(Outside)}
	if err := l.Upstream.Start(); err != nil {
		return err
	}
	if l.Cluster, err = kubetest.Start(ctx); err != nil {
		return err
	}
	for name, address := range Workers {
		if err := l.Cluster.CreateNode(ctx, name, address, kubetest.In(l.network.nodes[name])); err != nil {
			return err
		}
	}
	nodes := slices.Sorted(maps.Keys(Workers))
	return l.Cluster.InstallMetalLB(ctx, kubetest.Release(metalLB), kubetest.OnNodes(nodes...))
}

// AddFarNode makes one more node with a speaker, on a /24 of its own behind a hop that the router knows by a static route.
// There is room for one such node.
func (l *Lab) AddFarNode(ctx context.Context, name, address string) error {
	if err := l.network.addFar(name, address); err != nil {
		return err
	}
	for _, command := range [][]string{
		{"/ip/address/add", "=interface=ether3", "=address=" + transit + "/24"},
		{"/ip/route/add", "=dst-address=" + address + "/32", "=gateway=" + hop},
	} {
		if _, err := l.Router.Run(command...); err != nil {
			return err
		}
	}
	if err := l.Cluster.CreateNode(ctx, name, address, kubetest.In(l.network.nodes[name])); err != nil {
		return err
	}
	return l.Cluster.AddSpeaker(ctx, name)
}

const (
	username = "terraform"
	password = "canary-password"
)

// Environment is that of a CLI which applies a configuration like examples/complete here: what the program has, and the way to
// the router and to the cluster.
func (l *Lab) Environment() []string {
	address := "api://" + l.Router.Addr()
	return append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "ROS_HOSTURL="+address, "TF_VAR_router="+address,
		"ROS_USERNAME="+username, "ROS_PASSWORD="+password, "KUBE_CONFIG_PATH="+l.Cluster.Kubeconfig())
}

// Close ends everything.
func (l *Lab) Close() error {
	var failed error
	if l.Cluster != nil {
		l.Cluster.Close()
	}
	if l.Upstream != nil {
		failed = l.Upstream.Close()
	}
	if l.Router != nil {
		failed = errors.Join(failed, l.Router.Close())
	}
	if l.network != nil {
		failed = errors.Join(failed, l.network.close())
	}
	return failed
}

// Serve creates the Service default/ingress of type LoadBalancer with a web server behind ports 80 and 443 on all
// workers, which greets and says who has asked whom. It has an address once MetalLB gives it one.
func (l *Lab) Serve(ctx context.Context) error {
	greet := func(w http.ResponseWriter, r *http.Request) {
		client, _, _ := net.SplitHostPort(r.RemoteAddr)
		fmt.Fprintf(w, "hello %s, this is %s\n", client, kubetest.NodeOf(r))
	}
	nodes := slices.Sorted(maps.Keys(Workers))
	return l.Cluster.CreateLoadBalancerService(ctx, "default", "ingress",
		kubetest.OnPorts(80, 443), kubetest.ServedBy(http.HandlerFunc(greet), nodes...))
}

// Get asks for a page as a client on the internet does, over a connection of its own. Of https:// nobody can check the
// certificate here.
func (l *Lab) Get(ctx context.Context, url string) (page string, err error) {
	if l.NoForwarding != "" {
		return "", errors.New("the router does not forward here: " + l.NoForwarding)
	}
	client := http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
			DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
				return l.network.internet.Dial(ctx, address)
			},
		},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	return string(text), err
}

// Await looks until something is as wanted, for at most a minute, and gives the time that it took; the error is what was
// missing last.
func Await(ctx context.Context, look func() error) (time.Duration, error) {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		missing := look()
		if missing == nil {
			return time.Since(begun), nil
		}
		select {
		case <-ctx.Done():
			return time.Since(begun), missing
		case <-time.After(20 * time.Millisecond):
		}
	}
}
