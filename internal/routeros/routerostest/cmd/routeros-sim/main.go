// Command routeros-sim runs a simulated RouterOS router that speaks the binary API.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "routeros-sim:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends or, with -with-parent, until stdin does.
func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("routeros-sim", flag.ContinueOnError)
	version := flags.String("version", "7.20.8", "RouterOS version, 6.40 … 6.49.x or 7.1 … 7.24")
	listen := flags.String("listen", "127.0.0.1:8728", "loopback address of the API")
	password := flags.String("password", "", "password of the user admin")
	tlsListen := flags.String("tls-listen", "", "loopback address of the API over TLS, with a certificate made at the start")
	latency := flags.Duration("latency", 0, "how long each command takes")
	withParent := flags.Bool("with-parent", false, "end when stdin is closed, as it is when the parent dies")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	options := []routerostest.Option{
		routerostest.Listen(*listen), routerostest.User("admin", *password), routerostest.Latency(*latency),
	}
	fingerprint := ""
	if *tlsListen != "" {
		host, _, err := net.SplitHostPort(*tlsListen)
		if err != nil {
			return err
		}
		var cert tls.Certificate
		if cert, _, fingerprint, err = routerostest.SelfSigned(host, "localhost"); err != nil {
			return err
		}
		options = append(options, routerostest.ListenTLS(*tlsListen,
			&tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}))
	}
	router, err := routerostest.Start(*version, options...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, router.Close()) }()
	fmt.Fprintf(stdout, "RouterOS %s (simulated) listening on %s\n", *version, router.Addr())
	if fingerprint != "" {
		fmt.Fprintf(stdout, "TLS on %s, certificate sha256:%s\n", router.TLSAddr(), fingerprint)
	}
	parent := make(chan struct{})
	if *withParent {
		go func() {
			_, _ = io.Copy(io.Discard, stdin)
			close(parent)
		}()
	}
	select {
	case <-ctx.Done():
	case <-parent:
	}
	return nil
}
