//go:build !linux

// Package forwarding makes a simulated router forward real packets, which takes Linux.
package forwarding

import (
	"errors"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// New fails.
func New() (routerostest.Forwarder, error) {
	return nil, errors.New("a simulated router forwards packets on Linux only")
}
