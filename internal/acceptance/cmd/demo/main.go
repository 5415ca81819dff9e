// Command demo tells the README's story: it starts a simulated router and a real cluster with real MetalLB, applies
// examples/complete, shows what came of it, proves that a second plan is empty, destroys, and leaves nothing behind.
// All of it happens in a network namespace of its own.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"reflect"
	"syscall"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

const (
	release  = "7.20.8"
	password = "demo"
	// What is prepared outside of the namespace, where the internet is, reaches the inside by these variables.
	cliVariable      = "DEMO_CLI"
	providerVariable = "DEMO_PROVIDER"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if !kubetest.Isolated() {
		return prepare(ctx)
	}
	if err := kubetest.Isolate("192.168.5.1/32"); err != nil {
		return err
	}
	d := &demo{ctx: ctx, begun: time.Now(), cli: os.Getenv(cliVariable)}
	defer d.end()
	for _, step := range []struct {
		says string
		do   func() error
	}{
		{"starting a simulated router with RouterOS " + release, d.startRouter},
		{"starting etcd and kube-apiserver, installing MetalLB", d.startCluster},
		{"terraform apply of examples/complete", d.apply},
		{"what the router has now", d.showRouter},
		{"what the cluster has now", d.showCluster},
		{"a Service of type LoadBalancer asks MetalLB for an address", d.showService},
		{"a second plan: nothing to change", d.planAgain},
		{"the Service goes: as long as it has an address, its pool may not", d.removeService},
		{"terraform destroy", d.destroy},
		{"the router's tables are as they were before", d.compare},
	} {
		fmt.Printf("\n==> [%5.1fs] %s\n", time.Since(d.begun).Seconds(), step.says)
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.says, err)
		}
	}
	fmt.Printf("\n==> [%5.1fs] done; stopping everything\n", time.Since(d.begun).Seconds())
	return nil
}

// prepare builds what is needed and then runs the demo isolated.
func prepare(ctx context.Context) error {
	fmt.Println("==> building the provider, and, the first time, etcd, kube-apiserver and MetalLB")
	dir, err := os.MkdirTemp("", "routeros-demo-")
	if err != nil {
		return err
	}
	cli, err := acceptance.CLI()
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), ".")
	build.Dir = acceptance.Root()
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building the provider: %w", err)
	}
	for name, value := range map[string]string{cliVariable: cli, providerVariable: dir, kubetest.ReleasesVariable: "0.15"} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return kubetest.Isolate()
}

type demo struct {
	ctx     context.Context
	begun   time.Time
	cli     string
	dir     string // a copy of examples/complete
	router  *routerostest.Router
	before  map[string][]map[string]string
	cluster *kubetest.Cluster
	env     []string
}

// end stops what was started and removes the files; the namespace goes with the process.
func (d *demo) end() {
	if d.cluster != nil {
		d.cluster.Close()
	}
	if d.router != nil {
		_ = d.router.Close()
	}
	_ = os.RemoveAll(os.Getenv(providerVariable))
}

func (d *demo) startRouter() (err error) {
	d.router, err = routerostest.Start(release, routerostest.User("terraform", password, "api", "read", "write"))
	if err != nil {
		return err
	}
	d.before = d.tables()
	fmt.Println("listening on", d.router.Addr())
	return nil
}

func (d *demo) startCluster() (err error) {
	if d.cluster, err = kubetest.Start(d.ctx); err != nil {
		return err
	}
	if err := d.cluster.InstallMetalLB(d.ctx); err != nil {
		return err
	}
	fmt.Printf("MetalLB %s, its webhook answers\n", d.cluster.MetalLBVersion())
	return nil
}

// terraform runs the CLI on the copy of the example, with this tree's provider.
func (d *demo) terraform(args ...string) error {
	cmd := exec.CommandContext(d.ctx, d.cli, args...)
	cmd.Dir, cmd.Env = d.dir, d.env
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func (d *demo) apply() error {
	built := os.Getenv(providerVariable)
	d.dir = filepath.Join(built, "complete")
	if err := os.CopyFS(d.dir, os.DirFS(filepath.Join(acceptance.Root(), "examples", "complete"))); err != nil {
		return err
	}
	rc := filepath.Join(built, "terraformrc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides { \"baremetal-lb/routeros\" = %q }\n  direct {}\n}\n", built)
	if err := os.WriteFile(rc, []byte(overrides), 0o600); err != nil {
		return err
	}
	d.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+rc, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"ROS_PASSWORD="+password, "KUBE_CONFIG_PATH="+d.cluster.Kubeconfig(), "TF_VAR_router=api://"+d.router.Addr())
	return d.terraform("apply", "-auto-approve", "-no-color")
}

func (d *demo) planAgain() error {
	// With -detailed-exitcode a plan that would change anything ends with 2.
	return d.terraform("plan", "-detailed-exitcode", "-no-color")
}

func (d *demo) destroy() error { return d.terraform("destroy", "-auto-approve", "-no-color") }

func (d *demo) compare() error {
	if after := d.tables(); !reflect.DeepEqual(d.before, after) {
		return fmt.Errorf("before: %v\nafter: %v", d.before, after)
	}
	fmt.Println("they are")
	return nil
}
