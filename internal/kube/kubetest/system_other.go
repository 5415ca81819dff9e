//go:build !linux

package kubetest

import (
	"errors"
	"fmt"
	"syscall"
)

var errNoNamespaces = fmt.Errorf("%w: network namespaces exist on Linux only", errors.ErrUnsupported)

func networkNamespace() (string, error) { return "", errNoNamespaces }

func runIsolated([]string) (int, error) { return 0, errNoNamespaces }

func setUpLoopback([]string) error { return errNoNamespaces }

func childAttributes(bool) *syscall.SysProcAttr { return nil }

func serviceAccount(map[string][]byte) error { return errNoNamespaces }
