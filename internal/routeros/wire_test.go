package routeros

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-routeros/routeros/v3/proto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadSentence reads what go-routeros writes, with words of every length form that a router uses.
func TestReadSentence(t *testing.T) {
	for _, length := range []int{0, 1, 0x7F - len("=v="), 0x80, 0x3FFF, 0x4000, 0xF_0000} {
		var wire bytes.Buffer
		w := proto.NewWriter(&wire)
		w.BeginSentence()
		for _, word := range []string{"!re", ".tag=7", "=name=a=b", "=v=" + strings.Repeat("x", length)} {
			w.WriteWord(word)
		}
		require.NoError(t, w.EndSentence())
		s, err := newWireReader(&wire).sentence()
		require.NoError(t, err)
		assert.Equal(t, wireSentence{word: "!re", tag: "7", properties: sentence{"name": "a=b", "v": strings.Repeat("x", length)}}, s)
	}
}

// TestReadRubbish: what no router sends is an error, and takes no memory.
func TestReadRubbish(t *testing.T) {
	for name, sent := range map[string]string{
		"4 GiB": "\xf0\xff\xff\xff\xff", "16 MiB": "\xe1\x00\x00\x00", "control byte": "\xf8", "cut length": "\xc0\x01", "cut word": "\x05!re",
		"endless": "\x03!re" + strings.Repeat("\x02=a", maxReply/3),
	} {
		_, err := newWireReader(strings.NewReader(sent)).sentence()
		require.Error(t, err, name)
	}
	s, err := newWireReader(strings.NewReader("\x00\x06!fatal\x04gone\x00")).sentence()
	require.NoError(t, err)
	assert.Equal(t, "!fatal", s.word)
	assert.Equal(t, "gone", s.text)
}
