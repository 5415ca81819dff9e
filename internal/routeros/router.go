// Package routeros talks to MikroTik routers over the RouterOS API (ports 8728 and 8729), on RouterOS 6 and on every
// RouterOS 7. Callers speak the words of the newest RouterOS; the menus' tables know what older releases call them.
// The package knows nothing of Terraform.
package routeros

import (
	"context"
	"crypto/md5" //nolint:gosec // the login of RouterOS before 6.43 is defined so
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// Config says how to reach a router and who asks.
type Config struct {
	Address  string      // host:port
	TLS      *tls.Config // nil: plain TCP
	Username string
	Password string
	Timeout  time.Duration // of the dial, and of each command; 0 means 30s

	// Trace, if not nil, is told every command that is sent, secrets masked.
	Trace func(ctx context.Context, command string)
}

// Router is a router that is dialled when it is first needed, and again when a connection was lost. It is safe for
// concurrent use: commands of several callers are under way at once on its one connection.
type Router struct {
	config Config

	dialling chan struct{} // held while dialling
	mu       sync.Mutex
	conn     *conn
	asking   sync.Once
	version  Version
	release  string // as the router says it
	failure  error  // of the last dial
	failed   time.Time

	menus sync.Map // *Menu → *reads
}

// A router that just failed to answer is not dialled again for this long: a hundred resources then fail as one.
const dialPause = 5 * time.Second

// New prepares a router. Nothing is dialled.
func New(config Config) *Router {
	if config.Timeout == 0 {
		config.Timeout = 30 * time.Second
	}
	return &Router{config: config, dialling: make(chan struct{}, 1)}
}

// Address is the router's host:port.
func (r *Router) Address() string { return r.config.Address }

// Version is the router's RouterOS release. It dials if nothing was asked of the router before.
func (r *Router) Version(ctx context.Context) (Version, error) {
	_, err := r.connect(ctx)
	if err != nil {
		return Version{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version, nil
}

// KnownVersion is Version without dialling; false while nothing was asked of the router yet.
func (r *Router) KnownVersion() (Version, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.version, r.version != Version{}
}

// AskVersion is Version for those who can do without: it asks a router that does not answer once in its life, and
// not for long.
func (r *Router) AskVersion(ctx context.Context) (Version, bool) {
	r.asking.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, min(r.config.Timeout, askPatience))
		defer cancel()
		_, _ = r.connect(ctx)
	})
	return r.KnownVersion()
}

// askPatience is how long a plan waits for a router of which it only wants to know the version.
const askPatience = 5 * time.Second

// Close ends the connection, if there is one.
func (r *Router) Close() {
	if c := r.current(); c != nil {
		c.end(net.ErrClosed)
	}
}

func (r *Router) current() *conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.conn != nil {
		select {
		case <-r.conn.ended:
			r.conn = nil
		default:
		}
	}
	return r.conn
}

// run sends one command and gives its replies. Errors are *Error, or ctx's own.
func (r *Router) run(ctx context.Context, words ...string) (reply, error) {
	c, err := r.connect(ctx)
	if err != nil {
		return reply{}, err
	}
	if r.config.Trace != nil {
		r.config.Trace(ctx, describe(words))
	}
	answer, err := c.run(ctx, r.config.Timeout, words)
	return answer, r.explain(err, words)
}

// explain wraps the error of a command.
func (r *Router) explain(err error, words []string) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	r.mu.Lock()
	release := r.release
	r.mu.Unlock()
	e := &Error{Router: r.config.Address, Version: release, Command: describe(words), Message: err.Error(), err: err}
	var refused *trap
	switch {
	case errors.As(err, &refused):
		e.Kind = classify(refused.message)
		e.Message = refused.message
		if strings.Contains(refused.message, "does not match any value of") {
			e.Advice = "What it names is not there on the router, or not known to this release: create it first, or correct the name."
		}
	case errors.Is(err, errStalled):
		e.Kind = ErrTimeout
		e.Message = fmt.Sprintf("nothing within %s", r.config.Timeout)
		e.Advice = "If the router is only slow, give the provider a longer timeout."
	default:
		e.Kind = ErrConnection
		e.Message = "the connection ended: " + err.Error()
	}
	if e.Advice == "" {
		e.Advice = advice(e.Kind, words[0], r.config.Username)
	}
	return e
}

// connect gives the current connection, or a new one.
func (r *Router) connect(ctx context.Context) (*conn, error) {
	if c := r.current(); c != nil {
		return c, nil
	}
	select {
	case r.dialling <- struct{}{}:
		defer func() { <-r.dialling }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if c := r.current(); c != nil {
		return c, nil
	}
	if r.failure != nil && time.Since(r.failed) < dialPause {
		return nil, r.failure
	}
	c, err := r.dial(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.failure, r.failed = err, time.Now()
		}
		return nil, err
	}
	r.failure = nil
	return c, nil
}

