// Package routerostest provides a simulated RouterOS router for tests, in the manner of net/http/httptest: a real
// listener that speaks the binary API, with the menus, arguments, texts and oddities of the version it was started as.
//
// It is written from what is known about real routers, so that it can disagree with our client; it shares no code with
// it. What nobody has settled on a real router has a likelier side, the default, and an [Option] for the other one.
package routerostest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Router is a running simulated router.
type Router struct {
	listeners []net.Listener
	ctx       context.Context // ends with Close
	cancel    context.CancelFunc
	running   sync.WaitGroup
	received  atomic.Int64 // bytes, outside of the lock, which a session that writes must not take
	sent      atomic.Int64

	mu       sync.Mutex // guards all below
	config   config
	world    *world
	stats    Stats
	sessions map[*session]struct{}
	nextID   int // of sessions
	watching map[*listener]struct{}
	// What the speaker and the forwarder were told last, and what they could not do.
	peers    []BGPPeer
	rules    []map[string]string
	routes   []Route
	failures map[string]error
}

// Start starts a router of the given version ("6.49.15", "7.20.8", …) on a free loopback port. Close stops it.
func Start(version string, options ...Option) (*Router, error) {
	v, err := parseVersion(version)
	if err != nil {
		return nil, err
	}
	c := defaults()
	for _, o := range options {
		o(&c)
	}
	r := &Router{config: c, sessions: map[*session]struct{}{}, nextID: 1, watching: map[*listener]struct{}{}, failures: map[string]error{}}
	r.boot(newWorld(v, c))
	r.ctx, r.cancel = context.WithCancel(context.Background())
	if err := r.listen(c.listen, c.tls); err != nil {
		_ = r.Close()
		return nil, err
	}
	if c.tlsListen != "" {
		if err := r.listen(c.tlsListen, c.tlsSecond); err != nil {
			_ = r.Close()
			return nil, err
		}
	}
	return r, nil
}

// boot makes a configuration the running one.
func (r *Router) boot(w *world) {
	w.now = func() int64 { return time.Now().UnixNano() }
	w.booted = w.now()
	w.clients, w.kick = r.clients, r.kick
	for _, t := range w.tables {
		for _, row := range t.rows {
			row.since = w.booted
		}
	}
	r.world = w
}

// StartTest is Start for tests: it fails the test on error and closes the router at its end.
func StartTest(t testing.TB, version string, options ...Option) *Router {
	t.Helper()
	r, err := Start(version, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// listen opens a listener and serves it. A simulated router has no business outside this machine.
func (r *Router) listen(addr string, certs *tls.Config) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("routerostest: %w", err)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("routerostest: %s is not a loopback address", host)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("routerostest: %w", err)
	}
	if certs != nil {
		l = tls.NewListener(l, certs)
	}
	r.listeners = append(r.listeners, l)
	r.running.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r.running.Go(func() { r.serve(conn) })
		}
	})
	return nil
}

// Addr returns the address that the router listens on, as "127.0.0.1:port".
func (r *Router) Addr() string { return r.listeners[0].Addr().String() }

// TLSAddr returns the address of [ListenTLS], "" without it.
func (r *Router) TLSAddr() string {
	if len(r.listeners) < 2 {
		return ""
	}
	return r.listeners[1].Addr().String()
}

// Close ends the listeners and all connections and waits until nothing of the router runs any more.
func (r *Router) Close() error {
	r.cancel()
	var failed error
	for _, l := range r.listeners {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			failed = errors.Join(failed, err)
		}
	}
	r.Drop()
	r.running.Wait()
	if r.config.speaker != nil {
		failed = errors.Join(failed, r.config.speaker.Close())
	}
	if r.config.forwarder != nil {
		r.mu.Lock() // the last change may still be under way
		defer r.mu.Unlock()
		failed = errors.Join(failed, r.config.forwarder.Close())
	}
	return failed
}

// Drop cuts all open connections now.
func (r *Router) Drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range r.sessions {
		_ = s.conn.Close()
	}
}

// Configure applies options to the running router. Listeners, identity, what a new router contains, and who speaks and
// forwards for it stay.
func (r *Router) Configure(options ...Option) {
	r.mu.Lock()
	defer r.mu.Unlock()
	speaker, forwarder := r.config.speaker, r.config.forwarder
	for _, o := range options {
		o(&r.config)
	}
	r.config.speaker, r.config.forwarder = speaker, forwarder
	r.world.quirks = r.config.quirks
}

// Print returns all rows of a menu ("/routing/bgp/connection") as an administrator sees them, secrets included, in
// router order; nil if this version has no such menu.
func (r *Router) Print(menu string) []map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.world.menu(menu)
	if t == nil {
		return nil
	}
	rows := []map[string]string{}
	for _, row := range t.items(r.world) {
		rows = append(rows, asMap(t.show(r.world, row)))
	}
	return rows
}

// Run carries out a command as the administrator at the console, past users, delays, faults and statistics:
//
//	r.Run("/ip/firewall/nat/set", "=.id=*1", "=disabled=yes")
//
// It returns the rows, or what comes with `!done` as a row of its own ({"ret": "*1"}). A refusal is a [*Trap].
func (r *Router) Run(words ...string) ([]map[string]string, error) {
	if len(words) == 0 {
		return nil, errors.New("routerostest: no command")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	answer, err := r.world.do(parseSentence(words), account{})
	r.publish()
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, row := range answer.rows {
		rows = append(rows, asMap(row))
	}
	if answer.ret != nil {
		rows = append(rows, map[string]string{"ret": *answer.ret})
	}
	return rows, nil
}

// AddDynamic adds a row of the router's own making, which no client can change, move or remove, and returns its id.
// Values are taken as they are, also those of read-only properties. In ordered menus it joins the dynamic rows on top,
// see [DynamicAtEnd].
func (r *Router) AddDynamic(menu string, values map[string]string) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.world.menu(menu)
	if t == nil {
		return "", noSuchPrefix()
	}
	var shown []pair
	for _, name := range slices.Sorted(maps.Keys(values)) {
		shown = append(shown, pair{name, values[name]})
	}
	row := t.dynamicRow(t.take(r.world.quirks.reuseIDs), shown)
	row.since = r.world.now()
	at := len(t.rows)
	if t.ordered && !r.world.quirks.dynamicAtEnd {
		for at = 0; at < len(t.rows) && t.rows[at].dynamic; at++ {
		}
	}
	t.insert(row, at)
	r.publish()
	return row.ident(), nil
}

// RemoveDynamic takes a row of the router's own making away again, as when a tunnel goes down. What refers to it keeps
// its id instead of its name.
func (r *Router) RemoveDynamic(menu, id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.world.menu(menu)
	if t == nil {
		return noSuchPrefix()
	}
	row, err := t.find(r.world, id)
	switch {
	case err != nil:
		return err
	case !row.dynamic:
		return fmt.Errorf("routerostest: %s %s is not dynamic", menu, id)
	}
	(&call{world: r.world, table: t}).delete(row)
	r.publish()
	return nil
}

func asMap(pairs []pair) map[string]string {
	m := make(map[string]string, len(pairs))
	for _, p := range pairs {
		m[p.name] = p.value
	}
	return m
}
