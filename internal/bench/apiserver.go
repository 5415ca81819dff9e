package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	api "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/metallb"
)

// apiServer is a real kube-apiserver with MetalLB's custom resource definitions, without MetalLB.
type apiServer struct {
	*kubetest.Cluster
	http  *http.Client
	pools dynamic.ResourceInterface // without a limit of its own
}

func startServer(ctx context.Context) (s *apiServer, err error) {
	s = &apiServer{}
	if s.Cluster, err = kubetest.Start(ctx); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	if err = s.InstallCRDs(ctx); err != nil {
		return nil, err
	}
	if s.http, err = rest.HTTPClientFor(s.Config()); err != nil {
		return nil, err
	}
	client, err := dynamic.NewForConfigAndClient(s.Config(), s.http)
	if err != nil {
		return nil, err
	}
	s.pools = client.Resource(api.GroupVersionResource{Group: metalLBGroup, Version: "v1beta1", Resource: "ipaddresspools"}).Namespace("metallb-system")
	return s, nil
}

// reader is the configuration as a run of the CLI sees it, which has read nothing yet.
func (s *apiServer) reader() (*metallb.MetalLB, error) {
	cluster, err := kube.New(kube.Config{ConfigPaths: []string{s.Kubeconfig()}})
	if err != nil {
		return nil, err
	}
	return metallb.New(cluster, metallb.Config{}), nil
}

// fill makes pools as an apply would have left them.
func (s *apiServer) fill(ctx context.Context, objects int) error {
	m, err := s.reader()
	if err != nil {
		return err
	}
	return each(objects, func(i int) error {
		_, err := m.Create(ctx, &metallb.Object{
			Kind: metallb.AddressPool, Name: poolName(i), Spec: map[string]any{"addresses": []any{poolAddresses(i)}},
		})
		return err
	})
}

// empty removes all pools.
func (s *apiServer) empty(ctx context.Context) error {
	return s.pools.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{})
}

// has compares the number of pools there.
func (s *apiServer) has(ctx context.Context, want int) error {
	list, err := s.pools.List(ctx, metav1.ListOptions{})
	if err == nil && len(list.Items) != want {
		err = fmt.Errorf("the cluster has %d pools, not %d", len(list.Items), want)
	}
	return err
}

// readAll reads each pool as the provider does, and takes the time of it.
func (s *apiServer) readAll(ctx context.Context, objects int) (time.Duration, error) {
	begun := time.Now()
	m, err := s.reader()
	if err == nil {
		err = each(objects, func(i int) error {
			_, err := m.Get(ctx, &metallb.Object{Kind: metallb.AddressPool, Name: poolName(i)})
			return err
		})
	}
	return time.Since(begun), err
}

// getAll reads each pool by a request of its own, and takes the time of it.
func (s *apiServer) getAll(ctx context.Context, objects int) (time.Duration, error) {
	begun := time.Now()
	err := each(objects, func(i int) error {
		_, err := s.pools.Get(ctx, poolName(i), metav1.GetOptions{})
		return err
	})
	return time.Since(begun), err
}

// each does something for each index, as many at once as Terraform, and gives the first error.
func each(objects int, do func(int) error) error {
	var all errgroup.Group
	all.SetLimit(parallelism)
	for i := range objects {
		all.Go(func() error { return do(i) })
	}
	return all.Wait()
}

const metalLBGroup = "metallb.io"

// served is what the API server counted of what the provider asks for, whatever its own parts ask for beside it.
type served struct {
	requests map[string]int // by verb and resource: "LIST ipaddresspools"
	sent     float64        // bytes of what was read, as they went over the wire
}

var (
	metric = regexp.MustCompile(`^(apiserver_request_total|apiserver_response_sizes_sum)\{(.*)\} (\S+)$`)
	labels = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

func (s *apiServer) served(ctx context.Context) (served, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Config().Host+"/metrics", nil)
	if err != nil {
		return served{}, err
	}
	answer, err := s.http.Do(request)
	if err != nil {
		return served{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	all := served{requests: map[string]int{}}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		found := metric.FindStringSubmatch(lines.Text())
		if found == nil {
			continue
		}
		of := map[string]string{}
		for _, label := range labels.FindAllStringSubmatch(found[2], -1) {
			of[label[1]] = label[2]
		}
		ours := of["group"] == metalLBGroup || of["group"] == "" && (of["resource"] == "services" || of["resource"] == "pods")
		value, err := strconv.ParseFloat(found[3], 64)
		switch {
		case err != nil || !ours || of["verb"] == "WATCH":
		case found[1] == "apiserver_request_total":
			all.requests[of["verb"]+" "+of["resource"]] += int(value)
		default:
			all.sent += value
		}
	}
	return all, lines.Err()
}

// since is what was served in between.
func (s served) since(before served) served {
	between := served{requests: map[string]int{}, sent: s.sent - before.sent}
	for request, times := range s.requests {
		if more := times - before.requests[request]; more > 0 {
			between.requests[request] = more
		}
	}
	return between
}
