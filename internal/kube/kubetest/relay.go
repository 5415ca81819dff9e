package kubetest

import (
	"context"
	"io"
	"net"
	"sync"
)

// relay passes the connections that a listener gets, in whatever network namespace it is, on to an address of the
// program's own.
type relay struct {
	listener net.Listener
	cancel   context.CancelFunc
	running  sync.WaitGroup
}

func newRelay(listener net.Listener, target string) *relay {
	ctx, cancel := context.WithCancel(context.Background())
	r := &relay{listener: listener, cancel: cancel}
	r.running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			r.running.Go(func() { pass(ctx, conn, target) })
		}
	})
	return r
}

// close ends the connections as well.
func (r *relay) close() {
	_ = r.listener.Close()
	r.cancel()
	r.running.Wait()
}

// pass copies both ways until one side has enough or the context ends.
func pass(ctx context.Context, near net.Conn, target string) {
	var copies sync.WaitGroup
	defer copies.Wait()
	defer func() { _ = near.Close() }()
	far, err := new(net.Dialer).DialContext(ctx, "tcp", target)
	if err != nil {
		return
	}
	defer func() { _ = far.Close() }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		copies.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			cancel()
		})
	}
	<-ctx.Done()
}
