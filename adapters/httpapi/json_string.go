package httpapi

import (
	"bytes"
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// scanString reads a string, including its quotes.
func (s *scanner) scanString() (value, error) {
	start := s.at
	s.at++
	for s.at < len(s.text) {
		switch b := s.text[s.at]; {
		case b == '"':
			s.at++
			return value(s.text[start:s.at]), nil
		case b == '\\':
			if err := s.escape(); err != nil {
				return nil, err
			}
		case b < ' ':
			return nil, s.malformed(fmt.Sprintf("the control character U+%04X, which is not escaped,", b))
		case b < utf8.RuneSelf:
			s.at++
		default:
			r, size := utf8.DecodeRune(s.text[s.at:])
			if r == utf8.RuneError && size == 1 {
				return nil, s.malformed(fmt.Sprintf("the byte 0x%02X, which is no UTF-8,", b))
			}
			s.at += size
		}
	}
	return nil, s.malformed("unexpected end")
}

func (s *scanner) escape() error {
	rest := s.text[s.at:]
	if len(rest) < 2 {
		return s.malformed("unexpected end")
	}
	switch rest[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		s.at += 2
		return nil
	case 'u':
		r, size := escaped(rest)
		switch {
		case size > 0:
		case utf16.IsSurrogate(r):
			return s.malformed(fmt.Sprintf("half a surrogate pair, U+%04X,", r))
		default:
			return s.malformed("an escape that names no character")
		}
		s.at += size
		return nil
	default:
		return s.malformed("an unknown escape")
	}
}

// escaped decodes \uXXXX or a surrogate pair of two. size is the length of the escape, 0 if it is no character; r is then the
// surrogate that has no other half, or 0.
func escaped(text []byte) (r rune, size int) {
	high, ok := hex4(text)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(high):
		return high, 6
	}
	low, ok := hex4(text[6:])
	if r = utf16.DecodeRune(high, low); !ok || r == utf8.RuneError {
		return high, 0
	}
	return r, 12
}

func hex4(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}

// text returns the decoded content of a string.
func (v value) text() string {
	inner := v[1 : len(v)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	out := make([]byte, 0, len(inner))
	for i := 0; i < len(inner); {
		if inner[i] != '\\' {
			out = append(out, inner[i])
			i++
			continue
		}
		if inner[i+1] == 'u' {
			r, size := escaped(inner[i:])
			out = utf8.AppendRune(out, r)
			i += size
			continue
		}
		out = append(out, unescape(inner[i+1]))
		i += 2
	}
	return string(out)
}

func unescape(b byte) byte {
	switch b {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return b
	}
}
