package kubetest

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	metalLBNamespace = "metallb-system"
	nodeName         = "node1"
	native           = "native"
)

// Option chooses which MetalLB is installed.
type Option func(*installation)

// Release chooses a release of MetalLB, "0.13", "0.14", "0.15" or "0.16", with its own CRDs and webhooks. Without it
// MetalLB is 0.15 with the CRDs of the latest release.
func Release(release string) Option {
	return func(i *installation) { i.release, i.crds = release, release }
}

// BGPType chooses the mode by the name that METALLB_BGP_TYPE has for it: "native", which is the default, "frr" or
// "frr-k8s". The last two leave out the speaker, for want of FRR, but their webhooks judge what only FRR can do.
func BGPType(name string) Option { return func(i *installation) { i.bgpType = name } }

// WithoutSpeaker leaves out the speaker: Services get addresses, which nobody announces.
func WithoutSpeaker() Option { return func(i *installation) { i.withoutSpeaker = true } }

// OnNodes chooses the nodes that have a speaker, which CreateNode has made before. Without it there is one, node1, which
// is made unless it is there.
func OnNodes(names ...string) Option { return func(i *installation) { i.nodes = names } }

// installation is what the options choose.
type installation struct {
	release, crds, bgpType string
	withoutSpeaker         bool
	nodes                  []string
}

func (i installation) speaks() bool { return i.bgpType == native && !i.withoutSpeaker }

func choose(options []Option) installation {
	i := installation{release: "0.15", crds: latest, bgpType: native}
	for _, option := range options {
		option(&i)
	}
	return i
}

// MetalLBVersion gives the version of the MetalLB that is installed ("0.15.3"), "" if none is.
func (c *Cluster) MetalLBVersion() string { return c.metalLB }

// InstallMetalLB installs a MetalLB that is configured by custom resources: their definitions, its controller, its
// validating and converting webhooks and, on each of its nodes, a speaker of native BGP. What InstallCRDs and
// InstallWebhooks have installed before is brought to the release that is chosen here. The program must be isolated.
func (c *Cluster) InstallMetalLB(ctx context.Context, options ...Option) error {
	i := choose(options)
	if err := c.mayInstall(i); err != nil {
		return err
	}
	if err := c.InstallCRDs(ctx, options...); err != nil {
		return err
	}
	if err := c.InstallWebhooks(ctx, options...); err != nil {
		return err
	}
	on, err := c.nodesFor(ctx, i)
	if err != nil {
		return err
	}
	if err := c.createOwnEndpoints(ctx); err != nil {
		return err
	}
	if err := c.createWorkloads(ctx); err != nil {
		return err
	}
	listen := map[string]func(context.Context) error{}
	if i.speaks() {
		for _, node := range on {
			if listen[node], err = c.startSpeaker(ctx, node); err != nil {
				return err
			}
		}
	}
	if _, err := c.startComponent(ctx, c.here(), "controller", "controller", on[0],
		"--webhook-mode=enabled", "--disable-cert-rotation"); err != nil {
		return err
	}
	const refusal = "MetalLB's webhooks to refuse what is wrong"
	if err := until(ctx, time.Minute, refusal, c.refusesBadPool, c.components...); err != nil {
		return err
	}
	for node, listens := range listen {
		if err := c.untilSpeaks(ctx, node, listens); err != nil {
			return err
		}
	}
	return nil
}

// nodesFor gives the nodes that are chosen, all of which are there.
func (c *Cluster) nodesFor(ctx context.Context, i installation) ([]string, error) {
	for _, node := range i.nodes {
		there, err := c.isThere(ctx, nodes, node)
		if err != nil {
			return nil, err
		}
		if !there {
			return nil, fmt.Errorf("MetalLB is to have a speaker on node %s, which CreateNode has not made", node)
		}
	}
	if i.nodes != nil {
		return i.nodes, nil
	}
	there, err := c.isThere(ctx, nodes, nodeName)
	if err == nil && !there {
		err = c.CreateNode(ctx, nodeName, "127.0.0.1")
	}
	return []string{nodeName}, err
}

// UninstallMetalLB ends MetalLB and deletes its Deployment, its DaemonSet and their Pods. Its configuration stays, and
// so do the webhooks, which nobody answers; RemoveCRDs removes both. Another MetalLB may follow.
func (c *Cluster) UninstallMetalLB(ctx context.Context) error {
	c.stopMetalLB()
	c.metalLB = ""
	return c.deleteWorkloads(ctx)
}

func (c *Cluster) stopMetalLB() {
	var stopping sync.WaitGroup // all at once: a speaker whose dial nobody answers takes its time, see stop
	for _, p := range c.components {
		stopping.Go(p.stop)
	}
	stopping.Wait()
	c.components, c.speakers = nil, 0
}

// mayInstall says why MetalLB cannot be installed, or notes which is about to be.
func (c *Cluster) mayInstall(i installation) error {
	if !Isolated() {
		return errors.New("MetalLB listens on all addresses and dials its peers: it runs only in a program that " +
			"has called kubetest.Isolate (or a test with kubetest.Main)")
	}
	if c.metalLB != "" {
		return fmt.Errorf("MetalLB %s is installed already", c.metalLB)
	}
	program := programOf("controller", i.release)
	file, err := tool(program)
	if err != nil {
		return err
	}
	c.chosen = i
	c.metalLB = strings.TrimPrefix(filepath.Base(file), program+"-v")
	return nil
}

func programOf(component, release string) string { return "metallb-" + component + "-" + release }

// startComponent starts a controller or speaker, in a Pod of that node. What it gives is for until: it listens.
func (c *Cluster) startComponent(
	ctx context.Context, at place, component, pod, node string, args ...string,
) (listens func(context.Context) error, err error) {
	if err := c.createPod(ctx, component, pod, node); err != nil {
		return nil, err
	}
	var ports []int
	err = at.namespace.Do(func() (err error) {
		ports, err = freePorts(ctx, 1)
		return err
	})
	if err != nil {
		return nil, err
	}
	port := strconv.Itoa(ports[0])
	if c.chosen.release == "0.16" {
		args = append(args, "--port=0", "--health-probe-port="+port)
	} else {
		args = append(args, "--port="+port)
	}
	// What MetalLB's manifests give its components, less what belongs to its memberlist.
	env := []string{
		"KUBECONFIG=" + c.Kubeconfig(),
		"METALLB_BGP_TYPE=" + c.chosen.bgpType,
		"METALLB_NAMESPACE=" + metalLBNamespace,
		"METALLB_POD_NAME=" + pod,
		"METALLB_NODE_NAME=" + node,
		"METALLB_HOST=127.0.0.1",
	}
	err = c.runComponent(ctx, at.starter, pod, programOf(component, c.chosen.release), env,
		append(args, "--log-level=debug")...)
	return answers(at.namespace, ports[0]), err
}

// runComponent starts a program of MetalLB, whose log is called like its Pod.
func (c *Cluster) runComponent(
	ctx context.Context, s *starter, pod, program string, env []string, args ...string,
) error {
	file, err := tool(program)
	if err != nil {
		return err
	}
	p, err := s.start(ctx, c.dir, pod, file, env, args...)
	if err == nil {
		c.components = append(c.components, p)
	}
	return err
}
