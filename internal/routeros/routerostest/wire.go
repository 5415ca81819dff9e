package routerostest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"strings"
)

// The wire format of routeros-api.md §1: a sentence is words up to an empty one, a word is its length and its bytes.

// maxWord guards the simulator against a client that speaks something else; RouterOS has limits too, unpublished ones.
const maxWord = 16 << 20

var (
	errControlByte = errors.New("reserved control byte")
	errTooLong     = errors.New("word too long")
)

// readSentence reads words up to the empty one. It skips empty sentences, as RouterOS does.
func readSentence(r *bufio.Reader) ([]string, error) {
	var words []string
	for {
		word, err := readWord(r)
		if err != nil {
			return nil, err
		}
		if word != "" {
			words = append(words, word)
		} else if len(words) > 0 {
			return words, nil
		}
	}
}

func readWord(r *bufio.Reader) (string, error) {
	n, err := readLength(r)
	if err != nil {
		return "", err
	}
	if n > maxWord {
		return "", errTooLong
	}
	b := make([]byte, n)
	_, err = io.ReadFull(r, b)
	return string(b), err
}

// readLength reads a length whose first bits say how many bytes it takes.
func readLength(r *bufio.Reader) (int, error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	var n, more int
	switch {
	case first < 0x80:
		n = int(first)
	case first < 0xC0:
		n, more = int(first&0x3F), 1
	case first < 0xE0:
		n, more = int(first&0x1F), 2
	case first < 0xF0:
		n, more = int(first&0x0F), 3
	case first < 0xF8:
		more = 4
	default:
		return 0, errControlByte
	}
	for range more {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		n = n<<8 | int(b)
	}
	return n, nil
}

// appendSentence encodes words and the empty word that ends them.
func appendSentence(b []byte, words ...string) []byte {
	for _, w := range words {
		b = append(appendLength(b, len(w)), w...)
	}
	return append(b, 0)
}

func appendLength(b []byte, n int) []byte {
	switch {
	case n < 0x80:
		return append(b, byte(n))
	case n < 0x4000:
		return binary.BigEndian.AppendUint16(b, uint16(n)|0x8000)
	case n < 0x200000:
		return append(b, byte(n>>16)|0xC0, byte(n>>8), byte(n))
	case n < 0x10000000:
		return binary.BigEndian.AppendUint32(b, uint32(n)|0xE0000000)
	}
	return binary.BigEndian.AppendUint32(append(b, 0xF0), uint32(n))
}

// pair is a property and its value, on the wire `=name=value`.
type pair struct{ name, value string }

func (p pair) word() string { return "=" + p.name + "=" + p.value }

// sentence is what a client asks.
type sentence struct {
	command string // "/ip/firewall/nat/print"
	tag     string
	args    []pair
	query   []string // without their leading "?"
}

// parseSentence sorts words. A word that is neither attribute nor query nor tag has no documented effect and is
// dropped.
func parseSentence(words []string) sentence {
	s := sentence{command: words[0]}
	for _, w := range words[1:] {
		switch {
		case strings.HasPrefix(w, ".tag="):
			s.tag = w[len(".tag="):]
		case strings.HasPrefix(w, "?"):
			s.query = append(s.query, w[1:])
		case strings.HasPrefix(w, "="):
			name, value, _ := strings.Cut(w[1:], "=")
			s.args = append(s.args, pair{name, value})
		}
	}
	return s
}

// arg returns the last value of an argument.
func (s sentence) arg(names ...string) (value string, ok bool) {
	for _, p := range s.args {
		for _, name := range names {
			if p.name == name {
				value, ok = p.value, true
			}
		}
	}
	return value, ok
}
