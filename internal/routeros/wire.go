package routeros

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// go-routeros' own reader starts a goroutine for every word and believes every length. This one reads the same format,
// and refuses what no router sends before anything is allocated for it.
const maxReply = 1 << 20 // the longest property of a router is some tens of kilobytes

// wireReader reads replies. Those of a print are alike: their properties share their names.
type wireReader struct {
	*bufio.Reader
	names map[string]string
	width int // properties of the reply before
}

func newWireReader(r io.Reader) *wireReader {
	return &wireReader{Reader: bufio.NewReader(r), names: map[string]string{}}
}

// wireSentence is one reply as it came: `!re`, `.tag=7`, `=name=ether1`.
type wireSentence struct {
	word       string
	tag        string
	properties sentence
	text       string // the reason of a !fatal, which is a bare word
}

// sentence reads the next reply; of a property that comes twice, the latter counts. A reply of more than maxReply is an error.
func (r *wireReader) sentence() (wireSentence, error) {
	s := wireSentence{properties: make(sentence, r.width)}
	for left, first := maxReply, true; ; first = false {
		word, err := r.word(left)
		for first && err == nil && len(word) == 0 { // an empty sentence, as RouterOS may send between others
			word, err = r.word(left)
		}
		left -= len(word) + 1
		switch {
		case err != nil:
			return s, err
		case first:
			s.word = r.shared(word)
		case len(word) == 0:
			r.width = len(s.properties)
			return s, nil
		case word[0] == '=':
			name, value, _ := bytes.Cut(word[1:], []byte("="))
			s.properties[r.shared(name)] = string(value)
		case bytes.HasPrefix(word, []byte(".tag=")):
			s.tag = string(word[len(".tag="):])
		default:
			s.text = string(word)
		}
	}
}

// shared is the name as it was met before. A router has no more than some hundred.
func (r *wireReader) shared(name []byte) string {
	if known, met := r.names[string(name)]; met {
		return known
	}
	text := string(name)
	if len(r.names) < 1000 {
		r.names[text] = text
	}
	return text
}

// word gives the next word, which is good until another is read; an error if it is longer than that.
func (r *wireReader) word(most int) ([]byte, error) {
	length, err := r.length()
	if err != nil {
		return nil, err
	}
	if int64(length) > int64(most) {
		return nil, fmt.Errorf("a reply of more than %d bytes, which no router sends", maxReply)
	}
	n := int(length)
	if n > r.Size() {
		word := make([]byte, n)
		_, err = io.ReadFull(r, word)
		return word, err
	}
	word, err := r.Peek(n)
	_, _ = r.Discard(len(word))
	return word, err
}

// length reads the length of a word: the leading ones of its first byte tell how many bytes follow it.
func (r *wireReader) length() (uint32, error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	more, length := 0, uint32(first)
	switch {
	case first < 0x80:
	case first < 0xC0:
		more, length = 1, uint32(first&0x3F)
	case first < 0xE0:
		more, length = 2, uint32(first&0x1F)
	case first < 0xF0:
		more, length = 3, uint32(first&0x0F)
	case first < 0xF8:
		more, length = 4, 0
	default:
		return 0, fmt.Errorf("a control byte %#x, which is none of the API's", first)
	}
	for range more {
		next, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		length = length<<8 | uint32(next)
	}
	return length, nil
}
