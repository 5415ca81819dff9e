package routeros

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/go-routeros/routeros/v3/proto"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

var newest = V(7, 24)

// answerOf is what a router answers to a print of n rules, on the wire.
func answerOf(b *testing.B, n int) []byte {
	b.Helper()
	sim := routerostest.StartTest(b, newest.String())
	_, err := sim.Run(append([]string{"/ip/firewall/nat/add", "=chain=dstnat"}, dial(b, sim).Table(DstNAT).assignments(newest, webRule)...)...)
	require.NoError(b, err)
	row := sim.Print("/ip/firewall/nat")[0]
	var wire bytes.Buffer
	w := proto.NewWriter(&wire)
	say := func(words ...string) {
		w.BeginSentence()
		for _, word := range words {
			w.WriteWord(word)
		}
		require.NoError(b, w.EndSentence())
	}
	for i := range n {
		row[".id"], row["comment"] = fmt.Sprintf("*%X", i+1), fmt.Sprint("rule ", i)
		words := []string{"!re"}
		for _, property := range DstNAT.wireWords(newest) {
			if value, is := row[property]; is {
				words = append(words, "="+property+"="+value)
			}
		}
		say(append(words, ".tag=7")...)
	}
	say("!done", ".tag=7")
	return wire.Bytes()
}

func readAll(b *testing.B, wire []byte) (rows []sentence) {
	b.Helper()
	for r := newWireReader(bytes.NewReader(wire)); ; {
		s, err := r.sentence()
		require.NoError(b, err)
		if s.word == "!done" {
			return rows
		}
		rows = append(rows, s.properties)
	}
}

// BenchmarkRead reads the answer to a print of all rules off the wire, and reports the time that go-routeros' reader takes
// for the same as a multiple of ours.
func BenchmarkRead(b *testing.B) {
	for _, n := range []int{1000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			wire := answerOf(b, n)
			b.SetBytes(int64(len(wire)))
			b.ReportAllocs()
			for b.Loop() {
				readAll(b, wire)
			}
			begun := time.Now()
			for r := proto.NewReader(bytes.NewReader(wire)); ; {
				s, err := r.ReadSentence()
				require.NoError(b, err)
				if s.Word == "!done" {
					break
				}
			}
			b.ReportMetric(time.Since(begun).Seconds()*float64(b.N)/b.Elapsed().Seconds(), "go-routeros/ours")
		})
	}
}

// BenchmarkRows turns rows as they came into rows of the newest words.
func BenchmarkRows(b *testing.B) {
	for _, n := range []int{1000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rows := readAll(b, answerOf(b, n))
			b.ReportAllocs()
			for b.Loop() {
				for _, row := range rows {
					DstNAT.decode(newest, row, webRule)
				}
			}
		})
	}
}

// BenchmarkCodec is one object, to the words of a release and back.
func BenchmarkCodec(b *testing.B) {
	for _, c := range []struct {
		menu  *Menu
		words Words
	}{{DstNAT, webRule}, {BGPPeer, worker1}} {
		for _, v := range []Version{V(6, 49), newest} {
			wire, err := c.menu.encode(v, c.words)
			require.NoError(b, err)
			b.Run(fmt.Sprintf("encode/%s/%s", c.menu.Noun, v), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, _ = c.menu.encode(v, c.words)
				}
			})
			b.Run(fmt.Sprintf("decode/%s/%s", c.menu.Noun, v), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					c.menu.decode(v, wire, c.words)
				}
			})
		}
	}
}
