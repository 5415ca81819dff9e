package routerostest

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// wireClient speaks the API word by word.
type wireClient struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// dial connects without logging in.
func dial(t testing.TB, r *Router) *wireClient {
	t.Helper()
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &wireClient{t, conn, bufio.NewReader(conn)}
}

// dialAdmin connects and logs in as admin.
func dialAdmin(t testing.TB, r *Router) *wireClient {
	t.Helper()
	c := dial(t, r)
	if got := c.ask("/login", "=name=admin", "=password="); got != "!done" {
		t.Fatalf("login: %s", got)
	}
	return c
}

func (c *wireClient) send(words ...string) {
	c.t.Helper()
	if _, err := c.conn.Write(appendSentence(nil, words...)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *wireClient) read() []string {
	c.t.Helper()
	words, err := readSentence(c.in)
	if err != nil {
		c.t.Fatal(err)
	}
	return words
}

// ask sends a sentence and returns the answer up to !done, sentences separated by new lines.
func (c *wireClient) ask(words ...string) string {
	c.t.Helper()
	c.send(words...)
	var out []string
	for {
		w := c.read()
		out = append(out, strings.Join(w, " "))
		if w[0] == "!done" || w[0] == "!fatal" {
			return strings.Join(out, "\n")
		}
	}
}

// ended tells whether the router has closed the connection.
func (c *wireClient) ended() bool {
	_, err := c.in.ReadByte()
	return errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || err != nil && strings.Contains(err.Error(), "reset")
}

// TestConversations plays testdata/*.txt: `>` is what the client says, `<` what it hears, words separated by ` | `. The
// order of properties within a sentence means nothing.
func TestConversations(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	options := map[string]Option{
		"NoSessions":   NoSessions(),
		"NoAPI":        User("reader", "x", "read", "write"),
		"ReadOnly":     User("reader", "x", "api", "read"),
		"NotSensitive": User("reader", "x", "api", "read", "write"),
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var c *wireClient
			for i, line := range strings.Split(string(b), "\n") {
				mark, rest, _ := strings.Cut(line, " ")
				words := strings.Split(rest, " | ")
				switch mark {
				case "router":
					f := strings.Fields(rest)
					var chosen []Option
					for _, name := range f[1:] {
						if options[name] == nil {
							t.Fatalf("%s:%d: no option %s", file, i+1, name)
						}
						chosen = append(chosen, options[name])
					}
					c = dial(t, StartTest(t, f[0], chosen...))
				case ">":
					c.send(words...)
				case "<":
					got := c.read()
					slices.Sort(got[1:])
					slices.Sort(words[1:])
					if !slices.Equal(got, words) {
						t.Fatalf("%s:%d:\n got %s\nwant %s", file, i+1, strings.Join(got, " | "), strings.Join(words, " | "))
					}
				case "end":
					_ = c.conn.(*net.TCPConn).CloseWrite()
					if !c.ended() {
						t.Fatalf("%s:%d: the router says more", file, i+1)
					}
				case "", "#":
				default:
					t.Fatalf("%s:%d: %s", file, i+1, line)
				}
			}
		})
	}
}
