package peering

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"os"

	"github.com/osrg/gobgp/v4/pkg/packet/bgp"
	"golang.org/x/sys/unix"
)

// marker is what a BGP message begins with.
var marker = bytes.Repeat([]byte{0xff}, 16)

// hear tells of each OPEN and NOTIFICATION that reaches or leaves this network namespace, in their order, until it is
// closed. Over a loopback interface each does both.
func hear(tell func(message)) (io.Closer, error) {
	everything := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, unix.ETH_P_ALL))
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, int(everything))
	if err != nil {
		return nil, fmt.Errorf("hearing what BGP neighbours say, which takes the right to open packet sockets (CAP_NET_RAW): %w", err)
	}
	// Of all that passes, a busy API server's talk on loopback included, nothing may be lost while a slow machine has no
	// time for us. Without the right to it the system's usual size has to do.
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 16<<20)
	packets := os.NewFile(uintptr(fd), "packets")
	done := make(chan struct{})
	go func() {
		defer close(done)
		packet := make([]byte, 1<<16)
		for {
			n, err := packets.Read(packet)
			if err != nil {
				return
			}
			for _, m := range messages(packet[:n]) {
				tell(m)
			}
		}
	}()
	return &hearing{packets, done}, nil
}

type hearing struct {
	packets *os.File
	done    chan struct{} // closed when nothing is told any more
}

func (h *hearing) Close() error {
	err := h.packets.Close()
	<-h.done
	return err
}

// messages finds the whole OPEN and NOTIFICATION messages in an IP packet; these are short, and hardly ever cut in two.
func messages(packet []byte) (all []message) {
	m, payload := addresses(packet)
	for {
		at := bytes.Index(payload, marker)
		if at < 0 || len(payload) < at+bgp.BGP_HEADER_LENGTH {
			return all
		}
		payload = payload[at:]
		length, kind := int(binary.BigEndian.Uint16(payload[16:])), payload[18]
		if length < bgp.BGP_HEADER_LENGTH || length > len(payload) {
			payload = payload[1:]
			continue
		}
		if kind == bgp.BGP_MSG_OPEN || kind == bgp.BGP_MSG_NOTIFICATION {
			m.bytes = bytes.Clone(payload[:length])
			all = append(all, m)
		}
		payload = payload[length:]
	}
}

// addresses reads the header of a TCP packet over IP, and gives what follows; nothing of any other packet.
func addresses(packet []byte) (m message, payload []byte) {
	switch {
	case len(packet) >= 20 && packet[0]>>4 == 4 && packet[9] == unix.IPPROTO_TCP:
		m.from, m.to = netip.AddrFrom4([4]byte(packet[12:])), netip.AddrFrom4([4]byte(packet[16:]))
		payload = packet[min(len(packet), int(packet[0]&0xf)*4):]
	case len(packet) >= 40 && packet[0]>>4 == 6 && packet[6] == unix.IPPROTO_TCP:
		m.from, m.to = netip.AddrFrom16([16]byte(packet[8:])), netip.AddrFrom16([16]byte(packet[24:]))
		payload = packet[40:]
	}
	return m, payload
}
