package routerostest

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// session is a client's connection.
type session struct {
	router *Router
	conn   net.Conn
	id     int
	since  int64
	ctx    context.Context // ends with the connection

	account   *account // nil before login; guarded by the router's lock
	challenge []byte   // of the login before 6.43

	mu      sync.Mutex // guards writing and pending
	out     *bufio.Writer
	pending map[string]context.CancelFunc // tags of commands that are not answered yet
}

// serve reads sentences until the connection ends. Commands change the router in the order in which they arrive. One
// without tag is answered before the next is read; those with tags wait side by side, so that their answers may
// overtake each other (routeros-api.md §3).
func (r *Router) serve(conn net.Conn) {
	ctx, cancel := context.WithCancel(r.ctx)
	wire := counted{conn, r}
	s := &session{
		router: r, conn: conn, ctx: ctx,
		out: bufio.NewWriterSize(wire, 32<<10), pending: map[string]context.CancelFunc{},
	}
	if !r.enter(s) {
		cancel()
		return
	}
	defer func() {
		_ = conn.Close()
		cancel()
		r.leave(s)
	}()
	in := bufio.NewReader(wire)
	for {
		words, err := readSentence(in)
		if err != nil {
			return
		}
		if err := s.handle(words); err != nil {
			if errors.Is(err, errStalled) {
				_, _ = io.Copy(io.Discard, in)
			}
			return
		}
	}
}

func (r *Router) enter(s *session) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil { // Close has already cut what there was
		_ = s.conn.Close()
		return false
	}
	r.sessions[s] = struct{}{}
	s.id, s.since = r.nextID, r.world.now()
	r.nextID++
	r.stats.Connections++
	r.stats.MaxOpen = max(r.stats.MaxOpen, len(r.sessions))
	return true
}

func (r *Router) leave(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.sessions, s)
	r.publish()
}

var (
	errQuit    = errors.New("session ended")
	errStalled = errors.New("session stalled")
)

// handle takes a sentence; an error ends the connection.
func (s *session) handle(words []string) error {
	r, ask := s.router, parseSentence(words)
	r.mu.Lock()
	r.stats.record(words)
	user := s.account
	r.mu.Unlock()
	switch {
	case ask.command == "/login":
		return s.login(ask)
	case ask.command == "/quit":
		return s.fatal("session terminated on request")
	case user == nil:
		return s.fatal("not logged in")
	case ask.command == "/cancel":
		return s.interrupt(ask)
	}
	r.mu.Lock()
	if s.account == nil { // the router was rebooted meanwhile
		r.mu.Unlock()
		return errQuit
	}
	r.stats.count(ask.command)
	fault := r.config.strike(ask.command)
	if fault == cutBefore || fault == stall {
		r.mu.Unlock()
		switch {
		case fault == cutBefore:
			return errQuit
		case ask.tag == "":
			return errStalled
		}
		return nil
	}
	answer, err := r.world.do(ask, *user)
	r.publish()
	delay := r.config.latency + r.config.rowCost*time.Duration(answer.examined)
	empty := r.world.version.atLeast(7, 18)
	if answer.stream != nil && fault == noFault {
		s.stream(ask.tag, answer.stream)
	}
	r.mu.Unlock()
	switch {
	case fault == cutAfter:
		return errQuit
	case answer.stream != nil:
		return nil
	}
	return s.in(delay, ask.tag, func() error { return s.reply(ask.tag, answer, err, empty) })
}

// in answers a command after a delay, during which those with tags do not hold up what follows.
func (s *session) in(delay time.Duration, tag string, answer func() error) error {
	if tag != "" && delay > 0 {
		s.later(tag, delay, answer)
		return nil
	}
	if !s.sleep(s.ctx, delay) {
		return errQuit
	}
	return answer()
}

// later answers a tagged command once its time has come, unless it is cancelled before.
func (s *session) later(tag string, delay time.Duration, answer func() error) {
	ctx, cancel := context.WithCancel(s.ctx)
	s.mu.Lock()
	s.pending[tag] = cancel
	s.mu.Unlock()
	s.router.running.Go(func() {
		defer cancel()
		done := s.sleep(ctx, delay)
		s.mu.Lock()
		delete(s.pending, tag)
		s.mu.Unlock()
		switch {
		case done:
			_ = answer() // the reader meets the same broken connection
		case s.ctx.Err() == nil:
			_ = s.reply(tag, reply{}, &Trap{interrupted, "interrupted"}, false)
		}
	})
}

// sleep waits and reports whether it was left to do so.
func (s *session) sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// interrupt is /cancel: of one command, or of all.
func (s *session) interrupt(ask sentence) error {
	tag, one := ask.arg("tag")
	s.mu.Lock()
	for t, cancel := range s.pending {
		if !one || t == tag {
			cancel()
		}
	}
	s.mu.Unlock()
	s.router.mu.Lock()
	delay := s.router.config.latency
	s.router.mu.Unlock()
	return s.in(delay, ask.tag, func() error { return s.reply(ask.tag, reply{}, nil, false) })
}

// fatal ends a connection with a reason, a bare word.
func (s *session) fatal(reason string) error {
	if err := s.send("", "!fatal", reason); err != nil {
		return err
	}
	if err := s.flush(); err != nil {
		return err
	}
	return errQuit
}

// reply writes the answer to a command. `!done` comes last, also after a trap.
func (s *session) reply(tag string, answer reply, failed error, empty bool) error {
	if failed != nil {
		if err := s.send(tag, s.trapWords(failed)...); err != nil {
			return err
		}
		answer = reply{}
	}
	if err := s.rows(tag, answer.rows); err != nil {
		return err
	}
	if answer.printed && len(answer.rows) == 0 && empty { // from 7.18 on
		if err := s.send(tag, "!empty"); err != nil {
			return err
		}
	}
	done := []string{"!done"}
	if answer.ret != nil {
		done = append(done, pair{"ret", *answer.ret}.word())
	}
	if err := s.send(tag, done...); err != nil {
		return err
	}
	return s.flush()
}

func (s *session) rows(tag string, rows [][]pair) error {
	for _, row := range rows {
		words := make([]string, 1, len(row)+1)
		words[0] = "!re"
		for _, p := range row {
			words = append(words, p.word())
		}
		if err := s.send(tag, words...); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) trapWords(failed error) []string {
	words := []string{"!trap"}
	s.router.mu.Lock()
	silent := s.router.config.quirks.noCategory
	s.router.mu.Unlock()
	if t := new(Trap); errors.As(failed, &t) && t.Category != noCategory && !silent {
		words = append(words, pair{"category", strconv.Itoa(t.Category)}.word())
	}
	return append(words, pair{"message", failed.Error()}.word())
}

// send writes one sentence; those of several answers may mix, words never do.
func (s *session) send(tag string, words ...string) error {
	if tag != "" {
		words = append(words, ".tag="+tag)
	}
	b := appendSentence(nil, words...)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.out.Write(b)
	return err
}

func (s *session) flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Flush()
}

// clients lists the sessions that are logged in; the caller holds the lock.
func (r *Router) clients() []client {
	var out []client
	for s := range r.sessions {
		if s.account == nil {
			continue
		}
		host, _, _ := net.SplitHostPort(s.conn.RemoteAddr().String())
		_, secure := s.conn.(*tls.Conn)
		out = append(out, client{id: s.id, name: s.account.name, address: host, since: s.since, tls: secure})
	}
	return out
}

// kick ends a session; the caller holds the lock.
func (r *Router) kick(id int) {
	for s := range r.sessions {
		if s.id == id {
			_ = s.conn.Close()
		}
	}
}
