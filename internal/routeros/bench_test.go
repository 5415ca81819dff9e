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

// BenchmarkApply creates and destroys 200 rules by ten workers, who read each back or look whether it is still there, and
// reports prints and rows, and the time with a print for each read, at once, as a multiple of ours.
func BenchmarkApply(b *testing.B) {
	const n = 200
	for _, latency := range []time.Duration{0, 2 * time.Millisecond, 5 * time.Millisecond, 50 * time.Millisecond} {
		sim := routerostest.StartTest(b, "7.20.8", routerostest.Latency(latency))
		ids := make([]string, n)
		words := func(i int) Words { return Words{"action": "accept", "comment": fmt.Sprint(i)} }
		timed := func(do func(i int) error) time.Duration {
			begun := time.Now()
			tenWorkers(n, func(i int) {
				if err := do(i); err != nil {
					b.Error(err)
				}
			})
			return time.Since(begun)
		}
		var created, destroyed, createdAlone, destroyedAlone time.Duration
		var prints, rows [2]int
		for range 3 {
			router := dial(b, sim)
			table := router.Table(DstNAT)
			_, v, err := table.at(b.Context())
			require.NoError(b, err)
			alone := func(id string) error {
				_, err := router.print(b.Context(), "/ip/firewall/nat", DstNAT.wireWords(v), matches(id))
				return err
			}
			count := func(step int) {
				prints[step] += sim.Stats().Commands[natPrint]
				rows[step] += sim.Stats().Rows
				sim.ResetStats()
			}
			sim.ResetStats()
			created += timed(func(i int) error {
				var err error
				if ids[i], err = table.Add(b.Context(), words(i)); err == nil {
					_, _, _, err = table.WithTwins(b.Context(), ids[i], words(i))
				}
				return err
			})
			count(0)
			table.reads.wrote("", false) // as another run of Terraform, which has read nothing
			destroyed += timed(func(i int) error {
				_, _, err := table.Locate(b.Context(), ids[i], words(i))
				if err == nil {
					err = table.Remove(b.Context(), ids[i], words(i))
				}
				return err
			})
			count(1)
			createdAlone += timed(func(i int) error {
				var err error
				if ids[i], err = table.Add(b.Context(), words(i)); err == nil {
					err = alone(ids[i])
				}
				return err
			})
			destroyedAlone += timed(func(i int) error {
				err := alone(ids[i])
				if err == nil {
					err = table.Remove(b.Context(), ids[i], words(i))
				}
				return err
			})
		}
		for step, took := range [][2]time.Duration{{created, createdAlone}, {destroyed, destroyedAlone}} {
			b.Run(fmt.Sprintf("%s/%s", []string{"create", "destroy"}[step], latency), func(b *testing.B) {
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(float64(prints[step])/3, "prints")
				b.ReportMetric(float64(rows[step])/3, "rows")
				b.ReportMetric(float64(took[1])/float64(took[0]), "alone/ours")
			})
		}
	}
}
