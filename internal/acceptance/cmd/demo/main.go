// Command demo tells the README's story on one machine: a simulated router that peers and forwards, a real cluster whose
// four nodes run MetalLB's speakers, and somebody on the internet who wants to read a page. It applies
// examples/complete, shows what came of it and how soon, proves that a second plan is empty, takes a node away, destroys,
// and leaves nothing behind. All of it happens in network namespaces of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"reflect"
	"syscall"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/acceptance"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/lab"
)

const (
	routerOS = "7.20.8"
	metalLB  = "0.15"
	page     = "http://" + lab.Outside + "/"
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

func run(ctx context.Context) (err error) {
	if !kubetest.Isolated() {
		return prepare(ctx)
	}
	if err := kubetest.Isolate(); err != nil {
		return err
	}
	d := &demo{ctx: ctx, begun: time.Now(), cli: os.Getenv(cliVariable)}
	defer func() { err = errors.Join(err, d.end()) }()
	for _, step := range []struct {
		says string
		do   func() error
	}{
		{"starting a router with RouterOS " + routerOS + ", a cluster of four nodes with MetalLB, and cables between them", d.start},
		{"a Service of type LoadBalancer waits for an address, and somebody on the internet for its page", d.serve},
		{"terraform apply of examples/complete", d.apply},
		{"how soon it worked", d.showTimes},
		{"what the router has now", d.showRouter},
		{"what the cluster has now", d.showCluster},
		{"a second plan: nothing to change", d.planAgain},
		{"the node that the router sends to goes: another one answers", d.drain},
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

// prepare builds what is needed and then runs the demo isolated, which removes the folder: this program exits in Isolate.
func prepare(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "routeros-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	fmt.Println("==> building the provider, and, the first time, etcd, kube-apiserver and MetalLB")
	cli, err := acceptance.CLI()
	if err != nil {
		return err
	}
	if _, err := acceptance.Provider(ctx, dir); err != nil {
		return err
	}
	for name, value := range map[string]string{cliVariable: cli, providerVariable: dir, kubetest.ReleasesVariable: metalLB} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil { // what is built without the context does not end with it
		return err
	}
	return kubetest.Isolate()
}

type demo struct {
	ctx    context.Context
	begun  time.Time
	cli    string
	dir    string // a copy of examples/complete
	env    []string
	lab    *lab.Lab
	before map[string][]map[string]string
	times  times
}

// end stops what was started and removes the files; the namespaces go with the process.
func (d *demo) end() (err error) {
	if d.lab != nil {
		err = d.lab.Close()
	}
	return errors.Join(err, os.RemoveAll(os.Getenv(providerVariable)))
}

func (d *demo) start() (err error) {
	d.lab, err = lab.Start(d.ctx, routerOS, metalLB)
	if err != nil {
		return err
	}
	d.before = d.tables()
	fmt.Printf("the router's API listens on %s; MetalLB %s, its webhook answers\n", d.lab.Router.Addr(), d.lab.Cluster.MetalLBVersion())
	if d.lab.NoForwarding != "" {
		fmt.Println("this machine cannot do all of it:", d.lab.NoForwarding)
	}
	return nil
}

func (d *demo) serve() error {
	if err := d.lab.Serve(d.ctx); err != nil {
		return err
	}
	_, err := d.lab.Get(d.ctx, page)
	fmt.Println(err)
	return nil
}

// terraform runs the CLI on the copy of the example, with this tree's provider.
func (d *demo) terraform(args ...string) error {
	cmd := acceptance.Command(d.ctx, d.cli, args...)
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
	d.env = append(d.lab.Environment(), "TF_CLI_CONFIG_FILE="+filepath.Join(built, "terraformrc"))
	ctx, stop := context.WithCancel(d.ctx)
	defer stop()
	watched := d.watch(ctx)
	err := d.terraform("apply", "-auto-approve", "-no-color")
	if err != nil {
		stop() // nothing more will come
	}
	return errors.Join(err, <-watched)
}

func (d *demo) planAgain() error {
	// With -detailed-exitcode a plan that would change anything ends with 2.
	return d.terraform("plan", "-detailed-exitcode", "-no-color")
}

func (d *demo) removeService() error { return d.lab.Cluster.DeleteService(d.ctx, "default", "ingress") }

func (d *demo) destroy() error { return d.terraform("destroy", "-auto-approve", "-no-color") }

func (d *demo) compare() error {
	if after := d.tables(); !reflect.DeepEqual(d.before, after) {
		return fmt.Errorf("before: %v\nafter: %v", d.before, after)
	}
	fmt.Println("they are")
	return nil
}
