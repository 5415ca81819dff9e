package routerostest

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"strings"
	"testing"

	goros "github.com/go-routeros/routeros/v3"
)

// TestLogin is the client most Go programs use, against both kinds of login and over TLS.
func TestLogin(t *testing.T) {
	cert, ca, fingerprint, err := SelfSigned("127.0.0.1", "router.example")
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(ca)) {
		t.Fatal("no certificate in PEM")
	}
	if sum := sha256.Sum256(cert.Certificate[0]); hex.EncodeToString(sum[:]) != fingerprint {
		t.Error("fingerprint differs")
	}
	server := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}

	for _, version := range []string{"6.40", "6.42.12", "6.43", "6.49.15", "7.1", "7.20.8", "7.24"} {
		t.Run(version, func(t *testing.T) {
			r := StartTest(t, version, User("admin", "sesam"), ListenTLS("127.0.0.1:0", server))
			c, err := goros.Dial(r.Addr(), "admin", "sesam")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			reply, err := c.Run("/system/resource/print")
			if err != nil {
				t.Fatal(err)
			}
			if got := reply.Re[0].Map["version"]; got != version+" (stable)" {
				t.Errorf("version %q", got)
			}
			if _, err = goros.Dial(r.Addr(), "admin", "wrong"); err == nil {
				t.Error("wrong password accepted")
			}
			if _, err = goros.Dial(r.Addr(), "nobody", ""); err == nil {
				t.Error("unknown user accepted")
			}
			secure, err := goros.DialTLS(r.TLSAddr(), "admin", "sesam", &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = secure.Close() }()
			reply, err = secure.Run("/user/active/print", "?via=api-ssl")
			if err != nil || len(reply.Re) != 1 {
				t.Errorf("active users over TLS: %v, %v", reply, err)
			}
			if s := r.Stats(); s.Logins != 2 || s.Connections != 4 {
				t.Errorf("logins %d connections %d", s.Logins, s.Connections)
			}
			if log := strings.Join(r.Stats().Log, "\n"); strings.Contains(log, "sesam") || strings.Contains(log, "wrong") {
				t.Errorf("password in log:\n%s", log)
			}
		})
	}
}

// TestChallengeResponse is the login of old clients, which newer routers take up to 6.45.
func TestChallengeResponse(t *testing.T) {
	for version, works := range map[string]bool{"6.42": true, "6.43": true, "6.45": true, "6.45.1": false, "7.20.8": false} {
		c := dial(t, StartTest(t, version, User("admin", "sesam")))
		got := c.ask("/login")
		hexa, offered := strings.CutPrefix(got, "!done =ret=")
		if offered != works {
			t.Errorf("%s answers /login with %s", version, got)
			continue
		}
		if !works {
			continue
		}
		challenge, err := hex.DecodeString(hexa)
		if err != nil || len(challenge) != 16 {
			t.Fatalf("challenge %q", hexa)
		}
		if got := c.ask("/login", "=name=admin", "=response="+challengeAnswer(challenge, "sesam")); got != "!done" {
			t.Errorf("%s: %s", version, got)
		}
		if got := c.ask("/login", "=name=admin", "=response="+challengeAnswer(challenge, "sesam")); got == "!done" {
			t.Errorf("%s takes the same response twice", version)
		}
	}
}

// TestClientSync drives a whole life cycle with go-routeros in its synchronous mode.
func TestClientSync(t *testing.T) {
	r := StartTest(t, "7.20.8")
	c, err := goros.Dial(r.Addr(), "admin", "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if reply, err := c.Run("/ip/firewall/nat/print"); err != nil || len(reply.Re) != 0 {
		t.Fatalf("%v, %v", reply, err)
	}
	long := strings.Repeat("ü", 9000) // words of three length bytes
	reply, err := c.Run("/ip/firewall/nat/add", "=chain=dstnat", "=comment="+long)
	if err != nil || reply.Done.Map["ret"] != "*1" {
		t.Fatalf("%v, %v", reply, err)
	}
	if _, err = c.Run("/ip/firewall/nat/set", "=.id=*1", "=action=drop"); err == nil ||
		!strings.Contains(err.Error(), "input does not match any value of action") {
		t.Errorf("error %v", err)
	}
	reply, err = c.Run("/ip/firewall/nat/print", "=.proplist=comment", "?.id=*1")
	if err != nil || len(reply.Re) != 1 || reply.Re[0].Map["comment"] != long {
		t.Errorf("comment lost (%v)", err)
	}
	if _, err = c.Run("/ip/firewall/nat/remove", "=.id=*1"); err != nil {
		t.Error(err)
	}
	if rows := r.Print("/ip/firewall/nat"); rows == nil || len(rows) != 0 {
		t.Errorf("rows %v", rows)
	}
	if rows := r.Print("/no/such"); rows != nil {
		t.Errorf("rows of no menu: %v", rows)
	}
}

// TestLengths are the encodings at their borders, and what is refused.
func TestLengths(t *testing.T) {
	for _, n := range []int{0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1FFFFF, 0x200000, 0xFFFFFFF, 0x10000000} {
		got, err := readLength(bufio.NewReader(bytes.NewReader(appendLength(nil, n))))
		if err != nil || got != n {
			t.Errorf("%#x comes back as %#x (%v)", n, got, err)
		}
	}
	for _, b := range [][]byte{{0xF8}, {0xFF}, {0x80}, {0xF0, 0xFF, 0xFF, 0xFF, 0xFF}} {
		if _, err := readWord(bufio.NewReader(bytes.NewReader(b))); err == nil {
			t.Errorf("% x is a word", b)
		}
	}
	in := bufio.NewReader(bytes.NewReader(append([]byte{0, 0}, appendSentence(nil, "/a", "=b=c=d", "=e", ".tag=1", "?x", "?#|", "junk")...)))
	words, err := readSentence(in)
	if err != nil {
		t.Fatal(err)
	}
	s := parseSentence(words)
	if v, ok := s.arg("b"); v != "c=d" || !ok || s.tag != "1" || len(s.query) != 2 || len(s.args) != 2 {
		t.Errorf("%+v", s)
	}
}
