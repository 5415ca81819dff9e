package routeros

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// Ports of the API, in clear and over TLS.
const (
	plainPort = "8728"
	tlsPort   = "8729"
)

// ParseAddress reads where a router is: `apis://host[:port]` (TLS, port 8729), `api://host[:port]` (in clear, port
// 8728), or a bare host, which means apis://. An IPv6 host may stand bare or in brackets.
func ParseAddress(text string) (hostPort string, secured bool, err error) {
	fail := fmt.Errorf("%q is no address of a router: give apis://host or apis://host:port (TLS, 8729), or api://host (in clear, 8728)", text)
	rest := text
	if a, err := netip.ParseAddr(text); err == nil && a.Is6() {
		rest = "[" + text + "]"
	}
	if !strings.Contains(rest, "://") {
		rest = "apis://" + rest
	}
	u, err := url.Parse(rest)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", false, fail
	}
	port := u.Port()
	switch u.Scheme {
	case "api":
		port = orDefault(port, plainPort)
	case "apis":
		port, secured = orDefault(port, tlsPort), true
	default:
		return "", false, fail
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return "", false, fail
	}
	return net.JoinHostPort(u.Hostname(), port), secured, nil
}

func orDefault(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}
