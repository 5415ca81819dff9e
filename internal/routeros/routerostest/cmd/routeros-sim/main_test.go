package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	goros "github.com/go-routeros/routeros/v3"
)

// TestRun starts the program, logs in over TLS and lets its parent die.
func TestRun(t *testing.T) {
	stdin, parent := io.Pipe()
	out, stdout := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(context.Background(), []string{"-version", "6.49.15", "-listen", "127.0.0.1:0", "-password", "sesam",
			"-tls-listen", "127.0.0.1:0", "-with-parent"}, stdin, stdout)
	}()
	lines := bufio.NewScanner(out)
	lines.Scan()
	addr, ok := strings.CutPrefix(lines.Text(), "RouterOS 6.49.15 (simulated) listening on ")
	if !ok {
		t.Fatal(lines.Text())
	}
	lines.Scan()
	var tlsAddr, fingerprint string
	if _, err := fmt.Sscanf(lines.Text(), "TLS on %s certificate sha256:%s", &tlsAddr, &fingerprint); err != nil {
		t.Fatal(lines.Text())
	}
	c, err := goros.Dial(addr, "admin", "sesam")
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	pinned := &tls.Config{InsecureSkipVerify: true, VerifyConnection: func(s tls.ConnectionState) error {
		if sum := sha256.Sum256(s.PeerCertificates[0].Raw); hex.EncodeToString(sum[:]) != fingerprint {
			return fmt.Errorf("another certificate")
		}
		return nil
	}}
	c, err = goros.DialTLS(strings.TrimSuffix(tlsAddr, ","), "admin", "sesam", pinned)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	_ = parent.Close()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Error("survives its parent")
	}
}

// TestRunErrors are mistakes on the command line.
func TestRunErrors(t *testing.T) {
	for _, args := range [][]string{{"-version", "8.1"}, {"-listen", "0.0.0.0:0"}, {"stray"}, {"-tls-listen", "x"}} {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := run(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), strings.NewReader(""), io.Discard); err == nil {
			t.Errorf("%v starts", args)
		}
	}
}
