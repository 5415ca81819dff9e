package routeros

import (
	"fmt"
	"sync"
	"testing"
	"time"

	goros "github.com/go-routeros/routeros/v3"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// BenchmarkOverlap is why there is a tag table of our own: a hundred commands from ten workers, as Terraform has,
// over it, and over go-routeros' safest use, a pool of four synchronous connections. It reports the pool's time as a
// multiple of ours, both logged in already.
func BenchmarkOverlap(b *testing.B) {
	for _, latency := range []time.Duration{0, 2 * time.Millisecond, 50 * time.Millisecond} {
		b.Run(latency.String(), func(b *testing.B) {
			sim := routerostest.StartTest(b, "7.20.8", routerostest.Latency(latency))
			router := dial(b, sim)
			_, err := router.Version(b.Context())
			require.NoError(b, err)
			pool := make(chan *goros.Client, 4)
			for range cap(pool) {
				client, err := goros.Dial(sim.Addr(), "admin", "")
				require.NoError(b, err)
				b.Cleanup(func() { _ = client.Close() })
				pool <- client
			}
			command := []string{"/system/resource/print", "=.proplist=version"}
			var tags, pooled time.Duration
			for b.Loop() {
				tags += hundred(func() error {
					_, err := router.run(b.Context(), command...)
					return err
				}, b)
				pooled += hundred(func() error {
					client := <-pool
					defer func() { pool <- client }()
					_, err := client.RunArgs(command)
					return err
				}, b)
			}
			b.ReportMetric(float64(pooled)/float64(tags), "pool/tags")
			b.ReportMetric(float64(tags.Microseconds())/float64(b.N)/100, "µs/command")
		})
	}
}

// hundred is the time that ten workers take for ten commands each.
func hundred(command func() error, b *testing.B) time.Duration {
	begun := time.Now()
	var running sync.WaitGroup
	for range 10 {
		running.Go(func() {
			for range 10 {
				if err := command(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	running.Wait()
	return time.Since(begun)
}

// BenchmarkRefresh is one refresh of N rules by ten workers at 5 ms per command, and reports what it cost the router:
// prints, and the time of one print per rule as a multiple of ours, which is what others do.
func BenchmarkRefresh(b *testing.B) {
	for _, rules := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(rules), func(b *testing.B) {
			sim := routerostest.StartTest(b, "7.20.8")
			table := dial(b, sim).Table(DstNAT)
			ids := make(chan string, rules)
			all := []string{}
			for i := range rules {
				id, err := table.Add(b.Context(), Words{"action": "accept", "comment": fmt.Sprint(i)})
				require.NoError(b, err)
				all = append(all, id)
			}
			sim.Configure(routerostest.Latency(5 * time.Millisecond))
			read := func(one func(id string) error) time.Duration {
				for _, id := range all {
					ids <- id
				}
				begun := time.Now()
				var running sync.WaitGroup
				for range 10 {
					running.Go(func() {
						for {
							select {
							case id := <-ids:
								if err := one(id); err != nil {
									b.Error(err)
								}
							default:
								return
							}
						}
					})
				}
				running.Wait()
				return time.Since(begun)
			}
			var shared, single time.Duration
			prints := 0
			for b.Loop() {
				router := dial(b, sim)
				sim.ResetStats()
				shared += read(func(id string) error {
					_, _, err := router.Table(DstNAT).ByID(b.Context(), id, nil)
					return err
				})
				prints += sim.Stats().Commands["/ip/firewall/nat/print"]
				single += read(func(id string) error {
					_, err := router.run(b.Context(), "/ip/firewall/nat/print", "?.id="+id)
					return err
				})
			}
			b.ReportMetric(float64(prints)/float64(b.N), "prints")
			b.ReportMetric(float64(single)/float64(shared), "single/shared")
		})
	}
}
