package routeros

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/go-routeros/routeros/v3/proto"
)

// instantServer answers every command at once, in the same breath as it reads it: the case in which a client that
// registers its tag after sending loses replies. Its answer repeats the command's first argument.
func instantServer(t testing.TB) net.Conn {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var served sync.WaitGroup
	served.Go(func() {
		n, err := listener.Accept()
		if err != nil {
			return
		}
		defer n.Close()
		reader, writer := newWireReader(n), proto.NewWriter(n)
		for {
			s, err := reader.sentence()
			if err != nil {
				return
			}
			for _, word := range []string{"!re", "!done"} {
				writer.BeginSentence()
				writer.WriteWord(word)
				if word == "!re" {
					writer.WriteWord("=echo=" + s.properties["v"])
				}
				writer.WriteWord(".tag=" + s.tag)
				if err := writer.EndSentence(); err != nil {
					return
				}
			}
		}
	})
	n, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = n.Close()
		_ = listener.Close()
		served.Wait()
	})
	return n
}

// TestNoReplyIsLostOrMixed is the regression test against go-routeros' client: ten workers, a hundred thousand
// commands, a server that answers before the sender has turned round.
func TestNoReplyIsLostOrMixed(t *testing.T) {
	const workers, each = 10, 10_000
	c := newConn(instantServer(t))
	go c.receive()
	var running sync.WaitGroup
	failures := make(chan error, workers)
	for worker := range workers {
		running.Go(func() {
			for i := range each {
				want := fmt.Sprintf("%d/%d", worker, i)
				answer, err := c.run(t.Context(), 10*time.Second, []string{"/echo", "=v=" + want})
				if err == nil && (len(answer.rows) != 1 || answer.rows[0]["echo"] != want) {
					err = fmt.Errorf("asked for %s, got %v", want, answer.rows)
				}
				if err != nil {
					failures <- err
					return
				}
			}
		})
	}
	running.Wait()
	close(failures)
	for err := range failures {
		t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.calls) != 0 {
		t.Errorf("%d calls are left over", len(c.calls))
	}
}

// TestCancelForgetsOneCall: a caller that gives up takes nobody with it.
func TestCancelForgetsOneCall(t *testing.T) {
	c := newConn(instantServer(t))
	go c.receive()
	given, cancel := context.WithCancel(t.Context())
	cancel()
	var running sync.WaitGroup
	for range 50 {
		running.Go(func() {
			if _, err := c.run(given, time.Second, []string{"/echo", "=v=x"}); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		running.Go(func() {
			if _, err := c.run(t.Context(), 10*time.Second, []string{"/echo", "=v=y"}); err != nil {
				t.Error(err)
			}
		})
	}
	running.Wait()
}
