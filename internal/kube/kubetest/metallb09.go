package kubetest

import (
	"context"
	"strconv"
	"time"
)

// InstallMetalLB09 installs the controller of the last MetalLB that is configured by a ConfigMap, which it calls
// config, in the namespace metallb-system; it is up to the caller to create that. The speaker is there as a DaemonSet only. The
// program must be isolated.
func (c *Cluster) InstallMetalLB09(ctx context.Context) error {
	if err := c.mayInstall(installation{release: "0.9", bgpType: native, withoutSpeaker: true}); err != nil {
		return err
	}
	if err := c.createNamespace(ctx, metalLBNamespace); err != nil {
		return err
	}
	if err := c.createWorkloads(ctx); err != nil {
		return err
	}
	ports, err := freePorts(ctx, 1)
	if err != nil {
		return err
	}
	// It reads the credentials of a Pod and no kubeconfig.
	starter, err := c.newStarter(func() error {
		return serviceAccount(map[string][]byte{
			"namespace": []byte(metalLBNamespace), "token": []byte(c.token), "ca.crt": c.keys.certificate,
		})
	})
	if err != nil {
		return err
	}
	env := []string{"KUBERNETES_SERVICE_HOST=127.0.0.1", "KUBERNETES_SERVICE_PORT=" + strconv.Itoa(c.port)}
	if err := c.runComponent(ctx, starter, "controller", programOf("controller", "0.9"), env,
		"--config=config", "--port="+strconv.Itoa(ports[0])); err != nil {
		return err
	}
	return until(ctx, time.Minute, "MetalLB's controller to listen", answers(nil, ports[0]), c.components...)
}
