package routeros

import (
	"fmt"
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
				tags += timed(b, 100, func(int) error {
					_, err := router.run(b.Context(), command...)
					return err
				})
				pooled += timed(b, 100, func(int) error {
					client := <-pool
					defer func() { pool <- client }()
					_, err := client.RunArgs(command)
					return err
				})
			}
			b.ReportMetric(float64(pooled)/float64(tags), "pool/tags")
			b.ReportMetric(float64(tags.Microseconds())/float64(b.N)/100, "µs/command")
		})
	}
}

// timed is how long ten workers take to do something for each of n.
func timed(b *testing.B, n int, do func(i int) error) time.Duration {
	begun := time.Now()
	tenWorkers(n, func(i int) {
		if err := do(i); err != nil {
			b.Error(err)
		}
	})
	return time.Since(begun)
}

// BenchmarkRefresh is one refresh of N rules by ten workers at 5 ms per command, and reports what it cost the router:
// prints, and the time of one print per rule as a multiple of ours, which is what others do.
func BenchmarkRefresh(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sim := routerostest.StartTest(b, "7.20.8")
			ids, _ := rules(b, sim, n)
			sim.Configure(routerostest.Latency(5 * time.Millisecond))
			var shared, single time.Duration
			prints := 0
			for b.Loop() {
				router := dial(b, sim)
				sim.ResetStats()
				shared += timed(b, n, func(i int) error {
					_, _, err := router.Table(DstNAT).ByID(b.Context(), ids[i], nil)
					return err
				})
				prints += sim.Stats().Commands[natPrint]
				single += timed(b, n, func(i int) error {
					_, err := router.run(b.Context(), natPrint, "?.id="+ids[i])
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
		var create, destroy applied
		for range turns {
			router := dial(b, sim)
			table := router.Table(DstNAT)
			_, v, err := table.at(b.Context())
			require.NoError(b, err)
			alone := func(id string) error {
				_, err := router.print(b.Context(), "/ip/firewall/nat", DstNAT.wireWords(v), matches(id))
				return err
			}
			ids := make([]string, n)
			words := func(i int) Words { return Words{"action": "accept", "comment": fmt.Sprint(i)} }
			add := func(readBack func(i int) error) time.Duration {
				return timed(b, n, func(i int) (err error) {
					if ids[i], err = table.Add(b.Context(), words(i)); err == nil {
						err = readBack(i)
					}
					return err
				})
			}
			remove := func(look func(i int) error) time.Duration {
				return timed(b, n, func(i int) error {
					err := look(i)
					if err == nil {
						err = table.Remove(b.Context(), ids[i], words(i))
					}
					return err
				})
			}
			sim.ResetStats()
			create.ours += add(func(i int) error {
				_, _, _, err := table.WithTwins(b.Context(), ids[i], words(i))
				return err
			})
			create.count(sim)
			table.reads.wrote("", false) // as another run of Terraform, which has read nothing
			destroy.ours += remove(func(i int) error {
				_, _, err := table.Locate(b.Context(), ids[i], words(i))
				return err
			})
			destroy.count(sim)
			create.alone += add(func(i int) error { return alone(ids[i]) })
			destroy.alone += remove(func(i int) error { return alone(ids[i]) })
		}
		b.Run("create/"+latency.String(), create.report)
		b.Run("destroy/"+latency.String(), destroy.report)
	}
}

const turns = 3 // of BenchmarkApply at each latency

// applied is what all turns of a create or a destroy took, and what ours asked of the router.
type applied struct {
	ours, alone  time.Duration
	prints, rows int
}

func (a *applied) count(sim *routerostest.Router) {
	stats := sim.Stats()
	a.prints += stats.Commands[natPrint]
	a.rows += stats.Rows
	sim.ResetStats()
}

func (a *applied) report(b *testing.B) {
	b.ReportMetric(0, "ns/op") // which is left out
	b.ReportMetric(float64(a.prints)/turns, "prints")
	b.ReportMetric(float64(a.rows)/turns, "rows")
	b.ReportMetric(float64(a.alone)/float64(a.ours), "alone/ours")
}

// BenchmarkLookup finds each row of a menu that was read whole, by its id and the others with its comment.
func BenchmarkLookup(b *testing.B) {
	for _, n := range []int{1000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			sim := routerostest.StartTest(b, newest.String())
			ids, words := rules(b, sim, n)
			table := dial(b, sim).Table(DstNAT)
			_, err := table.List(b.Context())
			require.NoError(b, err)
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				_, there, _, err := table.WithTwins(b.Context(), ids[i%n], words[i%n])
				if err != nil || !there {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

// BenchmarkWholePrint lists all rules of a router that takes 5 ms for a command.
func BenchmarkWholePrint(b *testing.B) {
	sim := routerostest.StartTest(b, newest.String(), routerostest.Latency(5*time.Millisecond))
	rules(b, sim, 30_000)
	b.ReportAllocs()
	for b.Loop() {
		rows, err := dial(b, sim).Table(DstNAT).List(b.Context())
		require.NoError(b, err)
		require.Len(b, rows, 30_000)
	}
}
