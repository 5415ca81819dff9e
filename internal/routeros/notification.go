package routeros

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// notification is a BGP NOTIFICATION message, by which one end tells the other why it ends a session.
type notification struct {
	code, subcode byte
	data          []byte
}

// notificationCodes are the errors of RFC 4271, and what later ones added.
var notificationCodes = map[byte]string{
	1: "message header error",
	2: "OPEN message error",
	3: "UPDATE message error",
	4: "hold timer expired",
	5: "finite state machine error",
	6: "Cease",
	7: "ROUTE-REFRESH message error", // RFC 7313
	8: "send hold timer expired",     // RFC 9687
}

// notificationSubcodes are what is wrong in particular, by code and subcode.
var notificationSubcodes = map[[2]byte]string{
	{1, 1}: "connection not synchronised",
	{1, 2}: "bad message length",
	{1, 3}: "bad message type",

	{2, 1}:  "unsupported version number",
	{2, 2}:  "bad peer AS",
	{2, 3}:  "bad BGP identifier",
	{2, 4}:  "unsupported optional parameter",
	{2, 5}:  "authentication failure",
	{2, 6}:  "unacceptable hold time",
	{2, 7}:  "unsupported capability", // RFC 5492
	{2, 11}: "role mismatch",          // RFC 9234

	{3, 1}:  "malformed attribute list",
	{3, 2}:  "unrecognised well-known attribute",
	{3, 3}:  "missing well-known attribute",
	{3, 4}:  "attribute flags error",
	{3, 5}:  "attribute length error",
	{3, 6}:  "invalid ORIGIN attribute",
	{3, 7}:  "AS routing loop",
	{3, 8}:  "invalid NEXT_HOP attribute",
	{3, 9}:  "optional attribute error",
	{3, 10}: "invalid network field",
	{3, 11}: "malformed AS_PATH",

	{5, 1}: "unexpected message in state OpenSent", // RFC 6608
	{5, 2}: "unexpected message in state OpenConfirm",
	{5, 3}: "unexpected message in state Established",

	{6, 1}:  "maximum number of prefixes reached", // RFC 4486
	{6, 2}:  "administrative shutdown",
	{6, 3}:  "peer de-configured",
	{6, 4}:  "administrative reset",
	{6, 5}:  "connection rejected",
	{6, 6}:  "other configuration change",
	{6, 7}:  "connection collision resolution",
	{6, 8}:  "out of resources",
	{6, 9}:  "hard reset", // RFC 8538
	{6, 10}: "BFD down",   // RFC 9384

	{7, 1}: "invalid message length",
}

const (
	notificationType = 3
	notificationHead = 21 // marker, length, type, code, subcode
)

var marker = bytes.Repeat([]byte{0xff}, 16)

// parseNotification reads a whole message in hex, as RouterOS 7 shows it; false if it is none.
func parseNotification(text string) (notification, bool) {
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) < notificationHead || !bytes.HasPrefix(raw, marker) || raw[18] != notificationType ||
		int(binary.BigEndian.Uint16(raw[16:])) != len(raw) {
		return notification{}, false
	}
	return notification{raw[19], raw[20], raw[notificationHead:]}, true
}

// notificationWords gives a message in hex in words; what is none stays as it is.
func notificationWords(text string) string {
	if n, is := parseNotification(text); is {
		return n.String()
	}
	return text
}

// String is the notification in words, its codes, and what it says besides: `OPEN message error: bad peer AS (2/2): AS
// 65001`.
func (n notification) String() string {
	text, known := notificationCodes[n.code]
	if !known {
		text = "unknown error"
	}
	if what := notificationSubcodes[[2]byte{n.code, n.subcode}]; what != "" {
		text += ": " + what
	}
	text += fmt.Sprintf(" (%d/%d)", n.code, n.subcode)
	if more := n.besides(); more != "" {
		text += ": " + more
	}
	return text
}

// besides is the data in words; "" if there is none, or nobody has said what it means.
func (n notification) besides() string {
	switch [2]byte{n.code, n.subcode} {
	case [2]byte{2, 1}:
		if len(n.data) == 2 {
			return fmt.Sprintf("only up to version %d", binary.BigEndian.Uint16(n.data))
		}
	case [2]byte{2, 2}: // by custom the AS number that is refused
		switch len(n.data) {
		case 2:
			return fmt.Sprintf("AS %d", binary.BigEndian.Uint16(n.data))
		case 4:
			return fmt.Sprintf("AS %d", binary.BigEndian.Uint32(n.data))
		}
	case [2]byte{2, 3}: // likewise
		if id, ok := netip.AddrFromSlice(n.data); ok && id.Is4() {
			return id.String()
		}
	case [2]byte{2, 7}:
		if len(n.data) > 0 {
			return fmt.Sprintf("capability %d", n.data[0])
		}
	case [2]byte{6, 1}:
		if len(n.data) == 7 {
			return fmt.Sprintf("at most %d", binary.BigEndian.Uint32(n.data[3:]))
		}
	case [2]byte{6, 2}, [2]byte{6, 4}:
		return communication(n.data)
	case [2]byte{6, 9}: // about another one, which is none of these
		if hardReset := []byte{6, 9}; len(n.data) >= 2 && !bytes.HasPrefix(n.data, hardReset) {
			return notification{n.data[0], n.data[1], n.data[2:]}.String()
		}
	}
	return ""
}

// communication is the text that somebody gave as the reason (RFC 9003), quoted, without what a terminal obeys; "" if
// there is none.
func communication(data []byte) string {
	if len(data) == 0 || int(data[0]) != len(data)-1 || len(data) == 1 || !utf8.Valid(data[1:]) {
		return ""
	}
	return strconv.Quote(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, string(data[1:])))
}
