//go:build !linux

package kubetest

import (
	"errors"
	"syscall"
)

var errNoNamespaces = errors.New("network namespaces exist on Linux only")

func networkNamespace() (string, error) { return "", errNoNamespaces }

func runIsolated([]string) (int, error) { return 0, errNoNamespaces }

func setUpLoopback([]string) error { return errNoNamespaces }

func childAttributes(bool) *syscall.SysProcAttr { return nil }

func serviceAccount(map[string][]byte) error { return errNoNamespaces }
