package routerostest

import (
	"crypto/tls"
	"slices"
	"strings"
	"time"
)

// Option configures a router, at Start or later with [Router.Configure].
type Option func(*config)

type config struct {
	quirks     quirks
	identity   string
	board      string
	listen     string
	tls        *tls.Config
	tlsListen  string // a second address, for TLS only
	tlsSecond  *tls.Config
	users      map[string]account
	neighbours map[string]neighbour // by address
	latency    time.Duration
	rowCost    time.Duration
	faults     []*fault
	speaker    Speaker
	forwarder  Forwarder
}

func defaults() config {
	return config{
		identity: "MikroTik", board: "CHR", listen: "127.0.0.1:0",
		users: map[string]account{"admin": {name: "admin"}}, neighbours: map[string]neighbour{},
	}
}

// account is a user of the router.
type account struct {
	name, password string
	policies       []string // none means all
}

func (a account) may(policy string) bool {
	return len(a.policies) == 0 || slices.Contains(a.policies, policy)
}

// Listen sets the address to listen on, a loopback one. The default is a free port of 127.0.0.1.
func Listen(addr string) Option { return func(c *config) { c.listen = addr } }

// TLS makes the router speak TLS instead of plain text.
func TLS(certs *tls.Config) Option { return func(c *config) { c.tls = certs } }

// ListenTLS makes the router speak TLS on a second address, see [Router.TLSAddr].
func ListenTLS(addr string, certs *tls.Config) Option {
	return func(c *config) { c.tlsListen, c.tlsSecond = addr, certs }
}

// User adds a user or replaces the one of that name; the router comes with admin, whose password is empty. Policies are
// those of RouterOS user groups, of which api, read, write and sensitive have an effect here; naming none gives all.
// A change applies from the next login on.
func User(name, password string, policies ...string) Option {
	return func(c *config) { c.users[name] = account{name, password, policies} }
}

// Identity sets the name of /system/identity and the board of /system/resource. It has an effect at Start only.
func Identity(name, board string) Option {
	return func(c *config) { c.identity, c.board = name, board }
}

// Latency is how long each command takes. Commands with tags wait side by side.
func Latency(d time.Duration) Option { return func(c *config) { c.latency = d } }

// RowCost is how long the router takes for each row that a command examines, whether it prints it or not.
func RowCost(d time.Duration) Option { return func(c *config) { c.rowCost = d } }

// NoRoutingPackage is a router whose package `routing` is disabled: RouterOS 6 then has nothing below /routing. In
// RouterOS 7 it is no package of its own.
func NoRoutingPackage() Option { return quirk(func(q *quirks) { q.noRouting = true }) }

// DeviceMode is a router whose device-mode refuses changes to these menus ("/ip/firewall/nat"), as RouterOS 7 does with
// features that need somebody at the router's button. Naming none allows all again.
func DeviceMode(forbidden ...string) Option {
	return quirk(func(q *quirks) { q.forbidden = forbidden })
}

// fault is something that goes wrong with a command.
type fault struct {
	kind    faultKind
	command string // how the command ends
	left    int    // commands up to and with the one it happens to; negative for all
}

type faultKind int

const (
	noFault faultKind = iota
	cutBefore
	cutAfter
	stall
)

func addFault(f fault) Option {
	return func(c *config) { c.faults = append(c.faults, new(f)) }
}

// CutAfter cuts the connection after the n-th command that ends in command ("nat/add", "/set") was carried out and
// before it was answered: the client cannot know. It counts from when the option is given.
func CutAfter(command string, n int) Option { return addFault(fault{cutAfter, command, n}) }

// CutBefore cuts the connection before the n-th such command is carried out.
func CutBefore(command string, n int) Option { return addFault(fault{cutBefore, command, n}) }

// Stall never answers such commands and does not carry them out either. One without tag holds up all that follow.
func Stall(command string) Option { return addFault(fault{stall, command, -1}) }

// NoFaults takes back the faults given so far.
func NoFaults() Option { return func(c *config) { c.faults = nil } }

// strike says what goes wrong with a command.
func (c *config) strike(command string) faultKind {
	struck := noFault
	for _, f := range c.faults {
		if !strings.HasSuffix(command, f.command) || f.left == 0 {
			continue
		}
		if f.left > 0 {
			if f.left--; f.left > 0 {
				continue
			}
		}
		struck = f.kind
	}
	return struck
}
