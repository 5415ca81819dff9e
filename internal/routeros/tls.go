package routeros

import (
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// TLSConfig is how a router's certificate is judged. serverName is the host that the certificate must be for. With
// caPEM, certificates in PEM form, only those sign; without, the system's do. With a fingerprint (ParseFingerprint)
// nothing but that one certificate is accepted, whoever signed it and whatever name it bears: RouterOS routers often
// have one that they signed themselves. insecure accepts any.
func TLSConfig(serverName string, caPEM []byte, fingerprint []byte, insecure bool) (*tls.Config, error) {
	config := &tls.Config{ServerName: serverName, MinVersion: tls.VersionTLS12, InsecureSkipVerify: insecure} //nolint:gosec // asked for
	if len(caPEM) > 0 {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(caPEM) {
			return nil, errors.New("there is no certificate in PEM form (-----BEGIN CERTIFICATE-----) in it")
		}
	}
	if len(fingerprint) > 0 {
		config.InsecureSkipVerify = true
		config.VerifyConnection = func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 {
				return fmt.Errorf("%w: the router sent none", ErrCertificate)
			}
			shown := sha256.Sum256(state.PeerCertificates[0].Raw)
			if subtle.ConstantTimeCompare(shown[:], fingerprint) != 1 {
				return fmt.Errorf("%w: it has the fingerprint sha256:%x, not the pinned one", ErrCertificate, shown)
			}
			return nil
		}
	}
	return config, nil
}

// ParseFingerprint reads the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, with or without colons and
// a leading "sha256:".
func ParseFingerprint(text string) ([]byte, error) {
	digits := strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(text), "sha256:"), ":", "")
	sum, err := hex.DecodeString(digits)
	if err != nil || len(sum) != sha256.Size {
		return nil, fmt.Errorf("%q is no SHA-256 fingerprint: give sha256: and 64 hexadecimal digits, as /certificate/print detail shows them", text)
	}
	return sum, nil
}
