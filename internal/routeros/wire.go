package routeros

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// go-routeros' own reader starts a goroutine for every word and believes every length. This one reads the same format,
// and refuses what no router sends before anything is allocated for it.
const (
	maxWord  = 1 << 20 // the longest property of a router is some tens of kilobytes
	maxWords = 10_000  // of one sentence
)

// wireSentence is one reply as it came: `!re`, `.tag=7`, `=name=ether1`.
type wireSentence struct {
	word       string
	tag        string
	properties sentence
	text       string // the reason of a !fatal, which is a bare word
}

func readSentence(r *bufio.Reader) (wireSentence, error) {
	s := wireSentence{properties: sentence{}}
	for count := 0; ; count++ {
		word, err := readWord(r)
		switch {
		case err != nil:
			return s, err
		case word == "" && count == 0:
			count-- // an empty sentence, which RouterOS may send between others
			continue
		case word == "":
			return s, nil
		case count == maxWords:
			return s, errors.New("a reply of too many words")
		case count == 0:
			s.word = word
		case word[0] == '=':
			name, value, _ := strings.Cut(word[1:], "=")
			s.properties[name] = value
		case strings.HasPrefix(word, ".tag="):
			s.tag = word[len(".tag="):]
		default:
			s.text = word
		}
	}
}

func readWord(r *bufio.Reader) (string, error) {
	length, err := readLength(r)
	if err != nil || length == 0 {
		return "", err
	}
	if length > maxWord {
		return "", fmt.Errorf("a word of %d bytes, which no router sends", length)
	}
	word := make([]byte, length)
	_, err = io.ReadFull(r, word)
	return string(word), err
}

// readLength reads the length of a word: the leading ones of its first byte tell how many bytes follow it.
func readLength(r *bufio.Reader) (int, error) {
	first, err := r.ReadByte()
	if err != nil {
		return 0, err
	}
	more, length := 0, int(first)
	switch {
	case first < 0x80:
	case first < 0xC0:
		more, length = 1, int(first&0x3F)
	case first < 0xE0:
		more, length = 2, int(first&0x1F)
	case first < 0xF0:
		more, length = 3, int(first&0x0F)
	case first < 0xF8:
		more, length = 4, int(first&0x07)
	default:
		return 0, fmt.Errorf("a control byte %#x, which is none of the API's", first)
	}
	for range more {
		next, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		length = length<<8 | int(next)
	}
	return length, nil
}
