package routeros

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-routeros/routeros/v3/proto"
)

// go-routeros' own Client registers a reply's tag after sending (and so loses fast replies) and ends every call when
// one is cancelled. This is a tag table of our own over its wire format: a tag is known before its sentence leaves,
// and a caller that gives up only forgets its tag.

// inFlight bounds the commands that one connection carries at once. Terraform asks for ten; small boards have been
// seen to mis-frame their replies under many more.
const inFlight = 16

// sentence is the properties of one reply of a router.
type sentence = map[string]string

type reply struct {
	rows []sentence
	done sentence
}

// trap is a command refused by the router.
type trap struct{ message string }

func (t *trap) Error() string { return t.message }

// errStalled is a command without an answer within its deadline.
var errStalled = errors.New("no answer")

// call is a command under way.
type call struct {
	reply reply
	trap  *trap
	done  chan struct{}
}

// conn is one logged-in connection that carries many commands at once.
type conn struct {
	net    net.Conn
	reader *wireReader
	writer proto.Writer
	slots  chan struct{}
	last   atomic.Int64 // when something was last received, in Unix nanoseconds

	mu     sync.Mutex
	nextID int
	calls  map[string]*call
	cause  error         // why the connection ended
	ended  chan struct{} // closed then
}

func newConn(n net.Conn) *conn {
	return &conn{
		net:    n,
		reader: newWireReader(n),
		writer: proto.NewWriter(n),
		slots:  make(chan struct{}, inFlight),
		calls:  map[string]*call{},
		ended:  make(chan struct{}),
	}
}

// run sends a command and waits for its last reply. Errors: *trap, ctx's own, errStalled after timeout,
// anything else when the connection ended.
func (c *conn) run(ctx context.Context, timeout time.Duration, words []string) (reply, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return reply{}, ctx.Err()
	case <-c.ended:
		return reply{}, c.cause
	}
	tag, pending, err := c.register()
	if err != nil {
		return reply{}, err
	}
	begun := time.Now()
	if err := c.send(timeout, append(words[:len(words):len(words)], ".tag="+tag)); err != nil {
		c.end(fmt.Errorf("sending: %w", err))
		return reply{}, c.cause
	}
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	select {
	case <-pending.done:
	case <-c.ended:
		// The answer may have come just before the end.
		select {
		case <-pending.done:
		default:
			return reply{}, c.cause
		}
	case <-ctx.Done():
		c.forget(timeout, tag)
		return reply{}, ctx.Err()
	case <-deadline.C:
		// A connection that brought nothing at all in that time is dead; otherwise only this command is slow.
		if c.last.Load() < begun.UnixNano() {
			c.end(errStalled)
		}
		c.forget(timeout, tag)
		return reply{}, errStalled
	}
	if pending.trap != nil {
		return reply{}, pending.trap
	}
	return pending.reply, nil
}

func (c *conn) register() (tag string, pending *call, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil {
		return "", nil, c.cause
	}
	c.nextID++
	tag = strconv.Itoa(c.nextID)
	pending = &call{done: make(chan struct{})}
	c.calls[tag] = pending
	return tag, pending, nil
}

// forget drops a call that nobody waits for any more and asks the router to stop working on it. The answers to both
// commands meet no tag and are passed over.
func (c *conn) forget(timeout time.Duration, tag string) {
	c.mu.Lock()
	delete(c.calls, tag)
	c.nextID++
	own := strconv.Itoa(c.nextID)
	alive := c.cause == nil
	c.mu.Unlock()
	if alive {
		_ = c.send(timeout, []string{"/cancel", "=tag=" + tag, ".tag=" + own})
	}
}

func (c *conn) send(timeout time.Duration, words []string) error {
	c.writer.BeginSentence()
	// Under the writer's lock, so that the deadline is this sentence's own.
	if err := c.net.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
		return errors.Join(err, c.writer.EndSentence())
	}
	for _, word := range words {
		c.writer.WriteWord(word)
	}
	return c.writer.EndSentence()
}

// receive hands replies to their callers until the connection ends.
func (c *conn) receive() {
	for {
		s, err := c.reader.sentence()
		if err == nil && s.word == "!fatal" {
			err = fmt.Errorf("the router ended it: %s", s.text)
		}
		if err != nil {
			c.end(err)
			return
		}
		c.last.Store(time.Now().UnixNano())
		c.deliver(s)
	}
}

func (c *conn) deliver(s wireSentence) {
	c.mu.Lock()
	defer c.mu.Unlock()
	pending, wanted := c.calls[s.tag]
	if !wanted {
		return
	}
	switch s.word {
	case "!re":
		pending.reply.rows = append(pending.reply.rows, s.properties)
	case "!trap":
		// Only the first says what went wrong; "interrupted" and the like may follow. `!done` still comes.
		if pending.trap == nil {
			pending.trap = &trap{s.properties["message"]}
		}
	case "!done":
		pending.reply.done = s.properties
		delete(c.calls, s.tag)
		close(pending.done)
	default:
		// `!empty` (from 7.18), and whatever a later RouterOS adds, say nothing that `!done` does not.
	}
}

func (c *conn) end(cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil {
		return
	}
	c.cause = cause
	close(c.ended)
	_ = c.net.Close()
}

// speaksAPI tells, before anything is allocated, whether what the other side sent begins like a RouterOS reply: a
// short word that starts with "!". A length taken from some other protocol's bytes can be 4 GiB.
func speaksAPI(r *wireReader) error {
	first, err := r.Peek(2)
	if err != nil {
		return err
	}
	if first[0] > 0x7f || first[1] != '!' {
		return errors.New("what answers there is not the RouterOS API")
	}
	return nil
}
