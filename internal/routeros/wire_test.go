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

// TestLengths reads a length in forms that are longer than it needs, as far as they are defined.
func TestLengths(t *testing.T) {
	for _, length := range []string{"\x03", "\x80\x03", "\xc0\x00\x03", "\xe0\x00\x00\x03", "\xf0\x00\x00\x00\x03", "\xf7\x00\x00\x00\x03"} {
		s, err := newWireReader(strings.NewReader(length + "!re" + "\x00")).sentence()
		require.NoError(t, err)
		assert.Equal(t, "!re", s.word)
	}
}

// TestReadRubbish: what no router sends is an error, and takes no memory.
func TestReadRubbish(t *testing.T) {
	const long, control, cut = "a reply of more than", "a control byte", "EOF"
	for name, c := range map[string]struct{ sent, want string }{
		"4 GiB":              {"\xf0\xff\xff\xff\xff", long},
		"16 MiB":             {"\xe1\x00\x00\x00", long},
		"more than is left":  {"\x03!re\xd0\x00\x00", long},
		"endless":            {"\x03!re" + strings.Repeat("\x02=a", maxReply/3+1), long},
		"control byte":       {"\xf8", control},
		"later control byte": {"\x03!re\xff", control},
		"cut length":         {"\xc0\x01", cut},
		"cut word":           {"\x05!re", cut},
		"cut long word":      {"\x03!re\xc1\x00\x00=a", cut},
	} {
		_, err := newWireReader(strings.NewReader(c.sent)).sentence()
		require.ErrorContains(t, err, c.want, name)
	}
	s, err := newWireReader(strings.NewReader("\x00\x06!fatal\x04gone\x00")).sentence()
	require.NoError(t, err)
	assert.Equal(t, "!fatal", s.word)
	assert.Equal(t, "gone", s.text)
}
