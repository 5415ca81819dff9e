package routerostest

import (
	"io"
	"maps"
	"slices"
	"strings"
)

// Stats is what clients have cost since the start of the router or ResetStats. Run and Print cost nothing.
type Stats struct {
	Connections int            // accepted
	Logins      int            // that succeeded
	MaxOpen     int            // most connections at once
	Commands    map[string]int // "/ip/firewall/nat/print" -> how often; without /login, /quit and /cancel
	Received    int64          // bytes from clients, login and all; without what TLS adds
	Sent        int64          // bytes to clients
	Log         []string       // every sentence, oldest first, secrets masked; the last 50,000 or so
}

// maxLog bounds the log of a router that runs for long; reaching it drops the older half.
const maxLog = 100_000

// Stats returns what clients have cost.
func (r *Router) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Received, s.Sent = r.received.Load(), r.sent.Load()
	s.Log = slices.Clone(s.Log)
	if s.Commands = maps.Clone(s.Commands); s.Commands == nil {
		s.Commands = map[string]int{}
	}
	return s
}

// ResetStats begins to count anew; connections that are open stay so and count for MaxOpen.
func (r *Router) ResetStats() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats = Stats{MaxOpen: len(r.sessions)}
	r.received.Store(0)
	r.sent.Store(0)
}

// counted is a connection whose bytes count. What is written counts before it is: who has read it finds it counted.
type counted struct {
	io.ReadWriter
	router *Router
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.ReadWriter.Read(b)
	c.router.received.Add(int64(n))
	return n, err
}

func (c counted) Write(b []byte) (int, error) {
	c.router.sent.Add(int64(len(b)))
	return c.ReadWriter.Write(b)
}

// record logs a sentence.
func (s *Stats) record(words []string) {
	if len(s.Log) >= maxLog {
		s.Log = slices.Clone(s.Log[maxLog/2:])
	}
	masked := slices.Clone(words)
	for i, w := range masked {
		masked[i] = maskWord(w)
	}
	s.Log = append(s.Log, strings.Join(masked, " "))
}

// count notes a command.
func (s *Stats) count(command string) {
	if s.Commands == nil {
		s.Commands = map[string]int{}
	}
	s.Commands[command]++
}

// maskWord hides the value of a word that carries a secret, be it an attribute or a query.
func maskWord(w string) string {
	for _, secret := range []string{"password", "response", "tcp-md5-key"} {
		for _, lead := range []string{"=", "?", "?=", "?<", "?>"} {
			if strings.HasPrefix(w, lead+secret+"=") {
				return lead + secret + "=*****"
			}
		}
	}
	return w
}
