package routeros

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-routeros/routeros/v3/proto"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// streams are where the fuzzing of the readers begins, besides testdata: replies as routers send them, words of each form
// of length, and what a reader could stumble over.
func streams() [][]byte {
	reply := func(words ...string) []byte {
		var wire bytes.Buffer
		w := proto.NewWriter(&wire)
		w.BeginSentence()
		for _, word := range words {
			w.WriteWord(word)
		}
		_ = w.EndSentence()
		return wire.Bytes()
	}
	long := func(n int) []byte { return reply("!re", ".tag=1", "=v="+strings.Repeat("x", n-len("=v="))) }
	return [][]byte{
		slices.Concat(reply("!re", "=.id=*1", "=name=a=b", "=comment=", "=switch", ".tag=7"), reply("!done", ".tag=7")),
		slices.Concat(reply("!trap", "=category=0", "=message=no such item", ".tag=12"), reply("!empty", ".tag=3"), reply("!done", "=ret=*1A")),
		slices.Concat(reply(), reply("!re", "=a=1", "=a=2", ".tag=1", ".tag=2"), reply("!fatal", "session terminated on request")),
		reply("=a=b", "=", "==", "=a", ".tag="),
		reply(".tag=1", ".tag", ".x=y", "a", ""),
		slices.Concat(long(0x7F), long(0x80), long(0xFF), long(0x3FFF), long(0x4000), reply("!done")),
		slices.Concat(long(4095), long(4096), long(4097), long(9000)),
		[]byte("\x80\x03!re\xc0\x00\x04=a=b\xe0\x00\x00\x04=c=d\xf0\x00\x00\x00\x06.tag=1\x00"), // longer than they need be
		[]byte("\xf7\x00\x00\x00\x03!re\x80\x00"),
		[]byte("\x03!re\xff=a=b\x00"),
		[]byte("\x03!re\xf0\xff\xff\xff\xff"),
		[]byte("\x03!re\x04=a="),
		[]byte("SSH-2.0-ROSSSH\r\n"),
	}
}

func readStream(from io.Reader) (all []wireSentence, read int64, err error) {
	counted := &counting{from: from}
	r := newWireReader(counted)
	for {
		s, err := r.sentence()
		if err != nil {
			return all, read, err
		}
		all, read = append(all, s), counted.n-int64(r.Buffered())
	}
}

type counting struct {
	from io.Reader
	n    int64
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}

// FuzzReaders: what go-routeros reads, we read alike, but for what follows here. It gives empty sentences, which we pass
// over; it ends at a bare word, which to us is the reason of a !fatal; it keeps each of several properties of one name,
// beside the latter in its map; and what we refuse, control bytes and replies of more than maxReply, it takes for words.
func FuzzReaders(f *testing.F) {
	for _, stream := range streams() {
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		ours, read, end := readStream(bytes.NewReader(stream))
		bytewise, _, otherEnd := readStream(iotest.OneByteReader(bytes.NewReader(stream)))
		assert.Equal(t, ours, bytewise, "however it arrives")
		assert.Equal(t, end.Error(), otherEnd.Error())

		if errors.Is(end, io.EOF) || errors.Is(end, io.ErrUnexpectedEOF) {
			read = int64(len(stream))
		} else {
			require.Regexp(t, "^a (control byte|reply of more)", end.Error(), "nothing else is refused")
		}
		theirs := proto.NewReader(bytes.NewReader(stream[:read]))
		defer theirs.Close()
		next := func() (*proto.Sentence, error) {
			for {
				s, err := theirs.ReadSentence()
				if err != nil || s.Word != "" {
					return s, err
				}
			}
		}
		for _, s := range ours {
			known, err := next()
			if s.text != "" {
				require.ErrorContains(t, err, "invalid RouterOS sentence word")
				return
			}
			require.NoError(t, err)
			require.Equal(t, wireSentence{word: known.Word, tag: known.Tag, properties: known.Map}, s)
		}
		_, err := next()
		require.Error(t, err, "there is no more")
	})
}

// FuzzRubbish: whatever comes, the reader ends with an error, and takes no more memory than one reply may and what has
// come is worth.
func FuzzRubbish(f *testing.F) {
	for _, stream := range streams() {
		f.Add(stream)
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := readStream(bytes.NewReader(stream))
		runtime.ReadMemStats(&after)
		require.Error(t, err)
		const each = 500 // an empty reply in a list, or a property of a byte
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(2*maxReply+each*len(stream)))
	})
}
