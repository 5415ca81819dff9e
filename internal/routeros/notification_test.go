package routeros

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func inHex(code, subcode byte, data string) string {
	return fmt.Sprintf("%s%04x03%02x%02x%x", strings.Repeat("ff", 16), notificationHead+len(data), code, subcode, data)
}

func TestNotificationWords(t *testing.T) {
	// That of MikroTik's manual.
	assert.Equal(t, "Cease: maximum number of prefixes reached (6/1)", notificationWords("ffffffffffffffffffffffffffffffff0015030601"))
	for _, c := range []struct {
		code, subcode byte
		data, want    string
	}{
		{1, 2, "\x00\x13", "message header error: bad message length (1/2)"},
		{2, 1, "\x00\x04", "OPEN message error: unsupported version number (2/1): only up to version 4"},
		{2, 2, "", "OPEN message error: bad peer AS (2/2)"},
		{2, 2, "\xfd\xe9", "OPEN message error: bad peer AS (2/2): AS 65001"},
		{2, 2, "\x00\x01\x00\x00", "OPEN message error: bad peer AS (2/2): AS 65536"},
		{2, 2, "odd", "OPEN message error: bad peer AS (2/2)"},
		{2, 3, "\x0a\x00\x00\x01", "OPEN message error: bad BGP identifier (2/3): 10.0.0.1"},
		{2, 6, "", "OPEN message error: unacceptable hold time (2/6)"},
		{2, 7, "\x41\x04\x00\x00\xfd\xe9", "OPEN message error: unsupported capability (2/7): capability 65"},
		{2, 11, "", "OPEN message error: role mismatch (2/11)"},
		{3, 11, "xyz", "UPDATE message error: malformed AS_PATH (3/11)"},
		{4, 0, "", "hold timer expired (4/0)"},
		{5, 2, "", "finite state machine error: unexpected message in state OpenConfirm (5/2)"},
		{6, 1, "\x00\x01\x01\x00\x00\x03\xe8", "Cease: maximum number of prefixes reached (6/1): at most 1000"},
		{6, 2, "\x08see #123", `Cease: administrative shutdown (6/2): "see #123"`},
		{6, 2, "\x07Grüße", `Cease: administrative shutdown (6/2): "Grüße"`},
		{6, 4, "\x06a\x1b[2J\n", `Cease: administrative reset (6/4): "a [2J "`},
		{6, 2, "\xffshort", "Cease: administrative shutdown (6/2)"},
		{6, 2, "\x02\xff\xfe", "Cease: administrative shutdown (6/2)"},
		{6, 2, "\x00", "Cease: administrative shutdown (6/2)"},
		{6, 9, "\x06\x02\x02hi", `Cease: hard reset (6/9): Cease: administrative shutdown (6/2): "hi"`},
		{6, 9, "\x06", "Cease: hard reset (6/9)"},
		{6, 9, strings.Repeat("\x06\x09", 30000), "Cease: hard reset (6/9)"},
		{6, 10, "", "Cease: BFD down (6/10)"},
		{6, 99, "", "Cease (6/99)"},
		{8, 0, "", "send hold timer expired (8/0)"},
		{77, 3, "", "unknown error (77/3)"},
	} {
		assert.Equal(t, c.want, notificationWords(inHex(c.code, c.subcode, c.data)))
		assert.Equal(t, c.want, notificationWords(strings.ToUpper(inHex(c.code, c.subcode, c.data))))
	}
	for code, subcode := range notificationSubcodes {
		assert.NotEmpty(t, notificationCodes[code[0]], subcode)
	}
}

// TestOddNotifications: what is no notification stays as the router wrote it.
func TestOddNotifications(t *testing.T) {
	good := inHex(2, 2, "\xfd\xe9")
	for _, text := range []string{"", "ff", "none", "Cease", good[2:], good + "00", good[:len(good)-2], "0x" + good, strings.Replace(good, "03", "04", 1),
		"00" + good[2:], strings.Repeat("ff", 21), good[:len(good)-1]} {
		assert.Equal(t, text, notificationWords(text))
	}
	assert.Equal(t, notificationWords(good), notificationWords(" "+good+"\n"))
}

func FuzzNotification(f *testing.F) {
	f.Add(inHex(6, 2, "\x02hi"))
	f.Add(inHex(6, 9, strings.Repeat("\x06\x09", 9)))
	dice := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		data := make([]byte, dice.IntN(12))
		for i := range data {
			data[i] = byte(dice.IntN(256))
		}
		f.Add(inHex(byte(dice.IntN(9)), byte(dice.IntN(13)), string(data)))
	}
	f.Fuzz(func(t *testing.T, text string) {
		words := notificationWords(text)
		if _, is := parseNotification(text); !is {
			require.Equal(t, text, words)
			return
		}
		require.True(t, utf8.ValidString(words))
		require.Contains(t, words, "/")
		require.NotContains(t, words, "\n")
	})
}