func (r *Router) dial(ctx context.Context) (*conn, error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.Timeout)
	defer cancel()
	fail := func(kind, err error, message, advice string) error {
		return &Error{Kind: kind, Router: r.config.Address, Message: message, Advice: advice, err: err}
	}
	n, err := new(net.Dialer).DialContext(ctx, "tcp", r.config.Address)
	if err != nil {
		return nil, fail(ErrConnection, err, err.Error(),
			"Check hosturl, that the router is up, and that /ip/service has api (8728) or api-ssl (8729) enabled for this machine's address.")
	}
	stop := context.AfterFunc(ctx, func() { _ = n.SetDeadline(time.Now()) })
	defer stop()
	if r.config.TLS != nil {
		secured := tls.Client(n, r.config.TLS)
		if err := secured.HandshakeContext(ctx); err != nil {
			_ = n.Close()
			if ctx.Err() != nil {
				return nil, fail(ErrTimeout, err, "nothing answered by TLS", "If the port is that of api, write api://; that of api-ssl is 8729.")
			}
			return nil, fail(certificateKind(err), err, "TLS: "+err.Error(), certificateAdvice)
		}
		n = secured
	}
	c := newConn(n)
	if err := r.login(ctx, c); err != nil {
		c.end(err)
		kind, advice := ErrConnection, "Check that hosturl's port is that of api or api-ssl, and its scheme that of the port."
		var refused *trap
		if errors.As(err, &refused) {
			kind, advice = ErrLogin, "Check username and password, and that the user's group has the policy api."
		}
		return nil, fail(kind, err, "login as "+r.config.Username+": "+err.Error(), advice)
	}
	if !stop() {
		c.end(ctx.Err())
		return nil, fail(ErrTimeout, ctx.Err(), fmt.Sprintf("no login within %s", r.config.Timeout), "")
	}
	go c.receive()
	answer, err := c.run(ctx, r.config.Timeout, []string{"/system/resource/print", "=.proplist=version"})
	if err != nil {
		c.end(err)
		return nil, r.explain(err, []string{"/system/resource/print"})
	}
	if len(answer.rows) != 1 {
		err := errors.New("the router does not say its version")
		c.end(err)
		return nil, fail(ErrConnection, err, err.Error(), "")
	}
	version, err := ParseVersion(answer.rows[0]["version"])
	if err != nil {
		c.end(err)
		return nil, fail(ErrConnection, err, err.Error(), "")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.conn, r.version, r.release = c, version, answer.rows[0]["version"]
	r.forget() // it may have been rebooted or restored, or be another one: its ids may mean other rows now
	return c, nil
}

// forget drops what was read of all menus.
func (r *Router) forget() {
	r.menus.Range(func(_, shared any) bool {
		shared.(*reads).wrote("", false) //nolint:forcetypeassert // only reads are stored
		return true
	})
}

const certificateAdvice = "Give the CA that signed the router's certificate (ca_certificate), or pin the certificate (certificate_fingerprint). " +
	"A router without a certificate for api-ssl cannot be reached by TLS: /ip/service/set api-ssl certificate=…"

func certificateKind(err error) error {
	var unknown *tls.CertificateVerificationError
	if errors.As(err, &unknown) || errors.Is(err, ErrCertificate) {
		return ErrCertificate
	}
	return ErrConnection
}

// login is a conversation without tags, before any other command: in clear from RouterOS 6.43, else by challenge.
func (r *Router) login(ctx context.Context, c *conn) error {
	ask := func(words ...string) (sentence, error) {
		if err := c.send(r.config.Timeout, words); err != nil {
			return nil, err
		}
		if c.last.Swap(time.Now().UnixNano()) == 0 { // the very first reply
			if err := speaksAPI(c.reader); err != nil {
				return nil, err
			}
		}
		var refused *trap
		for {
			s, err := c.reader.sentence()
			switch {
			case err != nil && refused != nil:
				return nil, refused // some releases close the connection behind the trap
			case err != nil && errors.Is(err, io.EOF):
				return nil, errors.New("the router closed the connection")
			case err != nil:
				return nil, err
			case s.word == "!fatal":
				return nil, errors.New("the router ended it: " + s.text)
			case s.word == "!trap":
				refused = &trap{s.properties["message"]}
			case s.word == "!done" && refused != nil:
				return nil, refused
			case s.word == "!done":
				return s.properties, nil
			}
		}
	}
	if r.config.Trace != nil {
		r.config.Trace(ctx, "/login name="+r.config.Username+" password=(hidden)")
	}
	done, err := ask("/login", "=name="+r.config.Username, "=password="+r.config.Password)
	if err != nil || done["ret"] == "" {
		return err
	}
	challenge, err := hex.DecodeString(done["ret"])
	if err != nil {
		return fmt.Errorf("challenge %q: %w", done["ret"], err)
	}
	hash := md5.New() //nolint:gosec // see above
	_, _ = hash.Write(append([]byte("\x00"+r.config.Password), challenge...))
	_, err = ask("/login", "=name="+r.config.Username, "=response=00"+hex.EncodeToString(hash.Sum(nil)))
	return err
}
