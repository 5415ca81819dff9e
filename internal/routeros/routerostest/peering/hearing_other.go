//go:build !linux

package peering

import (
	"errors"
	"io"
)

func hear(func(message)) (io.Closer, error) {
	return nil, errors.New("hearing what BGP neighbours say takes Linux")
}
